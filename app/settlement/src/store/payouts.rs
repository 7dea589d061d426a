//! SQL of statements and their transfers.

use crate::{Fees, Kind, Payout, PayoutState, Share};
use chrono::{DateTime, Utc};
use kernel::{Currency, MemberId, Money, PayoutId, ProjectId, TransferId};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

struct Row {
    id: Uuid,
    project_id: Uuid,
    member_id: Uuid,
    kind: String,
    number: i16,
    currency: String,
    gross_minor: i64,
    platform_fee_minor: i64,
    gateway_fee_minor: i64,
    vat_minor: i64,
    netted_minor: i64,
    net_minor: i64,
    drafted_at: DateTime<Utc>,
    state: String,
}

fn currency(code: &str) -> sqlx::Result<Currency> {
    code.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

impl TryFrom<Row> for Payout {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let unknown = || sqlx::Error::Decode("unknown kind or state of a payout".into());
        let currency = currency(&row.currency)?;
        let money = |minor| Money::new(minor, currency);
        Ok(Self {
            id: row.id.into(),
            project: row.project_id.into(),
            member: row.member_id.into(),
            kind: Kind::from_code(&row.kind).ok_or_else(unknown)?,
            number: row.number,
            share: Share {
                gross: money(row.gross_minor),
                fees: Fees {
                    platform: money(row.platform_fee_minor),
                    payment: money(row.gateway_fee_minor),
                    vat: money(row.vat_minor),
                },
                netted: money(row.netted_minor),
                net: money(row.net_minor),
            },
            drafted_at: row.drafted_at,
            state: PayoutState::from_code(&row.state).ok_or_else(unknown)?,
        })
    }
}

/// The statements of a project, the first one first.
pub async fn of_project(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<Payout>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, project_id, member_id, kind, number, currency, gross_minor, platform_fee_minor, gateway_fee_minor,
                vat_minor, netted_minor, net_minor, drafted_at, state
           from payouts where project_id = $1 and state <> 'withdrawn' order by number",
        project.uuid()
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Payout::try_from).collect()
}

