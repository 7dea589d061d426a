//! Ending mails of a kind from a mail, without logging in (RFC 8058).

use super::{Kind, store, text};
use kernel::{Refusal, db::Db, token};
use leptos::prelude::*;
use ui::{LinkButton, Page, PageRequest, SubmitButton};

/// Whoever holds the link of a mail. May be done again, which changes nothing.
pub async fn unsubscribe(db: &Db, secret: &str) -> Result<(), Refusal> {
    let now = db.now();
    let (member, kind) = store::link(&db.pool, &token::hash(secret), now).await?.ok_or(Refusal::NotFound)?;
    let kind = Kind::find(&kind).ok_or(Refusal::NotFound)?;
    let mut tx = db.pool.begin().await?;
    store::end_mails(&mut tx, member, kind, now).await?;
    tx.commit().await?;
    Ok(())
}

/// `/unsubscribe?token=…`: a button, because mail scanners follow links.
pub async fn unsubscribe_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let secret = req.query("token").unwrap_or_default().to_owned();
    let link = store::link(&req.db.pool, &token::hash(&secret), req.db.now()).await?;
    let settings = l.path("/account/notifications");
    let Some((member, kind)) = link.and_then(|(member, kind)| Some((member, Kind::find(&kind)?))) else {
        return Ok(Page::new(text::stop_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::stop_title(l)}</h1>
                    <p>{text::stop_stale(l)}</p>
                    <LinkButton href=settings label=text::settings(l) />
                </section>
            }
        }));
    };
    let chosen = store::chosen(&req.db.pool, member).await?.remove(kind.key).unwrap_or_default();
    let name = kind.name(l);
    if !kind.mail.decide(chosen.mail) {
        return Ok(Page::new(text::stopped_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::stopped_title(l)}</h1>
                    <p>{text::stopped(l, name)}</p>
                    <LinkButton href=settings label=text::settings(l) class="button--quiet" />
                </section>
            }
        }));
    }
    // The token is random and of letters that an address carries as they are.
    let action = l.path(&format!("/unsubscribe?token={secret}"));
    Ok(Page::new(text::stop_title(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::stop_title(l)}</h1>
                <p>{text::stop_ask(l, name)}</p>
                <form method="post" action=action>
                    <SubmitButton label=text::stop_go(l) class="button--wide" />
                </form>
            </section>
        }
    }))
}
