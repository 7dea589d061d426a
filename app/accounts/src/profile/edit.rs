//! Editing one's profile.

use crate::AccountError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    super::{picture::picture_section, rules::LONGEST_INTRODUCTION, store, text, zones},
    kernel::{Fault, Locale, Refusal, Viewer, db::Db, limits::Limit},
    leptos::server_fn::ServerFn,
    ui::{
        BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton,
        TickField,
    },
};

/// The profile form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub name: String,
    pub handle: String,
    pub introduction: String,
    /// One a line.
    pub links: String,
    pub shows_backed: String,
    /// The language of mails, and where a log-in leads: `ko` or `en`.
    pub language: String,
    /// An IANA name.
    pub time_zone: String,
}

/// Whoever is logged in, their own profile.
#[server]
pub async fn edit_profile(#[server(flatten)] form: ProfileForm) -> Result<(), AccountError> {
    const EDITS: Limit = Limit { name: "edit_profile", burst: 60, seconds: 3600 };

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let profile = form.checked()?;
    EDITS.take(&db, &member.id.to_string()).await?;
    if !store::save(&db, member.id, &profile, db.now()).await? {
        return Err(Refusal::field("handle", Fault::Taken).into());
    }
    // Who chose another language goes on in it; who did not stays where they are.
    let locale = use_context::<Locale>().unwrap_or_default();
    let locale = profile.language.filter(|chosen| *chosen != member.locale).unwrap_or(locale);
    leptos_axum::redirect(&locale.path("/account/profile?saved=1"));
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn profile_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let known = store::get(&req.db.pool, member).await?;
    let form = req.form::<AccountError>(EditProfile::PATH);
    let zones = zones::groups(l, known.zone, req.db.now());
    let picture = picture_section(req, &known);
    let saved = req.query("saved").is_some() && !form.was_sent();
    Ok(Page::new(text::profile(l), move || {
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account") label=crate::text::my_account(l) />
                <h1>{text::profile(l)}</h1>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {picture()}
                <form class="form" method="post" action=EditProfile::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form.clone() name="name" label=crate::text::name(l) hint=crate::text::name_hint(l)
                        value=known.name required=true maxlength=40 autocomplete="name" />
                    <Field form=form.clone() name="handle" label=text::handle(l) hint=text::handle_hint(l)
                        value=known.handle required=true maxlength=30 autocomplete="username" />
                    <Field form=form.clone() name="introduction" label=text::introduction(l)
                        hint=text::introduction_hint(l) value=known.introduction kind=FieldKind::Area { rows: 5 }
                        maxlength=LONGEST_INTRODUCTION />
                    <Field form=form.clone() name="links" label=text::links(l) hint=text::links_hint(l)
                        value=known.links.join("\n") kind=FieldKind::Area { rows: 3 } maxlength=1600 />
                    <SelectField form=form.clone() name="language" label=text::language(l) hint=text::language_hint(l)
                        value=known.locale.tag() choices=languages() />
                    <SelectField form=form.clone() name="time_zone" label=text::time_zone(l) hint=text::time_zone_hint(l)
                        value=known.zone.name() groups=zones />
                    <TickField form=form name="shows_backed" label=text::shows_backed(l) checked=known.shows_backed />
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
            </section>
        }
    }))
}

/// Each in its own words, for who cannot read the other.
#[cfg(feature = "ssr")]
fn languages() -> Vec<ui::Choice> {
    [Locale::Ko, Locale::En]
        .map(|each| (each.tag().to_owned(), each.pick("한국어", "English").to_owned()))
        .into()
}
