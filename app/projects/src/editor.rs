//! The story's field with its preview: a plain text area without WASM, two tabs with it.

use crate::{ProjectError, text};
use kernel::Locale;
use leptos::prelude::*;
use ui::TextArea;

/// Any member. Renders a story as its page would show it.
#[server]
pub async fn preview_story(story: String) -> Result<String, ProjectError> {
    use kernel::{Fault, Refusal, Viewer, db::Db, limits::Limit};
    const PREVIEWS: Limit = Limit { name: "preview_story", burst: 120, seconds: 60 };

    let member = Viewer::require_member()?;
    if story.chars().count() > crate::rules::LONGEST_STORY as usize {
        return Err(Refusal::field("story", Fault::TooLong { max: crate::rules::LONGEST_STORY }).into());
    }
    PREVIEWS.take(&Db::current()?, &member.id.to_string()).await?;
    Ok(crate::story::render(&story))
}

#[island]
pub fn StoryEditor(locale: Locale, story: String, fault: Option<String>) -> impl IntoView {
    let (previewing, set_previewing) = signal(false);
    let preview = Action::new(|story: &String| {
        let story = story.clone();
        async move { preview_story(story).await }
    });
    let show_preview = move |_| {
        set_previewing.set(true);
        preview.dispatch(written());
    };
    // The tabs come with WASM: without it they would do nothing.
    let (awake, set_awake) = signal(false);
    Effect::new(move |_| set_awake.set(true));
    let rendered = move || match preview.value().get() {
        _ if preview.pending().get() => String::new(),
        Some(Ok(html)) if !html.trim().is_empty() => html,
        Some(Err(error)) => ui::escaped(&kernel::DomainError::explain(&error, locale)),
        _ => text::nothing_to_preview(locale).to_owned(),
    };
    let invalid = fault.is_some();
    view! {
        <div class="field story-editor" class:field--invalid=invalid>
            <div class="story-editor__head">
                <label class="field__label" for="field-story">{text::story(locale)}</label>
                <div class="tabs" role="group" aria-label=text::story(locale) hidden=move || !awake.get()>
                    <button type="button" class="tabs__tab" aria-pressed=move || (!previewing.get()).to_string()
                        on:click=move |_| set_previewing.set(false)>{text::write(locale)}</button>
                    <button type="button" class="tabs__tab" aria-pressed=move || previewing.get().to_string()
                        on:click=show_preview>{text::preview(locale)}</button>
                </div>
            </div>
            <p class="field__hint" id="field-story-hint">{text::story_hint(locale)}</p>
            <div hidden=move || previewing.get()>
                <TextArea name="story" id="field-story" value=story rows=16 maxlength=100_000
                    described_by="field-story-hint field-story-error" invalid=invalid
                    />
            </div>
            <div class="story story-editor__preview" aria-live="polite" hidden=move || !previewing.get() inner_html=rendered />
            {fault.map(|fault| view! { <p class="field__error" role="alert" id="field-story-error">{fault}</p> })}
        </div>
    }
}

/// What stands in the text area now; some of it may have been typed before the island woke.
fn written() -> String {
    use wasm_bindgen::JsCast;
    let area = document().get_element_by_id("field-story");
    let area = area.and_then(|area| area.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    area.map(|area| area.value()).unwrap_or_default()
}
