//! The operator's accounts into which backers pay. Public, so nothing of it is sealed.

use chrono::{DateTime, Utc};
use kernel::{Bank, Currency, ReceivingAccountId};
use sqlx::{PgConnection, PgPool};

#[derive(Clone, Debug)]
pub struct ReceivingAccount {
    pub id: ReceivingAccountId,
    pub bank: Bank,
    pub number: String,
    pub holder: String,
    pub currency: Currency,
    /// Whether it is offered; a closed one still takes what was asked for.
    pub open: bool,
    /// Statements tell everything that came in before.
    pub covered_until: Option<DateTime<Utc>>,
}

/// An account as the operator enters it.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub bank: Bank,
    pub number: String,
    pub holder: String,
    pub currency: Currency,
}

struct Row {
    id: uuid::Uuid,
    bank: String,
    number: String,
    holder: String,
    currency: String,
    open: bool,
    covered_until: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for ReceivingAccount {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.id.into(),
            bank: Bank::of(&row.bank).ok_or_else(|| sqlx::Error::Decode("unknown bank".into()))?,
            number: row.number,
            holder: row.holder,
            currency: row.currency.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            open: row.open,
            covered_until: row.covered_until,
        })
    }
}

/// All of them, those that are offered first.
pub async fn all(pool: &PgPool) -> sqlx::Result<Vec<ReceivingAccount>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, bank, number, holder, currency, open, covered_until from receiving_accounts
          order by open desc, position, created_at, id"
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Those into which somebody can pay now.
pub async fn offered(db: &mut PgConnection, currency: Currency) -> sqlx::Result<Vec<ReceivingAccount>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, bank, number, holder, currency, open, covered_until from receiving_accounts
          where open and currency = $1 order by position, created_at, id",
        currency.code()
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Adds an account behind the others; nothing if this number of this bank is there already.
pub async fn add(
    db: &mut PgConnection,
    new: &NewAccount,
    at: DateTime<Utc>,
) -> sqlx::Result<Option<ReceivingAccountId>> {
    let id = ReceivingAccountId::new();
    let added = sqlx::query!(
        "insert into receiving_accounts (id, bank, number, holder, currency, position, created_at)
         select $1, $2, $3, $4, $5, coalesce(max(position), 0) + 1, $6 from receiving_accounts
         on conflict on constraint receiving_account_once do nothing",
        id.uuid(),
        new.bank.code(),
        new.number,
        new.holder,
        new.currency.code(),
        at
    )
    .execute(db)
    .await?;
    Ok((added.rows_affected() == 1).then_some(id))
}

/// Offers an account, or offers it no more; false if that is how it stands.
pub async fn set_open(db: &mut PgConnection, account: ReceivingAccountId, open: bool) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update receiving_accounts set open = $2 where id = $1 and open <> $2",
        account.uuid(),
        open
    )
    .execute(db)
    .await?;
    Ok(changed.rows_affected() == 1)
}
