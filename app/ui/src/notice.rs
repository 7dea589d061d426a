//! Sentences to the reader: above a form, on a page, and where there is nothing yet.

use kernel::FormState;
use leptos::prelude::*;

/// The sentence about the last try of a form. It takes the focus, so that whoever sent a form far down a page is
/// shown it and what is wrong below.
#[component]
pub fn FormMessage(form: FormState) -> impl IntoView {
    form.message().map(|message| {
        view! { <p class="notice notice--bad" role="alert" tabindex="-1" autofocus=true>{message}</p> }
    })
}

/// A sentence on the page. `tone` is `good`, `bad` or `plain`.
#[component]
pub fn Notice(#[prop(into)] text: String, #[prop(into)] tone: String) -> impl IntoView {
    view! { <p class=format!("notice notice--{tone}") role="status">{text}</p> }
}

/// The state of a list with nothing in it: says so, and offers a way on.
#[component]
pub fn Nothing(
    #[prop(into)] text: String,
    #[prop(optional, into)] href: Option<String>,
    #[prop(optional, into)] label: Option<String>,
) -> impl IntoView {
    let way_on = href.zip(label).map(|(href, label)| view! { <a class="button" href=href>{label}</a> });
    view! { <div class="nothing"><p>{text}</p>{way_on}</div> }
}
