//! Accounts to which money goes back, transfers and their files.

use crate::{
    Refund,
    account::RefundAccount,
    transfers::{TransferRow, TransferState},
};
use chrono::{DateTime, Utc};
use kernel::{
    BankLineId, BatchId, Currency, MemberId, Money, PledgeId, ProjectId, ReceivingAccountId, RefundAccountId,
    RefundId, TransferId,
    db::Db,
    seal::{Place, SealError},
};
use payments::RefundSource;
use sqlx::PgConnection;
use uuid::Uuid;

fn decode(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

fn money(minor: i64, currency: &str) -> sqlx::Result<Money> {
    Ok(Money::new(minor, currency.parse::<Currency>().map_err(decode)?))
}

/// The refunds of somebody's pledge that wait for an account.
pub async fn waiting_for_account(
    db: &mut PgConnection,
    member: MemberId,
    pledge: PledgeId,
) -> sqlx::Result<Vec<RefundId>> {
    let ids = sqlx::query_scalar!(
        "select r.id from refunds r join payments y on y.id = r.payment_id
          where y.purpose = 'pledge' and y.purpose_id = $2 and y.member_id = $1 and r.state = 'needs_account' order by r.id",
        member.uuid(),
        pledge.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(RefundId::from_uuid).collect())
}

/// Who paid; nobody whom we know for a line of a bank.
pub async fn payer(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<Option<MemberId>> {
    let RefundSource::Payment(payment) = source else {
        return Ok(None);
    };
    let id = sqlx::query_scalar!("select member_id from payments where id = $1", payment.uuid())
        .fetch_one(db)
        .await?;
    Ok(Some(id.into()))
}

pub async fn add_account(
    db: &mut PgConnection,
    id: RefundAccountId,
    owner: Option<MemberId>,
    sealed: &[u8],
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into refund_accounts (id, member_id, sealed, created_at) values ($1, $2, $3, $4)",
        id.uuid(),
        owner.map(MemberId::uuid),
        sealed,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// False if the refund does not wait for an account any more.
pub async fn set_account(
    db: &mut PgConnection,
    refund: RefundId,
    account: RefundAccountId,
) -> sqlx::Result<bool> {
    let set = sqlx::query!(
        "update refunds set account_id = $2, state = 'ready' where id = $1 and state = 'needs_account'",
        refund.uuid(),
        account.uuid()
    )
    .execute(db)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// The account that a refund was given, sealed.
pub async fn account_of(db: &mut PgConnection, refund: RefundId) -> sqlx::Result<(Uuid, Vec<u8>)> {
    let row = sqlx::query!(
        "select a.id, a.sealed from refund_accounts a join refunds r on r.account_id = a.id where r.id = $1",
        refund.uuid()
    )
    .fetch_one(db)
    .await?;
    Ok((row.id, row.sealed))
}

pub async fn add_transfer(
    db: &mut PgConnection,
    id: TransferId,
    refund: &Refund,
    sealed: &[u8],
    memo: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into transfers (id, refund_id, amount_minor, currency, sealed, memo, state, created_at)
         values ($1, $2, $3, $4, $5, $6, 'ready', $7)",
        id.uuid(),
        refund.id.uuid(),
        refund.amount.minor(),
        refund.amount.currency().code(),
        sealed,
        memo,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One of the operator's accounts.
#[derive(Clone, Debug)]
pub struct OurAccount {
    pub id: ReceivingAccountId,
    pub bank: String,
    pub number: String,
}

pub async fn our_accounts(db: &mut PgConnection) -> sqlx::Result<Vec<OurAccount>> {
    let rows =
        sqlx::query!("select id, bank, number from receiving_accounts order by position, created_at, id")
            .fetch_all(db)
            .await?;
    Ok(rows
        .into_iter()
        .map(|row| OurAccount { id: row.id.into(), bank: row.bank, number: row.number })
        .collect())
}

pub async fn is_our_account(db: &mut PgConnection, id: ReceivingAccountId) -> sqlx::Result<bool> {
    let known =
        sqlx::query!("select id from receiving_accounts where id = $1", id.uuid()).fetch_optional(db).await?;
    Ok(known.is_some())
}

pub async fn add_batch(
    db: &mut PgConnection,
    id: BatchId,
    account: ReceivingAccountId,
    by: MemberId,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into transfer_batches (id, account_id, made_at, made_by) values ($1, $2, $3, $4)",
        id.uuid(),
        account.uuid(),
        at,
        by.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts the refunds that are ready, in the account's currency, into a batch; tells how many.
pub async fn gather(db: &mut PgConnection, batch: BatchId, account: ReceivingAccountId) -> sqlx::Result<u64> {
    let gathered = sqlx::query!(
        "update transfers t set state = 'batched', batch_id = $1 from receiving_accounts a
          where a.id = $2 and t.state = 'ready' and t.refund_id is not null and t.currency = a.currency",
        batch.uuid(),
        account.uuid()
    )
    .execute(db)
    .await?;
    Ok(gathered.rows_affected())
}

/// What a batch is.
#[derive(Clone, Debug)]
pub struct BatchRow {
    pub id: BatchId,
    pub made_at: DateTime<Utc>,
    pub file_hash: Option<Vec<u8>>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// Locked until the caller's transaction ends.
pub async fn lock_batch(db: &mut PgConnection, id: BatchId) -> sqlx::Result<Option<BatchRow>> {
    let row = sqlx::query!(
        "select id, made_at, file_hash, sent_at from transfer_batches where id = $1 for update",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| BatchRow {
        id: row.id.into(),
        made_at: row.made_at,
        file_hash: row.file_hash,
        sent_at: row.sent_at,
    }))
}

/// The last batches with refunds, newest first.
pub async fn batches(db: &mut PgConnection, most: i64) -> sqlx::Result<Vec<BatchRow>> {
    let rows = sqlx::query!(
        "select b.id, b.made_at, b.file_hash, b.sent_at from transfer_batches b
          where exists (select from transfers t where t.batch_id = b.id and t.refund_id is not null)
          order by b.made_at desc, b.id desc limit $1",
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| BatchRow {
            id: row.id.into(),
            made_at: row.made_at,
            file_hash: row.file_hash,
            sent_at: row.sent_at,
        })
        .collect())
}

pub async fn keep_hash(db: &mut PgConnection, id: BatchId, hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "update transfer_batches set file_hash = $2 where id = $1 and file_hash is null",
        id.uuid(),
        hash
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn hash(db: &mut PgConnection, file: &[u8]) -> sqlx::Result<Vec<u8>> {
    sqlx::query_scalar!(r#"select sha256($1) as "hash!""#, file).fetch_one(db).await
}

pub async fn batch_sent(
    db: &mut PgConnection,
    id: BatchId,
    by: MemberId,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update transfer_batches set sent_at = $2, sent_by = $3 where id = $1 and sent_at is null",
        id.uuid(),
        at,
        by.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The projects whose money a batch moves, in order.
pub async fn projects_of_batch(db: &mut PgConnection, id: BatchId) -> sqlx::Result<Vec<ProjectId>> {
    let ids = sqlx::query_scalar!(
        "select distinct y.project_id from transfers t join refunds r on r.id = t.refund_id join payments y on y.id = r.payment_id
          where t.batch_id = $1 order by 1",
        id.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(ProjectId::from_uuid).collect())
}

struct Raw {
    id: Uuid,
    refund_id: Option<Uuid>,
    batch_id: Option<Uuid>,
    amount_minor: i64,
    currency: String,
    sealed: Vec<u8>,
    memo: String,
    state: String,
}

fn opened(db: &Db, raw: Raw) -> sqlx::Result<TransferRow> {
    let place = Place { column: "transfers.sealed", row: raw.id };
    Ok(TransferRow {
        id: raw.id.into(),
        refund: raw.refund_id,
        batch: raw.batch_id.map(BatchId::from_uuid),
        amount: money(raw.amount_minor, &raw.currency)?,
        account: RefundAccount::open(db, place, &raw.sealed).map_err(decode)?,
        memo: raw.memo,
        state: TransferState::from_code(&raw.state)
            .ok_or_else(|| sqlx::Error::Decode("unknown state of a transfer".into()))?,
    })
}

/// The transfers of a batch, in an order that stays.
pub async fn of_batch(db: &Db, tx: &mut PgConnection, id: BatchId) -> sqlx::Result<Vec<TransferRow>> {
    let rows = sqlx::query_as!(
        Raw,
        "select id, refund_id, batch_id, amount_minor, currency, sealed, memo, state from transfers
          where batch_id = $1 and refund_id is not null order by id",
        id.uuid()
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|raw| opened(db, raw)).collect()
}

/// Of refunds: what waits for a batch.
pub async fn ready_transfers(db: &Db, tx: &mut PgConnection) -> sqlx::Result<Vec<TransferRow>> {
    let rows = sqlx::query_as!(
        Raw,
        "select id, refund_id, batch_id, amount_minor, currency, sealed, memo, state from transfers
          where state = 'ready' and refund_id is not null order by id"
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|raw| opened(db, raw)).collect()
}

/// Of refunds: what no statement has shown yet.
pub async fn sent_transfers(db: &Db, tx: &mut PgConnection) -> sqlx::Result<Vec<TransferRow>> {
    let rows = sqlx::query_as!(
        Raw,
        "select id, refund_id, batch_id, amount_minor, currency, sealed, memo, state from transfers
          where state = 'sent' and refund_id is not null order by id for update"
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(|raw| opened(db, raw)).collect()
}

pub async fn transfer(db: &Db, tx: &mut PgConnection, id: TransferId) -> sqlx::Result<Option<TransferRow>> {
    let row = sqlx::query_as!(
        Raw,
        "select id, refund_id, batch_id, amount_minor, currency, sealed, memo, state from transfers where id = $1",
        id.uuid()
    )
    .fetch_optional(tx)
    .await?;
    row.map(|raw| opened(db, raw)).transpose()
}

/// The state of a transfer, locked until the caller's transaction ends.
pub async fn lock_transfer(db: &mut PgConnection, id: TransferId) -> sqlx::Result<TransferState> {
    let state = sqlx::query_scalar!("select state from transfers where id = $1 for update", id.uuid())
        .fetch_one(db)
        .await?;
    TransferState::from_code(&state).ok_or_else(|| sqlx::Error::Decode("unknown state of a transfer".into()))
}

pub async fn move_transfer(db: &mut PgConnection, id: TransferId, to: TransferState) -> sqlx::Result<()> {
    sqlx::query!("update transfers set state = $2 where id = $1", id.uuid(), to.code()).execute(db).await?;
    Ok(())
}

pub async fn confirm_transfer(db: &mut PgConnection, id: TransferId, line: BankLineId) -> sqlx::Result<()> {
    sqlx::query!(
        "update transfers set state = 'done', line_id = $2 where id = $1 and state = 'sent'",
        id.uuid(),
        line.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn transfer_failed(
    db: &mut PgConnection,
    id: TransferId,
    back: Option<BankLineId>,
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update transfers set state = 'failed', back_line_id = $2, why_failed = $3 where id = $1",
        id.uuid(),
        back.map(BankLineId::uuid),
        why
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A failed refund asks for an account anew.
pub async fn ask_account_again(db: &mut PgConnection, id: RefundId) -> sqlx::Result<()> {
    sqlx::query!("update refunds set state = 'needs_account' where id = $1 and state = 'failed'", id.uuid())
        .execute(db)
        .await?;
    Ok(())
}

/// A line of a statement is spoken for.
pub async fn use_line(db: &mut PgConnection, line: BankLineId) -> sqlx::Result<()> {
    sqlx::query!(
        "update bank_lines set state = 'matched', used_minor = abs(amount_minor), queue = null where id = $1 and state = 'waiting'",
        line.uuid()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What went back of a line of a bank left.
pub async fn line_went(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<()> {
    if let RefundSource::Line(line) = source {
        sqlx::query!(
            "update bank_lines set state = 'returned' where id = $1 and state = 'returning'",
            line.uuid()
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// What went back of a line of a bank is here again.
pub async fn line_is_back(db: &mut PgConnection, source: RefundSource) -> sqlx::Result<()> {
    if let RefundSource::Line(line) = source {
        sqlx::query!(
            "update bank_lines set state = 'returning' where id = $1 and state = 'returned'",
            line.uuid()
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// Lines of statements that tell of money that went out, with what the bank wrote.
pub async fn lines_out(db: &Db, tx: &mut PgConnection) -> sqlx::Result<Vec<(BankLineId, Money, String)>> {
    let rows = sqlx::query!(
        "select id, amount_minor, currency, sealed from bank_lines where state = 'waiting' and amount_minor < 0 order by at, id"
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let place = Place { column: "bank_lines.sealed", row: row.id };
            let text = db.keys.open(place, &row.sealed).or_else(|error| match error {
                SealError::Damaged => Ok(String::new()),
                SealError::UnknownKey(_) => Err(error),
            });
            Ok((row.id.into(), money(row.amount_minor, &row.currency)?, text.map_err(decode)?))
        })
        .collect()
}

/// Whether a waiting line brought exactly this amount.
pub async fn fits_back(db: &mut PgConnection, line: BankLineId, amount: Money) -> sqlx::Result<bool> {
    let fits = sqlx::query!(
        "select id from bank_lines where id = $1 and state = 'waiting' and used_minor = 0 and amount_minor = $2 and currency = $3
            for update",
        line.uuid(),
        amount.minor(),
        amount.currency().code()
    )
    .fetch_optional(db)
    .await?;
    Ok(fits.is_some())
}

/// Transfers that a statement showed lately, each with the waiting lines on which it may have come back.
pub async fn done_transfers(
    db: &Db,
    tx: &mut PgConnection,
    most: i64,
) -> sqlx::Result<Vec<(TransferRow, Vec<(BankLineId, DateTime<Utc>)>)>> {
    let rows = sqlx::query_as!(
        Raw,
        "select id, refund_id, batch_id, amount_minor, currency, sealed, memo, state from transfers t
          where state = 'done' and refund_id is not null
            and exists (select from bank_lines l where l.state = 'waiting' and l.used_minor = 0
                           and l.amount_minor = t.amount_minor and l.currency = t.currency and l.at >= t.created_at)
          order by id desc limit $1",
        most
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for raw in rows {
        let lines = sqlx::query!(
            "select id, at from bank_lines where state = 'waiting' and used_minor = 0 and amount_minor = $1 and currency = $2
              order by at, id limit 20",
            raw.amount_minor,
            raw.currency
        )
        .fetch_all(&mut *tx)
        .await?;
        let lines = lines.into_iter().map(|line| (line.id.into(), line.at)).collect();
        found.push((opened(db, raw)?, lines));
    }
    Ok(found)
}
