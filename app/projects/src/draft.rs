//! Drafting and editing: one form, saved as a draft from the first title on.

use crate::ProjectError;
#[cfg(feature = "ssr")]
use crate::{
    Category, FundingState, PreviewButton, PreviewProject, Project, StoryEditor, editor::StoryPreview, rules,
    store, studio, text,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    kernel::{FormKey, FormState, Locale, Money, Refusal},
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton},
};

/// The project form as sent; everything is text until it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectForm {
    pub title: String,
    pub summary: String,
    pub story: String,
    pub category: String,
    pub goal: String,
    pub deadline: String,
    /// The version that was edited.
    pub version: String,
    /// Made with the page: the same form sent twice is one project.
    pub key: String,
}

#[cfg(feature = "ssr")]
impl ProjectForm {
    /// Names and values as a browser sends them.
    pub(crate) fn into_fields(self) -> Vec<(String, String)> {
        [
            ("title", self.title),
            ("summary", self.summary),
            ("story", self.story),
            ("category", self.category),
            ("goal", self.goal),
            ("deadline", self.deadline),
            ("version", self.version),
            ("key", self.key),
        ]
        .map(|(name, value)| (name.to_owned(), value.replace('\0', "")))
        .into()
    }
}

/// Any member may start a project.
#[server]
pub async fn create_project(#[server(flatten)] form: ProjectForm) -> Result<(), ProjectError> {
    use kernel::{
        Currency, Viewer,
        db::{Act, Db},
        limits::Limit,
    };
    const DRAFTS: Limit = Limit { name: "create_project", burst: 30, seconds: 3600 };

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let new = form.checked(db.now(), false)?;
    DRAFTS.take(&db, &member.id.to_string()).await?;
    let mut tx = db.begin(Act::by(member.id, "draft started")).await?;
    let (_, slug) = store::create(&mut tx, member.id, Currency::KRW, &new, db.now()).await?;
    tx.commit().await?;
    ui::lead_to(&format!("/studio/{slug}?saved=1"));
    Ok(())
}

/// The project's creator.
#[server]
pub async fn edit_project(slug: String, #[server(flatten)] form: ProjectForm) -> Result<(), ProjectError> {
    use kernel::{
        Viewer,
        db::{Db, OnConstraint},
    };

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = studio::owned(&db, member.id, &slug).await?;
    let mut tx = db.pool.begin().await?;
    // A launch has come first, or waits for this edit.
    let project = store::locked(&mut tx, project.id).await?;
    let frozen = is_frozen(&project);
    if frozen && rules::changes_terms(&form, &project) {
        return Err(ProjectError::TermsAreFrozen);
    }
    let edit = form.checked(db.now(), frozen)?;
    let written = store::edit(&mut tx, project.id, &edit, frozen, db.now())
        .await
        .on_constraint("live_terms_are_frozen", ProjectError::TermsAreFrozen)?;
    if !written {
        return Err(ProjectError::EditedElsewhere);
    }
    tx.commit().await?;
    db.notify.project(project.id);
    ui::lead_to(&format!("/studio/{slug}/edit?saved=1"));
    Ok(())
}

#[cfg(feature = "ssr")]
fn is_frozen(project: &Project) -> bool {
    project.state != FundingState::Draft
}

#[cfg(feature = "ssr")]
pub async fn new_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    req.member()?;
    let form = req.form_of::<ProjectError>(&[CreateProject::PATH, PreviewProject::PATH]);
    let key = form.value_or("key", &FormKey::new().to_string());
    let preview = StoryPreview::of(req, &form);
    Ok(Page::new(text::start_project(l), move || {
        view! {
            <section class="sheet sheet--wide">
                <h1>{text::start_project(l)}</h1>
                <p class="quiet">{text::start_lead(l)}</p>
                {preview.map(StoryPreview::show)}
                <form class="form" method="post" action=CreateProject::PATH>
                    <input type="hidden" name="key" value=key />
                    <ProjectFields form=form project=None />
                    <SubmitButton label=text::save(l) class="button--wide" />
                    <PreviewButton locale=l />
                </form>
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
pub async fn edit_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let project = studio::owned_project(req, slug).await?;
    let form = req.form_of::<ProjectError>(&[EditProject::PATH, PreviewProject::PATH]);
    let preview = StoryPreview::of(req, &form);
    let saved = req.query("saved").is_some() && !form.was_sent();
    Ok(Page::new(text::edit(l), move || {
        let nav = studio::studio_nav(l, &project, "edit");
        // The version that was read stays with what was typed, so that a clash is not hidden.
        let version = form.value_or("version", &project.version.to_string());
        view! {
            {nav}
            <section class="sheet sheet--wide">
                <h1>{text::basics(l)}</h1>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {preview.map(StoryPreview::show)}
                <form class="form" method="post" action=EditProject::PATH>
                    <input type="hidden" name="slug" value=project.slug.clone() />
                    <input type="hidden" name="version" value=version />
                    <ProjectFields form=form project=Some(project) />
                    <SubmitButton label=text::save(l) class="button--wide" />
                    <PreviewButton locale=l />
                </form>
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
#[component]
fn ProjectFields(form: FormState, project: Option<Project>) -> impl IntoView {
    let l: Locale = ui::use_locale();
    let frozen = project.as_ref().is_some_and(is_frozen);
    let of = |read: fn(&Project) -> String| project.as_ref().map(read).unwrap_or_default();
    let goal = of(|project| project.goal.map(Money::plain).unwrap_or_default());
    let deadline = of(|project| project.deadline.map(rules::deadline_day).unwrap_or_default());
    let categories = Category::ALL.iter().map(|c| (c.code().to_owned(), c.label(l).to_owned())).collect();
    let reviewed = project.as_ref().is_some_and(|project| project.state == FundingState::InReview);
    let frozen_hint = if reviewed { text::review_hint(l) } else { text::frozen_hint(l) };
    let story_fault = form.fault("story");
    let terms = if frozen {
        view! {
            <dl class="facts">
                <div><dt>{text::goal(l)}</dt><dd>{project.as_ref().and_then(|p| p.goal).map(|goal| goal.show(l))}</dd></div>
                <div><dt>{text::deadline(l)}</dt><dd>{project.as_ref().and_then(|p| p.deadline).map(|at| kernel::deadline(l, at))}</dd></div>
            </dl>
            <p class="quiet">{frozen_hint}</p>
        }
        .into_any()
    } else {
        view! {
            <div class="form__pair">
                <Field form=form.clone() name="goal" label=text::goal(l) value=goal kind=FieldKind::Number
                    hint=text::goal_hint(l) unit=text::won(l) maxlength=20 />
                <Field form=form.clone() name="deadline" label=text::deadline(l) value=deadline kind=FieldKind::Date
                    hint=text::deadline_hint(l) />
            </div>
        }
        .into_any()
    };
    view! {
        <FormMessage form=form.clone() />
        <Field form=form.clone() name="title" label=text::title(l) value=of(|p| p.title.clone()) required=true maxlength=100 />
        <Field form=form.clone() name="summary" label=text::summary(l) value=of(|p| p.summary.clone())
            hint=text::summary_hint(l) maxlength=200 />
        <SelectField form=form.clone() name="category" label=text::category(l)
            value=of(|p| p.category.code().to_owned()) choices=categories />
        {terms}
        <StoryEditor locale=l story=form.value_or("story", &of(|p| p.story.clone())) fault=story_fault />
    }
}
