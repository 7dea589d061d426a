//! SQL of the accounts to which creators are paid.

use chrono::{DateTime, Utc};
use kernel::{
    MemberId,
    db::Db,
    seal::{Keys, Place},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::PayoutAccount;

/// An account as it is kept.
#[derive(Clone, Debug)]
pub struct KeptAccount {
    pub id: Uuid,
    pub member: MemberId,
    pub account: PayoutAccount,
    pub created_at: DateTime<Utc>,
    pub checked_at: Option<DateTime<Utc>>,
    /// Why finance refused it; empty if it did not.
    pub refused_why: String,
}

const fn place(row: Uuid) -> Place {
    Place { column: "payout_accounts.sealed", row }
}

pub(crate) fn open(keys: &Keys, id: Uuid, sealed: &[u8]) -> sqlx::Result<PayoutAccount> {
    let text = keys.open(place(id), sealed).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Takes the place of the account that was there.
pub async fn add_account(
    db: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
    account: &PayoutAccount,
    at: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let text = serde_json::to_string(account).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let sealed = keys.seal(place(id), &text).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    // Two tabs at once: one waits for the other here.
    sqlx::query!("select from members where id = $1 for no key update", member.uuid())
        .fetch_one(&mut *db)
        .await?;
    sqlx::query!(
        "update payout_accounts set ended_at = $2 where member_id = $1 and ended_at is null",
        member.uuid(),
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into payout_accounts (id, member_id, sealed, created_at) values ($1, $2, $3, $4)",
        id,
        member.uuid(),
        sealed,
        at
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The account to which a member is paid now.
pub async fn account_of(
    connection: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
) -> sqlx::Result<Option<KeptAccount>> {
    let row = sqlx::query!(
        "select id, sealed, created_at, checked_at, refused_why from payout_accounts
          where member_id = $1 and ended_at is null",
        member.uuid()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(KeptAccount {
            id: row.id,
            member,
            account: open(keys, row.id, &row.sealed)?,
            created_at: row.created_at,
            checked_at: row.checked_at,
            refused_why: row.refused_why,
        })
    })
    .transpose()
}

/// An account that is in use, held until the caller's transaction ends.
pub async fn account_by_id(
    db: &mut PgConnection,
    keys: &Keys,
    id: Uuid,
) -> sqlx::Result<Option<KeptAccount>> {
    let member = sqlx::query_scalar!(
        "select member_id from payout_accounts where id = $1 and ended_at is null for no key update",
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    match member {
        Some(member) => Ok(account_of(db, keys, member.into()).await?.filter(|kept| kept.id == id)),
        None => Ok(None),
    }
}

/// Accounts that finance has neither checked nor refused, with the names of their members; the oldest first.
pub async fn unchecked(db: &Db) -> sqlx::Result<Vec<(KeptAccount, String)>> {
    let rows = sqlx::query!(
        "select a.id, a.member_id, a.sealed, a.created_at, m.name from payout_accounts a join members m on m.id = a.member_id
          where a.checked_at is null and a.refused_why = '' and a.ended_at is null order by a.created_at limit 100"
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let kept = KeptAccount {
                id: row.id,
                member: row.member_id.into(),
                account: open(&db.keys, row.id, &row.sealed)?,
                created_at: row.created_at,
                checked_at: None,
                refused_why: String::new(),
            };
            Ok((kept, row.name))
        })
        .collect()
}

pub async fn check(db: &mut PgConnection, id: Uuid, by: MemberId, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payout_accounts set checked_at = $3, checked_by = $2
          where id = $1 and ended_at is null and checked_at is null and refused_why = ''",
        id,
        by.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn refuse(db: &mut PgConnection, id: Uuid, why: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payout_accounts set refused_why = $2 where id = $1 and ended_at is null and checked_at is null
            and refused_why = ''",
        id,
        why
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A member leaves: accounts to which nothing was ever paid are removed. Those of payouts are papers of the
/// books, which the law has us keep.
pub async fn erase_accounts(db: &mut PgConnection, member: MemberId, at: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from payout_accounts a where member_id = $1 and not exists (select from payouts p where p.account_id = a.id)",
        member.uuid()
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update payout_accounts set ended_at = $2 where member_id = $1 and ended_at is null",
        member.uuid(),
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What we keep of where a member is paid, and of what they were paid.
pub async fn export_account(
    db: &mut PgConnection,
    keys: &Keys,
    member: MemberId,
) -> sqlx::Result<serde_json::Value> {
    let rows = sqlx::query!(
        "select id, sealed, created_at, checked_at, ended_at from payout_accounts where member_id = $1 order by created_at",
        member.uuid()
    )
    .fetch_all(&mut *db)
    .await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push(serde_json::json!({
            "account": open(keys, row.id, &row.sealed)?,
            "since": row.created_at, "checked_at": row.checked_at, "until": row.ended_at,
        }));
    }
    let payouts = sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object('project', p.project_id, 'number', p.number, 'kind', p.kind,
                    'state', p.state, 'gross', p.gross_minor, 'net', p.net_minor, 'currency', p.currency) order by p.id),
                    '[]') as "payouts!" from payouts p where p.member_id = $1"#,
        member.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok(serde_json::json!({ "accounts": accounts, "statements": payouts }))
}
