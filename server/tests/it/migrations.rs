//! The migrations themselves.

use kernel::db::MIGRATOR;
use sqlx::Connection;
use std::{collections::BTreeSet, env, fs, path::Path};

#[test]
fn migrations_are_named_by_a_time_and_a_domain_and_come_in_order() {
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../migrations");
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".sql") else {
            assert_eq!(name, "README.md", "only migrations stand here");
            continue;
        };
        let (version, domain) = stem.split_once('_').unwrap();
        assert!(version.len() == 14 && version.bytes().all(|b| b.is_ascii_digit()), "{name}");
        assert!(!domain.is_empty() && domain.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
        versions.push(version.parse::<i64>().unwrap());
    }

    let distinct: BTreeSet<_> = versions.iter().copied().collect();
    assert_eq!(distinct.len(), versions.len(), "no two have one time");
    let compiled: Vec<_> = MIGRATOR.iter().map(|migration| migration.version).collect();
    assert_eq!(compiled, distinct.into_iter().collect::<Vec<_>>(), "all are compiled in, in order");
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let database = crate::harness::TestDatabase::create().await;
    let mut owner = database.owner().await;
    let applied: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&mut owner)
        .await
        .unwrap();

    MIGRATOR.run(&mut owner).await.unwrap();

    let again: i64 =
        sqlx::query_scalar("select count(*) from _sqlx_migrations").fetch_one(&mut owner).await.unwrap();
    assert_eq!((applied, again), (MIGRATOR.iter().count() as i64, applied));
    owner.close().await.unwrap();
}

#[tokio::test]
async fn the_database_knows_the_same_currencies_as_the_program() {
    let database = crate::harness::TestDatabase::create().await;
    let mut owner = database.owner().await;

    let there: Vec<(String, i16)> = sqlx::query_as("select code, exponent from currencies order by code")
        .fetch_all(&mut owner)
        .await
        .unwrap();

    let ours: BTreeSet<_> =
        kernel::Currency::all().map(|c| (c.code().to_owned(), c.exponent() as i16)).collect();
    assert_eq!(there, ours.into_iter().collect::<Vec<_>>());
    owner.close().await.unwrap();
}
