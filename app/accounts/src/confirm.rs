//! Following the mailed link confirms the address. Mail scanners may follow it too: it changes
//! nothing but that, logs nobody in, and may be followed again.

#![cfg(feature = "ssr")]

use crate::{rules::with_next, security::change_page, store, text};
use kernel::{Refusal, token};
use leptos::prelude::*;
use ui::{LinkButton, Page, PageRequest};

pub async fn confirm_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if let Some(secret) = req.query("change") {
        return change_page(req, secret).await;
    }
    let secret = req.query("token").unwrap_or_default();
    let confirmed = store::confirm(&req.db, &token::hash(secret)).await?;
    let (title, sentence) = if confirmed {
        (text::confirmed_title(l), text::confirmed(l))
    } else {
        (text::link_stale_title(l), text::link_stale(l))
    };
    let logged_in = req.viewer.0.is_some();
    let (href, label) = match (confirmed, logged_in) {
        (true, true) => (l.path("/account"), text::my_account(l)),
        _ => (with_next(l.path("/login"), req.query("next").unwrap_or_default()), text::log_in(l)),
    };
    Ok(Page::new(title, move || {
        view! {
            <section class="sheet">
                <h1>{title}</h1>
                <p>{sentence}</p>
                <LinkButton href=href label=label />
            </section>
        }
    }))
}
