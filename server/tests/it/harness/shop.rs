//! A live project that has everything: options, add-ons, limits, shipping.

use crate::harness::{Answer, Person, Plan, Project, TestApp};
use kernel::FormKey;
use uuid::Uuid;

pub const SEOUL: [(&str, &str); 6] = [
    ("address", "new"),
    ("recipient", "이후원"),
    ("phone", "010-1234-5678"),
    ("country", "KR"),
    ("postcode", "04524"),
    ("road", "서울 중구 세종대로 110"),
];

/// A project with a cup of 30,000 won in red (two pieces) and blue, three for a person, that is sent; an engraved
/// saucer as an add-on of 5,000 won that is sent; and a file of 9,000 won.
#[derive(Clone, Debug)]
pub struct Shop {
    pub project: Project,
    pub creator: Person,
    pub red: &'static str,
    pub blue: &'static str,
    pub saucer: &'static str,
    pub file: &'static str,
}

pub async fn shop(app: &TestApp) -> Shop {
    let mut creator = app.member("김창작").await;
    let draft = creator.drafts(app, &Plan::with_goal(100_000)).await;
    let slug = draft.slug.as_str();
    creator.get(&draft.studio("/rewards")).await;
    let cup = [
        ("title", "찻잔"),
        ("price", "30000"),
        ("per_person", "3"),
        ("ships", "true"),
        ("legal_class", "to_be_made"),
        ("options", "색: 빨강, 파랑"),
        ("variant_stock", "빨강 = 2"),
    ];
    let saucer = [
        ("title", "받침"),
        ("price", "5000"),
        ("kind", "add_on"),
        ("ships", "true"),
        ("legal_class", "made_to_order"),
    ];
    let file = [("title", "그림 파일"), ("price", "9000"), ("legal_class", "service")];
    for reward in [&cup[..], &saucer, &file] {
        let mut form = vec![("slug", slug), ("delivery", "2027-03")];
        form.extend(reward);
        let added = creator.submit("/api/rewards/manage/add_reward", &form).await;
        assert_eq!(added.status, 200, "{:?}", added.alerts());
    }
    creator.get(&draft.studio("/shipping")).await;
    let rates = [("slug", slug), ("first", "3000"), ("more", "500"), ("jeju", "3000"), ("islands", "")];
    let saved = creator.submit("/api/rewards/shipping/set_shipping", &rates).await;
    assert_eq!(saved.status, 200, "{:?}", saved.alerts());
    let japan = [("slug", slug), ("country", "JP"), ("country_first", "20000"), ("country_more", "5000")];
    let saved = creator.submit("/api/rewards/shipping/add_destination", &japan).await;
    assert_eq!(saved.status, 200, "{:?}", saved.alerts());
    creator.get(&draft.studio("")).await;
    let live = creator.submit("/api/projects/launch/launch_project", &[("slug", slug)]).await;
    assert_eq!(live.status, 200, "{:?}", live.alerts());
    app.state.cache.clear();
    let variant = async |label: &str| {
        let id: Uuid = sqlx::query_scalar(
            "select id from reward_variants where label = $1 and reward_id in
                                           (select id from rewards where project_id = $2)",
        )
        .bind(label)
        .bind(draft.id.uuid())
        .fetch_one(&app.state.db.pool)
        .await
        .expect("the variant is there");
        &*format!("pieces[v{id}]").leak()
    };
    let project = app.project(slug).await;
    Shop {
        red: variant("빨강").await,
        blue: variant("파랑").await,
        saucer: crate::harness::pieces(project.rewards[1]),
        file: crate::harness::pieces(project.rewards[2]),
        project,
        creator,
    }
}

impl Shop {
    pub fn checkout(&self) -> String {
        format!("{}/pledge", self.project.page())
    }

    /// The second step, after the first one was filled in.
    pub async fn review(&self, person: &mut Person, fields: &[(&str, &str)]) -> Answer {
        let key = person.get(&self.checkout()).await.value_of("key").expect("the checkout is open");
        let mut form = vec![("slug", self.project.slug.as_str()), ("key", &key)];
        form.extend(fields);
        person.submit("/api/pledges/review/review_pledge", &form).await
    }

    /// Sends the last step: the sum, and agreed to all.
    pub async fn place(&self, person: &mut Person, total: &str, fields: &[(&str, &str)]) -> Answer {
        let key = FormKey::new().to_string();
        person.get(&self.checkout()).await;
        let mut form = vec![
            ("slug", self.project.slug.as_str()),
            ("key", &key),
            ("total", total),
            ("agree", "true"),
            ("agree_made_to_order", "true"),
        ];
        form.extend(fields);
        person.submit("/api/pledges/place/place_pledge", &form).await
    }
}
