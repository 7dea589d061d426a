//! Taking away what somebody else added: the way back for whoever finds a strange passkey, app or provider.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{recovery, store, text},
    crate::{
        links::{self, Purpose, WayBack, way_back},
        security::end_others,
        store as accounts,
    },
    chrono::{DateTime, Utc},
    kernel::{MemberId, Refusal, db::Db},
    leptos::server_fn::ServerFn,
    sqlx::PgConnection,
    ui::{Page, PageRequest, lead_to},
};

/// Public: whoever holds the link that was mailed when something was added.
#[server]
pub async fn undo_factor(#[server(default)] token: String) -> Result<(), AccountError> {
    let db = Db::current()?;
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    let link = links::use_up(&mut tx, &token, Purpose::UndoFactor, now).await?;
    let link = link.ok_or(AccountError::StaleLink)?;
    accounts::lock(&mut tx, link.member).await?;
    forget_since(&mut tx, link.member, link.made_at).await?;
    accounts::end_ways_in(&mut tx, link.member, now).await?;
    end_others(&mut tx, link.member, &[]).await?;
    tx.commit().await?;
    lead_to("/undo-factor?done=1");
    Ok(())
}

/// Takes away what was added to an account since an instant, and the codes when nothing is left that needs them.
#[cfg(feature = "ssr")]
pub async fn forget_since(db: &mut PgConnection, member: MemberId, since: DateTime<Utc>) -> sqlx::Result<()> {
    store::forget_since(&mut *db, member, since).await?;
    recovery::drop_unneeded(db, member).await
}

/// `/undo-factor`
#[cfg(feature = "ssr")]
pub async fn undo_factor_page(req: &PageRequest) -> Result<Page, Refusal> {
    let way = WayBack {
        purpose: Purpose::UndoFactor,
        action: UndoFactor::PATH,
        title: text::undo_title,
        go: text::undo_go,
        done_title: text::undone_title,
        done: text::undone,
    };
    way_back(req, way, req.form::<AccountError>(UndoFactor::PATH), |l, _| text::undo_lead(l).to_owned()).await
}
