//! Running projects with rewards.

use anyhow::Result;
use chrono::{DateTime, Utc};
use kernel::{
    Currency, MemberId, Money, ProjectId,
    db::{Act, Db},
};
use projects::{Category, CheckedProject};
use rewards::{CheckedReward, LegalClass, RewardKind};

#[derive(Clone, Debug)]
pub struct Campaign {
    pub id: ProjectId,
    pub slug: String,
    /// As they were asked for.
    pub rewards: Vec<String>,
}

/// Launches a project whose n-th reward costs n times 30,000 won and has so many pieces; none: without limit.
pub async fn campaign(
    db: &Db,
    creator: MemberId,
    title: String,
    goal: Money,
    deadline: DateTime<Utc>,
    stocks: &[Option<i32>],
) -> Result<Campaign> {
    let now = db.now();
    let new = CheckedProject {
        title,
        summary: "천천히 빚고 두 번 구운 찻잔을 함께 만들어요.".to_owned(),
        story: "## 시작\n\n손으로 빚은 찻잔이에요. 흙을 고르고, 물레를 돌리고, 두 번 구워요.\n\n".repeat(12),
        category: Category::Crafts,
        goal: Some(goal),
        deadline: Some(deadline),
        version: 1,
        key: None,
    };
    let mut tx = db.begin(Act::by(creator, "draft started")).await?;
    let (id, slug) = projects::store::create(&mut tx, creator, Currency::KRW, &new, now).await?;
    tx.commit().await?;
    let project = projects::store::by_id(&mut *db.pool.acquire().await?, id).await?;
    let mut rewards = Vec::new();
    for (n, stock) in (1_i64..).zip(stocks) {
        let reward = CheckedReward {
            title: format!("찻잔 {n}개"),
            description: "상자와 설명서를 함께 드려요.".to_owned(),
            price: Money::won(n * 30_000),
            kind: RewardKind::Reward,
            stock: *stock,
            per_person: None,
            ships: false,
            legal_class: LegalClass::ToBeMade,
            options: Vec::new(),
            variants: Vec::new(),
            estimated_delivery: now.date_naive(),
            key: None,
        };
        rewards.push(rewards::add(db, &project, &reward).await?.to_string());
    }
    projects::launch(db, creator, &project).await?;
    Ok(Campaign { id, slug, rewards })
}
