//! SQL of running the site.

use super::text;
use chrono::{DateTime, Utc};
use kernel::{Locale, MemberId};
use sqlx::{PgConnection, PgPool};
use std::{fmt, str::FromStr};

/// What somebody may do for the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Operator,
    /// Members and their questions.
    Support,
    /// Deposits, refunds, payouts.
    Finance,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Operator, Self::Support, Self::Finance];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Support => "support",
            Self::Finance => "finance",
        }
    }

    #[must_use]
    pub const fn label(self, l: Locale) -> &'static str {
        match self {
            Self::Operator => text::operator(l),
            Self::Support => text::support(l),
            Self::Finance => text::finance(l),
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.code() == text);
        known.ok_or_else(|| format!("{text:?} is no role; expected operator, support or finance"))
    }
}

/// Who did something for the site.
#[derive(Clone, Debug)]
pub enum Actor {
    Member(MemberId),
    /// A command on the machine.
    Shell,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Shell => f.write_str("shell"),
        }
    }
}

/// Writes down what was done. Lines are never changed.
pub async fn audit(
    db: &mut PgConnection,
    actor: &Actor,
    action: &str,
    subject: &str,
    detail: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_log (at, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
        at,
        actor.to_string(),
        action,
        subject,
        detail
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A line of the audit log.
#[derive(Debug)]
pub struct AuditLine {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    /// Of a member who is still there: name and ID.
    pub actor_name: Option<String>,
    pub action: String,
    pub subject: String,
    pub subject_name: Option<String>,
    pub detail: String,
}

impl AuditLine {
    /// The last lines, newest first; with `before`, those that are older than that line.
    pub async fn last(pool: &PgPool, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Self>> {
        sqlx::query_as!(
            Self,
            r#"select l.id, l.at, l.actor, l.action, l.subject, l.detail,
                      a.name || ' (' || a.handle || ')' as actor_name, s.name || ' (' || s.handle || ')' as subject_name
                 from audit_log l
                 left join members a on a.closed_at is null
                      and a.id = case when l.actor like 'member:%' then substr(l.actor, 8)::uuid end
                 left join members s on s.closed_at is null
                      and s.id = case when l.subject like 'member:%' then substr(l.subject, 8)::uuid end
                where $1::bigint is null or l.id < $1
                order by l.id desc limit $2"#,
            before,
            most
        )
        .fetch_all(pool)
        .await
    }
}

/// A member by address or ID.
pub async fn member_by_log_in(pool: &PgPool, log_in: &str) -> sqlx::Result<Option<MemberId>> {
    let id = sqlx::query_scalar!(
        "select id from members where (email_key = $1 or handle = $1) and closed_at is null",
        kernel::email_key(log_in.trim())
    )
    .fetch_optional(pool)
    .await?;
    Ok(id.map(MemberId::from_uuid))
}

pub async fn roles_of(pool: &PgPool, member: MemberId) -> sqlx::Result<Vec<Role>> {
    let codes = sqlx::query_scalar!("select role from operator_roles where member_id = $1", member.uuid())
        .fetch_all(pool)
        .await?;
    Ok(codes.iter().filter_map(|code| code.parse().ok()).collect())
}

/// Gives a role; false if the member has it.
pub async fn grant(
    db: &mut PgConnection,
    actor: &Actor,
    member: MemberId,
    role: Role,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let granted = sqlx::query!(
        "insert into operator_roles (member_id, role, granted_at, granted_by) values ($1, $2, $3, $4)
         on conflict do nothing",
        member.uuid(),
        role.code(),
        at,
        actor.to_string()
    )
    .execute(&mut *db)
    .await?;
    if granted.rows_affected() == 1 {
        audit(db, actor, "grant", &format!("member:{member}"), role.code(), at).await?;
    }
    Ok(granted.rows_affected() == 1)
}

/// Takes a role back; false if the member does not have it.
pub async fn revoke(
    db: &mut PgConnection,
    actor: &Actor,
    member: MemberId,
    role: Role,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let revoked = sqlx::query!(
        "delete from operator_roles where member_id = $1 and role = $2",
        member.uuid(),
        role.code()
    )
    .execute(&mut *db)
    .await?;
    if revoked.rows_affected() == 1 {
        audit(db, actor, "revoke", &format!("member:{member}"), role.code(), at).await?;
    }
    Ok(revoked.rows_affected() == 1)
}

/// Everybody with a role: ID, name, role.
pub async fn operators(pool: &PgPool) -> sqlx::Result<Vec<(String, String, String)>> {
    let rows = sqlx::query!(
        "select m.handle, m.name, r.role from operator_roles r join members m on m.id = r.member_id
          order by m.handle, r.role"
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.handle, row.name, row.role)).collect())
}

/// Suspends (since when, why) or readmits; false if that is how it stands. Suspending ends all sessions.
pub async fn set_suspended(
    db: &mut PgConnection,
    member: MemberId,
    suspended: Option<(DateTime<Utc>, &str)>,
) -> sqlx::Result<bool> {
    let (at, why) = suspended.unzip();
    let changed = sqlx::query!(
        "update members set suspended_at = $2, suspended_why = coalesce($3, '')
          where id = $1 and (suspended_at is null) = ($2::timestamptz is not null) and closed_at is null",
        member.uuid(),
        at,
        why
    )
    .execute(&mut *db)
    .await?;
    if changed.rows_affected() == 1 && at.is_some() {
        sqlx::query!("delete from sessions where member_id = $1", member.uuid()).execute(db).await?;
    }
    Ok(changed.rows_affected() == 1)
}