pub async fn by_id(db: &mut PgConnection, id: PayoutId) -> sqlx::Result<Option<Payout>> {
    let row = sqlx::query_as!(
        Row,
        "select id, project_id, member_id, kind, number, currency, gross_minor, platform_fee_minor, gateway_fee_minor,
                vat_minor, netted_minor, net_minor, drafted_at, state
           from payouts where id = $1",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    row.map(Payout::try_from).transpose()
}

/// A statement that nobody else moves until the caller's transaction ends.
pub async fn lock(db: &mut PgConnection, id: PayoutId) -> sqlx::Result<Option<Payout>> {
    sqlx::query!("select from payouts where id = $1 for no key update", id.uuid())
        .fetch_optional(&mut *db)
        .await?;
    by_id(db, id).await
}

/// The number of the statement that comes next; a withdrawn one keeps its own.
pub async fn next_number(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i16> {
    sqlx::query_scalar!(
        r#"select (coalesce(max(number), 0) + 1)::smallint as "next!" from payouts where project_id = $1"#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

/// Writes a statement as a draft.
pub async fn add(db: &mut PgConnection, new: &Payout) -> sqlx::Result<()> {
    let Share { gross, fees, netted, net } = new.share;
    sqlx::query!(
        "insert into payouts (id, project_id, member_id, kind, number, currency, gross_minor, platform_fee_minor,
                              gateway_fee_minor, vat_minor, netted_minor, net_minor, drafted_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft')",
        new.id.uuid(),
        new.project.uuid(),
        new.member.uuid(),
        new.kind.code(),
        new.number,
        gross.currency().code(),
        gross.minor(),
        fees.platform.minor(),
        fees.payment.minor(),
        fees.vat.minor(),
        netted.minor(),
        net.minor(),
        new.drafted_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a draft anew.
pub async fn rewrite(
    db: &mut PgConnection,
    id: PayoutId,
    share: &Share,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payouts set gross_minor = $2, platform_fee_minor = $3, gateway_fee_minor = $4, vat_minor = $5,
                            netted_minor = $6, net_minor = $7, drafted_at = $8
          where id = $1 and state = 'draft'",
        id.uuid(),
        share.gross.minor(),
        share.fees.platform.minor(),
        share.fees.payment.minor(),
        share.fees.vat.minor(),
        share.netted.minor(),
        share.net.minor(),
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a payout from one state to another; false if it was not there.
pub async fn move_state(
    db: &mut PgConnection,
    id: PayoutId,
    from: PayoutState,
    to: PayoutState,
) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "update payouts set state = $3 where id = $1 and state = $2",
        id.uuid(),
        from.code(),
        to.code()
    )
    .execute(db)
    .await?;
    Ok(moved.rows_affected() == 1)
}

pub async fn approve(db: &mut PgConnection, id: PayoutId, by: MemberId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payouts set state = 'approved', approved_by = $2 where id = $1 and state = 'issued'",
        id.uuid(),
        by.uuid()
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What of a project's money is on its way back, or questioned by banks: refunds that are not sent, and open
/// disputes.
pub async fn held_back(db: &mut PgConnection, project: ProjectId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select (coalesce((select sum(r.amount_minor) from refunds r join payments y on y.id = r.payment_id
                              where y.project_id = $1 and y.state = 'collected'
                                and r.state not in ('succeeded', 'called_off')), 0)
                 + coalesce((select sum(d.amount_minor) from disputes d join payments y on y.id = d.payment_id
                              where y.project_id = $1 and d.state in ('opened', 'answered')), 0))::bigint as "held!""#,
        project.uuid()
    )
    .fetch_one(db)
    .await
}

/// A payout begins: its transfer waits for a batch, to the account that was checked.
pub async fn add_transfer(
    db: &mut PgConnection,
    id: TransferId,
    payout: &Payout,
    account: Uuid,
    sealed: &[u8],
    memo: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into transfers (id, payout_id, amount_minor, currency, sealed, memo, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'ready', $7)",
        id.uuid(),
        payout.id.uuid(),
        payout.share.net.minor(),
        payout.share.net.currency().code(),
        sealed,
        memo,
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update payouts set state = 'paying', account_id = $2 where id = $1 and state in ('approved', 'failed')",
        payout.id.uuid(),
        account
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A transfer of a payout.
#[derive(Debug)]
pub struct Transferred {
    pub payout: PayoutId,
    pub amount: Money,
    /// Whether it came back on a line of a statement.
    pub on_a_line: bool,
    pub state: String,
    /// Whether no other transfer of its payout came after it.
    pub is_last: bool,
}

pub async fn transfer(db: &mut PgConnection, id: TransferId) -> sqlx::Result<Option<Transferred>> {
    let row = sqlx::query!(
        r#"select payout_id as "payout!", amount_minor, currency, back_line_id is not null as "on_a_line!", state,
                  not exists (select from transfers later where later.payout_id = t.payout_id and later.id > t.id) as "is_last!"
             from transfers t where id = $1 and payout_id is not null"#,
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Transferred {
        payout: row.payout.into(),
        amount: Money::new(row.amount_minor, currency(&row.currency)?),
        on_a_line: row.on_a_line,
        state: row.state,
        is_last: row.is_last,
    }))
}

/// Whether a transfer ever left.
pub async fn was_sent(db: &mut PgConnection, id: TransferId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from state_moves where machine = 'transfer' and entity_id = $1 and to_state = 'sent')
             as "sent!""#,
        id.uuid()
    )
    .fetch_one(db)
    .await
}

/// Whether the books have this of this.
pub async fn is_booked(db: &mut PgConnection, kind: &str, reference: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from ledger_entries where kind = $1 and reference = $2) as "booked!""#,
        kind,
        reference
    )
    .fetch_one(db)
    .await
}

/// A payout as the operator's list shows it.
#[derive(Debug)]
pub struct Listed {
    pub payout: Payout,
    pub project: String,
    pub slug: String,
    pub creator: String,
    /// Why the last transfer failed.
    pub why: String,
    /// The state of the last transfer.
    pub transfer: Option<String>,
}

/// Payouts in these states, the oldest first.
pub async fn listed(pool: &PgPool, states: &[PayoutState], most: i64) -> sqlx::Result<Vec<Listed>> {
    let states: Vec<String> = states.iter().map(|state| state.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select p.id, p.project_id, p.member_id, p.kind, p.number, p.currency, p.gross_minor, p.platform_fee_minor,
                p.gateway_fee_minor, p.vat_minor, p.netted_minor, p.net_minor, p.drafted_at, p.state,
                pr.title, pr.slug, m.name, coalesce(t.why_failed, '') as "why!", t.state as "transfer?"
           from payouts p join projects pr on pr.id = p.project_id join members m on m.id = p.member_id
           left join lateral (select why_failed, state from transfers where payout_id = p.id order by id desc limit 1) t on true
          where p.state = any($1) order by p.drafted_at desc, p.id limit $2"#,
        &states,
        most
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let payout = Row {
                id: row.id,
                project_id: row.project_id,
                member_id: row.member_id,
                kind: row.kind,
                number: row.number,
                currency: row.currency,
                gross_minor: row.gross_minor,
                platform_fee_minor: row.platform_fee_minor,
                gateway_fee_minor: row.gateway_fee_minor,
                vat_minor: row.vat_minor,
                netted_minor: row.netted_minor,
                net_minor: row.net_minor,
                drafted_at: row.drafted_at,
                state: row.state,
            };
            Ok(Listed {
                payout: payout.try_into()?,
                project: row.title,
                slug: row.slug,
                creator: row.name,
                why: row.why,
                transfer: row.transfer,
            })
        })
        .collect()
}

/// Projects whose final statement is past and in whose escrow is something that no statement takes and no job
/// looks at, with the number of the next statement.
pub async fn unsettled(db: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<(ProjectId, i16)>> {
    let rows = sqlx::query!(
        r#"select p.id, (select coalesce(max(number), 0) + 1 from payouts s where s.project_id = p.id)::smallint as "next!"
             from projects p join fee_plans f on f.id = p.plan_id
            where p.state = 'funded' and p.closed_at + make_interval(days => f.final_days) <= $1
              and balance(p.id, 'project_escrow') < 0
              and not exists (select from payouts s where s.project_id = p.id and s.state in ('draft', 'issued'))
              and not exists (select from jobs j where j.kind = 'project.draft_statement'
                                 and j.payload->>'project' = p.id::text)"#,
        now
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.next)).collect())
}
