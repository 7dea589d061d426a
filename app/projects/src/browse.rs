//! Home and discover: what runs now, and everything by category, state and words.

#![cfg(feature = "ssr")]

use crate::{
    Category, FundingState, ProjectCard, Sort,
    rules::one_line,
    store::{self, Browse},
    text, time_left,
};
use chrono::{DateTime, Utc};
use kernel::{FormState, Locale, MemberId, Refusal, percent};
use leptos::prelude::*;
use pictures::Picture;
use ui::{
    Field, FieldKind, Nothing, Page, PageRequest, Progress, SelectField, SubmitButton, Tag, use_locale,
};

const PAGE: i64 = 24;
const LONGEST_SEARCH: usize = 100;

pub async fn home_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let now = req.db.now();
    let mut db = req.db.pool.acquire().await?;
    let mut rows = Vec::new();
    for (sort, title) in [
        (Sort::Newest, text::newest(l)),
        (Sort::Ending, text::ending_soon(l)),
        (Sort::Funded, text::most_funded(l)),
    ] {
        let ask = Browse {
            words: String::new(),
            category: None,
            state: Some(FundingState::Live),
            sort,
            most: 4,
            skip: 0,
        };
        rows.push((sort, title, store::browse(&mut db, &ask).await?));
    }
    Ok(Page::new(text::home_title(l), move || {
        let empty = rows.iter().all(|(_, _, cards)| cards.is_empty());
        let sections = rows
            .into_iter()
            .filter(|(_, _, cards)| !cards.is_empty())
            .map(|(sort, title, cards)| {
                let all = l.path(&format!("/discover?sort={}", sort.code()));
                view! {
                    <section class="wrap shelf" aria-label=title>
                        <div class="page-head">
                            <h2>{title}</h2>
                            <a class="more" href=all>{text::see_all(l)}<span class="visually-hidden">": " {title}</span></a>
                        </div>
                        <ProjectCards cards=cards now=now />
                    </section>
                }
            })
            .collect_view();
        view! {
            <section class="hero">
                <div class="wrap">
                    <h1>{text::home_lead(l)}</h1>
                    <p>{text::home_explain(l)}</p>
                    <CategoryLinks />
                </div>
            </section>
            {sections}
            {empty.then(|| view! {
                <div class="wrap"><Nothing text=text::none_live(l) href=l.path("/studio/new") label=text::start_project(l) /></div>
            })}
        }
    })
    .public(text::site_description(l)))
}

pub async fn discover_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let now = req.db.now();
    let words = one_line(req.query("q").unwrap_or_default()).chars().take(LONGEST_SEARCH).collect();
    let category = req.query("category").and_then(Category::from_code);
    let state = req.query("funding").and_then(FundingState::from_code).filter(|state| state.is_public());
    let sort = req.query("sort").and_then(Sort::from_code).unwrap_or(Sort::Newest);
    let page = req.query("page").and_then(|page| page.parse::<i64>().ok()).unwrap_or(1).clamp(1, 1000);
    let ask = Browse { words, category, state, sort, most: PAGE, skip: (page - 1) * PAGE };
    let mut db = req.db.pool.acquire().await?;
    let (cards, total) = (store::browse(&mut db, &ask).await?, store::count(&mut db, &ask).await?);
    let next = (page * PAGE < total).then(|| l.path(&address(&ask, page + 1)));
    Ok(Page::new(text::discover(l), move || {
        let list = if cards.is_empty() {
            view! { <Nothing text=text::no_matches(l) href=l.path("/discover") label=text::see_all(l) /> }.into_any()
        } else {
            view! { <ProjectCards cards=cards now=now /> }.into_any()
        };
        view! {
            <div class="wrap">
                <h1>{text::discover(l)}</h1>
                <BrowseForm ask=ask />
                <p class="quiet" role="status">{found(l, total)}</p>
                {list}
                {next.map(|href| view! { <p class="pager"><a class="button button--quiet" href=href rel="next">{text::next_page(l)}</a></p> })}
            </div>
        }
    })
    .public(text::site_description(l)))
}

fn found(l: Locale, projects: i64) -> String {
    match projects {
        1 => text::one_found(l).to_owned(),
        projects => text::found(l, kernel::count(projects)),
    }
}

