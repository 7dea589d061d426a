//! 4. What the gateway reports: doubled, reordered, forged, never, and after the deadline.

use super::Law;
use crate::{
    campaign::{Campaign, campaign},
    hand::{Hand, Placed},
    people::Person,
    site::Site,
};
use anyhow::{Result, bail};
use chrono::TimeDelta;
use kernel::{Money, clock};
use sandbox::Merchant;
use std::time::{Duration, Instant};

/// People whose cards are reported in each way.
const EACH: usize = 6;
/// A reordered report comes within four seconds.
const ALL_SENT: Duration = Duration::from_secs(15);

pub struct Reports {
    pub law: Law,
    project: Campaign,
    merchants: Vec<Merchant>,
    /// Their cards are reported when the deadline has passed.
    late: Vec<Person>,
    turn: usize,
}

impl Reports {
    pub async fn begin(site: &Site) -> Result<Self> {
        let law = Law::new(
            4,
            "reports doubled, reordered, forged, lost, beside the answer and after the deadline book once",
        );
        let creator = &site.people("reporter", 1).await?[0];
        // Its running time is nearly over when the last cards are entered.
        let (deadline, goal) = (site.db().now() + TimeDelta::days(2), Money::won(1000));
        let title = "소식 많은 찻잔".to_owned();
        let project = campaign(site.db(), creator.id, title, goal, deadline, &[Some(500)]).await?;
        let http = kernel::outbound::client(Duration::from_secs(5))?;
        let secret = sandbox::merchant_secret(&site.gateway_books).await?;
        let merchants = (0..site.webs.len()).map(|n| Merchant {
            http: http.clone(),
            address: site.address(n, "/webhooks/sandbox"),
            secret: secret.clone(),
        });
        let mut reports = Self { law, project, merchants: merchants.collect(), late: Vec::new(), turn: 0 };
        for mood in ["doubled", "reordered", "forged", "lost"] {
            reports.store(site, mood).await?;
        }
        site_mood(site, "late").await?;
        reports.late = reports.enter_cards(site, "late").await?;
        // From here on charges are reported twice, and in any order with their calls' own answers.
        site_mood(site, "doubled").await?;
        Ok(reports)
    }

    /// Cards are entered and their people never come back: reports alone tell, or our own question does.
    async fn store(&mut self, site: &Site, mood: &str) -> Result<()> {
        site_mood(site, mood).await?;
        let people = self.enter_cards(site, mood).await?;
        self.deliver_all(site).await?;
        site.quiet().await?;
        if mood == "lost" {
            let told = self.reserved(site, &people).await?;
            self.law.case(told == 0, || format!("{told} cards were known though every report was lost"));
            clock::advance_row(&site.db().pool, TimeDelta::seconds(40)).await?;
            site.quiet().await?;
        }
        let reserved = self.reserved(site, &people).await?;
        self.law.case(reserved == EACH, || format!("{mood}: {reserved} of {EACH} pledges stand once"));
        self.law.cases += EACH;
        let believed: Vec<String> = forged(site).await?;
        self.law.case(believed.is_empty(), || format!("forged reports were kept: {believed:?}"));
        Ok(())
    }

    async fn enter_cards(&self, site: &Site, mood: &str) -> Result<Vec<Person>> {
        let people = site.people(&format!("told_{mood}"), EACH).await?;
        let hand = Hand::new(site)?;
        for (n, person) in people.iter().enumerate() {
            let form =
                hand.open_checkout(n, person, &self.project.slug).await?.filled(&self.project.rewards[0]);
            let Placed::Card(visit) = hand.place(n, person, &self.project.slug, &form).await? else {
                bail!("the form did not lead to the card page");
            };
            hand.card(&visit).send().await?;
        }
        Ok(people)
    }

    /// Pledges of these people that became reserved exactly once and still are.
    async fn reserved(&self, site: &Site, people: &[Person]) -> Result<usize> {
        let people: Vec<uuid::Uuid> = people.iter().map(|person| person.id.uuid()).collect();
        let reserved: i64 = sqlx::query_scalar(
            "select count(*) from pledges p where p.backer_id = any($1) and p.state = 'reserved'
                and (select count(*) from state_moves m where m.machine = 'pledge' and m.entity_id = p.id
                        and m.to_state = 'reserved') = 1",
        )
        .bind(&people)
        .fetch_one(&site.db().pool)
        .await?;
        Ok(usize::try_from(reserved)?)
    }

    /// Sends what is due to one of the web processes; they take turns.
    pub async fn deliver(&mut self, site: &Site) -> Result<()> {
        self.turn += 1;
        let to = &self.merchants[self.turn % self.merchants.len()];
        sandbox::deliver_webhooks(&site.gateway_books, to, site.db().now()).await?;
        Ok(())
    }

    async fn deliver_all(&mut self, site: &Site) -> Result<()> {
        let started = Instant::now();
        while sqlx::query_scalar("select exists (select from sandbox.webhooks where done_at is null)")
            .fetch_one(&site.gateway_books)
            .await?
        {
            anyhow::ensure!(started.elapsed() < ALL_SENT, "reports were still refused after 15 s");
            self.deliver(site).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// The reports that were late come now, after the deadline.
    pub async fn end(&mut self, site: &Site) -> Result<()> {
        sqlx::query("update sandbox.webhooks set at = clock_timestamp() where done_at is null")
            .execute(&site.gateway_books)
            .await?;
        self.deliver_all(site).await?;
        site.quiet().await?;
        let late: Vec<uuid::Uuid> = self.late.iter().map(|person| person.id.uuid()).collect();
        let stand: Vec<String> = sqlx::query_scalar(
            "select state from pledges where backer_id = any($1) and state not in ('voided', 'expired')",
        )
        .bind(&late)
        .fetch_all(&site.db().pool)
        .await?;
        self.law
            .case(stand.is_empty(), || format!("cards that came after the deadline made pledges {stand:?}"));
        let kept: i64 = sqlx::query_scalar(
            "select count(*) from payment_methods where member_id = any($1) and forgotten_at is null",
        )
        .bind(&late)
        .fetch_one(&site.db().pool)
        .await?;
        self.law.case(kept == 0, || format!("{kept} cards that came too late were kept"));
        let books = crate::compare::compare(site, &[self.project.id], EACH * 4).await?;
        self.law.cases += books.collected;
        self.law.broken.extend(books.lost.into_iter().chain(books.doubled));
        site_mood(site, "lost").await
    }
}

async fn site_mood(site: &Site, mood: &str) -> Result<()> {
    sqlx::query("update sandbox.mood set webhooks = $1").bind(mood).execute(&site.gateway_books).await?;
    Ok(())
}

/// Forged reports that the site kept.
async fn forged(site: &Site) -> Result<Vec<String>> {
    let sent: Vec<String> = sqlx::query_scalar("select body->>'id' from sandbox.webhooks where forged")
        .fetch_all(&site.gateway_books)
        .await?;
    Ok(sqlx::query_scalar("select event_key from gateway_events where event_key = any($1)")
        .bind(&sent)
        .fetch_all(&site.db().pool)
        .await?)
}
