//! 11. Mails: one for each event and person, after retries and kills too.

use super::Law;
use crate::site::Site;
use anyhow::Result;

pub async fn prove(site: &Site) -> Result<Law> {
    let mut law = Law::new(11, "exactly one mail for each event and person");
    let pool = &site.db().pool;
    // Who was charged, refused for good or let go was told of that, once.
    let untold: Vec<String> = sqlx::query_scalar(
        "select p.state || ' ' || p.id from pledges p
          where p.state in ('collected', 'dropped')
            and (select count(*) from outbox o where o.key = 'pledge.' || p.state || ':' || p.id and o.sent_at is not null) <> 1",
    )
    .fetch_all(pool)
    .await?;
    let ended: i64 =
        sqlx::query_scalar("select count(*) from pledges where state in ('collected', 'dropped')")
            .fetch_one(pool)
            .await?;
    law.cases += usize::try_from(ended)?;
    law.broken.extend(
        untold.into_iter().map(|pledge| format!("the backer of a pledge that is {pledge} was not told once")),
    );
    // What arrived is what was written: the same number with each subject for each person.
    let differing: Vec<String> = sqlx::query_scalar(
        "with written as (select recipient, subject, count(*) as n from outbox
                           where channel = 'mail' and sent_at is not null group by 1, 2),
              arrived as (select recipient, subject, count(*) as n from sandbox.mails group by 1, 2)
         select recipient || ' \"' || subject || '\": ' || coalesce(w.n, 0) || ' written, ' || coalesce(a.n, 0) || ' arrived'
           from written w full join arrived a using (recipient, subject) where w.n is distinct from a.n",
    )
    .fetch_all(pool)
    .await?;
    let arrived: i64 = sqlx::query_scalar("select count(*) from sandbox.mails").fetch_one(pool).await?;
    law.cases += usize::try_from(arrived)?;
    law.broken.extend(differing);
    Ok(law)
}
