//! Confirming an address. The mailed link leads to a button, because mail scanners follow links: a stranger's
//! account must not get somebody's address by that.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    crate::{
        links::LinkForm,
        rules::with_next,
        security::change_page,
        store::{self, Confirmation},
        text,
    },
    kernel::{Refusal, db::Db, token},
    leptos::server_fn::ServerFn,
    ui::{LinkButton, Page, PageRequest, lead_to},
};

/// Public: whoever holds the mailed link. It logs nobody in, and may be used again.
#[server]
pub async fn confirm_email(
    #[server(default)] token: String,
    #[server(default)] next: String,
) -> Result<(), AccountError> {
    let db = Db::current()?;
    if !store::confirm(&db, &token::hash(&token)).await? {
        return Err(AccountError::StaleLink);
    }
    lead_to(&with_next("/confirm-email?done=1".to_owned(), &next));
    Ok(())
}

/// `/confirm-email`
#[cfg(feature = "ssr")]
pub async fn confirm_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if let Some(secret) = req.query("change") {
        return change_page(req, secret).await;
    }
    let secret = req.query("token").unwrap_or_default().to_owned();
    let next = req.query("next").unwrap_or_default().to_owned();
    let state = match req.query("done") {
        Some(_) => Confirmation::Done,
        None => store::confirmation(&req.db, &token::hash(&secret)).await?,
    };
    let logged_in = req.viewer.0.is_some();
    let form = req.form::<AccountError>(ConfirmEmail::PATH);
    let title = match state {
        Confirmation::Open => text::confirm_title(l),
        Confirmation::Done => text::confirmed_title(l),
        Confirmation::Stale => text::link_stale_title(l),
    };
    Ok(Page::new(title, move || {
        let body = match state {
            Confirmation::Open => view! {
                <p>{text::confirm_lead(l)}</p>
                <LinkForm form=form action=ConfirmEmail::PATH secret=secret label=text::mail_confirm_action(l) next=next />
            }
            .into_any(),
            Confirmation::Done if logged_in => view! {
                <p>{text::confirmed(l)}</p>
                <LinkButton href=l.path("/account") label=text::my_account(l) />
            }
            .into_any(),
            Confirmation::Done => view! {
                <p>{text::confirmed(l)}</p>
                <LinkButton href=with_next(l.path("/login"), &next) label=text::log_in(l) />
            }
            .into_any(),
            Confirmation::Stale => view! {
                <p>{text::link_stale(l)}</p>
                <LinkButton href=l.path("/login") label=text::log_in(l) />
            }
            .into_any(),
        };
        view! { <section class="sheet"><h1>{title}</h1>{body}</section> }
    }))
}
