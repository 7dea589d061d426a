//! The story's field with its preview: a button that comes back with it without WASM, two tabs with it.

use crate::{ProjectError, ProjectForm, text};
use kernel::Locale;
use leptos::{prelude::*, server_fn::ServerFn};
use ui::TextArea;

/// Any member; the page that it leads to is its creator's. Shows the form again, as it was sent,
/// with its story above it.
#[server]
pub async fn preview_project(
    #[server(default)] slug: String,
    #[server(flatten)] form: ProjectForm,
) -> Result<(), ProjectError> {
    use crate::{rules::LONGEST_STORY, studio};
    use kernel::{Fault, Refusal, Typed, Viewer, db::Db, stash};

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let page = match slug.as_str() {
        "" => "/studio/new".to_owned(),
        slug => format!("/studio/{}/edit", studio::owned(&db, member.id, slug).await?.slug),
    };
    if form.story.chars().count() > LONGEST_STORY as usize {
        return Err(Refusal::field("story", Fault::TooLong { max: LONGEST_STORY }).into());
    }
    PREVIEWS.take(&db, &member.id.to_string()).await?;
    let typed = Typed { action: PreviewProject::PATH.to_owned(), values: form.into_fields(), error: None };
    let secret = stash::keep(&db, &typed).await?.ok_or(Refusal::TooBig)?;
    ui::lead_to(&format!("{page}?form={secret}"));
    Ok(())
}

/// The story of a form that asked for a preview, rendered.
#[cfg(feature = "ssr")]
pub(crate) struct StoryPreview {
    locale: Locale,
    html: String,
}

#[cfg(feature = "ssr")]
impl StoryPreview {
    pub(crate) fn of(req: &ui::PageRequest, form: &kernel::FormState) -> Option<Self> {
        let asked = req.typed.as_ref().filter(|typed| typed.action == PreviewProject::PATH)?;
        let html =
            asked.error.is_none().then(|| crate::story::render(form.typed("story").unwrap_or_default()))?;
        Some(Self { locale: req.locale, html })
    }

    pub(crate) fn show(self) -> AnyView {
        let l = self.locale;
        let story =
            if self.html.trim().is_empty() { text::nothing_to_preview(l).to_owned() } else { self.html };
        view! {
            <section class="story story-editor__preview" aria-labelledby="preview">
                <h2 id="preview">{text::preview(l)}</h2>
                <div class="story__text" inner_html=story />
            </section>
        }
        .into_any()
    }
}

/// The way to the preview while the tabs sleep. It stands behind the button that saves, which is the
/// one that Enter presses.
#[island]
pub fn PreviewButton(locale: Locale) -> impl IntoView {
    let (awake, set_awake) = signal(false);
    Effect::new(move |_| set_awake.set(true));
    view! {
        <button type="submit" class="button button--quiet button--wide" formaction=PreviewProject::PATH
            formnovalidate=true hidden=move || awake.get()>{text::preview(locale)}</button>
    }
}

#[cfg(feature = "ssr")]
const PREVIEWS: kernel::limits::Limit =
    kernel::limits::Limit { name: "preview_story", burst: 120, seconds: 60 };

/// Any member. Renders a story as its page would show it.
#[server]
pub async fn preview_story(story: String) -> Result<String, ProjectError> {
    use kernel::{Fault, Refusal, Viewer, db::Db};

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
