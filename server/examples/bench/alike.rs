//! `bin/bench alike`: whether an answer takes longer for an address that has an account.

use crate::{
    members::{People, address},
    site::Site,
};
use anyhow::{Result, bail};
use rand::{Rng, seq::SliceRandom};
use reqwest::header;
use std::time::{Duration, Instant};

/// Requests of each kind that are counted.
const PAIRS: usize = 300;
/// And some before them that are not.
const WARMING: usize = 20;
const RESAMPLES: usize = 2000;

struct Form {
    name: &'static str,
    path: &'static str,
    /// What is answered in both cases.
    status: u16,
    known: fn(usize) -> String,
    /// Whether a member sends it.
    logged_in: bool,
}

const FORMS: [Form; 6] = [
    Form { name: "sign-up", path: "sign_up/sign_up", status: 200, known: member, logged_in: false },
    Form { name: "log-in", path: "log_in/log_in", status: 422, known: member, logged_in: false },
    Form {
        name: "log-in, no password set",
        path: "log_in/log_in",
        status: 422,
        known: without_password,
        logged_in: false,
    },
    Form { name: "find ID", path: "recover/find_id/find_id", status: 200, known: member, logged_in: false },
    Form {
        name: "reset password",
        path: "recover/reset/request_reset",
        status: 200,
        known: member,
        logged_in: false,
    },
    Form {
        name: "change of e-mail",
        path: "security/email/change_email",
        status: 200,
        known: member,
        logged_in: true,
    },
];

fn member(n: usize) -> String {
    People::email(n)
}

fn without_password(n: usize) -> String {
    People::email(WARMING + PAIRS + n)
}

pub async fn run(site: &Site) -> Result<()> {
    let rounds = WARMING + PAIRS;
    let hash = accounts::hash_password("정직한 파란 고래가 난다".to_owned()).await?;
    let people = People::make(site, rounds, &hash).await?;
    people.add(rounds..2 * rounds, "!").await?;
    println!("median with an account over median without, and its interval of 95 % ({PAIRS} pairs):");
    for (kind, form) in FORMS.iter().enumerate() {
        let mut pairs = Vec::new();
        for n in 0..rounds {
            let unknown = format!("stranger{kind}x{n}@bench.example");
            let mut pair = [Duration::ZERO; 2];
            let mut order = [(0, (form.known)(n)), (1, unknown)];
            order.shuffle(&mut rand::rng());
            for (at, email) in order {
                // What the worker does is not part of the answer.
                people.quiet().await?;
                let cookie = form.logged_in.then(|| people.cookie(n));
                pair[at] = ask(site, form, &email, cookie, (kind * rounds + n) * 2 + at).await?;
            }
            if n >= WARMING {
                pairs.push(pair);
            }
        }
        let (low, high) = interval(&pairs);
        println!(
            "  {:<24} {:.3} [{low:.3} to {high:.3}], {:.1} ms",
            form.name,
            ratio(&pairs),
            median(pairs.iter().map(|pair| pair[1])).as_secs_f64() * 1000.0
        );
    }
    Ok(())
}

async fn ask(
    site: &Site,
    form: &Form,
    email: &str,
    cookie: Option<String>,
    client: usize,
) -> Result<Duration> {
    let fields = [
        ("email", email),
        ("password", "용감한 초록 거북이가 잔다"),
        ("name", "김하늘"),
        ("terms", "true"),
        ("privacy", "true"),
    ];
    let mut request = site
        .http
        .post(site.address(&format!("/api/accounts/{}", form.path)))
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address(client))
        .header(header::ACCEPT, "application/json")
        .form(&fields);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let since = Instant::now();
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    answer.bytes().await?;
    let took = since.elapsed();
    if status != form.status {
        bail!("{} answered {status}", form.name);
    }
    Ok(took)
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(pairs: &[[Duration; 2]]) -> f64 {
    let of = |at: usize| median(pairs.iter().map(|pair| pair[at])).as_secs_f64();
    of(0) / of(1)
}

/// Of the ratio, by drawing the pairs again and again (bootstrap).
fn interval(pairs: &[[Duration; 2]]) -> (f64, f64) {
    let mut rng = rand::rng();
    let mut ratios: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<_> = (0..pairs.len()).map(|_| pairs[rng.random_range(0..pairs.len())]).collect();
            ratio(&drawn)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    (ratios[RESAMPLES / 40], ratios[RESAMPLES - RESAMPLES / 40])
}
