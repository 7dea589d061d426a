//! People who do things: creators launch, backers pledge.

use crate::harness::{Answer, Browser, TestApp};
use accounts::store::{Browser as Known, NewMember, Proved, add, begin_session};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Locale, MemberId, PledgeId, ProjectId, RewardId, token};
use std::ops::{Deref, DerefMut};

pub const PASSWORD: &str = "정직한 파란 고래가 난다";

/// A member and their browser.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: MemberId,
    pub handle: String,
    pub email: String,
    pub browser: Browser,
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Person {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

/// What a project is going to be.
#[derive(Clone, Debug)]
pub struct Plan {
    pub title: String,
    pub summary: String,
    pub story: String,
    pub goal: i64,
    /// Price, and stock if it is limited.
    pub rewards: Vec<(i64, Option<i32>)>,
}

impl Plan {
    pub fn with_goal(goal: i64) -> Self {
        Self {
            title: "두레 찻잔".to_owned(),
            summary: "손으로 빚은 찻잔".to_owned(),
            story: "## 시작\n\n**굵게**".to_owned(),
            goal,
            rewards: Vec::new(),
        }
    }

    pub fn reward(mut self, price: i64, stock: impl Into<Option<i32>>) -> Self {
        self.rewards.push((price, stock.into()));
        self
    }
}

#[derive(Clone, Debug)]
pub struct Project {
    pub id: ProjectId,
    pub slug: String,
    pub deadline: DateTime<Utc>,
    /// In the order of the plan.
    pub rewards: Vec<RewardId>,
    /// What a piece of each costs.
    pub prices: Vec<i64>,
}

impl Project {
    pub fn page(&self) -> String {
        format!("/projects/{}", self.slug)
    }

    fn price(&self, reward: RewardId) -> i64 {
        let known = self.rewards.iter().zip(&self.prices).find(|(id, _)| **id == reward);
        known.map_or(0, |(_, price)| *price)
    }

    pub fn studio(&self, part: &str) -> String {
        format!("/studio/{}{part}", self.slug)
    }
}

/// What a backer chooses at the checkout.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    reward: Option<RewardId>,
    quantity: u32,
    extra: i64,
}

impl Choice {
    pub fn piece(reward: RewardId) -> Self {
        Self { reward: Some(reward), quantity: 1, extra: 0 }
    }

    /// Support without a reward.
    pub fn support(extra: i64) -> Self {
        Self { reward: None, quantity: 1, extra }
    }

    pub fn times(mut self, quantity: u32) -> Self {
        self.quantity = quantity;
        self
    }

    pub fn with_extra(mut self, extra: i64) -> Self {
        self.extra = extra;
        self
    }

    /// The fields of the checkout's last step, agreed to. Whoever backs the project already wants another pledge.
    pub fn fields(&self, project: &Project, key: &str) -> Vec<(&'static str, String)> {
        let price = self.reward.map_or(0, |reward| project.price(reward));
        let total = price * i64::from(self.quantity) + self.extra;
        let mut fields = vec![
            ("slug", project.slug.clone()),
            ("key", key.to_owned()),
            ("extra", self.extra.to_string()),
            ("total", total.to_string()),
            ("agree", "true".to_owned()),
            ("another", "true".to_owned()),
        ];
        fields.extend(self.reward.map(|reward| (pieces(reward), self.quantity.to_string())));
        fields
    }
}

/// The checkout's field of a reward without options. Names of fields live as long as the test.
pub fn pieces(reward: RewardId) -> &'static str {
    format!("pieces[r{reward}]").leak()
}

/// A pledge whose card page is open.
#[derive(Clone, Debug)]
pub struct Held {
    pub pledge: PledgeId,
    /// The visit's id on the gateway's page.
    pub visit: String,
}

impl TestApp {
    /// A confirmed member who is logged in, made without the long way of [`TestApp::sign_up`].
    pub async fn member(&self, name: &str) -> Person {
        let (db, id) = (&self.state.db, MemberId::new());
        let unique = id.uuid().simple().to_string();
        let (handle, email) = (format!("member_{}", &unique[20..]), format!("{}@example.kr", &unique[20..]));
        let new = NewMember {
            id,
            handle: &handle,
            email: &email,
            name,
            password_hash: Some("!"),
            locale: Locale::Ko,
            consents: &["terms", "privacy"],
            at: db.now(),
        };
        let mut connection = db.pool.acquire().await.expect("the database answers");
        assert!(add(&mut connection, &new).await.expect("a member can be added"));
        sqlx::query("update members set email_confirmed_at = created_at where id = $1")
            .bind(id.uuid())
            .execute(&mut *connection)
            .await
            .expect("a member can be confirmed");
        let (secret, hash) = token::fresh();
        // Long enough for a whole campaign.
        begin_session(db, id, &hash, TimeDelta::days(400), &Known::default(), Proved::Now)
            .await
            .expect("a session can begin");
        let mut browser = self.visitor();
        browser.cookies.insert("dure".to_owned(), secret);
        Person { id, handle, email, browser }
    }

    /// Signs up with a form, confirms by the mail, and logs in.
    pub async fn sign_up(&self, name: &str, email: &str) -> Person {
        let mut browser = self.visitor();
        browser.get("/signup").await;
        let form = [
            ("email", email),
            ("password", PASSWORD),
            ("name", name),
            ("terms", "true"),
            ("privacy", "true"),
        ];
        let sent = browser.submit("/api/accounts/sign_up/sign_up", &form).await;
        assert_eq!(sent.address, "/signup?sent=1", "{:?}", sent.alerts());
        let mails = self.mails(email).await;
        let confirmed = browser.confirms(&mails[0].links[0]).await;
        assert!(confirmed.has("이메일을 확인했어요"));
        let mut person = Person {
            id: self.ask::<uuid::Uuid>("select id from members order by id desc limit 1").await.into(),
            handle: self.ask("select handle from members order by id desc limit 1").await,
            email: email.to_owned(),
            browser,
        };
        let home = person.logs_in("").await;
        assert_eq!(home.status, 200);
        person
    }
}

