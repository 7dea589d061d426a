//! What a person sees when something was not done: a sentence and a way on.

use crate::text;
use kernel::{DomainError, Locale, Refusal};
use leptos::prelude::*;
use ui::{LinkButton, Page};

#[must_use]
pub fn error_page(refusal: &Refusal, l: Locale) -> Page {
    let title = match refusal {
        Refusal::NotFound => text::oops_not_found(l),
        Refusal::Forbidden => text::oops_forbidden(l),
        Refusal::ConfirmEmail => text::oops_confirm(l),
        Refusal::Unavailable | Refusal::TooMany => text::oops_unavailable(l),
        _ => text::oops(l),
    };
    let (sentence, status) = (refusal.explain(l), refusal.status());
    let confirm = *refusal == Refusal::ConfirmEmail;
    Page::new(title, move || {
        let (path, label) = if confirm { ("/account", text::go_account(l)) } else { ("/", text::go_home(l)) };
        view! {
            <section class="error-page">
                <p class="error-page__status" aria-hidden="true">{status}</p>
                <h1>{title}</h1>
                <p>{sentence}</p>
                <p class="ways">
                    <LinkButton href=l.path(path) label=label />
                    <LinkButton href=l.path("/discover") label=text::go_discover(l) class="button--quiet" />
                </p>
            </section>
        }
    })
}
