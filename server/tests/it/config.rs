//! Settings from the environment: all documented, and a wrong one stops the start with a sentence.

use crate::harness::{Replica, TestApp};
use server::config::variables;
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The program with nothing but `variables` set.
fn dure(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dure"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.output().expect("the program runs")
}

#[test]
fn a_wrong_value_stops_the_start_with_its_name_what_was_read_and_what_is_allowed() {
    for (name, value, allowed) in [
        ("DURE_PORT", "abc", "a number from 1 to 65535"),
        ("DURE_PORT", "65536", "a number from 1 to 65535"),
        ("DURE_PORT", "0", "1 to 65535"),
        ("DURE_PORT", "-1", "a number from 1 to 65535"),
        ("DURE_ADDR", "localhost", "an IP address"),
        ("DURE_ORIGIN", "dure.example", "http:// or https://"),
        ("DURE_ORIGIN", "https://dure.example/path", "without a path"),
        ("DURE_ORIGIN", "https://", "and a host"),
        ("DURE_SANDBOX", "yes", "on or off"),
        ("DURE_SANDBOX", "off", "no other gateway"),
        ("DURE_METRICS_ADDR", "9090", "an address and port"),
        ("DURE_WORKER", "true", "on or off"),
        ("DURE_REVIEW", "nobody", "rules or operator"),
        ("DURE_DB_CONNECTIONS", "1", "2 to 500"),
        ("DURE_DB_CONNECTIONS", "many", "a number from 2 to 500"),
        ("DURE_PROXIES", "11", "0 to 10"),
        ("DURE_PROXIES", "-1", "a number from 0 to 10"),
        ("DURE_LOG_FORMAT", "xml", "text or json"),
        ("DURE_LOG", "dure=loud", "a filter"),
        ("DURE_GATEWAY_URL", "foo", "an http or https address"),
        ("DURE_GATEWAY_URL", "dure:8080/sandbox/gateway", "an http or https address"),
        ("DURE_SITE", "/nowhere", "manifest.json"),
        ("DURE_FILES", "gs://bucket", "a folder, or s3://bucket"),
        ("DURE_FILES", "s3://", "s3://bucket/prefix"),
        ("DURE_FILES", "s3://My Bucket", "s3://bucket/prefix"),
        ("DURE_FILES", "s3://bucket/../else", "s3://bucket/prefix"),
    ] {
        let output =
            dure(&["check"], &[(name, value), ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")]);

        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}={value}: {told}");
        assert!(
            told.contains(name) && told.contains(value) && told.contains(allowed),
            "{name}={value}: {told}"
        );
    }
}

#[test]
fn a_bucket_must_say_its_key_and_no_answer_tells_the_secret() {
    let bucket = ("DURE_FILES", "s3://dure/pictures");
    let key = ("DURE_S3_KEY", "dure-key");
    let secret = ("DURE_S3_SECRET", "hush-hush");
    for (variables, told) in [
        (vec![bucket], "DURE_S3_KEY is not set and DURE_FILES is \"s3://dure/pictures\"; allowed: the id"),
        (vec![bucket, key], "DURE_S3_SECRET is not set and DURE_FILES is \"s3://dure/pictures\"; allowed:"),
        (
            vec![bucket, key, secret, ("DURE_S3_ENDPOINT", "127.0.0.1:8333")],
            "DURE_S3_ENDPOINT is \"127.0.0.1:8333\"; allowed: an http or https address",
        ),
        // With everything right it is the database that is missing.
        (
            vec![bucket, key, secret, ("DURE_S3_ENDPOINT", "http://127.0.0.1:1")],
            "the database cannot be reached",
        ),
    ] {
        let variables =
            [&variables[..], &[("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")]].concat();
        let output = dure(&["check"], &variables);

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(told) && !said.contains("hush"), "{said}");
    }
}

