//! The review of a submitted project, by the rules or by the operator.

use crate::harness::{Person, Plan, Project, TestApp};
use kernel::{db::Act, site::ReviewPolicy};
use projects::FundingState;
use server::commands::{ReviewCommand, review};

const LAUNCH: &str = "/api/projects/launch/launch_project";

/// A site whose operator reviews, and a project that was submitted there.
async fn submitted() -> (TestApp, Person, Project) {
    let app = TestApp::start_with(|config| config.review = ReviewPolicy::Operator).await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    let studio = kim.get(&project.studio("")).await;
    assert!(studio.words().contains("심사 요청"));
    let page = kim.submit(LAUNCH, &[("slug", &project.slug)]).await;
    assert_eq!((page.status, page.address.clone()), (200, project.studio("?submitted=1")));
    assert!(page.words().contains("운영자가 프로젝트를 살펴보고 있어요"));
    assert_eq!(app.project_state(project.id).await, "in_review");
    (app, kim, project)
}

async fn decide(app: &TestApp, command: ReviewCommand) -> anyhow::Result<()> {
    review(&app.state.db, &app.state.site, command).await
}

fn approval(project: &Project) -> ReviewCommand {
    ReviewCommand::Approve { slug: project.slug.clone() }
}

async fn judgements(app: &TestApp) -> i64 {
    app.count("select count(*) from jobs where kind = 'project.judge'").await
}

#[tokio::test]
async fn whoever_leaves_during_a_review_is_told_to_take_the_project_back() {
    let (app, mut kim, _) = submitted().await;
    let page = kim.get("/account/close").await;
    assert!(page.has("먼저 초안으로 되돌려 주세요") && !page.has("먼저 중단해"), "{}", page.words());
    app.finish().await;
}

#[tokio::test]
async fn a_launch_by_the_rules_happens_whole_or_not_at_all() {
    let app = TestApp::start().await;
    let project = app.member("김창작").await.launches(&app, &Plan::with_goal(1000)).await;

    let moves = app
        .ask_of::<Vec<String>>(
            "select array_agg(split_part(who, ':', 1) || ' ' || to_state order by id) from state_moves
              where entity_id = $1",
            project.id.uuid(),
        )
        .await;
    let transactions = app
        .ask_of::<i64>(
            "select count(distinct xmin::text) from state_moves where entity_id = $1 and from_state <> ''",
            project.id.uuid(),
        )
        .await;

    assert_eq!(moves, ["member draft", "member in_review", "system live"]);
    assert_eq!(transactions, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_edit_that_comes_before_the_launch_counts_in_it() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000)).await;
    kim.get(&project.studio("")).await;

    let mut edit = app.state.db.pool.begin().await.unwrap();
    sqlx::query("update projects set goal_minor = null, version = version + 1 where id = $1")
        .bind(project.id.uuid())
        .execute(&mut *edit)
        .await
        .unwrap();
    let form = [("slug", project.slug.as_str())];
    let (answer, ()) = tokio::join!(kim.submit(LAUNCH, &form), async {
        app.until_somebody_waits().await;
        edit.commit().await.unwrap();
    });

    assert_eq!(answer.status, 422);
    assert_eq!(answer.alerts(), ["공개하려면 빠진 항목을 먼저 채워 주세요."]);
    assert_eq!((app.project_state(project.id).await.as_str(), judgements(&app).await), ("draft", 0));
    app.finish().await;
}

#[tokio::test]
async fn a_reward_is_not_edited_under_a_launch() {
    let app = TestApp::start().await;
    let mut kim = app.member("김창작").await;
    let project = kim.drafts(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    kim.get(&project.studio("/rewards")).await;
    let (now, reward) = (app.now(), project.rewards[0].to_string());
    let edit = [
        ("slug", project.slug.as_str()),
        ("reward", &reward),
        ("title", "찻잔"),
        ("price", "5"),
        ("delivery", "2027-03"),
    ];

    let mut launch = app.state.db.begin(Act::system("test")).await.unwrap();
    let to = FundingState::InReview;
    assert!(
        projects::store::move_state(&mut launch, project.id, FundingState::Draft, to, now).await.unwrap()
    );
    let (answer, ()) = tokio::join!(kim.submit("/api/rewards/manage/edit_reward", &edit), async {
        app.until_somebody_waits().await;
        launch.commit().await.unwrap();
    });

    assert_eq!(answer.status, 409);
    assert_eq!(app.count("select price_minor from rewards").await, 1000);
    app.finish().await;
}

#[tokio::test]
async fn the_operator_approves_and_the_project_runs() {
    let (app, kim, project) = submitted().await;
    assert!(!app.page("/discover").await.has(&project.slug));
    assert_eq!(judgements(&app).await, 0);

    decide(&app, ReviewCommand::List).await.unwrap();
    decide(&app, approval(&project)).await.unwrap();
    let twice = decide(&app, approval(&project)).await.unwrap_err();

    assert!(twice.to_string().contains("present state"), "{twice}");
    assert_eq!((app.project_state(project.id).await.as_str(), judgements(&app).await), ("live", 1));
    let who: String = app.ask("select who from state_moves where to_state = 'live'").await;
    assert_eq!(who, "operator");
    let mail = app.mails(&kim.email).await.remove(0);
    assert_eq!(mail.subject, "두레: ‘두레 찻잔’ 프로젝트를 공개했어요");
    assert_eq!(mail.links, [format!("{}{}", app.state.site.0.origin, project.page())]);
    app.advance_to(project.deadline).await;
    assert_eq!(app.project_state(project.id).await, "unfunded");
    app.finish().await;
}

#[tokio::test]
async fn the_operator_returns_a_project_with_a_reason() {
    let (app, mut kim, project) = submitted().await;

    for round in ["사진을 <b>더</b> 넣어 주세요.", "일정을 적어 주세요."] {
        let back = ReviewCommand::Return { slug: project.slug.clone(), why: round.to_owned() };
        decide(&app, back).await.unwrap();

        assert_eq!(app.project_state(project.id).await, "draft");
        let mails = app.mails(&kim.email).await;
        let mail = mails.iter().find(|mail| mail.text.contains(round)).expect("the reason is mailed");
        assert!(!mail.html.contains("<b>"));
        kim.get(&project.studio("")).await;
        kim.submit(LAUNCH, &[("slug", &project.slug)]).await;
    }
    assert_eq!(app.project_state(project.id).await, "in_review");
    app.finish().await;
}

#[tokio::test]
async fn a_project_whose_deadline_passed_in_the_review_is_not_approved() {
    let (app, _, project) = submitted().await;
    app.advance_to(project.deadline).await;

    let refused = decide(&app, approval(&project)).await.unwrap_err();

    assert!(refused.to_string().contains("fill in what is missing"), "{refused}");
    assert_eq!(app.project_state(project.id).await, "in_review");
    app.finish().await;
}

#[tokio::test]
async fn the_creator_takes_a_project_back_from_the_review() {
    let (app, mut kim, project) = submitted().await;

    let page = kim.submit("/api/projects/review/withdraw_project", &[("slug", &project.slug)]).await;

    assert!(page.words().contains("초안으로 되돌렸어요."));
    assert_eq!(app.project_state(project.id).await, "draft");
    assert!(decide(&app, approval(&project)).await.is_err());
    app.finish().await;
}
