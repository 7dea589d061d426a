//! A change of keys: what older ones sealed is sealed anew, and the older can go.

use crate::harness::TestApp;
use kernel::{
    db::Db,
    seal::{Keys, Place},
};
use server::reseal::{SEALED, reseal};
use std::collections::BTreeSet;

/// Columns of bytes that hold no sealed text: hashes, and what nobody reads as a text.
const NOT_SEALED: &[&str] = &[
    "bank_lines.fingerprint",
    "deposits.va_secret",
    "devices.token_hash",
    "ledger_entries.hash",
    "ledger_entries.prev_hash",
    "mail_reports.body_hash",
    "mailed_tokens.token_hash",
    "passkey_ceremonies.token_hash",
    "passkeys.credential_id",
    "pending_log_ins.token_hash",
    "provider_arrivals.token_hash",
    "provider_visits.browser_hash",
    "provider_visits.state_hash",
    "recovery_codes.code_hash",
    "sessions.token_hash",
    "stashed_forms.token_hash",
    "statement_mappings.headings_hash",
    "statements.file_hash",
    "transfer_batches.file_hash",
];

fn keys(text: &str) -> Keys {
    Keys::parse(text).expect("keys")
}

fn key(id: u8, digit: char) -> String {
    format!("{id}:{}", digit.to_string().repeat(64))
}

fn with(app: &TestApp, keys: Keys) -> Db {
    Db { keys, ..app.state.db.clone() }
}

#[tokio::test]
async fn every_column_with_sealed_texts_is_sealed_anew() {
    let app = TestApp::start().await;
    let there: Vec<String> = sqlx::query_scalar(
        "select table_name || '.' || column_name from information_schema.columns
          where table_schema = 'public' and data_type = 'bytea' and table_name not like '\\_%'",
    )
    .fetch_all(&app.state.db.pool)
    .await
    .unwrap();

    let known: BTreeSet<_> = SEALED
        .iter()
        .map(|sealed| format!("{}.{}", sealed.table, sealed.column))
        .chain(NOT_SEALED.iter().map(|column| (*column).to_owned()))
        .collect();
    assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), known);
    app.finish().await;
}

#[tokio::test]
async fn with_the_old_key_gone_everything_opens() {
    let app = TestApp::start().await;
    let old = with(&app, keys(&key(1, 'a')));
    let both = with(&app, keys(&format!("{},{}", key(2, 'b'), key(1, 'a'))));
    let new = with(&app, keys(&key(2, 'b')));
    // More than one batch of phone numbers, and one that the newest key sealed already.
    let mut people = Vec::new();
    for n in 0..201_u32 {
        people.push(app.member(&format!("사람 {n}")).await.id);
    }
    let place = |member: kernel::MemberId| Place { column: "members.phone", row: member.uuid() };
    for (n, member) in people.iter().enumerate() {
        let db = if n == 7 { &new } else { &old };
        let sealed = db.keys.seal(place(*member), &format!("+8210{n:08}")).unwrap();
        accounts::store::set_phone(&app.state.db, *member, Some(&sealed)).await.unwrap();
    }
    let first = people[0].uuid();
    let secret = old.keys.seal(Place { column: "totp_secrets.secret", row: first }, "SECRET").unwrap();
    let codes = old.keys.seal(Place { column: "recovery_sheets.codes", row: first }, "CODES").unwrap();
    for (insert, sealed) in [
        ("insert into totp_secrets (member_id, secret) values ($1, $2)", secret),
        ("insert into recovery_sheets (member_id, codes) values ($1, $2)", codes),
    ] {
        sqlx::query(insert).bind(first).bind(sealed).execute(&app.state.db.pool).await.unwrap();
    }
    assert!(accounts::phone_of(&new, people[0]).await.is_err(), "the old key is still needed");

    // Two at once do the work of one.
    let (one, two) = tokio::join!(reseal(&both), reseal(&both));

    let done: u64 =
        [one, two].into_iter().flat_map(|counts| counts.unwrap()).map(|(_, count)| count.resealed).sum();
    assert_eq!(done, 202);
    for (n, member) in people.iter().enumerate() {
        assert_eq!(accounts::phone_of(&new, *member).await.unwrap(), Some(format!("+8210{n:08}")));
    }
    let again = reseal(&new).await.unwrap();
    assert!(again.iter().all(|(_, count)| count.resealed == 0 && count.closed.is_empty()), "{again:?}");
    app.finish().await;
}

#[tokio::test]
async fn what_no_key_opens_is_counted_and_left_as_it_is() {
    let app = TestApp::start().await;
    let (kim, park) = (app.member("김하늘").await, app.member("박이슬").await);
    let strange = keys(&key(9, 'c'));
    for member in [&kim, &park] {
        let place = Place { column: "members.phone", row: member.id.uuid() };
        let keys = if member.id == kim.id { &strange } else { &keys(&key(1, 'a')) };
        let sealed = keys.seal(place, "+821012345678").unwrap();
        accounts::store::set_phone(&app.state.db, member.id, Some(&sealed)).await.unwrap();
    }
    let both = with(&app, keys(&format!("{},{}", key(2, 'b'), key(1, 'a'))));

    let counts = reseal(&both).await.unwrap();

    let phones = &counts[0].1;
    assert_eq!((phones.resealed, phones.closed.clone()), (1, [(9, 1)].into()));
    let kept = accounts::store::phone(&app.state.db, kim.id).await.unwrap().unwrap();
    assert_eq!(kept.first(), Some(&9));
    app.finish().await;
}
