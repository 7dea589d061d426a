//! The creator's list of rewards.

use crate::RewardError;
#[cfg(feature = "ssr")]
use crate::{CheckedReward, LegalClass, Reward, RewardKind, options::written, store, text};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    kernel::{FormKey, FormState, Refusal, RewardId, Viewer, db::Db},
    leptos::server_fn::ServerFn,
    projects::{FundingState, Project, owned_project, studio_nav},
    ui::{
        Field, FieldKind, FormMessage, Nothing, Notice, Page, PageRequest, SelectField, SubmitButton, Tag,
        TickField,
    },
};

/// The most rewards that a project can have.
#[cfg(feature = "ssr")]
const MOST: i64 = 50;

/// A reward's form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RewardForm {
    pub title: String,
    pub description: String,
    pub price: String,
    /// Code of a [`crate::RewardKind`].
    pub kind: String,
    pub stock: String,
    pub per_person: String,
    /// `true` if it is sent.
    pub ships: String,
    /// Code of a [`crate::LegalClass`].
    pub legal_class: String,
    /// An option a line, as [`crate::RewardOption`]s are written.
    pub options: String,
    /// Combinations that are limited, one a line.
    pub variant_stock: String,
    pub delivery: String,
    /// Made with the page: the same form sent twice is one reward.
    pub key: String,
}

/// The project's creator, before and while it is live.
#[server]
pub async fn add_reward(slug: String, #[server(flatten)] form: RewardForm) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let new = form.checked(project.currency, db.now())?;
    add(&db, &project, &new).await?;
    to_list(&slug);
    Ok(())
}

/// The project's creator, before the launch.
#[server]
pub async fn edit_reward(
    slug: String,
    reward: String,
    #[server(flatten)] form: RewardForm,
) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let id: RewardId = reward.parse().map_err(|_| Refusal::NotFound)?;
    let edit = form.checked(project.currency, db.now())?;
    let mut tx = db.pool.begin().await?;
    only_drafts(&mut tx, &project).await?;
    if !store::edit(&mut tx, project.id, id, &edit).await? {
        return Err(Refusal::NotFound.into());
    }
    tx.commit().await?;
    to_list(&slug);
    Ok(())
}

/// The project's creator, before the launch.
#[server]
pub async fn remove_reward(slug: String, reward: String) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let id: RewardId = reward.parse().map_err(|_| Refusal::NotFound)?;
    let mut tx = db.pool.begin().await?;
    only_drafts(&mut tx, &project).await?;
    if !store::remove(&mut tx, project.id, id).await? {
        return Err(Refusal::NotFound.into());
    }
    tx.commit().await?;
    to_list(&slug);
    Ok(())
}

/// The project at an address of the studio, for its creator alone.
#[cfg(feature = "ssr")]
pub(crate) async fn own(slug: &str) -> Result<(Db, Project), RewardError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = projects::owned(&db, member.id, slug).await?;
    Ok((db, project))
}

#[cfg(feature = "ssr")]
/// Refuses what is launched, and holds off a launch until the caller's transaction ends.
async fn only_drafts(db: &mut sqlx::PgConnection, project: &Project) -> Result<(), RewardError> {
    let (state, _) = projects::store::lock(db, project.id).await?;
    if state == FundingState::Draft { Ok(()) } else { Err(RewardError::Frozen) }
}

#[cfg(feature = "ssr")]
fn to_list(slug: &str) {
    ui::lead_to(&format!("/studio/{slug}/rewards?saved=1"));
}

/// Adds a reward to a draft or a live project. The same form again gives the same reward.
#[cfg(feature = "ssr")]
pub async fn add(db: &Db, project: &Project, new: &CheckedReward) -> Result<RewardId, RewardError> {
    let mut tx = db.pool.begin().await?;
    // One after the other, so that the count and the state hold until the commit.
    let state = projects::store::locked(&mut tx, project.id).await?.state;
    if let Some(earlier) = store::by_form(&mut tx, project.id, new.key).await? {
        return Ok(earlier);
    }
    if !matches!(state, FundingState::Draft | FundingState::Live) {
        return Err(RewardError::Closed);
    }
    if store::count(&mut tx, project.id).await? >= MOST {
        return Err(RewardError::TooMany);
    }
    let id = store::add(&mut tx, project.id, new, db.now()).await?;
    tx.commit().await?;
    db.notify.project(project.id);
    Ok(id)
}