fn address(ask: &Browse, page: i64) -> String {
    let words: String = ask.words.bytes().map(percent_encoded).collect();
    let category = ask.category.map_or("", Category::code);
    let state = ask.state.map_or("", FundingState::code);
    format!("/discover?q={words}&category={category}&funding={state}&sort={}&page={page}", ask.sort.code())
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// The public projects of a person, below the head of their page.
pub async fn projects_of_person(req: &PageRequest, person: MemberId) -> Result<Vec<ProjectCard>, Refusal> {
    Ok(store::of_creator(&mut *req.db.pool.acquire().await?, person, false).await?)
}

#[component]
fn BrowseForm(ask: Browse) -> impl IntoView {
    let l = use_locale();
    let form = FormState::default();
    let mut categories = vec![(String::new(), text::all_categories(l).to_owned())];
    categories.extend(Category::ALL.iter().map(|c| (c.code().to_owned(), c.label(l).to_owned())));
    let sorts = Sort::ALL.iter().map(|s| (s.code().to_owned(), s.label(l).to_owned())).collect();
    view! {
        <form class="browse-form" method="get" action=l.path("/discover") role="search">
            <Field form=form.clone() name="q" label=text::search_label(l) value=ask.words kind=FieldKind::Search maxlength=100 />
            <SelectField form=form.clone() name="category" label=text::category(l) choices=categories
                value=ask.category.map_or("", Category::code) />
            <SelectField form=form name="sort" label=text::sort(l) choices=sorts value=ask.sort.code() />
            <SubmitButton label=text::search(l) />
        </form>
    }
}

#[component]
fn CategoryLinks() -> impl IntoView {
    let l = use_locale();
    let links = Category::ALL
        .iter()
        .map(|category| {
            let href = l.path(&format!("/discover?category={}", category.code()));
            view! { <li><a class="chip" href=href>{category.label(l)}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label=text::category(l)><ul class="chips">{links}</ul></nav> }
}

/// A grid of projects.
#[component]
pub fn ProjectCards(
    cards: Vec<ProjectCard>,
    now: DateTime<Utc>,
    #[prop(optional)] studio: bool,
) -> impl IntoView {
    let cards = cards
        .into_iter()
        .map(|card| view! { <li><Card card=card now=now studio=studio /></li> })
        .collect_view();
    view! { <ul class="cards">{cards}</ul> }
}

#[component]
fn Card(card: ProjectCard, now: DateTime<Utc>, studio: bool) -> impl IntoView {
    let l = use_locale();
    let place = if studio { "studio" } else { "projects" };
    let href = l.path(&format!("/{place}/{}", card.slug));
    let creator =
        if card.creator.is_empty() { text::former_member(l).to_owned() } else { card.creator.clone() };
    let reached = card.goal.map(|goal| percent(card.figures.pledged.minor(), goal.minor()));
    view! {
        <article class="card">
            <Cover picture=card.cover.clone() category=card.category />
            <div class="card__body">
                <p class="card__line">{card.category.label(l)} " · " {creator}</p>
                <h3 class="card__title"><a href=href>{card.title.clone()}</a></h3>
                <p class="card__summary">{card.summary.clone()}</p>
                {reached.map(|reached| view! {
                    <Progress percent=Signal::stored(reached) label=text::progress_label(l, reached) />
                    <p class="card__figures">
                        <strong>{kernel::count(reached)} "%"</strong>
                        <span>{card.figures.pledged.show(l)}</span>
                        <span class="card__when">{when(l, &card, now)}</span>
                    </p>
                })}
            </div>
        </article>
    }
}

fn when(l: Locale, card: &ProjectCard, now: DateTime<Utc>) -> AnyView {
    match (card.state, card.deadline) {
        (FundingState::Live, Some(deadline)) => time_left(l, deadline, now).into_any(),
        (state, _) => {
            let tone = match state {
                FundingState::Funded | FundingState::Collecting => "good",
                _ => "plain",
            };
            view! { <Tag text=state.label(l) tone=tone /> }.into_any()
        }
    }
}

/// The picture of a card; a project without one shows its category's field of colour.
#[component]
fn Cover(picture: Option<Picture>, category: Category) -> impl IntoView {
    match picture {
        Some(picture) => view! {
            <img class="card__cover" src=picture.src(480) srcset=picture.srcset() width="480" height="300" alt=""
                sizes="(min-width: 56rem) 22vw, 46vw" loading="lazy" decoding="async" />
        }
        .into_any(),
        None => view! { <div class="card__cover card__cover--none" data-category=category.code() aria-hidden="true"></div> }.into_any(),
    }
}
