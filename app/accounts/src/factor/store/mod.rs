//! SQL of second factors, a file a factor.

mod passkeys;
mod pending;
mod recovery;
mod totp;

use chrono::{DateTime, Utc};
use kernel::MemberId;
use sqlx::{PgConnection, PgExecutor};

pub use passkeys::{
    add_ceremony, add_passkey, credential_ids, passkey, passkeys, remove_passkey, take_ceremony, use_passkey,
};
pub use pending::{Pending, add_pending, end_pending, pending_member, take_pending, try_pending};
pub use recovery::{drop_codes, drop_sheet, has_codes, set_codes, sheet, use_recovery};
pub use totp::{begin, confirm, remove, totp, use_step};

/// What opens a member's account besides the password.
#[derive(Clone, Debug)]
pub struct Factors {
    pub passkeys: i64,
    /// Whether an app gives codes.
    pub app: bool,
    pub recovery_left: i64,
}

impl Factors {
    /// Whether the password alone opens nothing.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.app || self.passkeys > 0
    }
}

pub async fn factors(db: impl PgExecutor<'_>, member: MemberId) -> sqlx::Result<Factors> {
    sqlx::query_as!(
        Factors,
        r#"select (select count(*) from passkeys where member_id = $1) as "passkeys!",
                  exists (select from totp_secrets where member_id = $1 and confirmed_at is not null) as "app!",
                  (select count(*) from recovery_codes where member_id = $1 and used_at is null) as "recovery_left!""#,
        member.uuid()
    )
    .fetch_one(db)
    .await
}

/// Takes away what was added to an account since an instant.
pub async fn forget_since(db: &mut PgConnection, member: MemberId, since: DateTime<Utc>) -> sqlx::Result<()> {
    for statement in [
        "delete from passkeys where member_id = $1 and added_at >= $2",
        "delete from identities where member_id = $1 and linked_at >= $2",
        "delete from totp_secrets where member_id = $1 and (confirmed_at is null or confirmed_at >= $2)",
        "with gone as (delete from recovery_codes where member_id = $1 and made_at >= $2 returning member_id)
         delete from recovery_sheets where member_id in (select member_id from gone)",
    ] {
        sqlx::query(statement).bind(member.uuid()).bind(since).execute(&mut *db).await?;
    }
    Ok(())
}

/// Takes away everything that opens an account besides its password.
pub async fn forget(db: &mut PgConnection, member: MemberId) -> sqlx::Result<()> {
    for statement in [
        "delete from passkeys where member_id = $1",
        "delete from identities where member_id = $1",
        "delete from totp_secrets where member_id = $1",
    ] {
        sqlx::query(statement).bind(member.uuid()).execute(&mut *db).await?;
    }
    drop_codes(db, member).await
}