#[cfg(feature = "ssr")]
pub async fn rewards_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let project = owned_project(req, slug).await?;
    let rewards = store::of_project(&mut *req.db.pool.acquire().await?, project.id, project.currency).await?;
    let add_form = req.form::<RewardError>(AddReward::PATH);
    let key = add_form.value_or("key", &FormKey::new().to_string());
    let removal = req.form::<RewardError>(RemoveReward::PATH);
    let edit_form = req.form::<RewardError>(EditReward::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    let draft = project.state == FundingState::Draft;
    let open = draft || project.state == FundingState::Live;
    Ok(Page::new(text::rewards(l), move || {
        let slug = project.slug.clone();
        let nav = studio_nav(l, &project, "rewards");
        let list = rewards
            .into_iter()
            .map(|reward| {
                let this = edit_form.typed("reward") == Some(&reward.id.to_string());
                let form = if this { edit_form.clone() } else { FormState::default() };
                view! { <li><RewardRow reward=reward slug=slug.clone() form=form open=this draft=draft /></li> }
            })
            .collect_view();
        let empty = list.is_empty();
        let slug = project.slug.clone();
        view! {
            {nav}
            <section class="sheet sheet--wide">
                <h1>{text::rewards(l)}</h1>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                <FormMessage form=removal />
                {(!draft).then(|| view! { <p class="quiet">{text::frozen(l)}</p> })}
                {empty.then(|| view! { <Nothing text=text::none_yet(l) /> })}
                <ul class="reward-rows">{list}</ul>
                {open.then(|| view! {
                    <h2 id="add">{text::add_title(l)}</h2>
                    <form class="form" method="post" action=AddReward::PATH aria-labelledby="add">
                        <input type="hidden" name="slug" value=slug />
                        <input type="hidden" name="key" value=key />
                        <RewardFields form=add_form reward=None />
                        <SubmitButton label=text::add(l) class="button--wide" />
                    </form>
                })}
            </section>
        }
    }))
}

/// A reward in the creator's list; opens to be edited while the project is a draft.
#[cfg(feature = "ssr")]
#[component]
fn RewardRow(reward: Reward, slug: String, form: FormState, open: bool, draft: bool) -> impl IntoView {
    let l = ui::use_locale();
    let id = reward.id.to_string();
    let stock = reward
        .stock
        .map_or_else(|| text::no_limit(l).to_owned(), |n| text::left(l, reward.left.unwrap_or(n)));
    let add_on = reward.kind == RewardKind::AddOn;
    let mut facts = vec![stock, text::delivery_in(l, kernel::month(l, reward.estimated_delivery))];
    facts.extend(reward.per_person.map(|n| text::per_person_line(l, n)));
    facts.extend(reward.ships.then(|| text::ships_line(l).to_owned()));
    let variant = |variant: &crate::Variant| match variant.left {
        Some(left) => format!("{} ({})", variant.label, text::left(l, left)),
        None => variant.label.clone(),
    };
    let variants = reward.variants.iter().map(variant).collect::<Vec<_>>().join(", ");
    view! {
        <article class="reward-row">
            <p class="reward-row__title">
                <strong>{reward.price.show(l)}</strong> " " {reward.title.clone()} " "
                {add_on.then(|| view! { <Tag text=text::add_on(l) tone="plain" /> })}
            </p>
            <p class="quiet">{facts.join(" · ")}</p>
            {(!variants.is_empty()).then(|| view! { <p class="quiet">{variants}</p> })}
            <p class="quiet">{reward.legal_class.label(l)}</p>
            // What was typed stays to be read when the launch came first.
            {(draft || open).then(|| view! {
                <details open=open>
                    <summary>{text::edit(l)}</summary>
                    <form class="form" method="post" action=EditReward::PATH>
                        <input type="hidden" name="slug" value=slug.clone() />
                        <input type="hidden" name="reward" value=id.clone() />
                        <RewardFields form=form reward=Some(reward) />
                        <SubmitButton label=text::save(l) />
                    </form>
                    <form method="post" action=RemoveReward::PATH>
                        <input type="hidden" name="slug" value=slug />
                        <input type="hidden" name="reward" value=id />
                        <SubmitButton label=text::remove(l) class="button--danger" />
                    </form>
                </details>
            })}
        </article>
    }
}

