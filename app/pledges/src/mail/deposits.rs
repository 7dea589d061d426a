//! What a backer is told of a transfer that came in.

use super::backer::{Addressee, told};
use crate::text;
use accounts::notifications::Notification;
use kernel::{MatchId, Money, site::Site};

/// All of it is there.
pub fn deposited(site: &Site, to: &Addressee, by: MatchId) -> Notification {
    let l = to.locale;
    let subject = text::mail_deposited_subject(l, &to.project);
    told(site, to, &format!("deposited:{by}"), subject, text::mail_deposited(l, &to.project))
}

/// A part of it is there.
pub fn deposit_short(site: &Site, to: &Addressee, by: MatchId, came: Money, left: Money) -> Notification {
    let l = to.locale;
    let subject = text::mail_deposit_short_subject(l, &to.project);
    let body = text::mail_deposit_short(l, &to.project, came.show(l), left.show(l));
    told(site, to, &format!("deposit_short:{by}"), subject, body)
}

/// What was said to be there is not theirs, or was taken back.
pub fn deposit_undone(site: &Site, to: &Addressee, by: MatchId, amount: Money) -> Notification {
    let l = to.locale;
    let subject = text::mail_deposit_undone_subject(l, &to.project);
    let body = text::mail_deposit_undone(l, &to.project, amount.show(l));
    told(site, to, &format!("deposit_undone:{by}"), subject, body)
}
