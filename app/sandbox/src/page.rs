//! The card page, another party's page in all but name.

use crate::{
    Sandbox,
    cards::{Brand, Manner, SPECIAL, TestCard},
    text,
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use kernel::Locale;
use leptos::prelude::*;
use serde::Deserialize;
use sqlx::PgPool;
use uuid::Uuid;

pub fn routes() -> Router<Sandbox> {
    Router::new().route("/sandbox/card", get(show).post(submit))
}

#[derive(Deserialize)]
struct Asked {
    page: Option<Uuid>,
}

#[derive(Clone, Deserialize)]
struct CardForm {
    page: Uuid,
    #[serde(default)]
    number: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    cvc: String,
}

struct Visit {
    amount: String,
    merchant: String,
    return_url: String,
    locale: Locale,
    state: String,
}

async fn visit(pool: &PgPool, page: Uuid) -> sqlx::Result<Option<Visit>> {
    let row = sqlx::query!(
        "select amount, merchant, return_url, locale, state from sandbox.card_pages where id = $1",
        page
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Visit {
        amount: row.amount,
        merchant: row.merchant,
        return_url: row.return_url,
        locale: Locale::from_tag(&row.locale),
        state: row.state,
    }))
}

async fn show(State(sandbox): State<Sandbox>, Query(asked): Query<Asked>) -> Response {
    let found = match asked.page {
        Some(page) => visit(&sandbox.pool, page).await.map(|visit| visit.map(|visit| (page, visit))),
        None => Ok(None),
    };
    match found {
        Ok(Some((page, visit))) if visit.state == "open" => {
            html(StatusCode::OK, &sandbox, visit.locale, move |l| form(l, page, &visit, None).into_any())
        }
        Ok(Some((_, visit))) => html(StatusCode::GONE, &sandbox, visit.locale, move |l| {
            view! {
                <p>{text::over(l)}</p>
                <p><a class="button" href=visit.return_url>{text::back(l)}</a></p>
            }
            .into_any()
        }),
        Ok(None) => html(StatusCode::NOT_FOUND, &sandbox, Locale::Ko, |l| {
            view! { <p>{text::not_found(l)}</p> }.into_any()
        }),
        Err(error) => broken(&error),
    }
}

async fn submit(State(sandbox): State<Sandbox>, Form(sent): Form<CardForm>) -> Response {
    let visit = match visit(&sandbox.pool, sent.page).await {
        Ok(Some(visit)) if visit.state == "open" => visit,
        Ok(_) => return Redirect::to(&format!("/sandbox/card?page={}", sent.page)).into_response(),
        Err(error) => return broken(&error),
    };
    let fault = match (TestCard::read(&sent.number), good_expiry(&sent.expiry), good_cvc(&sent.cvc)) {
        (None, _, _) => text::bad_number(visit.locale),
        (_, false, _) => text::bad_expiry(visit.locale),
        (_, _, false) => text::bad_cvc(visit.locale),
        (Some((TestCard::Refused, ..)), ..) => text::refused(visit.locale),
        (Some((TestCard::Stored(manner), brand, last4)), ..) => {
            return match store_card(&sandbox.pool, sent.page, manner, brand, &last4).await {
                Ok(()) => Redirect::to(&visit.return_url).into_response(),
                Err(error) => broken(&error),
            };
        }
    };
    let locale = visit.locale;
    html(StatusCode::UNPROCESSABLE_ENTITY, &sandbox, locale, move |l| {
        form(l, sent.page, &visit, Some(fault)).into_any()
    })
}

/// Stores a card for an open visit; a visit that is over keeps what it has.
pub async fn store_card(
    pool: &PgPool,
    page: Uuid,
    manner: Manner,
    brand: Brand,
    last4: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with card as (
             insert into sandbox.cards (id, brand, last4, manner)
             select gen_random_uuid(), $2, $3, $4 from sandbox.card_pages where id = $1 and state = 'open' for update
             returning id)
         update sandbox.card_pages p set state = 'stored', card = card.id from card where p.id = $1",
        page,
        brand.0,
        last4,
        manner.code()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// `MM/YY`; the sandbox's cards never expire.
fn good_expiry(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let month = digits.get(..2).and_then(|month| month.parse::<u8>().ok());
    matches!(digits.len(), 4 | 6) && month.is_some_and(|month| (1..=12).contains(&month))
}

fn good_cvc(text: &str) -> bool {
    matches!(text.trim().len(), 3 | 4) && text.trim().bytes().all(|b| b.is_ascii_digit())
}

fn broken(error: &sqlx::Error) -> Response {
    tracing::error!(%error, "The sandbox's card page failed");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

fn form(l: Locale, page: Uuid, visit: &Visit, fault: Option<&'static str>) -> impl IntoView + use<> {
    let numbers = std::iter::once(("4242 4242 4242 4242".to_owned(), text::pays(l)))
        .chain(SPECIAL.into_iter().map(|(number, card)| (spaced(number), meaning(l, card))))
        .map(|(number, meaning)| view! { <li><code>{number}</code> " " {meaning}</li> })
        .collect_view();
    view! {
        <p class="card-page__merchant">{visit.merchant.clone()}</p>
        <h1>{text::card_title(l)}</h1>
        <p>{text::later(l, &visit.amount)}</p>
        {fault.map(|fault| view! { <p class="notice notice--bad" role="alert">{fault}</p> })}
        <form class="form" method="post" action="/sandbox/card">
            <input type="hidden" name="page" value=page.to_string() />
            <div class="field">
                <label class="field__label" for="number">{text::number(l)}</label>
                <input class="input" id="number" name="number" inputmode="numeric" autocomplete="cc-number" required=true maxlength="25" />
            </div>
            <div class="form__pair">
                <div class="field">
                    <label class="field__label" for="expiry">{text::expiry(l)}</label>
                    <input class="input" id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" required=true maxlength="7" />
                </div>
                <div class="field">
                    <label class="field__label" for="cvc">{text::cvc(l)}</label>
                    <input class="input" id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" required=true maxlength="4" />
                </div>
            </div>
            <button type="submit" class="button button--wide">{text::store(l)}</button>
        </form>
        <p><a href=visit.return_url.clone()>{text::back(l)}</a></p>
        <aside class="card-page__numbers">
            <h2>{text::test_numbers(l)}</h2>
            <ul>{numbers}</ul>
        </aside>
    }
}

fn spaced(number: &str) -> String {
    number.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

const fn meaning(l: Locale, card: TestCard) -> &'static str {
    match card {
        TestCard::Refused => text::refused_at_once(l),
        TestCard::Stored(Manner::Pays) => text::pays(l),
        TestCard::Stored(Manner::Declines) => text::declines_later(l),
        TestCard::Stored(Manner::AnswersLate) => text::answers_late(l),
    }
}

/// A page of the sandbox: its own frame, so that nobody takes it for Dure.
pub(crate) fn html(
    status: StatusCode,
    sandbox: &Sandbox,
    l: Locale,
    body: impl FnOnce(Locale) -> AnyView,
) -> Response {
    let owner = Owner::new();
    let body = owner.with(|| {
        view! {
            <main class="card-page">
                <p class="card-page__name">{text::gateway_name(l)}</p>
                <p class="card-page__warning">{text::practice(l)}</p>
                {body(l)}
            </main>
        }
        .to_html()
    });
    let page = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\"><title>{}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{}\"></head><body class=\"sandbox\">{body}</body></html>",
        l.tag(),
        text::gateway_name(l),
        sandbox.css
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}
