//! Lists of projects.

use super::{by_id, category, currency, figures, picture, state};
use crate::{Category, Figures, FundingState, ProjectCard, Sort};
use kernel::{Money, ProjectId};
use sqlx::PgConnection;

/// What the browse pages ask for.
#[derive(Clone, Debug)]
pub struct Browse {
    pub words: String,
    pub category: Option<Category>,
    /// None: everything public, running projects first.
    pub state: Option<FundingState>,
    pub sort: Sort,
    pub most: i64,
    pub skip: i64,
}

/// How many public projects there are for what is asked, on all pages.
pub async fn count(db: &mut PgConnection, ask: &Browse) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from projects p
            where p.state in ('live', 'judging', 'collecting', 'funded', 'unfunded', 'canceled')
              and ($1::text is null or p.category = $1)
              and ($2::text is null or p.state = $2)
              and ($3 = '' or ((length($3) < 2 or bigrams(p.title || ' ' || p.summary) @> bigrams($3))
                               and strpos(lower(normalize(p.title || ' ' || p.summary, NFKC)),
                                          lower(normalize($3, NFKC))) > 0))"#,
        ask.category.map(Category::code),
        ask.state.map(FundingState::code),
        ask.words
    )
    .fetch_one(db)
    .await
}

/// Public projects, a page of them. Kept beside [`count`], which asks for the same.
pub async fn browse(db: &mut PgConnection, ask: &Browse) -> sqlx::Result<Vec<ProjectCard>> {
    let rows = sqlx::query!(
        r#"select p.id, p.slug, p.title, p.summary, p.category, p.currency, p.goal_minor, p.deadline, p.state,
                  m.name as creator, c.id as "cover_id?", c.width as "width?", c.height as "height?", c.tint as "tint?",
                  f.pledged_minor as "pledged!", f.backers as "backers!", f.collected_minor as "collected!",
                  f.retrying_minor as "retrying!", f.dropped_minor as "dropped!"
             from projects p
             join members m on m.id = p.creator_id
             left join pictures c on c.id = p.cover_id
             cross join lateral figures(p.id) f
            where p.state in ('live', 'judging', 'collecting', 'funded', 'unfunded', 'canceled')
              and ($1::text is null or p.category = $1)
              and ($2::text is null or p.state = $2)
              and ($3 = '' or ((length($3) < 2 or bigrams(p.title || ' ' || p.summary) @> bigrams($3))
                               and strpos(lower(normalize(p.title || ' ' || p.summary, NFKC)),
                                          lower(normalize($3, NFKC))) > 0))
            order by (p.state = 'live') desc,
                     case when $4 = 'ending' then p.deadline end asc,
                     case when $4 = 'funded' then f.pledged_minor end desc,
                     p.launched_at desc, p.id desc
            limit $5 offset $6"#,
        ask.category.map(Category::code),
        ask.state.map(FundingState::code),
        ask.words,
        ask.sort.code(),
        ask.most,
        ask.skip
    )
    .fetch_all(db)
    .await?;
    let mut cards = Vec::with_capacity(rows.len());
    for row in rows {
        let currency = currency(&row.currency)?;
        let money = |minor| Money::new(minor, currency);
        cards.push(ProjectCard {
            id: row.id.into(),
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            category: category(&row.category)?,
            state: state(&row.state)?,
            goal: row.goal_minor.map(money),
            deadline: row.deadline,
            figures: Figures {
                pledged: money(row.pledged),
                backers: row.backers,
                collected: money(row.collected),
                retrying: money(row.retrying),
                dropped: money(row.dropped),
            },
            cover: picture(row.cover_id, row.width, row.height, row.tint),
            creator: row.creator,
        });
    }
    Ok(cards)
}

/// Cards of projects, in the order of their ids.
pub async fn cards(
    db: &mut PgConnection,
    ids: impl Iterator<Item = ProjectId>,
) -> sqlx::Result<Vec<ProjectCard>> {
    let mut cards = Vec::new();
    for id in ids {
        let project = by_id(&mut *db, id).await?;
        let figures = figures(&mut *db, project.id).await?;
        cards.push(ProjectCard {
            id: project.id,
            slug: project.slug,
            title: project.title,
            summary: project.summary,
            category: project.category,
            state: project.state,
            goal: project.goal,
            deadline: project.deadline,
            figures,
            cover: project.cover,
            creator: project.creator_name,
        });
    }
    Ok(cards)
}
