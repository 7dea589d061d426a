//! SQL of deposits as far as lines are held against them, and of what was matched.

use super::{Waiting, currency, decode, depositor_place};
use crate::{
    DepositCode, DepositState,
    matching::{Expected, Index},
};
use chrono::{DateTime, Utc};
use kernel::{
    BankLineId, Currency, DepositId, MatchId, MemberId, Money, PledgeId, ProjectId, ReceivingAccountId,
    seal::Keys,
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

struct Row {
    id: Uuid,
    code: String,
    amount_minor: i64,
    matched_minor: i64,
    currency: String,
    depositor: Option<Vec<u8>>,
    due_at: DateTime<Utc>,
    state: String,
}

impl Row {
    fn open(self, keys: &Keys) -> sqlx::Result<Expected> {
        let currency = currency(&self.currency)?;
        let id = self.id.into();
        let name = self.depositor.and_then(|sealed| keys.open(depositor_place(id), &sealed).ok());
        Ok(Expected {
            id,
            code: self.code.parse().map_err(decode)?,
            amount: Money::new(self.amount_minor, currency),
            matched: Money::new(self.matched_minor, currency),
            depositor: name.unwrap_or_default(),
            due_at: self.due_at,
            state: self.state.parse().map_err(decode)?,
        })
    }
}

/// What lines may belong to: what is open, and whatever their codes name.
pub(super) async fn index_of(
    db: &mut PgConnection,
    keys: &Keys,
    currency: Currency,
    lines: &[Waiting],
) -> sqlx::Result<Index> {
    let codes: Vec<String> = lines
        .iter()
        .flat_map(|line| [&line.text.name, &line.text.memo])
        .flat_map(|text| DepositCode::in_text(text))
        .map(|code| code.to_string())
        .collect();
    let rows = sqlx::query_as!(
        Row,
        "select id, code, amount_minor, matched_minor, currency, depositor, due_at, state from deposits
          where account_id is not null and currency = $1 and (state in ('issued', 'short') or code = any($2))",
        currency.code(),
        &codes
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| row.open(keys)).collect()
}

/// Where the deposit stands: whose pledge it is for.
#[derive(Clone, Copy, Debug)]
pub struct Owed {
    pub pledge: PledgeId,
    pub project: ProjectId,
}

/// For what a deposit is, for who locks that first.
pub async fn locate(db: &mut PgConnection, id: DepositId) -> sqlx::Result<Option<Owed>> {
    let row = sqlx::query!(
        "select y.purpose_id, y.project_id from deposits d join payments y on y.id = d.payment_id
          where d.id = $1 and d.account_id is not null and y.purpose = 'pledge'",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Owed { pledge: row.purpose_id.into(), project: row.project_id.into() }))
}

/// A deposit that the caller's transaction holds.
#[derive(Clone, Copy, Debug)]
pub struct LockedDeposit {
    pub id: DepositId,
    pub amount: Money,
    pub matched: Money,
    pub due_at: DateTime<Utc>,
    pub state: DepositState,
}

pub async fn lock_deposit(db: &mut PgConnection, id: DepositId) -> sqlx::Result<LockedDeposit> {
    let row = sqlx::query!(
        "select amount_minor, matched_minor, currency, due_at, state from deposits where id = $1 for update",
        id.uuid()
    )
    .fetch_one(db)
    .await?;
    let currency = currency(&row.currency)?;
    Ok(LockedDeposit {
        id,
        amount: Money::new(row.amount_minor, currency),
        matched: Money::new(row.matched_minor, currency),
        due_at: row.due_at,
        state: row.state.parse().map_err(decode)?,
    })
}

/// What is matched to a deposit now; its state follows. The caller has locked it, and it is open or matched.
pub async fn set_matched(db: &mut PgConnection, deposit: &LockedDeposit, matched: Money) -> sqlx::Result<()> {
    sqlx::query!(
        "update deposits set matched_minor = $2,
                state = case when $2 = amount_minor then 'matched' when $2 = 0 then 'issued' else 'short' end
          where id = $1",
        deposit.id.uuid(),
        matched.minor()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a part of a line to a deposit. The caller holds both.
pub async fn add_match(
    db: &mut PgConnection,
    line: BankLineId,
    deposit: DepositId,
    amount: Money,
    who: MemberId,
    at: DateTime<Utc>,
) -> sqlx::Result<MatchId> {
    let id = MatchId::new();
    sqlx::query!(
        "insert into deposit_matches (id, line_id, deposit_id, amount_minor, at, who) values ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        line.uuid(),
        deposit.uuid(),
        amount.minor(),
        at,
        format!("member:{who}")
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The line and the deposit of a match, for who locks them first.
pub async fn owner_of_match(
    db: &mut PgConnection,
    id: MatchId,
) -> sqlx::Result<Option<(BankLineId, DepositId)>> {
    let row = sqlx::query!("select line_id, deposit_id from deposit_matches where id = $1", id.uuid())
        .fetch_optional(db)
        .await?;
    Ok(row.map(|row| (row.line_id.into(), row.deposit_id.into())))
}

/// The amount of a match that stands, locked; nothing if it was taken back.
pub async fn lock_match(
    db: &mut PgConnection,
    id: MatchId,
    currency: Currency,
) -> sqlx::Result<Option<Money>> {
    let amount = sqlx::query_scalar!(
        "select amount_minor from deposit_matches where id = $1 and undone_at is null for update",
        id.uuid()
    )
    .fetch_optional(db)
    .await?;
    Ok(amount.map(|amount| Money::new(amount, currency)))
}

/// Takes a match back that the caller has locked.
pub async fn undo(
    db: &mut PgConnection,
    id: MatchId,
    who: MemberId,
    why: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update deposit_matches set undone_at = $2, undone_who = $3, undone_why = $4 where id = $1",
        id.uuid(),
        at,
        format!("member:{who}"),
        why
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A deposit to which a line may be given.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub expected: Expected,
    pub backer: String,
    pub project: String,
}

/// Open deposits are read through for a name, the newest first, no more than so many.
const MOST_READ: i64 = 20_000;

/// Deposits that fit a code, a name or an amount; without words, those that the line could be for.
pub async fn candidates(
    pool: &PgPool,
    keys: &Keys,
    line: &Waiting,
    words: &str,
    most: usize,
) -> sqlx::Result<Vec<Candidate>> {
    let mut db = pool.acquire().await?;
    let codes: Vec<String> = DepositCode::in_text(words).iter().map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        Row,
        "select id, code, amount_minor, matched_minor, currency, depositor, due_at, state from deposits
          where account_id is not null and currency = $1 and (state in ('issued', 'short') or code = any($2))
          order by created_at desc, id limit $3",
        line.amount.currency().code(),
        &codes,
        MOST_READ
    )
    .fetch_all(&mut *db)
    .await?;
    let amount = Money::parse(words.trim().trim_end_matches('원'), line.amount.currency()).ok();
    let words = words.trim().to_lowercase();
    let mut found = Vec::new();
    for row in rows {
        let expected = row.open(keys)?;
        let wanted = expected.amount.checked_sub(expected.matched).ok();
        let fits = if words.is_empty() {
            expected.could_be(&line.line())
        } else {
            codes.contains(&expected.code.to_string())
                || amount.is_some_and(|amount| wanted == Some(amount) || expected.amount == amount)
                || expected.depositor.to_lowercase().contains(&words)
        };
        if fits {
            found.push(expected);
        }
        if found.len() >= most {
            break;
        }
    }
    let ids: Vec<Uuid> = found.iter().map(|expected| expected.id.uuid()).collect();
    let named = sqlx::query!(
        "select d.id, m.name as backer, pr.title from deposits d join payments y on y.id = d.payment_id
           join members m on m.id = y.member_id join projects pr on pr.id = y.project_id where d.id = any($1)",
        &ids
    )
    .fetch_all(&mut *db)
    .await?;
    let known = |expected: Expected| {
        let row = named.iter().find(|row| row.id == expected.id.uuid())?;
        Some(Candidate { expected, backer: row.backer.clone(), project: row.title.clone() })
    };
    Ok(found.into_iter().filter_map(known).collect())
}

/// What was matched, as pages show it.
#[derive(Clone, Debug)]
pub struct Match {
    pub id: MatchId,
    pub at: DateTime<Utc>,
    pub amount: Money,
    pub backer: String,
    pub project: String,
    pub undone: bool,
    /// Whether it can still be taken back.
    pub can_be_undone: bool,
}

/// What was matched last of the lines of an account.
pub async fn matches_of(pool: &PgPool, account: ReceivingAccountId, most: i64) -> sqlx::Result<Vec<Match>> {
    let rows = sqlx::query!(
        r#"select x.id, x.at, x.amount_minor, d.currency, m.name, pr.title, x.undone_at is not null as "undone!",
                  x.undone_at is null and y.state in ('awaiting', 'received') and l.state in ('waiting', 'matched')
                  as "can_be_undone!"
             from deposit_matches x join bank_lines l on l.id = x.line_id join deposits d on d.id = x.deposit_id
             join payments y on y.id = d.payment_id join members m on m.id = y.member_id
             join projects pr on pr.id = y.project_id
            where l.account_id = $1 order by x.at desc, x.id desc limit $2"#,
        account.uuid(),
        most
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Match {
                id: row.id.into(),
                at: row.at,
                amount: Money::new(row.amount_minor, currency(&row.currency)?),
                backer: row.name,
                project: row.title,
                undone: row.undone,
                can_be_undone: row.can_be_undone,
            })
        })
        .collect()
}
