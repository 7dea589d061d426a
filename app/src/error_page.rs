//! What a person sees when something was not done: a sentence and a way on.

use crate::text;
use kernel::{DomainError, FormState, Locale, Refusal};
use leptos::prelude::*;
use ui::{Field, FieldKind, LinkButton, Page, SubmitButton};

fn title(refusal: &Refusal, l: Locale) -> &'static str {
    match refusal {
        Refusal::NotFound => text::oops_not_found(l),
        Refusal::Forbidden => text::oops_forbidden(l),
        Refusal::ConfirmEmail => text::oops_confirm(l),
        Refusal::Unavailable => text::oops_unavailable(l),
        Refusal::TooMany => text::oops_too_many(l),
        _ => text::oops(l),
    }
}

#[must_use]
pub fn error_page(refusal: &Refusal, l: Locale) -> Page {
    let title = title(refusal, l);
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

/// A form that could neither be done nor be kept.
#[derive(Clone, Debug)]
pub struct FormAgain {
    /// Where it is sent again.
    pub action: String,
    /// Names and values as sent, without secrets.
    pub values: Vec<(String, String)>,
    /// Names of the secrets, which must be typed again.
    pub secrets: Vec<String>,
}

/// Carries what was typed, so that nothing is lost while nothing can be kept.
#[must_use]
pub fn again_page(refusal: &Refusal, l: Locale, form: FormAgain) -> Page {
    let title = title(refusal, l);
    let (sentence, status) = (refusal.explain(l), refusal.status());
    Page::new(title, move || {
        let hidden = form.values.into_iter().map(|(name, value)| {
            view! { <input type="hidden" name=name value=value /> }
        });
        let hint = (!form.secrets.is_empty()).then(|| view! { <p>{text::secret_again(l)}</p> });
        let secrets = form.secrets.into_iter().map(|name| {
            let label = if name == "next_password" { text::new_password(l) } else { text::password(l) };
            view! { <Field form=FormState::default() name=name label=label kind=FieldKind::Password required=true /> }
        });
        view! {
            <section class="error-page">
                <p class="error-page__status" aria-hidden="true">{status}</p>
                <h1>{title}</h1>
                <p>{sentence}</p>
                <p>{text::still_here(l)}</p>
                <form class="form" method="post" action=form.action>
                    {hidden.collect_view()} {hint} {secrets.collect_view()}
                    <SubmitButton label=text::send_again(l) />
                </form>
            </section>
        }
    })
}