#[test]
fn a_wrong_address_of_the_database_is_told_without_its_password() {
    for (value, told) in [
        ("foo", "DATABASE_URL is \"foo\"; allowed: an address such as postgres://"),
        ("mysql://127.0.0.1/dure", "DATABASE_URL is \"mysql://127.0.0.1/dure\"; allowed"),
        ("postgres//me:hush@127.0.0.1/dure", "DATABASE_URL cannot be read"),
    ] {
        let output = dure(&["check"], &[("DATABASE_URL", value)]);

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(told) && !said.contains("hush"), "{said}");
    }
}

#[test]
fn who_listens_everywhere_must_say_where_people_reach_the_site() {
    for (command, address) in [("serve", "0.0.0.0"), ("worker", "::"), ("demo", "0.0.0.0")] {
        let database = ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
        let output = dure(&[command], &[("DURE_ADDR", address), database]);

        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        let sentence = format!("DURE_ORIGIN is not set and DURE_ADDR is {address}; allowed: the address");
        assert!(told.contains(&sentence), "{told}");
    }
}

#[tokio::test]
async fn an_empty_database_that_others_may_use_is_not_filled_with_the_demo() {
    let app = TestApp::start().await;

    let replica = Replica::with(&app, &["serve"]).await;

    assert_eq!(replica.visitor().get("/readyz").await.status, 200);
    assert_eq!(app.count("select count(*) from members").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_metrics_port_that_is_taken_stops_the_start() {
    let app = TestApp::start().await;
    let holder = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    let data = env::temp_dir().join(format!("{}-metrics", app.database.name()));
    let (url, data) = (app.database.url(), data.display().to_string());

    let variables = [("DATABASE_URL", url.as_str()), ("DURE_DATA", &data), ("DURE_METRICS_ADDR", &taken)];
    // `worker` listens on no other port.
    let output = dure(&["worker"], &variables);

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains(&format!("DURE_METRICS_ADDR is {taken}, which cannot be listened on")), "{told}");
    let _ = fs::remove_dir_all(data);
    app.finish().await;
}

#[test]
fn an_https_site_must_say_that_it_is_a_sandbox() {
    let output = dure(&["check"], &[("DURE_ORIGIN", "https://dure.example")]);

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("DURE_SANDBOX is not set") && told.contains("allowed: on"), "{told}");
}

#[test]
fn a_port_on_the_command_line_counts_more_than_the_variable() {
    let output = dure(&["serve", "--port", "0"], &[("DURE_PORT", "9000")]);

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("DURE_PORT is 0"), "{told}");
}

#[test]
fn a_database_that_is_not_there_is_told_in_a_sentence() {
    let mut address: url::Url = std::env::var("DATABASE_URL").unwrap().parse().unwrap();
    address.set_path("nothing_of_this_name");

    let output = dure(&["check"], &[("DATABASE_URL", address.as_str())]);

    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.starts_with("dure: the database cannot be reached"), "{told}");
}

#[test]
fn the_help_lists_every_variable_and_every_subcommand() {
    let output = dure(&["--help"], &[]);

    let help = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    for (name, meaning) in variables() {
        assert!(help.contains(&format!("  {name} ")) && help.contains(meaning), "{name}");
    }
    for command in
        ["serve", "worker", "migrate", "demo", "replay", "check", "review", "jobs", "clock", "healthcheck"]
    {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{command}");
    }
}

#[test]
fn every_variable_that_the_program_names_is_documented_and_every_documented_one_is_named() {
    let root = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let mut named = BTreeSet::new();
    for folder in ["server/src", "server/cluster/src", "app"] {
        for file in rust_files(&root.join(folder)) {
            // The lists themselves do not count.
            let source = fs::read_to_string(&file).unwrap();
            let source = source.split("const VARIABLES").enumerate().map(|(n, part)| match n {
                0 => part,
                _ => part.split_once("];").map_or("", |(_, after)| after),
            });
            for text in source.collect::<Vec<_>>().join("").split('"').skip(1).step_by(2) {
                let word = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
                if word && (text.starts_with("DURE_") || text == "DATABASE_URL") {
                    named.insert(text.to_owned());
                }
            }
        }
    }

    let documented: BTreeSet<_> = variables().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named, documented);
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}
