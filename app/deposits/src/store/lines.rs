//! SQL of the lines of statements.

use super::{currency, line_place, matches::index_of};
use crate::matching::{Line, Queue, classify};
use chrono::{DateTime, Utc};
use kernel::{
    BankLineId, DepositId, Money, ReceivingAccountId,
    seal::{Keys, SealError},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

/// Lines that are held against deposits at a time.
const BATCH: i64 = 2_000;

/// What of a line is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineText {
    pub name: String,
    pub memo: String,
    /// The row as it came.
    pub raw: String,
}

impl LineText {
    /// What no key opens any more is shown as nothing, and matched by a person.
    fn open(keys: &Keys, id: BankLineId, sealed: &[u8]) -> Self {
        let text: Result<String, SealError> = keys.open(line_place(id), sealed);
        text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

/// A line as pages show it.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: BankLineId,
    pub account: ReceivingAccountId,
    pub at: DateTime<Utc>,
    pub amount: Money,
    /// What of it belongs to nothing yet.
    pub left: Money,
    pub text: LineText,
    pub queue: Option<String>,
    pub state: String,
}

impl Waiting {
    /// What is held against deposits: as much as is left.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line { at: self.at, amount: self.left, name: &self.text.name, memo: &self.text.memo }
    }
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    at: DateTime<Utc>,
    amount_minor: i64,
    used_minor: i64,
    currency: String,
    sealed: Vec<u8>,
    queue: Option<String>,
    state: String,
}

impl Row {
    fn open(self, keys: &Keys) -> sqlx::Result<Waiting> {
        let currency = currency(&self.currency)?;
        let left = match self.amount_minor {
            ..0 => self.amount_minor + self.used_minor,
            amount => amount - self.used_minor,
        };
        let id = self.id.into();
        Ok(Waiting {
            id,
            account: self.account_id.into(),
            at: self.at,
            amount: Money::new(self.amount_minor, currency),
            left: Money::new(left, currency),
            text: LineText::open(keys, id, &self.sealed),
            queue: self.queue,
            state: self.state,
        })
    }
}

pub async fn get(db: &mut PgConnection, keys: &Keys, id: BankLineId) -> sqlx::Result<Option<Waiting>> {
    let row = sqlx::query_as!(
        Row,
        "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state from bank_lines where id = $1",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| row.open(keys)).transpose()
}

/// A line, locked until the caller's transaction ends.
pub async fn lock_line(db: &mut PgConnection, keys: &Keys, id: BankLineId) -> sqlx::Result<Option<Waiting>> {
    let row = sqlx::query_as!(
        Row,
        "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state
           from bank_lines where id = $1 for update",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| row.open(keys)).transpose()
}

/// Moves a line that the caller has locked. The database refuses what is not allowed.
pub async fn move_line(db: &mut PgConnection, id: BankLineId, to: &str) -> sqlx::Result<()> {
    sqlx::query!("update bank_lines set state = $2 where id = $1", id.uuid(), to).execute(db).await?;
    Ok(())
}

/// How many lines of an account wait, by queue.
pub async fn count_queues(
    db: &mut PgConnection,
    account: ReceivingAccountId,
) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select coalesce(queue, 'unknown') as "queue!", count(*) as "count!" from bank_lines
            where account_id = $1 and state = 'waiting' group by 1"#,
        account.uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.queue, row.count)).collect())
}

/// The oldest lines of a queue.
pub async fn in_queue(
    db: &mut PgConnection,
    keys: &Keys,
    account: ReceivingAccountId,
    queue: &str,
    most: i64,
) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state from bank_lines
          where account_id = $1 and state = 'waiting' and coalesce(queue, 'unknown') = $2 order by id limit $3",
        account.uuid(),
        queue,
        most
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| row.open(keys)).collect()
}

/// The lines of an account that were certain, up to one of them.
pub async fn certain(
    db: &mut PgConnection,
    keys: &Keys,
    account: ReceivingAccountId,
    until: BankLineId,
    most: i64,
) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state from bank_lines
          where account_id = $1 and state = 'waiting' and queue = 'certain' and id <= $2 order by id limit $3",
        account.uuid(),
        until.uuid(),
        most
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| row.open(keys)).collect()
}

/// The newest lines of an account that were set aside, or are on their way back.
pub async fn set_aside_lines(
    db: &mut PgConnection,
    keys: &Keys,
    account: ReceivingAccountId,
    most: i64,
) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state from bank_lines
          where account_id = $1 and state in ('set_aside', 'returning') order by at desc, id desc limit $2",
        account.uuid(),
        most
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| row.open(keys)).collect()
}

/// Says anew why each line of an account waits, the oldest first, and no more than `most` of them.
///
/// What it says is a suggestion: whoever books looks again under lock. The caller's transaction holds the account, so
/// that two do not say it at once.
pub async fn reclassify(
    db: &mut PgConnection,
    keys: &Keys,
    account: ReceivingAccountId,
    most: i64,
) -> sqlx::Result<()> {
    let (mut seen, mut last): (i64, Option<Uuid>) = (0, None);
    while seen < most {
        let rows = sqlx::query_as!(
            Row,
            "select id, account_id, at, amount_minor, used_minor, currency, sealed, queue, state from bank_lines
              where account_id = $1 and state = 'waiting' and queue is distinct from 'outgoing'
                and ($2::uuid is null or id > $2)
              order by id limit $3",
            account.uuid(),
            last,
            BATCH
        )
        .fetch_all(&mut *db)
        .await?;
        let Some(end) = rows.last().map(|row| row.id) else {
            return Ok(());
        };
        (seen, last) = (seen + BATCH, Some(end));
        let lines = rows.into_iter().map(|row| row.open(keys)).collect::<sqlx::Result<Vec<_>>>()?;
        let queues = classified(&mut *db, keys, &lines).await?;
        let changed =
            lines.iter().zip(queues).filter(|(line, queue)| line.queue.as_deref() != Some(queue.code()));
        let (ids, codes): (Vec<Uuid>, Vec<String>) =
            changed.map(|(line, queue)| (line.id.uuid(), queue.code().to_owned())).unzip();
        sqlx::query!(
            "update bank_lines l set queue = n.queue from unnest($1::uuid[], $2::text[]) as n(id, queue)
              where l.id = n.id and l.state = 'waiting'",
            &ids,
            &codes
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Where these lines belong as things stand.
async fn classified(db: &mut PgConnection, keys: &Keys, lines: &[Waiting]) -> sqlx::Result<Vec<Queue>> {
    let Some(first) = lines.first() else {
        return Ok(Vec::new());
    };
    let index = index_of(db, keys, first.amount.currency(), lines).await?;
    Ok(lines.iter().map(|line| classify(&line.line(), &index)).collect())
}

impl Waiting {
    /// Where the line belongs as things stand.
    pub async fn belongs(&self, db: &mut PgConnection, keys: &Keys) -> sqlx::Result<Queue> {
        Ok(classified(db, keys, std::slice::from_ref(self)).await?.pop().unwrap_or(Queue::Unknown))
    }
}

/// For each line the deposit that it would go to.
pub async fn suggested(
    db: &mut PgConnection,
    keys: &Keys,
    lines: &[Waiting],
) -> sqlx::Result<Vec<Option<DepositId>>> {
    Ok(classified(db, keys, lines).await?.into_iter().map(Queue::deposit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_key_opens_is_shown_as_nothing() {
        assert_eq!(LineText::open(&Keys::none(), BankLineId::new(), &[1, 2]), LineText::default());
    }
}
