//! The public file of a project's books, and the command that proves it.

use crate::harness::{Choice, GOOD_CARD, Plan, TestApp};
use chrono::TimeDelta;
use kernel::Currency;
use ledger::{Book, Head, entries_of, lines};
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
    let book = Book::Project(project.id);
    let entries = entries_of(&mut *app.state.db.pool.acquire().await.unwrap(), book).await.unwrap();
    let last = entries.last().unwrap().hash.clone();
    let head = Head::new(book, &project.slug, Currency::KRW, entries.len() as u64, &last, app.now());
    let text: Vec<String> = lines(&head, entries).collect();
    let file = std::env::temp_dir().join(format!("{}.jsonl", project.id));

    fs::write(&file, text.concat()).unwrap();
    let good = verify(&file, &["--head", &head.head]);
    let other = verify(&file, &["--head", &"0".repeat(64)]);
    let mistyped = verify(&file, &["--head", "abc"]);
    fs::write(&file, text.concat().replace("1050,\"KRW\"", "1040,\"KRW\"")).unwrap();
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
