//! A backer changes a pledge until the deadline: what, how much, where to.

#[cfg(feature = "ssr")]
use crate::{
    CheckedPledge, Pledge, PledgeLine,
    bill::{Bill, BillLine, bill},
    consents, goal, place, rights,
    store::{self, Changed},
};
use crate::{PledgeError, PledgeForm};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    chrono::{DateTime, Utc},
    kernel::{
        MemberId, PledgeId, Refusal,
        db::{Act, Db},
    },
    projects::FundingState,
    rewards::store::Moved,
    serde_json::{Value, json},
    sqlx::PgConnection,
};

/// The pledge's backer, until the deadline. `version` is the one that the page showed.
#[server]
pub async fn change_pledge(
    pledge: String,
    #[server(default)] version: String,
    #[server(flatten)] form: PledgeForm,
) -> Result<(), PledgeError> {
    use kernel::{Locale, Viewer};

    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let id: PledgeId = pledge.parse().map_err(|_| Refusal::NotFound)?;
    let own = store::get(&mut *db.pool.acquire().await.map_err(Refusal::from)?, id).await?;
    let own = own.filter(|own| own.backer == member.id).ok_or(Refusal::NotFound)?;
    let locale = use_context::<Locale>().unwrap_or_default();
    let kept = accounts::addresses_of(&db, member.id).await?;
    let wanted = form.checked(own.total.currency(), &kept, locale)?;
    let version = version.parse().map_err(|_| Refusal::Malformed)?;
    change(&db, member.id, id, version, &wanted, db.now()).await?;
    ui::lead_to(&format!("/account/pledges/{id}?changed=1"));
    Ok(())
}

/// Changes a pledge of `backer` that is still at `version`. Doing it again changes nothing.
///
/// Invariant: what was chosen before keeps its price; the difference of the stock, the payment's amount, the lines and
/// what the project shows as raised move in one transaction, and nothing moves once the deadline has passed.
#[cfg(feature = "ssr")]
pub async fn change(
    db: &Db,
    backer: MemberId,
    id: PledgeId,
    version: i32,
    wanted: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let mut tx = db.begin_at(Act::by(backer, "changed by the backer"), now).await?;
    let known = store::get(&mut tx, id).await?.filter(|pledge| pledge.backer == backer);
    let project = known.ok_or(Refusal::NotFound)?.project;
    // The project first, then the pledge, then its payment: the order in which everything locks.
    let (project_state, deadline) = projects::store::lock(&mut tx, project).await?;
    store::lock(&mut tx, id).await?;
    let before = store::get(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    if before.version == version + 1 && place::same(db, &mut tx, &before, project, wanted).await? {
        return Ok(());
    }
    if project_state != FundingState::Live || deadline.is_none_or(|deadline| now >= deadline) {
        return Err(PledgeError::TooLate);
    }
    if !before.state.takes_changes() {
        return Err(PledgeError::TooLate);
    }
    if before.version != version {
        return Err(PledgeError::ChangedMeanwhile);
    }
    let payment = payments::lock(&mut tx, id).await?;
    let bill = bill(&mut tx, project, wanted, &before.lines).await?;
    place::agreed(wanted, &bill)?;
    let changed = Changed {
        pledge: id,
        version: version + 1,
        rewards: bill.rewards,
        shipping: bill.shipping,
        extra: bill.extra,
        total: bill.total,
        address: place::sealed(db, id, &bill)?,
        zone: bill.parcel.as_ref().map(|parcel| parcel.zone.clone()),
        at: now,
    };
    store::change(&mut tx, &changed, of_pledge(&before), of_bill(&bill)).await?;
    write_lines(&mut tx, &before, &bill, wanted, now).await?;
    payments::change_amount(&mut tx, payment.id, bill.total).await?;
    // Last, because a hot reward's row makes everybody wait until the commit.
    place::move_stock(&mut tx, backer, put_back(&before), &bill).await?;
    tx.commit().await?;
    if bill.total.minor() > before.total.minor() {
        goal::note_reached(db, project, now).await?;
    }
    db.notify.jobs();
    db.notify.project(project);
    Ok(())
}

#[cfg(feature = "ssr")]
fn put_back(pledge: &Pledge) -> Vec<Moved> {
    let moved = |line: &PledgeLine| Moved {
        reward: line.reward,
        variant: line.variant,
        backer: pledge.backer,
        pieces: -line.quantity,
    };
    pledge.lines.iter().map(moved).collect()
}

/// Lines that stay keep their number and their price, new ones get numbers that were never used.
#[cfg(feature = "ssr")]
async fn write_lines(
    db: &mut PgConnection,
    before: &Pledge,
    bill: &Bill,
    wanted: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let mut next = store::next_line(&mut *db, before.id).await?;
    let gone = |line: &&PledgeLine| !bill.lines.iter().any(|new| is(new, line));
    for line in before.lines.iter().filter(gone) {
        store::drop_line(&mut *db, before.id, line.line).await?;
    }
    let mut numbers = Vec::with_capacity(bill.lines.len());
    let mut open = Vec::new();
    for new in &bill.lines {
        match before.lines.iter().find(|line| is(new, line)) {
            Some(line) => {
                if line.quantity != new.quantity {
                    store::set_quantity(&mut *db, before.id, line.line, new.quantity).await?;
                }
                numbers.push(line.line);
            }
            None => {
                store::add_line(&mut *db, before.id, next, new).await?;
                open.extend(rights::of_line(next, new));
                numbers.push(next);
                next += 1;
            }
        }
    }
    store::record_consents(&mut *db, before.id, &consents::of(bill, &numbers), wanted.locale, now).await?;
    store::open_rights(db, before.id, &open).await?;
    Ok(())
}

#[cfg(feature = "ssr")]
fn is(new: &BillLine, line: &PledgeLine) -> bool {
    (new.reward, new.variant) == (line.reward, line.variant)
}

/// How a pledge stands, for the row of its change. Addresses are not in it: it is not sealed.
#[cfg(feature = "ssr")]
fn of_pledge(pledge: &Pledge) -> Value {
    let lines = pledge.lines.iter();
    let lines = lines.map(|line| written(&line.name(), line.quantity, line.unit_price.minor()));
    json!({
        "lines": lines.collect::<Vec<_>>(), "shipping_minor": pledge.shipping.minor(), "zone": pledge.zone,
        "extra_minor": pledge.extra.minor(), "total_minor": pledge.total.minor(),
    })
}

#[cfg(feature = "ssr")]
fn of_bill(bill: &Bill) -> Value {
    let lines = bill.lines.iter();
    let lines = lines.map(|line| written(&line.name(), line.quantity, line.unit_price.minor()));
    json!({
        "lines": lines.collect::<Vec<_>>(), "shipping_minor": bill.shipping.minor(),
        "zone": bill.parcel.as_ref().map(|parcel| &parcel.zone),
        "extra_minor": bill.extra.minor(), "total_minor": bill.total.minor(),
    })
}

#[cfg(feature = "ssr")]
fn written(name: &str, quantity: i32, unit_price: i64) -> Value {
    json!({ "reward": name, "quantity": quantity, "unit_price_minor": unit_price })
}
