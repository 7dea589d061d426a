//! Placing a pledge: the hold on the stock, and the way to the card page.

#[cfg(feature = "ssr")]
use crate::{
    CheckedPledge, ExpireHold, Pledge,
    bill::{Bill, bill},
    consents, release, rights,
    rules::{Destination, MOST_PIECES},
    store::{self, NewPledge},
};
use crate::{PledgeError, PledgeForm};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    chrono::{DateTime, TimeDelta, Utc},
    kernel::{
        Fault, FormKey, MemberId, PledgeId, ProjectId, Refusal,
        db::{Act, Db},
        jobs,
    },
    projects::FundingState,
    rewards::store::{Moved, StockError, move_pieces},
    sqlx::PgConnection,
};

/// How long stock is held while a card is entered.
#[cfg(feature = "ssr")]
const HOLD: TimeDelta = TimeDelta::minutes(20);
/// So many pledges of a backer in a project may end in a day without a card.
#[cfg(feature = "ssr")]
const MOST_UNSECURED_A_DAY: i64 = 10;

/// Any member with a confirmed address. Answers with the way to the gateway's card page.
#[server]
pub async fn place_pledge(
    slug: String,
    #[server(flatten)] form: PledgeForm,
    #[server(default)] method: String,
    #[server(default)] account: String,
    #[server(default)] depositor: String,
) -> Result<(), PledgeError> {
    use crate::{
        Means, TransferForm, choose,
        transfer::form::{BY_TRANSFER, in_time},
        visit,
    };
    use kernel::{Locale, Viewer, limits::Limit};
    const PLEDGES: Limit = Limit { name: "place_pledge", burst: 30, seconds: 600 };

    let member = Viewer::require_confirmed()?;
    let means = Means::current()?;
    let db = &means.db;
    let project =
        projects::store::public_by_slug(&mut *db.pool.acquire().await.map_err(Refusal::from)?, &slug).await?;
    let locale = use_context::<Locale>().unwrap_or_default();
    let kept = accounts::addresses_of(db, member.id).await?;
    let pledge = form.checked(project.currency, &kept, locale)?;
    let transfer = if method == BY_TRANSFER {
        if !in_time(db.now(), project.deadline) {
            return Err(PledgeError::TooLateForTransfer);
        }
        let mut connection = db.pool.acquire().await.map_err(Refusal::from)?;
        let offered = deposits::receiving::offered(&mut connection, project.currency).await?;
        Some(TransferForm { account, depositor }.checked(&offered)?)
    } else {
        None
    };
    PLEDGES.take(db, &member.id.to_string()).await?;
    let id = place(db, means.till.for_cards(), member.id, project.id, &pledge, db.now()).await?;
    let page = locale.path(&format!("/account/pledges/{id}"));
    if let Some(transfer) = transfer {
        choose(&means, member.id, id, &transfer, db.now()).await?;
        leptos_axum::redirect(&page);
        return Ok(());
    }
    match visit(&means, id, locale).await {
        Ok(address) => leptos_axum::redirect(&address),
        // The pledge is held: its page offers the card again.
        Err(PledgeError::GatewayAway | PledgeError::TooLate) => {
            leptos_axum::redirect(&page);
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Holds the stock and writes the pledge with its payment. The same form again gives the same pledge;
/// another one takes the place of a pledge that still waits for its card.
///
/// Invariant: after this the pieces are taken and the pledge will either be secured or expire; never
/// more pieces are taken than there are or than one person may have, and never after the deadline. A backer has
/// at most one held pledge in a project. The sum is what [`bill`] says; who was shown another one is told.
#[cfg(feature = "ssr")]
pub async fn place(
    db: &Db,
    gateway: &'static str,
    backer: MemberId,
    project: ProjectId,
    pledge: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<PledgeId, PledgeError> {
    let id = PledgeId::new();
    let _turn = db.turn().await?;
    let mut tx = db.begin_at(Act::by(backer, "pledge placed"), now).await?;
    // Holds off the judging until this pledge is written or refused.
    let (state, deadline) = projects::store::lock(&mut tx, project).await?;
    store::one_at_a_time(&mut tx, project, backer).await?;
    let earlier = earlier(&mut tx, backer, pledge.key).await?;
    if let Some(earlier) = &earlier
        && same(db, &mut tx, earlier, project, pledge).await?
    {
        return Ok(earlier.id);
    }
    if state != FundingState::Live || deadline.is_none_or(|deadline| now >= deadline) {
        return Err(PledgeError::NotLive);
    }
    let replaced = store::lock_held(&mut tx, project, backer).await?;
    match earlier {
        Some(earlier) if Some(earlier.id) == replaced => store::free_form(&mut tx, earlier.id).await?,
        Some(_) => return Err(PledgeError::FormUsed),
        None => {}
    }
    if !pledge.another && store::standing(&mut tx, project, backer).await?.is_some() {
        return Err(PledgeError::AlreadyBacking);
    }
    if let Some(replaced) = replaced {
        release::end_keeping_stock(&mut tx, replaced, release::End::Canceled, now).await?;
        store::forget_addresses(&mut tx, &[replaced]).await?;
    }
    refuse_hoarding(&mut tx, project, backer, pledge, now).await?;
    let bill = bill(&mut tx, project, pledge, &[]).await?;
    agreed(pledge, &bill)?;
    let hold_expires_at = now + HOLD;
    let new = NewPledge {
        id,
        project,
        backer,
        key: pledge.key,
        rewards: bill.rewards,
        shipping: bill.shipping,
        extra: bill.extra,
        total: bill.total,
        address: sealed(db, id, &bill)?,
        zone: bill.parcel.as_ref().map(|parcel| parcel.zone.clone()),
        hold_expires_at,
        at: now,
    };
    if !store::add(&mut tx, &new).await? {
        return Err(Refusal::Malformed.into());
    }
    write_lines(&mut tx, id, &bill, pledge, deadline, now).await?;
    payments::open(
        &mut tx,
        payments::NewPayment { pledge: id, project, member: backer, amount: bill.total, gateway, at: now },
    )
    .await?;
    jobs::enqueue(&mut tx, &ExpireHold { pledge: id }, hold_expires_at).await?;
    // Last, because a hot reward's row makes everybody wait until the commit.
    let put_back = match replaced {
        Some(replaced) => store::put_back(&mut tx, &[replaced]).await?,
        None => Vec::new(),
    };
    move_stock(&mut tx, backer, put_back, &bill).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    metrics::counter!("dure_pledges_placed_total").increment(1);
    Ok(id)
}

/// Refuses a sum that is not the one that was shown, and what was not agreed to.
#[cfg(feature = "ssr")]
pub(crate) fn agreed(pledge: &CheckedPledge, bill: &Bill) -> Result<(), PledgeError> {
    if consents::made_to_order(bill) && !pledge.agreed_made_to_order {
        return Err(Refusal::field("agree_made_to_order", Fault::MustAgree).into());
    }
    match pledge.shown {
        Some(shown) if shown != bill.total => Err(PledgeError::OtherTotal { total: bill.total }),
        _ => Ok(()),
    }
}

#[cfg(feature = "ssr")]
pub(crate) fn sealed(db: &Db, id: PledgeId, bill: &Bill) -> Result<Option<Vec<u8>>, Refusal> {
    bill.parcel.as_ref().map(|parcel| store::seal(db, id, &parcel.address)).transpose()
}

/// The lines of a new pledge, with what was agreed to and the rights that come with it.
#[cfg(feature = "ssr")]
async fn write_lines(
    db: &mut PgConnection,
    id: PledgeId,
    bill: &Bill,
    pledge: &CheckedPledge,
    deadline: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let numbers: Vec<i16> = (1..).take(bill.lines.len()).collect();
    let mut open = vec![rights::cancel(now, deadline)];
    for (number, line) in numbers.iter().zip(&bill.lines) {
        store::add_line(&mut *db, id, *number, line).await?;
        open.extend(rights::of_line(*number, line));
    }
    store::record_consents(&mut *db, id, &consents::of(bill, &numbers), pledge.locale, now).await?;
    store::open_rights(db, id, &open).await?;
    Ok(())
}

/// The pledge that this backer made with the same form.
#[cfg(feature = "ssr")]
async fn earlier(
    db: &mut PgConnection,
    backer: MemberId,
    key: FormKey,
) -> Result<Option<Pledge>, PledgeError> {
    match store::by_form(&mut *db, backer, key).await? {
        Some(id) => Ok(store::get(db, id).await?),
        None => Ok(None),
    }
}

/// Whether a form says once more what it said.
#[cfg(feature = "ssr")]
pub(crate) async fn same(
    db: &Db,
    connection: &mut PgConnection,
    earlier: &Pledge,
    project: ProjectId,
    pledge: &CheckedPledge,
) -> Result<bool, Refusal> {
    let mut lines: Vec<_> = earlier.lines.iter().map(|line| (line.piece(), line.quantity)).collect();
    lines.sort_unstable();
    let alike = earlier.project == project
        && earlier.extra == pledge.extra
        && lines.into_iter().eq(pledge.lines.iter().map(|line| (line.piece, line.quantity)));
    if !alike || earlier.zone.is_none() {
        return Ok(alike);
    }
    // Of a pledge that is over nobody knows any more where it went.
    let there = store::address_of(db, connection, earlier.id).await?;
    Ok(match (&pledge.destination, there) {
        (Destination::To(address), Some(there)) => **address == there,
        (_, there) => there.is_none(),
    })
}

/// Nobody keeps much, or keeps it again and again, from others without showing a card.
#[cfg(feature = "ssr")]
async fn refuse_hoarding(
    db: &mut PgConnection,
    project: ProjectId,
    backer: MemberId,
    pledge: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let pieces: i64 = pledge.lines.iter().map(|line| i64::from(line.quantity)).sum();
    if pieces == 0 {
        return Ok(());
    }
    let unsecured = store::unsecured(db, project, backer, now - TimeDelta::days(1)).await?;
    let too_many = unsecured.pieces_elsewhere + pieces > i64::from(MOST_PIECES);
    if too_many || unsecured.ended > MOST_UNSECURED_A_DAY {
        return Err(PledgeError::TooMuchHeld);
    }
    Ok(())
}

/// Takes the pieces of a bill and puts others back. What stands in both is not let go between.
#[cfg(feature = "ssr")]
pub(crate) async fn move_stock(
    db: &mut PgConnection,
    backer: MemberId,
    put_back: Vec<Moved>,
    bill: &Bill,
) -> Result<(), PledgeError> {
    let mut moves = put_back;
    moves.extend(bill.lines.iter().map(|line| Moved {
        reward: line.reward,
        variant: line.variant,
        backer,
        pieces: line.quantity,
    }));
    match move_pieces(&mut *db, &moves).await {
        Err(StockError::OverLimit { reward, most }) => {
            let line = bill.lines.iter().find(|line| line.reward == reward);
            let field = line.map(|line| PledgeForm::field(line.piece)).unwrap_or_default();
            let max = u32::try_from(most).unwrap_or_default();
            Err(Refusal::field(&field, Fault::MoreThanYours { max }).into())
        }
        moved => Ok(moved?),
    }
}
