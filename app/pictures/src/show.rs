//! The parts of pages that show and take pictures.

use crate::{Shape, picture::address, text};
use kernel::{FormState, PictureId};
use leptos::prelude::*;
use ui::SubmitButton;

/// A person's picture, or the first letter of their name. Their name stands beside it, so a screen
/// reader passes it over. `size` is its side in CSS pixels.
#[component]
pub fn Portrait(
    #[prop(into)] name: String,
    picture: Option<PictureId>,
    class: &'static str,
    size: u32,
) -> impl IntoView {
    match picture {
        Some(picture) => view! {
            <img class=class src=address(picture, 96) srcset=Shape::Square.srcset(picture) sizes=format!("{size}px")
                width=size height=size alt="" />
        }
        .into_any(),
        None => {
            let initial = name.chars().next().map(String::from);
            view! { <span class=class aria-hidden="true">{initial}</span> }.into_any()
        }
    }
}

/// A form with one picture, as multipart. What is wrong with the last one stands at the field.
#[component]
pub fn UploadForm(form: FormState, action: String, label: &'static str, hint: &'static str) -> impl IntoView {
    let l = ui::use_locale();
    let fault = form.message();
    let invalid = fault.is_some();
    let described_by = if invalid { "field-picture-hint field-picture-error" } else { "field-picture-hint" };
    view! {
        <form class="form" method="post" action=action enctype="multipart/form-data">
            <div class="field" class:field--invalid=invalid>
                <label class="field__label" for="field-picture">{label}</label>
                <p class="field__hint" id="field-picture-hint">{hint}</p>
                <input class="input input--file" type="file" id="field-picture" name="picture" required=true
                    accept="image/jpeg,image/png,image/webp,image/gif" aria-describedby=described_by
                    aria-invalid=invalid.then_some("true") />
                {fault.map(|fault| view! {
                    <p class="field__error" role="alert" id="field-picture-error">{fault}</p>
                })}
            </div>
            <SubmitButton label=text::upload(l) class="button--quiet" />
        </form>
    }
}