#[cfg(feature = "ssr")]
#[component]
fn RewardFields(form: FormState, reward: Option<Reward>) -> impl IntoView {
    let l = ui::use_locale();
    let of = |read: fn(&Reward) -> String| reward.as_ref().map(read).unwrap_or_default();
    // Several forms stand on the page; ids must differ.
    let prefix = reward.as_ref().map(|reward| format!("{}-", reward.id)).unwrap_or_default();
    let kinds = [(RewardKind::Reward, text::kind_reward(l)), (RewardKind::AddOn, text::kind_add_on(l))];
    let kinds = kinds.map(|(kind, label)| (kind.code().to_owned(), label.to_owned())).to_vec();
    view! {
        <FormMessage form=form.clone() />
        <SelectField form=form.clone() id_prefix=prefix.clone() name="kind" label=text::kind(l) choices=kinds
            value=of(|r| r.kind.code().to_owned()) />
        <Field form=form.clone() id_prefix=prefix.clone() name="title" label=text::title(l) value=of(|r| r.title.clone())
            required=true maxlength=80 />
        <Field form=form.clone() id_prefix=prefix.clone() name="description" label=text::description(l)
            value=of(|r| r.description.clone()) kind=FieldKind::Area { rows: 3 } maxlength=1000 />
        <Field form=form.clone() id_prefix=prefix.clone() name="price" label=text::price(l) value=of(|r| r.price.plain())
            kind=FieldKind::Number unit=text::won(l) required=true maxlength=20 />
        <div class="form__pair">
            <Field form=form.clone() id_prefix=prefix.clone() name="stock" label=text::stock(l)
                value=of(|r| plain(r.stock)) kind=FieldKind::Number hint=text::stock_hint(l) unit=text::pieces(l) maxlength=9 />
            <Field form=form.clone() id_prefix=prefix.clone() name="per_person" label=text::per_person(l)
                value=of(|r| plain(r.per_person)) kind=FieldKind::Number hint=text::per_person_hint(l)
                unit=text::pieces(l) maxlength=9 />
        </div>
        <Variants form=form.clone() prefix=prefix.clone() reward=reward.clone() />
        <Promise form=form prefix=prefix reward=reward />
    }
}

#[cfg(feature = "ssr")]
#[component]
fn Variants(form: FormState, prefix: String, reward: Option<Reward>) -> impl IntoView {
    let l = ui::use_locale();
    let stock = |reward: &Reward| {
        let limited = reward.variants.iter().filter_map(|v| v.stock.map(|n| format!("{} = {n}", v.label)));
        limited.collect::<Vec<_>>().join("\n")
    };
    view! {
        <Field form=form.clone() id_prefix=prefix.clone() name="options" label=text::options(l)
            value=reward.as_ref().map(|r| written(&r.options)).unwrap_or_default() kind=FieldKind::Area { rows: 2 }
            hint=text::options_hint(l) maxlength=1000 />
        <Field form=form id_prefix=prefix name="variant_stock" label=text::variant_stock(l)
            value=reward.as_ref().map(stock).unwrap_or_default() kind=FieldKind::Area { rows: 2 }
            hint=text::variant_stock_hint(l) maxlength=10_000 />
    }
}

/// What is promised: when, how, and what it is to the law.
#[cfg(feature = "ssr")]
#[component]
fn Promise(form: FormState, prefix: String, reward: Option<Reward>) -> impl IntoView {
    let l = ui::use_locale();
    let classes = LegalClass::ALL.map(|class| (class.code().to_owned(), class.label(l).to_owned())).to_vec();
    let class = reward.as_ref().map(|r| r.legal_class).unwrap_or_default();
    let delivery = reward.as_ref().map(|r| r.estimated_delivery.format("%Y-%m").to_string());
    view! {
        <SelectField form=form.clone() id_prefix=prefix.clone() name="legal_class" label=text::legal_class(l)
            choices=classes value=class.code() hint=text::legal_class_hint(l) />
        <TickField form=form.clone() id_prefix=prefix.clone() name="ships" label=text::ships(l)
            checked=reward.as_ref().is_some_and(|r| r.ships) />
        <Field form=form id_prefix=prefix name="delivery" label=text::delivery(l) kind=FieldKind::Month required=true
            value=delivery.unwrap_or_default() hint=text::delivery_hint(l) />
    }
}

#[cfg(feature = "ssr")]
fn plain(count: Option<i32>) -> String {
    count.map(|n| n.to_string()).unwrap_or_default()
}
