//! Editing one's profile.

use super::handle::parse_handle;
use crate::{AccountError, rules::parse_name};
use kernel::{Fault, Faults, Refusal};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    super::{store, text},
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton, TickField},
};

const MOST_LINKS: usize = 5;
const LONGEST_LINK: usize = 300;
const LONGEST_INTRODUCTION: u32 = 1000;

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
}

/// A profile form whose fields are right.
#[derive(Clone, Debug)]
pub struct CheckedProfile {
    pub name: String,
    pub handle: String,
    pub introduction: String,
    pub links: Vec<String>,
    pub shows_backed: bool,
}

impl ProfileForm {
    /// Tells all faults at once.
    pub fn checked(self) -> Result<CheckedProfile, Refusal> {
        let mut faults = Faults::default();
        let name = faults.keep("name", parse_name(&self.name));
        let handle = faults.keep("handle", parse_handle(&self.handle));
        let introduction = faults.keep("introduction", parse_introduction(&self.introduction));
        let links = faults.keep("links", parse_links(&self.links));
        faults.none_or_refuse()?;
        match (name, handle, introduction, links) {
            (Some(name), Some(handle), Some(introduction), Some(links)) => Ok(CheckedProfile {
                name,
                handle,
                introduction,
                links,
                shows_backed: self.shows_backed == "true",
            }),
            _ => Err(Refusal::Malformed),
        }
    }
}

fn parse_introduction(text: &str) -> Result<String, Fault> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > LONGEST_INTRODUCTION as usize {
        return Err(Fault::TooLong { max: LONGEST_INTRODUCTION });
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Fault::NotAllowed);
    }
    Ok(text)
}

/// Addresses of the web, one a line. Other schemes could run script when they are followed.
fn parse_links(text: &str) -> Result<Vec<String>, Fault> {
    let links: Vec<String> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect();
    if links.len() > MOST_LINKS {
        return Err(Fault::TooMany { max: MOST_LINKS as u32 });
    }
    let right = |link: &String| {
        let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        rest.is_some_and(|rest| rest.contains('.') && !rest.starts_with('.'))
            && link.len() <= LONGEST_LINK
            && !link.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c))
            // A name before an @ would pretend to be the host.
            && rest.is_some_and(|rest| !rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@'))
    };
    if links.iter().all(right) { Ok(links) } else { Err(Fault::NotALink) }
}

/// Whoever is logged in, their own profile.
#[server]
pub async fn edit_profile(#[server(flatten)] form: ProfileForm) -> Result<(), AccountError> {
    use kernel::{Locale, Viewer, db::Db, limits::Limit};
    const EDITS: Limit = Limit { name: "edit_profile", burst: 60, seconds: 3600 };

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let profile = form.checked()?;
    EDITS.take(&db, &member.id.to_string()).await?;
    if !store::save(&db, member.id, &profile, db.now()).await? {
        return Err(Refusal::field("handle", Fault::Taken).into());
    }
    let locale = use_context::<Locale>().unwrap_or_default();
    leptos_axum::redirect(&locale.path("/account/profile?saved=1"));
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn profile_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let known = store::get(&req.db.pool, member).await?;
    let form = req.form::<AccountError>(EditProfile::PATH);
    let saved = req.query("saved").is_some() && !form.was_sent();
    Ok(Page::new(text::profile(l), move || {
        view! {
            <section class="sheet">
                <p class="quiet"><a href=l.path("/account")>{crate::text::my_account(l)}</a></p>
                <h1>{text::profile(l)}</h1>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
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
                    <TickField form=form name="shows_backed" label=text::shows_backed(l) checked=known.shows_backed />
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
            </section>
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_addresses_of_the_web() {
        let two = "https://dure.example/a?b=1\r\n\r\nhttp://example.kr ";
        assert_eq!(parse_links(two).unwrap(), ["https://dure.example/a?b=1", "http://example.kr"]);
        for wrong in ["javascript:alert(1)", "https://", "https://a b.kr", "https://bank.kr@evil.kr/", "data:text/html,x", "https://a.kr/\"onclick="] {
            assert_eq!(parse_links(wrong), Err(Fault::NotALink), "{wrong}");
        }
        assert_eq!(parse_links(&"https://a.kr\n".repeat(6)), Err(Fault::TooMany { max: 5 }));
    }

    #[test]
    fn an_introduction_keeps_its_lines_and_its_limit() {
        assert_eq!(parse_introduction("가\r\n나 ").as_deref(), Ok("가\n나"));
        assert_eq!(parse_introduction(&"가".repeat(1001)), Err(Fault::TooLong { max: 1000 }));
        assert_eq!(parse_introduction("a\u{0}b"), Err(Fault::NotAllowed));
    }
}
