//! 2. The same form many times, two tabs, and the back button.

use super::Law;
use crate::{
    campaign::{Campaign, campaign},
    checkout::location,
    compare::compare,
    hand::{Hand, Placed},
    people::Person,
    site::Site,
};
use anyhow::Result;
use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::Money;

const PEOPLE: usize = 10;
/// How often one form is sent at once.
const TIMES: usize = 12;

pub struct Doubles {
    pub law: Law,
    project: Campaign,
}

impl Doubles {
    pub async fn begin(site: &Site) -> Result<Self> {
        let mut law = Law::new(
            2,
            "one form sent many times, two tabs and the back button are one pledge and one charge",
        );
        let people = site.people("double", PEOPLE * 2).await?;
        let creator = &site.people("glazer", 1).await?[0];
        let (deadline, goal) = (site.db().now() + TimeDelta::days(2), Money::won(1000));
        let title = "한 번만 사는 찻잔".to_owned();
        let project = campaign(site.db(), creator.id, title, goal, deadline, &[Some(500)]).await?;
        let hand = Hand::new(site)?;
        let (hasty, tabbed) = people.split_at(PEOPLE);
        for (n, person) in hasty.iter().enumerate() {
            one_form(&hand, n, person, &project).await?;
            law.cases += TIMES + 1;
        }
        for (n, person) in tabbed.iter().enumerate() {
            two_tabs(&hand, n, person, &project).await?;
            law.cases += 2;
        }
        site.quiet().await?;
        for person in &people {
            let (stand, wait): (i64, i64) = sqlx::query_as(
                "select count(*) filter (where state = 'reserved'), count(*) filter (where state = 'held')
                   from pledges where backer_id = $1",
            )
            .bind(person.id.uuid())
            .fetch_one(&site.db().pool)
            .await?;
            law.case((stand, wait) == (1, 0), || {
                format!("{}: {stand} pledges stand and {wait} wait for a card", person.id)
            });
        }
        Ok(Self { law, project })
    }

    /// After the deadline: one charge each.
    pub async fn end(&mut self, site: &Site) -> Result<()> {
        let books = compare(site, &[self.project.id], PEOPLE * 2).await?;
        self.law.cases += books.collected;
        self.law.broken.extend(books.lost.into_iter().chain(books.doubled));
        Ok(())
    }
}

/// The form is sent many times at once, its card entered, and then the browser goes back and sends it again.
async fn one_form(hand: &Hand<'_>, n: usize, person: &Person, project: &Campaign) -> Result<()> {
    let form = hand.open_checkout(n, person, &project.slug).await?.filled(&project.rewards[0]);
    let placed: Vec<Placed> = stream::iter(0..TIMES)
        .map(|turn| hand.place(n + turn, person, &project.slug, &form))
        .buffer_unordered(TIMES)
        .try_collect()
        .await?;
    enter(hand, n, person, placed).await?;
    hand.place(n, person, &project.slug, &form).await?;
    Ok(())
}

/// Two checkouts are open, and both are sent at once; the person enters a card wherever they are led.
async fn two_tabs(hand: &Hand<'_>, n: usize, person: &Person, project: &Campaign) -> Result<()> {
    let first = hand.open_checkout(n, person, &project.slug).await?.filled(&project.rewards[0]);
    let second = hand.open_checkout(n + 1, person, &project.slug).await?.filled(&project.rewards[0]);
    let (first, second) = tokio::join!(
        hand.place(n, person, &project.slug, &first),
        hand.place(n + 1, person, &project.slug, &second)
    );
    enter(hand, n, person, vec![first?, second?]).await
}

async fn enter(hand: &Hand<'_>, n: usize, person: &Person, placed: Vec<Placed>) -> Result<()> {
    let visits = placed.into_iter().filter_map(|placed| match placed {
        Placed::Card(visit) => Some(visit),
        Placed::SoldOut(_) | Placed::Elsewhere(_) => None,
    });
    let visits: std::collections::BTreeSet<String> = visits.collect();
    for visit in visits {
        let entered = hand.card(&visit).send().await?;
        // The visit of a pledge that was replaced may be over.
        if !location(&entered)?.contains("/sandbox/card") {
            hand.come_back(n, person, entered).await?;
        }
    }
    Ok(())
}