impl Person {
    pub async fn logs_in(&mut self, next: &str) -> Answer {
        let email = self.email.clone();
        self.get("/login").await;
        let form = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        self.submit("/api/accounts/log_in/log_in", &form).await
    }

    /// Writes a draft with its rewards, a month before its end.
    pub async fn drafts(&mut self, app: &TestApp, plan: &Plan) -> Project {
        // The last day counts whole, in Korean time.
        let last_day = (app.now() + TimeDelta::days(29)).format("%Y-%m-%d").to_string();
        self.get("/studio/new").await;
        let goal = plan.goal.to_string();
        let form = [
            ("title", plan.title.as_str()),
            ("summary", &plan.summary),
            ("story", &plan.story),
            ("category", "crafts"),
            ("goal", &goal),
            ("deadline", &last_day),
        ];
        let saved = self.submit("/api/projects/draft/create_project", &form).await;
        assert_eq!(saved.status, 200, "{:?}", saved.alerts());
        let slug = saved.address.trim_start_matches("/studio/").trim_end_matches("?saved=1").to_owned();
        self.get(&format!("/studio/{slug}/rewards")).await;
        let delivery = (app.now() + TimeDelta::days(120)).format("%Y-%m").to_string();
        for (price, stock) in &plan.rewards {
            let (price, stock) = (price.to_string(), stock.map(|n| n.to_string()).unwrap_or_default());
            let form = [
                ("slug", slug.as_str()),
                ("title", "찻잔 하나"),
                ("description", "하나"),
                ("price", &price),
                ("stock", &stock),
                ("delivery", &delivery),
            ];
            let added = self.submit("/api/rewards/manage/add_reward", &form).await;
            assert_eq!(added.status, 200, "{:?}", added.alerts());
        }
        app.project(&slug).await
    }

    pub async fn launches(&mut self, app: &TestApp, plan: &Plan) -> Project {
        let project = self.drafts(app, plan).await;
        self.get(&project.studio("")).await;
        let live = self.submit("/api/projects/launch/launch_project", &[("slug", &project.slug)]).await;
        assert_eq!(live.status, 200, "{:?}", live.alerts());
        assert!(live.has("프로젝트를 공개했어요"));
        app.state.cache.clear();
        project
    }

    /// Fills the checkout in, up to the gateway's card page.
    pub async fn holds(&mut self, project: &Project, choice: &Choice) -> Held {
        let checkout = self.get(&format!("{}/pledge", project.page())).await;
        let key = checkout.value_of("key").expect("the checkout is open");
        let fields = choice.fields(project, &key);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let card_page = self.submit("/api/pledges/place/place_pledge", &fields).await;
        held(&card_page)
    }

    /// Enters a card on the gateway's page and comes back.
    pub async fn enters_card(&mut self, held: &Held, card: &str) -> Answer {
        let answer = self.enters_card_and_leaves(held, card).await;
        self.follow(answer).await
    }

    /// Enters a card on the gateway's page and never comes back.
    pub async fn enters_card_and_leaves(&mut self, held: &Held, card: &str) -> Answer {
        let form = [("page", held.visit.as_str()), ("number", card), ("expiry", "12/40"), ("cvc", "123")];
        self.submit_and_stay("/sandbox/card", &form).await
    }

    /// Pledges and enters a card that is stored.
    pub async fn pledges(&mut self, project: &Project, choice: &Choice, card: &str) -> PledgeId {
        let held = self.holds(project, choice).await;
        let thanks = self.enters_card(&held, card).await;
        assert!(thanks.has("후원을 예약했어요"), "{}: {:?}", thanks.status, thanks.alerts());
        held.pledge
    }

    pub async fn cancels(&mut self, pledge: PledgeId) -> Answer {
        let page = format!("/account/pledges/{pledge}");
        self.get(&page).await;
        self.submit("/api/pledges/cancel/cancel_pledge", &[("pledge", &pledge.to_string())]).await
    }
}

/// The pledge that a card page is about.
pub fn held(card_page: &Answer) -> Held {
    let visit =
        card_page.address.split_once("/sandbox/card?page=").expect("the card page is open").1.to_owned();
    let id = card_page.between("/account/pledges/", "?returned").expect("the card page leads back");
    Held { pledge: id.parse().expect("an id"), visit }
}

impl TestApp {
    pub async fn project(&self, slug: &str) -> Project {
        let mut db = self.state.db.pool.acquire().await.expect("the database answers");
        let known =
            projects::store::by_slug(&mut db, slug).await.expect("it can be read").expect("it is there");
        let rewards = sqlx::query_as::<_, (uuid::Uuid, i64)>(
            "select id, price_minor from rewards where project_id = $1 order by id",
        )
        .bind(known.id.uuid())
        .fetch_all(&mut *db)
        .await
        .expect("rewards can be read");
        Project {
            id: known.id,
            slug: known.slug,
            deadline: known.deadline.expect("the plan has a deadline"),
            prices: rewards.iter().map(|(_, price)| *price).collect(),
            rewards: rewards.into_iter().map(|(id, _)| RewardId::from_uuid(id)).collect(),
        }
    }
}
