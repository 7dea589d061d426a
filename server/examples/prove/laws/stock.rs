//! 1. The last piece.

use super::Law;
use crate::{
    campaign::campaign,
    hand::{Hand, Placed},
    people::Person,
    site::Site,
};
use anyhow::Result;
use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Money, clock};

const PEOPLE: usize = 40;
const TIMES: usize = 4;

/// Many want the last piece, and who gets it enters no card: it is back after the hold, and the next get it.
pub async fn prove(site: &Site) -> Result<Law> {
    let mut law = Law::new(1, "the last piece goes to exactly one, and comes back when the hold ends");
    let people = site.people("piece", PEOPLE).await?;
    let creator = &site.people("potter", 1).await?[0];
    let deadline = site.db().now() + TimeDelta::days(2);
    let goal = Money::won(1000);
    let project =
        campaign(site.db(), creator.id, "하나뿐인 찻잔".to_owned(), goal, deadline, &[Some(1)]).await?;
    let hand = Hand::new(site)?;
    for time in 1..=TIMES {
        let got = wanted_by_all(&hand, &people, &project.slug, &project.rewards[0]).await?;
        law.case(got == 1, || format!("time {time}: {got} people got the last piece"));
        let taken = taken(site, &project.rewards[0]).await?;
        law.case(taken == 1, || format!("time {time}: {taken} pieces are taken"));
        clock::advance_row(&site.db().pool, TimeDelta::minutes(21)).await?;
        site.quiet().await?;
        let taken = self::taken(site, &project.rewards[0]).await?;
        law.case(taken == 0, || format!("time {time}: {taken} pieces are taken after the hold"));
    }
    law.cases += PEOPLE * TIMES;
    Ok(law)
}

/// Everybody opens the checkout, then all send it at once; tells how many were led to the card page.
async fn wanted_by_all(hand: &Hand<'_>, people: &[Person], slug: &str, reward: &str) -> Result<usize> {
    let forms: Vec<_> = stream::iter(people.iter().enumerate())
        .map(|(n, person)| hand.open_checkout(n, person, slug))
        .buffered(8)
        .map_ok(|checkout| checkout.filled(reward))
        .try_collect()
        .await?;
    let sent = people.iter().zip(&forms).enumerate();
    let placed: Vec<Placed> = stream::iter(sent)
        .map(|(n, (person, form))| hand.place(n, person, slug, form))
        .buffer_unordered(people.len())
        .try_collect()
        .await?;
    Ok(placed.iter().filter(|placed| !matches!(placed, Placed::SoldOut(_))).count())
}

async fn taken(site: &Site, reward: &str) -> Result<i32> {
    Ok(sqlx::query_scalar("select taken from rewards where id = $1::uuid")
        .bind(reward)
        .fetch_one(&site.db().pool)
        .await?)
}
