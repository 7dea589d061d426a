//! The second step of the checkout: what was chosen is shown with its sum before anything is promised.

use crate::{PledgeError, PledgeForm};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    crate::{bill::Bill, store},
    kernel::{MemberId, ProjectId, Refusal},
    sqlx::PgConnection,
};

/// Any member with a confirmed address. Keeps what was chosen and leads to the page that shows its sum;
/// `pledge` is the one that is to be changed, if one is.
#[server]
pub async fn review_pledge(
    slug: String,
    #[server(default)] pledge: String,
    #[server(flatten)] form: PledgeForm,
) -> Result<(), PledgeError> {
    use crate::bill::bill;
    use kernel::{Locale, PledgeId, Typed, Viewer, db::Db, limits::Limit, stash};
    use leptos::server_fn::ServerFn;
    use projects::FundingState;
    const REVIEWS: Limit = Limit { name: "review_pledge", burst: 60, seconds: 600 };

    let member = Viewer::require_confirmed()?;
    let db = Db::current()?;
    let mut connection = db.pool.acquire().await.map_err(Refusal::from)?;
    let project = projects::store::public_by_slug(&mut connection, &slug).await?;
    if project.state != FundingState::Live {
        return Err(PledgeError::NotLive);
    }
    let changing = match pledge.as_str() {
        "" => None,
        id => {
            let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
            let own = store::get(&mut connection, id).await?;
            Some(
                own.filter(|own| own.backer == member.id && own.project == project.id)
                    .ok_or(Refusal::NotFound)?,
            )
        }
    };
    let locale = use_context::<Locale>().unwrap_or_default();
    let kept = accounts::addresses_of(&db, member.id).await?;
    let chosen = form.clone().chosen(project.currency, &kept, locale)?;
    let lines = changing.as_ref().map(|pledge| pledge.lines.as_slice()).unwrap_or_default();
    let bill = bill(&mut connection, project.id, &chosen, lines).await?;
    if changing.is_none() {
        refuse_sold_out(&mut connection, member.id, project.id, &bill).await?;
    }
    drop(connection);
    REVIEWS.take(&db, &member.id.to_string()).await?;
    let typed = Typed { action: ReviewPledge::PATH.to_owned(), values: form.into_fields(), error: None };
    let secret = stash::keep(&db, &typed).await?.ok_or(Refusal::TooBig)?;
    let page = match changing {
        Some(pledge) => format!("/account/pledges/{}/change", pledge.id),
        None => format!("/projects/{slug}/pledge"),
    };
    ui::lead_to(&format!("{page}?form={secret}&step=review"));
    Ok(())
}

/// Says before the last step what the last step would say. Only there it is certain.
#[cfg(feature = "ssr")]
async fn refuse_sold_out(
    db: &mut PgConnection,
    backer: MemberId,
    project: ProjectId,
    bill: &Bill,
) -> Result<(), PledgeError> {
    if bill.lines.is_empty() || store::holds(&mut *db, project, backer).await? {
        return Ok(());
    }
    let rewards = rewards::store::of_project(db, project, bill.total.currency()).await?;
    let short = |line: &crate::bill::BillLine| {
        let reward = rewards.iter().find(|reward| reward.id == line.reward);
        let variant = reward.and_then(|r| r.variants.iter().find(|variant| Some(variant.id) == line.variant));
        let all: i32 =
            bill.lines.iter().filter(|other| other.reward == line.reward).map(|other| other.quantity).sum();
        reward.and_then(|reward| reward.left).is_some_and(|left| left < all)
            || variant.and_then(|variant| variant.left).is_some_and(|left| left < line.quantity)
    };
    if bill.lines.iter().any(short) { Err(PledgeError::SoldOut) } else { Ok(()) }
}
