//! Living through real campaigns.

use crate::harness::TestApp;
use server::{
    check,
    replay::{Verdict, replay},
};
use std::{env, fs, path::PathBuf};

const HEAD: &str = "source_id,title,summary,category,subcategory,country,location,currency,goal,pledged,backers,state,\
    staff_pick,created_at,launched_at,deadline,state_changed_at";

/// Four campaigns: a success in won, a failure in dollars, one that was stopped, one that runs on.
const FOUR: &str = "\
1,두레 찻잔,손으로 빚은 찻잔,crafts,,KR,서울,KRW,100000,123457,7,successful,false,1700000000,1700100000,1701000000,1701000003
2,\"Tea, late\",A tea that comes late,food,,US,\"Miami, FL\",USD,1000,999.99,3,failed,false,1700000000,1700200000,1702000000,1702000000
3,Stopped,It was stopped,games,,GB,London,GBP,500.50,750,5,canceled,true,1700000000,1700300000,1702500000,1701500000
4,Still live,It runs on,music,,JP,Tokyo,JPY,5000,1200,4,live,false,1701900000,1701950000,1705000000,1701950000";

fn file(name: &str, text: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("dure-{name}-{}.csv", uuid::Uuid::now_v7().simple()));
    fs::write(&path, text).expect("a file can be written");
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn campaigns_go_in_dure_as_they_really_went() {
    let app = TestApp::start().await;
    let file = file("four", &format!("{HEAD}\n{FOUR}\n"));

    let verdict = replay(&app.state.config, &app.state.db, &file).await.unwrap();

    assert_eq!(verdict, Verdict::Same);
    let lived: Vec<String> = app
        .ask(
            "select array_agg(concat_ws(' ', p.currency, p.state, f.pledged_minor, f.backers, f.collected_minor) order by p.currency)
               from projects p cross join lateral figures(p.id) f",
        )
        .await;
    assert_eq!(
        lived,
        [
            "GBP canceled 75000 5 0",
            "JPY live 1200 4 0",
            "KRW funded 123457 7 123457",
            "USD unfunded 99999 3 0"
        ]
    );
    assert_eq!(app.count("select count(*) from sandbox.charges").await, 7);
    assert_eq!(check::run(&app.state.db.pool, check::Gateway::Own).await.unwrap().faults(), 0);
    fs::remove_file(file).unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_malformed_row_stops_the_replay_before_anything_is_written() {
    let app = TestApp::start().await;

    for (bad, told) in [
        (
            "5,x,x,food,,US,,USD,1000,abc,3,failed,false,1,2,3,3",
            "line 6, column 10 (pledged): \"abc\"; expected a decimal amount",
        ),
        (
            "5,x,x,food,,US,,WON,1000,0,0,failed,false,1,2,3,3",
            "line 6, column 8 (currency): \"WON\"; expected a currency",
        ),
        ("5,x,x,food,,US,,KRW,1000.5,0,0,failed,false,1,2,3,3", "line 6, column 9 (goal)"),
        ("5,x,x,food,,US,,USD,1000,0,0,failed,false,1,2,3", "line 6, column 17"),
        ("5,x,x,food,,US,,USD,1000,0,0,failed,false,yesterday,2,3,3", "line 6, column 14 (created_at)"),
    ] {
        let file = file("bad", &format!("{HEAD}\n{FOUR}\n{bad}\n"));
        let error = replay(&app.state.config, &app.state.db, &file).await.unwrap_err();
        let error = format!("{error:#}");

        assert!(error.contains(told), "{error}");
        fs::remove_file(file).unwrap();
    }
    assert_eq!(app.count("select count(*) from members").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_file_without_campaigns_is_the_same_as_reality() {
    let app = TestApp::start().await;
    let file = file("empty", &format!("{HEAD}\n"));

    let verdict = replay(&app.state.config, &app.state.db, &file).await.unwrap();

    assert_eq!(verdict, Verdict::Same);
    fs::remove_file(file).unwrap();
    app.finish().await;
}
