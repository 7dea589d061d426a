//! Progress and tags.

use leptos::prelude::*;

/// How far a goal is reached. The bar ends at 100, the number does not.
#[component]
pub fn Progress(#[prop(into)] percent: Signal<i64>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let class = move || {
        if percent.get() < 100 { "progress" } else { "progress progress--reached" }
    };
    view! {
        <progress
            class=class
            max="100"
            value=move || percent.get().clamp(0, 100)
            aria-label=move || label.get()
        />
    }
}

/// A short word about a thing: a category, a state.
#[component]
pub fn Tag(#[prop(into)] text: String, #[prop(optional, into)] tone: String) -> impl IntoView {
    view! { <span class=format!("tag tag--{tone}")>{text}</span> }
}
