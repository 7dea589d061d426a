//! The public file of a project's books, and the command that proves it.

use crate::harness::{Choice, GOOD_CARD, Plan, TestApp};
use chrono::TimeDelta;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// The program as anybody runs it, with nothing set.
fn verify(file: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dure"));
    command.args(["ledger", "verify"]).arg(file).args(more).env_clear();
    command.output().expect("the program runs")
}

#[tokio::test]
async fn anybody_can_prove_a_project_s_books_without_the_site() {
    let app = TestApp::start().await;
    let mut creator = app.member("김창작").await;
    let mut lee = app.member("이후원").await;
    let project = creator.launches(&app, &Plan::with_goal(1000).reward(1000, 5)).await;
    lee.pledges(&project, &Choice::piece(project.rewards[0]), GOOD_CARD).await;
    lee.pledges(&project, &Choice::piece(project.rewards[0]).with_extra(50), GOOD_CARD).await;
    app.advance_to(app.now() + TimeDelta::days(31)).await;
    app.drain().await;
    let public = app.page(&format!("{}/ledger.jsonl", project.page())).await;
    assert_eq!((public.status, public.header("content-type")), (200, "application/jsonl; charset=utf-8"));
    assert!(!public.text.contains("이후원") && !public.text.contains(&lee.id.to_string()), "{}", public.text);
    let first: serde_json::Value = serde_json::from_str(public.text.lines().next().unwrap()).unwrap();
    let head = first["head"].as_str().unwrap();
    let file = std::env::temp_dir().join(format!("{}.jsonl", project.id));

    fs::write(&file, &public.text).unwrap();
    let good = verify(&file, &["--head", head]);
    let other = verify(&file, &["--head", &"0".repeat(64)]);
    let mistyped = verify(&file, &["--head", "abc"]);
    fs::write(&file, public.text.replace("1050,\"KRW\"", "1040,\"KRW\"")).unwrap();
    let altered = verify(&file, &[]);
    fs::remove_file(&file).unwrap();
    let missing = verify(&file, &[]);

    let told = |output: &Output| {
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
    };
    let told_good = told(&good);
    assert_eq!(good.status.code(), Some(0), "{told_good}");
    assert!(told_good.contains(&format!("{}  {}  2 entries hold", project.slug, project.id)), "{told_good}");
    let escrow =
        told_good.lines().find(|line| line.starts_with("balance") && line.contains("project_escrow"));
    assert!(escrow.is_some_and(|line| line.ends_with(" -2050 KRW")), "{told_good}");
    for (output, said) in [
        (other, "line 1: this is not the head that was asked for"),
        (mistyped, "expected 64 hexadecimal digits"),
        (altered, "the entry is not the one that was hashed"),
        (missing, "cannot be opened"),
    ] {
        let told = told(&output);
        assert!(output.status.code().is_some_and(|code| code > 0), "{told}");
        assert!(told.contains(said), "{told}");
    }
    app.finish().await;
}
