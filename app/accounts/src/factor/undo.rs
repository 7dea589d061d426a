//! Taking away what somebody else added: the way back for whoever finds a strange passkey, app or provider.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{recovery, store, text},
    crate::{
        security::{self, end_others, open_link, use_link},
        store as accounts,
    },
    kernel::{Refusal, db::Db, token},
    leptos::server_fn::ServerFn,
    ui::{FormMessage, LinkButton, Page, PageRequest, SubmitButton, lead_to},
};

/// Public: whoever holds the link that was mailed when something was added.
#[server]
pub async fn undo_factor(#[server(default)] token: String) -> Result<(), AccountError> {
    let db = Db::current()?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let used = use_link(&mut tx, &token::hash(&token), "undo_factor", now).await?;
    let used = used.ok_or(AccountError::StaleLink)?;
    accounts::lock(&mut tx, used.member).await?;
    store::forget_since(&mut tx, used.member, used.made_at).await?;
    recovery::drop_unneeded(&mut tx, used.member).await?;
    accounts::end_ways_in(&mut tx, used.member, now).await?;
    end_others(&mut tx, used.member, &[]).await?;
    tx.commit().await?;
    lead_to("/undo-factor?done=1");
    Ok(())
}

/// `/undo-factor`: a button, because mail scanners follow links.
#[cfg(feature = "ssr")]
pub async fn undo_factor_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if req.query("done").is_some() {
        return Ok(Page::new(text::undone_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::undone_title(l)}</h1>
                    <p>{text::undone(l)}</p>
                    <LinkButton href=l.path("/reset-password") label=security::text::mail_reset(l) />
                </section>
            }
        }));
    }
    let secret = req.query("token").unwrap_or_default().to_owned();
    let open = open_link(&req.db.pool, &token::hash(&secret), "undo_factor", req.db.now()).await?.is_some();
    let form = req.form::<AccountError>(UndoFactor::PATH);
    let title = if open { text::undo_title(l) } else { security::text::link_stale_title(l) };
    Ok(Page::new(title, move || {
        let way = if open {
            view! {
                <p>{text::undo_lead(l)}</p>
                <form method="post" action=UndoFactor::PATH>
                    <FormMessage form=form />
                    <input type="hidden" name="token" value=secret />
                    <SubmitButton label=text::undo_go(l) class="button--wide" />
                </form>
            }
            .into_any()
        } else {
            view! { <p>{security::text::link_stale(l)}</p> }.into_any()
        };
        view! { <section class="sheet"><h1>{title}</h1>{way}</section> }
    }))
}
