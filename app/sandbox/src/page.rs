//! The card page, another party's page in all but name.

use crate::{
    Sandbox,
    cards::{Brand, Manner, SPECIAL, TestCard},
    disputes,
    gateway::{Wanted, book},
    text, webhooks,
};
use axum::{
    Form, Router,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
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

/// What the page shows again after a refusal: all but the CVC.
#[derive(Default)]
struct Tried {
    number: String,
    expiry: String,
    /// The field that is wrong, and why.
    fault: Option<(&'static str, &'static str)>,
}

struct Visit {
    /// To have the card kept, or to pay now.
    pays: bool,
    amount: String,
    merchant: String,
    return_url: String,
    locale: Locale,
    state: String,
}

async fn visit(pool: &PgPool, page: Uuid) -> sqlx::Result<Option<Visit>> {
    let row = sqlx::query!(
        "select wish, amount, merchant, return_url, locale, state from sandbox.card_pages where id = $1",
        page
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Visit {
        pays: row.wish == "pay",
        amount: row.amount,
        merchant: row.merchant,
        return_url: row.return_url,
        locale: Locale::from_tag(&row.locale),
        state: row.state,
    }))
}

async fn show(
    State(sandbox): State<Sandbox>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let found = match asked.ok().and_then(|Query(asked)| asked.page) {
        Some(page) => visit(&sandbox.pool, page).await.map(|visit| visit.map(|visit| (page, visit))),
        None => Ok(None),
    };
    match found {
        Ok(Some((page, visit))) if visit.state == "open" => {
            html(StatusCode::OK, &sandbox, visit.locale, move |l| {
                form(l, page, &visit, Tried::default()).into_any()
            })
        }
        Ok(Some((_, visit))) => html(StatusCode::GONE, &sandbox, visit.locale, move |l| {
            view! {
                <p>{text::over(l)}</p>
                <p><a class="button" href=visit.return_url>{text::back(l)}</a></p>
            }
            .into_any()
        }),
        Ok(None) => not_found(&sandbox, &headers),
        Err(error) => broken(&error),
    }
}

