//! Links by mail: each is a row of `mailed_tokens`, hashed, bound to a purpose and a person, ended by the clock.
//! Links that end mails (`notifications`) may be used for ever and stand apart.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{FormState, Locale, MemberId, Refusal, token};
use leptos::prelude::*;
use sqlx::{PgConnection, PgExecutor};
use ui::{FormMessage, LinkButton, Page, PageRequest, SubmitButton};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    ConfirmEmail,
    ResetPassword,
    ChangeEmail,
    UndoEmail,
    UndoFactor,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::UndoEmail => "undo_email",
            Self::UndoFactor => "undo_factor",
        }
    }

    /// As the mails say.
    const fn lasts(self) -> TimeDelta {
        match self {
            Self::ConfirmEmail | Self::ChangeEmail => TimeDelta::hours(24),
            Self::ResetPassword => TimeDelta::minutes(30),
            Self::UndoEmail | Self::UndoFactor => TimeDelta::days(3),
        }
    }
}

/// A link that works still, or did until it was used just now.
#[derive(Clone, Debug)]
pub struct Link {
    pub member: MemberId,
    /// The address that it is about, if it is about one.
    pub email: String,
    pub made_at: DateTime<Utc>,
}

/// Makes a link and tells its secret. `email` is the address that it is about, or empty.
pub async fn make(
    db: &mut PgConnection,
    member: MemberId,
    purpose: Purpose,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let (secret, hash) = token::fresh();
    sqlx::query!(
        "insert into mailed_tokens (token_hash, member_id, purpose, email, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        hash,
        member.uuid(),
        purpose.name(),
        email,
        now,
        now + purpose.lasts()
    )
    .execute(db)
    .await?;
    Ok(secret)
}

/// What an open link is about, without using it.
pub async fn open(
    db: impl PgExecutor<'_>,
    secret: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query!(
        r#"select member_id, coalesce(email, '') as "email!", created_at from mailed_tokens
            where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3"#,
        token::hash(secret),
        purpose.name(),
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Link { member: row.member_id.into(), email: row.email, made_at: row.created_at }))
}

/// Uses a link up: of all that try at once, one is told what it was.
pub async fn use_up(
    db: &mut PgConnection,
    secret: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query!(
        r#"update mailed_tokens set used_at = $3
            where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
           returning member_id, coalesce(email, '') as "email!", created_at"#,
        token::hash(secret),
        purpose.name(),
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Link { member: row.member_id.into(), email: row.email, made_at: row.created_at }))
}

/// What a link in a mail leads to: a button, because mail scanners follow links.
#[component]
pub fn LinkForm(
    form: FormState,
    action: &'static str,
    secret: String,
    label: &'static str,
    /// Where to go in the end.
    #[prop(optional)]
    next: String,
) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <FormMessage form=form />
            <input type="hidden" name="token" value=secret />
            <input type="hidden" name="next" value=next />
            <SubmitButton label=label class="button--wide" />
        </form>
    }
}

/// The words of a page that leads back.
#[derive(Clone, Copy, Debug)]
pub struct WayBack {
    pub purpose: Purpose,
    pub action: &'static str,
    pub title: fn(Locale) -> &'static str,
    pub go: fn(Locale) -> &'static str,
    pub done_title: fn(Locale) -> &'static str,
    pub done: fn(Locale) -> &'static str,
}

/// A page that takes back what somebody else may have done, and then leads to a new password.
pub async fn way_back(
    req: &PageRequest,
    way: WayBack,
    form: FormState,
    lead: fn(Locale, Link) -> String,
) -> Result<Page, Refusal> {
    use crate::security::text;

    let l = req.locale;
    if req.query("done").is_some() {
        return Ok(Page::new((way.done_title)(l), move || {
            view! {
                <section class="sheet">
                    <h1>{(way.done_title)(l)}</h1>
                    <p>{(way.done)(l)}</p>
                    <LinkButton href=l.path("/reset-password") label=text::mail_reset(l) />
                </section>
            }
        }));
    }
    let secret = req.query("token").unwrap_or_default().to_owned();
    let link = open(&req.db.pool, &secret, way.purpose, req.db.now()).await?;
    let title = if link.is_some() { (way.title)(l) } else { text::link_stale_title(l) };
    Ok(Page::new(title, move || {
        let body = match link {
            Some(link) => view! {
                <p>{lead(l, link)}</p>
                <LinkForm form=form action=way.action secret=secret label=(way.go)(l) />
            }
            .into_any(),
            None => view! {
                <p>{text::link_stale_safe(l)}</p>
                <LinkButton href=l.path("/reset-password") label=text::mail_reset(l) />
            }
            .into_any(),
        };
        view! { <section class="sheet"><h1>{title}</h1>{body}</section> }
    }))
}
