//! An operator says which column of a bank's file is what; it is remembered by the file's headings.

use crate::{
    DepositError,
    statement::{HeadingsHash, Mapping, StatementError},
    store,
};
use accounts::operators::{Role, audit, require_role};
use kernel::{Fault, Faults, ReceivingAccountId, Refusal, db::Db};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// As many columns as a file may have.
const MOST_COLUMNS: usize = 64;

/// The columns as they are typed: counted from one, empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Columns {
    pub at: String,
    pub time: String,
    pub credit: String,
    pub debit: String,
    pub amount: String,
    pub kind: String,
    pub name: String,
    pub memo: String,
    pub balance: String,
}

impl Columns {
    fn checked(&self) -> Result<Mapping, DepositError> {
        let mut faults = Faults::default();
        let mut read = |field: &str, text: &str| -> Option<usize> {
            if text.is_empty() {
                return None;
            }
            let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let number = number.filter(|number| *number < MOST_COLUMNS).ok_or(Fault::NotAllowed);
            faults.keep(&format!("columns[{field}]"), number)
        };
        let at = read("at", &self.at);
        let mapping = Mapping {
            at: at.unwrap_or_default(),
            time: read("time", &self.time),
            credit: read("credit", &self.credit),
            debit: read("debit", &self.debit),
            amount: read("amount", &self.amount),
            kind: read("kind", &self.kind),
            name: read("name", &self.name),
            memo: read("memo", &self.memo).into_iter().collect(),
            balance: read("balance", &self.balance),
        };
        if self.at.is_empty() {
            faults.add("columns[at]", Fault::Required);
        }
        faults.none_or_refuse()?;
        if !mapping.makes_lines(MOST_COLUMNS) {
            return Err(DepositError::unread(&StatementError::WrongColumns, None));
        }
        Ok(mapping)
    }
}

/// Operators for finance.
#[server]
pub async fn save_columns(
    #[server(default)] account: String,
    #[server(default)] headings: String,
    #[server(default)] columns: Columns,
) -> Result<(), DepositError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let account: ReceivingAccountId = account.parse().map_err(|_| Refusal::NotFound)?;
    let hash = unhex(&headings).ok_or(Refusal::Malformed)?;
    let mapping = columns.checked()?;
    let now = db.now();
    let mut tx = db.pool.begin().await.map_err(Refusal::from)?;
    store::lock_account(&mut tx, account).await?.ok_or(Refusal::NotFound)?;
    store::save_mapping(&mut tx, account, &hash, &mapping, operator.member.id, now).await?;
    audit(&mut tx, &operator.actor(), "explain_columns", &format!("account:{account}"), "", now).await?;
    tx.commit().await.map_err(Refusal::from)?;
    ui::lead_to(&format!("/admin/deposits?account={account}&explained=1"));
    Ok(())
}

fn unhex(digits: &str) -> Option<HeadingsHash> {
    let mut hash = HeadingsHash::default();
    let pairs = digits.as_bytes().chunks(2);
    if digits.len() != hash.len() * 2 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(at: &str, credit: &str) -> Columns {
        Columns { at: at.to_owned(), credit: credit.to_owned(), ..Columns::default() }
    }

    #[test]
    fn columns_are_counted_from_one_and_none_is_used_twice() {
        let mapping = columns("1", "3").checked().unwrap();
        assert_eq!((mapping.at, mapping.credit, mapping.name), (0, Some(2), None));
        for (at, credit) in [("", "3"), ("1", ""), ("1", "1"), ("0", "1"), ("1", "65"), ("1", "둘")] {
            assert!(columns(at, credit).checked().is_err(), "{at} {credit}");
        }
    }

    #[test]
    fn a_hash_is_read_from_its_digits_or_not_at_all() {
        assert_eq!(unhex(&"0a".repeat(32)), Some([10; 32]));
        for odd in ["", "0a", &"0".repeat(63), &"0g".repeat(32), &"가".repeat(21)] {
            assert_eq!(unhex(odd), None, "{odd}");
        }
    }
}
