//! All lines that are certain, booked in one confirmation.

use super::matched::{Sureness, acquired, book};
use crate::Means;
use accounts::operators::{Role, require_role};
use deposits::{DepositError, matching::Queue, store as lines};
use kernel::{BankLineId, ReceivingAccountId, Refusal};
use leptos::prelude::*;

/// Lines of one confirmation, each booked in a transaction of its own: whoever must wait for a project waits shortly.
pub(super) const MOST: i64 = 500;

/// Operators for finance. Lines that came to be certain after `last`, the last that the operator saw, wait for the
/// next confirmation.
#[server]
pub async fn confirm_certain(
    #[server(default)] account: String,
    #[server(default)] last: String,
) -> Result<(), DepositError> {
    let means = Means::current()?;
    let (db, now) = (&means.db, means.db.now());
    let operator = require_role(db, &[Role::Finance]).await?;
    let account: ReceivingAccountId = account.parse().map_err(|_| Refusal::NotFound)?;
    let last: BankLineId = last.parse().map_err(|_| Refusal::Malformed)?;
    let certain = lines::certain(&mut *acquired(&means).await?, &db.keys, account, last, MOST).await?;
    let mut booked = 0;
    for line in certain {
        let belongs = line.belongs(&mut *acquired(&means).await?, &db.keys).await?;
        let Queue::Certain(deposit) = belongs else {
            continue;
        };
        match book(&means, &operator, line.id, deposit, Sureness::Certain, now).await {
            Ok(()) => booked += 1,
            // Somebody else was first, or its pledge has ended meanwhile: it shows in another queue.
            Err(DepositError::StandsOtherwise | DepositError::TooLate) => {}
            Err(error) => return Err(error),
        }
    }
    deposits::refresh(db, account).await?;
    ui::lead_to(&format!("/admin/deposits?account={account}&booked={booked}"));
    Ok(())
}