async fn submit(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    sent: Result<Form<CardForm>, FormRejection>,
) -> Response {
    let Ok(Form(sent)) = sent else {
        return not_found(&sandbox, &headers);
    };
    let visit = match visit(&sandbox.pool, sent.page).await {
        Ok(Some(visit)) if visit.state == "open" => visit,
        Ok(_) => return Redirect::to(&format!("/sandbox/card?page={}", sent.page)).into_response(),
        Err(error) => return broken(&error),
    };
    let fault = match (TestCard::read(&sent.number), good_expiry(&sent.expiry), good_cvc(&sent.cvc)) {
        (None, _, _) => ("number", text::bad_number(visit.locale)),
        (_, false, _) => ("expiry", text::bad_expiry(visit.locale)),
        (_, _, false) => ("cvc", text::bad_cvc(visit.locale)),
        (Some((TestCard::Refused, ..)), ..) => ("number", text::refused(visit.locale)),
        (Some((TestCard::Stored(manner), brand, last4)), ..) if visit.pays => {
            let decline = manner.decline(0, true);
            match pay(&sandbox, sent.page, manner, brand, &last4, decline).await {
                Ok(()) if decline.is_none() => return Redirect::to(&visit.return_url).into_response(),
                Ok(()) => ("number", text::refused(visit.locale)),
                Err(error) => return broken(&error),
            }
        }
        (Some((TestCard::Stored(manner), brand, last4)), ..) => {
            return match store_card(&sandbox.pool, sent.page, manner, brand, &last4).await {
                Ok(()) => Redirect::to(&visit.return_url).into_response(),
                Err(error) => broken(&error),
            };
        }
    };
    let tried = Tried { number: sent.number, expiry: sent.expiry, fault: Some(fault) };
    let locale = visit.locale;
    html(StatusCode::UNPROCESSABLE_ENTITY, &sandbox, locale, move |l| {
        form(l, sent.page, &visit, tried).into_any()
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
    let key = sqlx::query_scalar!(
        "with card as (
             insert into sandbox.cards (id, brand, last4, manner)
             select gen_random_uuid(), $2, $3, $4 from sandbox.card_pages where id = $1 and state = 'open' for update
             returning id)
         update sandbox.card_pages p set state = 'stored', card = card.id from card where p.id = $1 returning p.key",
        page,
        brand.0,
        last4,
        manner.code()
    )
    .fetch_optional(pool)
    .await?;
    if let Some(key) = key {
        webhooks::note(pool, "card.stored", &key).await;
    }
    Ok(())
}

/// Charges a card at once for an open visit, and keeps it. A refused card leaves the page open, and nothing in
/// the books: the visit has no outcome yet.
async fn pay(
    sandbox: &Sandbox,
    page: Uuid,
    manner: Manner,
    brand: Brand,
    last4: &str,
    decline: Option<&str>,
) -> sqlx::Result<()> {
    if decline.is_some() {
        return Ok(());
    }
    let pool = &sandbox.pool;
    let mut tx = pool.begin().await?;
    let open = sqlx::query!(
        r#"select key, amount_minor as "amount_minor!", currency as "currency!" from sandbox.card_pages
            where id = $1 and state = 'open' for update"#,
        page
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(open) = open else {
        return Ok(());
    };
    let card = sqlx::query_scalar!(
        "with card as (insert into sandbox.cards (id, brand, last4, manner)
                       values (gen_random_uuid(), $2, $3, $4) returning id)
         update sandbox.card_pages p set state = 'stored', card = card.id from card where p.id = $1 returning card.id",
        page,
        brand.0,
        last4,
        manner.code()
    )
    .fetch_one(&mut *tx)
    .await?;
    let wanted = Wanted { key: open.key, card, amount_minor: open.amount_minor, currency: open.currency };
    if !book(&mut *tx, &wanted, None, sandbox.clock.now()).await? {
        return tx.rollback().await;
    }
    tx.commit().await?;
    webhooks::note(&sandbox.pool, "charge.settled", &wanted.key).await;
    if manner == Manner::IsDisputed {
        disputes::open(&sandbox.pool, &wanted.key, sandbox.clock.now()).await?;
    }
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

fn form(l: Locale, page: Uuid, visit: &Visit, tried: Tried) -> impl IntoView + use<> {
    let field = |name, label, autocomplete, maxlength, value| {
        let fault = tried.fault.filter(|(field, _)| *field == name).map(|(_, fault)| fault);
        card_field(name, label, autocomplete, maxlength, value, fault)
    };
    let numbers = std::iter::once(("4242 4242 4242 4242".to_owned(), text::pays(l)))
        .chain(SPECIAL.into_iter().map(|(number, card)| (spaced(number), meaning(l, card))))
        .map(|(number, meaning)| view! { <li><code>{number}</code> " " {meaning}</li> })
        .collect_view();
    view! {
        <p class="card-page__merchant">{visit.merchant.clone()}</p>
        <h1>{if visit.pays { text::pay_title(l) } else { text::card_title(l) }}</h1>
        <p>{if visit.pays { text::now(l, &visit.amount) } else { text::later(l, &visit.amount) }}</p>
        <form class="form" method="post" action="/sandbox/card">
            <input type="hidden" name="page" value=page.to_string() />
            {field("number", text::number(l), "cc-number", "25", tried.number.clone())}
            <div class="form__pair">
                {field("expiry", text::expiry(l), "cc-exp", "7", tried.expiry.clone())}
                {field("cvc", text::cvc(l), "cc-csc", "4", String::new())}
            </div>
            <button type="submit" class="button button--wide">
                {if visit.pays { text::pay(l) } else { text::store(l) }}
            </button>
        </form>
        <p><a href=visit.return_url.clone()>{text::back(l)}</a></p>
        <aside class="card-page__numbers">
            <h2>{text::test_numbers(l)}</h2>
            <ul>{numbers}</ul>
        </aside>
    }
}

fn card_field(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    maxlength: &'static str,
    value: String,
    fault: Option<&'static str>,
) -> impl IntoView + use<> {
    let (id, error) = (format!("field-{name}"), format!("field-{name}-error"));
    view! {
        <div class="field" class:field--invalid=fault.is_some()>
            <label class="field__label" for=id.clone()>{label}</label>
            <input class="input" id=id name=name inputmode="numeric" autocomplete=autocomplete required=true
                maxlength=maxlength value=value aria-invalid=fault.map(|_| "true")
                aria-describedby=fault.map(|_| error.clone()) />
            {fault.map(|fault| view! { <p class="field__error" id=error role="alert">{fault}</p> })}
        </div>
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
        TestCard::Stored(Manner::DeclinesForNow) => text::declines_for_now(l),
        TestCard::Stored(Manner::DeclinesTwice) => text::declines_twice(l),
        TestCard::Stored(Manner::AsksToAuthenticate) => text::asks_to_authenticate(l),
        TestCard::Stored(Manner::Expired) => text::expired(l),
        TestCard::Stored(Manner::Slow) => text::slow(l),
        TestCard::Stored(Manner::HangsAndFails) => text::hangs_and_fails(l),
        TestCard::Stored(Manner::AnswersLate) => text::answers_late(l),
        TestCard::Stored(Manner::RefundFails) => text::refund_fails(l),
        TestCard::Stored(Manner::RefundFailsLater) => text::refund_fails_later(l),
        TestCard::Stored(Manner::IsDisputed) => text::is_disputed(l),
    }
}

/// The site tells the language of the address in this head before routes see it.
pub(crate) fn locale(headers: &HeaderMap) -> Locale {
    headers.get("x-dure-locale").and_then(|value| value.to_str().ok()).map_or(Locale::Ko, Locale::from_tag)
}

pub(crate) fn not_found(sandbox: &Sandbox, headers: &HeaderMap) -> Response {
    html(StatusCode::NOT_FOUND, sandbox, locale(headers), |l| {
        view! { <p>{text::not_found(l)}</p> }.into_any()
    })
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
