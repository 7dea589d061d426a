//! Where one is logged in, and ending it; the page of what guards the account.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        ChangeEmail, ChangePassword,
        prove::{require_proof, require_proof_of},
        store, text,
    },
    crate::{factor::factors, session, through},
    kernel::{Refusal, Zone, db::Db, site::Site},
    leptos::server_fn::ServerFn,
    ui::{BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton, Tag},
    uuid::Uuid,
};

/// Whoever is logged in and has proved who they are, one of their own sessions.
#[server]
pub async fn end_session(#[server(default)] session: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = require_proof(&db, &site).await?;
    let id: Uuid = session.parse().map_err(|_| Refusal::NotFound)?;
    if !store::end_session(&db.pool, member.id, id).await? {
        return Err(Refusal::NotFound.into());
    }
    to_security("ended");
    Ok(())
}

/// Whoever is logged in and has proved who they are, all of their sessions but this one.
#[server]
pub async fn end_other_sessions() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, here) = require_proof(&db, &site).await?;
    store::end_others(&mut *db.pool.acquire().await?, member.id, &here).await?;
    to_security("ended");
    Ok(())
}

#[cfg(feature = "ssr")]
fn to_security(done: &str) {
    ui::lead_to(&format!("/account/security?{done}=1"));
}

/// Browser and system in two words, from what the browser says of itself; empty if it says nothing
/// known. Only for the owner to recognise a device by.
#[cfg(feature = "ssr")]
#[must_use]
pub fn device_of(user_agent: &str) -> String {
    // In this order: most browsers also name the ones before them.
    const BROWSERS: [(&str, &str); 9] = [
        ("KAKAOTALK", "KakaoTalk"),
        ("NAVER(", "Naver"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Whale/", "Whale"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    [find(&BROWSERS), find(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `/account/security`
#[cfg(feature = "ssr")]
pub async fn security_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = require_proof_of(req).await?.id;
    let here = session::hash_in(&req.headers, &req.site).unwrap_or_default();
    let sessions = store::sessions(&req.db.pool, member, &here, req.db.now()).await?;
    let has_password = store::password_hash(&req.db.pool, member).await?.is_some();
    let change = if has_password { text::change_password(l) } else { text::set_password(l) };
    let linked = through::linked(&req.db.pool, member).await?.len();
    let others = linked > 0 || !req.site.0.providers.is_empty();
    let factors = factors(&req.db.pool, member).await?;
    let zone = req.zone();
    let email = crate::store::email(&req.db.pool, member).await?;
    let password_form = req.form::<AccountError>(ChangePassword::PATH);
    let email_form = req.form::<AccountError>(ChangeEmail::PATH);
    let ending = req.form_of::<AccountError>(&[EndSession::PATH, EndOtherSessions::PATH]);
    let notes = [
        ("changed", text::password_changed(l)),
        ("mailed", text::email_link_sent(l)),
        ("ended", text::ended(l)),
    ];
    let note = notes.into_iter().find(|(name, _)| req.query(name).is_some() && req.typed.is_none());
    Ok(Page::new(text::security(l), move || {
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account") label=crate::text::my_account(l) />
                <h1>{text::security(l)}</h1>
                {note.map(|(_, note)| view! { <Notice tone="good" text=note /> })}
                <ul class="row-links">
                    <WayIn page="passkeys" name=text::passkeys(l) in_use=count(l, factors.passkeys > 0, factors.passkeys) />
                    <WayIn page="totp" name=text::totp(l) in_use=factors.app.then(|| text::in_use(l).to_owned()) />
                    {others.then(|| view! {
                        <WayIn page="providers" name=through::text::providers(l) in_use=count(l, linked > 0, linked) />
                    })}
                </ul>
                <h2 id="password">{change}</h2>
                <form class="form" method="post" action=ChangePassword::PATH aria-labelledby="password">
                    <FormMessage form=password_form.clone() />
                    <Field form=password_form name="next_password" label=text::new_password(l) kind=FieldKind::NewPassword
                        hint=crate::text::password_hint(l) required=true maxlength=200 />
                    <p class="quiet">{text::change_password_note(l)}</p>
                    <SubmitButton label=change />
                </form>
                <h2 id="email">{text::change_email(l)}</h2>
                <dl class="facts"><div><dt>{text::email_now(l)}</dt><dd>{email}</dd></div></dl>
                <form class="form" method="post" action=ChangeEmail::PATH aria-labelledby="email">
                    <FormMessage form=email_form.clone() />
                    <Field form=email_form name="email" label=text::new_email(l) kind=FieldKind::Email
                        hint=text::change_email_note(l) required=true maxlength=254 />
                    <SubmitButton label=text::change_email(l) />
                </form>
                <h2>{text::sessions(l)}</h2>
                <FormMessage form=ending />
                <Sessions zone=zone sessions=sessions />
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
fn count(l: kernel::Locale, any: bool, many: impl std::fmt::Display) -> Option<String> {
    any.then(|| text::in_use_many(l, many))
}

/// The row of a way to log in, with what there is of it.
#[cfg(feature = "ssr")]
#[component]
fn WayIn(page: &'static str, name: &'static str, in_use: Option<String>) -> impl IntoView {
    let l = ui::use_locale();
    let state = in_use.unwrap_or_else(|| text::not_in_use(l).to_owned());
    view! {
        <li>
            <a class="row-link" href=l.path(&format!("/account/security/{page}"))>
                {name} " " <span class="row-link__state">{state}</span>
            </a>
        </li>
    }
}

#[cfg(feature = "ssr")]
#[component]
fn Sessions(sessions: Vec<store::Session>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    let alone = sessions.iter().all(|session| session.here);
    let rows = sessions
        .into_iter()
        .map(|session| {
            let device =
                if session.device.is_empty() { text::unknown_device(l).to_owned() } else { session.device };
            let language = session.locale.pick(text::korean(l), text::english(l));
            let end = (!session.here).then(|| {
                view! {
                    <form method="post" action=EndSession::PATH>
                        <input type="hidden" name="session" value=session.id.to_string() />
                        <SubmitButton label=text::end_session(l) class="button--quiet" />
                    </form>
                }
            });
            view! {
                <li class="session">
                    <div>
                        <p><strong>{device}</strong> " " {session.here.then(|| view! { <Tag text=text::this_device(l) tone="good" /> })}</p>
                        <p class="quiet">{text::seen(l, zone.date_time(l, session.seen_at))}</p>
                        <p class="quiet">{text::began(l, zone.date_time(l, session.created_at))} " · " {language}</p>
                    </div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="sessions">{rows}</ul>
        {if alone {
            view! { <p class="quiet">{text::only_here(l)}</p> }.into_any()
        } else {
            view! {
                <form method="post" action=EndOtherSessions::PATH>
                    <SubmitButton label=text::end_others(l) class="button--danger" />
                </form>
            }
            .into_any()
        }}
    }
}

#[cfg(test)]
mod tests {
    use super::device_of;

    #[test]
    fn a_device_is_named_in_two_words() {
        let galaxy = "Mozilla/5.0 (Linux; Android 15; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36";
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(device_of(galaxy), "Samsung Internet · Android");
        assert_eq!(device_of(iphone), "Safari · iPhone");
        assert_eq!(device_of(windows), "Edge · Windows");
        assert_eq!(device_of("curl/8.0"), "");
    }
}
