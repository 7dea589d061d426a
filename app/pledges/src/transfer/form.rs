//! What a backer says of a transfer that is to come.

use chrono::{DateTime, TimeDelta, Utc};
use deposits::receiving::ReceivingAccount;
use kernel::{Calendar, Fault, Faults, ReceivingAccountId, Refusal};

/// How the checkout's form names paying by transfer.
pub const BY_TRANSFER: &str = "bank_transfer";

/// As sent: at the checkout, or on the page of a pledge.
#[derive(Clone, Debug, Default)]
pub struct TransferForm {
    /// Id of the account to pay into.
    pub account: String,
    /// The name that will stand on the bank's statement.
    pub depositor: String,
}

#[derive(Clone, Debug)]
pub struct CheckedTransfer {
    pub account: ReceivingAccountId,
    pub depositor: String,
}

/// The longest name: banks cut what is longer.
const LONGEST_NAME: usize = 20;
/// Shortly before a deadline nobody can be told in time what came in.
const LEAST: TimeDelta = TimeDelta::hours(1);

impl TransferForm {
    /// With one of the accounts that are offered.
    pub fn checked(self, offered: &[ReceivingAccount]) -> Result<CheckedTransfer, Refusal> {
        let mut faults = Faults::default();
        let account = self.account.parse::<ReceivingAccountId>().ok();
        let account = account.filter(|id| offered.iter().any(|account| account.id == *id));
        let account = faults.keep("account", account.ok_or(Fault::NotAllowed));
        let depositor = self.depositor.split_whitespace().collect::<Vec<_>>().join(" ");
        if depositor.is_empty() {
            faults.add("depositor", Fault::Required);
        } else if depositor.chars().count() > LONGEST_NAME {
            faults.add("depositor", Fault::TooLong { max: u32::try_from(LONGEST_NAME).unwrap_or(u32::MAX) });
        } else if depositor.chars().any(char::is_control) {
            faults.add("depositor", Fault::NotAllowed);
        }
        faults.none_or_refuse()?;
        account.map(|account| CheckedTransfer { account, depositor }).ok_or(Refusal::Malformed)
    }
}

/// Whether a transfer could still come before the deadline.
pub fn in_time(now: DateTime<Utc>, deadline: Option<DateTime<Utc>>) -> bool {
    deadline.is_some_and(|deadline| now + LEAST <= deadline)
}

/// Until when a transfer is waited for: the end of the last of `days` days in Korea, and never after the
/// deadline.
pub fn due_at(now: DateTime<Utc>, deadline: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let last = Calendar::day_of(now) + TimeDelta::days(days.into());
    Calendar::end_of(last).min(deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_transfer_is_waited_for_until_the_end_of_a_day_in_korea_and_never_after_the_deadline() {
        let (evening, deadline) = (at("2026-12-01T20:00:00+09:00"), at("2026-12-10T00:00:00+09:00"));

        assert_eq!(due_at(evening, deadline, 3), at("2026-12-04T23:59:59+09:00"));
        assert_eq!(due_at(at("2026-12-09T00:00:00+09:00"), deadline, 3), deadline);
        assert!(in_time(at("2026-12-09T23:00:00+09:00"), Some(deadline)));
        assert!(!in_time(at("2026-12-09T23:00:01+09:00"), Some(deadline)));
        assert!(!in_time(evening, None));
    }

    #[test]
    fn a_name_is_kept_as_people_write_it_and_an_account_must_be_offered() {
        let form = |depositor: &str| TransferForm { account: String::new(), depositor: depositor.to_owned() };
        let fields = |form: TransferForm| match form.checked(&[]) {
            Err(Refusal::Invalid(faults)) => {
                faults.iter().map(|fault| fault.field.clone()).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };

        assert_eq!(fields(form("이 후원")), ["account"]);
        assert_eq!(fields(form("  ")), ["account", "depositor"]);
        assert_eq!(fields(form(&"가".repeat(21))), ["account", "depositor"]);
        assert_eq!(fields(form("이\u{0}후원")), ["account", "depositor"]);
    }
}
