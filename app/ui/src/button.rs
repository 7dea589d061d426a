//! Buttons and links that look like buttons.

use leptos::prelude::*;

/// Sends the form that it stands in.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    /// A class of `style/components/button.css`: `button--quiet`, `button--danger`, `button--wide`.
    #[prop(optional, into)]
    class: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
) -> impl IntoView {
    view! { <button type="submit" class=format!("button {class}") name=name value=value>{label}</button> }
}

/// Leads to the page that this one belongs to.
#[component]
pub fn BackLink(#[prop(into)] href: String, #[prop(into)] label: String) -> impl IntoView {
    view! { <a class="back" href=href>{label}</a> }
}

#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] class: String,
) -> impl IntoView {
    view! { <a class=format!("button {class}") href=href>{label}</a> }
}
