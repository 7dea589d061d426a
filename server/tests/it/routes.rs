//! Every address of the site: each stands here with what it answers whom, is tried by everybody, takes
//! nothing from another site, and tells browsers what it never does. Server functions stand in
//! `functions`.

use crate::{
    functions::{World, world},
    harness::{Answer, Browser, Person, TestApp},
    pictures::png,
};
use accounts::operators::{Actor, Role, grant};
use http::Method;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Whose the thing at an address is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Creator,
    Backer,
}

struct Row {
    /// As the routes are written.
    route: &'static str,
    method: Method,
    address: fn(&World) -> String,
    owner: Owner,
    /// What nobody, a member who has nothing to do with it, the other party, and the owner are answered.
    answers: [u16; 4],
    /// To whom among those who run the site it is open, when members do not find it.
    roles: &'static [Role],
}

const ALL: [u16; 4] = [200; 4];
/// Nobody is led to the log-in.
const MEMBERS: [u16; 4] = [303, 200, 200, 200];
/// Not even there for members.
const OPERATORS: [u16; 4] = [303, 404, 404, 404];
/// Not even there for others.
const OWN: [u16; 4] = [303, 404, 404, 200];
/// Who may see money, and the operator, who may see all.
const FINANCE: [Role; 2] = [Role::Operator, Role::Finance];
const NOWHERE: [u16; 4] = [404; 4];

fn page(route: &'static str, answers: [u16; 4], address: fn(&World) -> String) -> Row {
    Row { route, method: Method::GET, address, owner: Owner::Creator, answers, roles: &[] }
}

fn of_backer(row: Row) -> Row {
    Row { owner: Owner::Backer, ..row }
}

fn of_roles(roles: &'static [Role], row: Row) -> Row {
    Row { roles, ..row }
}

fn posted(row: Row) -> Row {
    Row { method: Method::POST, ..row }
}

/// The same address for everybody.
macro_rules! fixed {
    ($route:literal, $answers:expr) => {
        page($route, $answers, |_| $route.to_owned())
    };
}

fn table() -> Vec<Row> {
    vec![
        fixed!("/", ALL),
        fixed!("/discover", ALL),
        page("/projects/{}", ALL, |w| w.live.page()),
        page("/projects/{}", [404, 404, 404, 200], |w| w.draft.page()),
        page("/projects/{}", [404, 404, 404, 200], |w| w.reviewed.page()),
        page("/projects/{}/pledge", MEMBERS, |w| format!("{}/pledge", w.live.page())),
        page("/people/{}", ALL, |w| format!("/people/{}", w.creator.handle)),
        fixed!("/signup", ALL),
        fixed!("/signup/with", ALL),
        // The site under test has no provider.
        page("/login/with/{provider}", NOWHERE, |_| "/login/with/acme".to_owned()),
        page("/login/back/{provider}", NOWHERE, |_| "/login/back/acme".to_owned()),
        fixed!("/login", ALL),
        fixed!("/login/code", ALL),
        fixed!("/undo-email", ALL),
        fixed!("/undo-factor", ALL),
        fixed!("/confirm-email", ALL),
        fixed!("/find-id", ALL),
        fixed!("/reset-password", ALL),
        // Whoever holds the mailed link.
        page("/reset-password", ALL, |w| format!("/reset-password?token={}", w.reset)),
        fixed!("/account", MEMBERS),
        fixed!("/account/addresses", MEMBERS),
        fixed!("/account/close", MEMBERS),
        fixed!("/account/profile", MEMBERS),
        fixed!("/account/payout", MEMBERS),
        fixed!("/account/prove", MEMBERS),
        fixed!("/account/pledges", MEMBERS),
        of_backer(page("/account/pledges/{}", OWN, |w| format!("/account/pledges/{}", w.reserved))),
        of_backer(page("/account/pledges/{}", OWN, |w| format!("/account/pledges/{}", w.held.pledge))),
        // A pledge that is paid by card has none.
        of_backer(page("/account/pledges/{}/receipt", [303, 404, 404, 404], |w| {
            format!("/account/pledges/{}/receipt", w.reserved)
        })),
        fixed!("/account/security", MEMBERS),
        fixed!("/account/notifications", MEMBERS),
        fixed!("/account/security/passkeys", MEMBERS),
        fixed!("/account/security/providers", MEMBERS),
        fixed!("/account/security/recovery-codes", MEMBERS),
        fixed!("/account/security/totp", MEMBERS),
        fixed!("/terms", ALL),
        fixed!("/privacy", ALL),
        fixed!("/unsubscribe", ALL),
        of_roles(&Role::ALL, fixed!("/admin", OPERATORS)),
        of_roles(&Role::ALL, fixed!("/admin/log", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/accounts", OPERATORS)),
        of_backer(page("/account/pledges/{}/refund-account", OWN, |w| {
            format!("/account/pledges/{}/refund-account", w.reserved)
        })),
        of_roles(&[Role::Operator, Role::Finance], fixed!("/admin/transfers", OPERATORS)),
        page("/admin/transfers/{batch}/file", [401, 404, 404, 404], |_| {
            format!("/admin/transfers/{}/file", uuid::Uuid::nil())
        }),
        of_roles(&Role::ALL, fixed!("/admin/refunds", OPERATORS)),
        of_roles(&Role::ALL, fixed!("/admin/disputes", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/deposits", OPERATORS)),
        // Without a file the page says so.
        of_roles(&FINANCE, posted(fixed!("/admin/deposits/read", OPERATORS))),
        of_roles(
            &Role::ALL,
            page("/admin/refunds/pledges/{}", OPERATORS, |w| {
                format!("/admin/refunds/pledges/{}", w.reserved)
            }),
        ),
        of_roles(&FINANCE, fixed!("/admin/money", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/payouts", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/plans", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/receipts", OPERATORS)),
        of_roles(&FINANCE, fixed!("/admin/receipts.csv", [401, 404, 404, 404])),
        of_roles(&FINANCE, fixed!("/admin/reconciliation", OPERATORS)),
        of_backer(page("/account/pledges/{}/change", OWN, |w| {
            format!("/account/pledges/{}/change", w.reserved)
        })),
        fixed!("/studio", MEMBERS),
        fixed!("/studio/new", MEMBERS),
        page("/studio/{}", OWN, |w| w.draft.studio("")),
        page("/studio/{}", [303, 403, 403, 200], |w| w.live.studio("")),
        page("/studio/{}/edit", OWN, |w| w.draft.studio("/edit")),
        page("/studio/{}/terms", OWN, |w| w.draft.studio("/terms")),
        page("/studio/{}/payouts", OWN, |w| w.draft.studio("/payouts")),
        page("/studio/{}/rewards", OWN, |w| w.draft.studio("/rewards")),
        page("/studio/{}/shipping", OWN, |w| w.draft.studio("/shipping")),
        fixed!("/healthz", ALL),
        fixed!("/readyz", ALL),
        // Functions are posted to, and no other address below is anything.
        page("/api/{*function}", NOWHERE, |_| "/api/accounts/log_out/log_out".to_owned()),
        posted(page("/api/{*function}", NOWHERE, |_| "/api/nothing".to_owned())),
        page("/studio/{slug}/cover", NOWHERE, |w| w.draft.studio("/cover")),
        // Without a file: the owner is led back to the form.
        posted(page("/studio/{slug}/cover", [303, 404, 404, 303], |w| w.draft.studio("/cover"))),
        posted(page("/studio/{slug}/cover", [303, 403, 403, 303], |w| w.live.studio("/cover"))),
        // Without a file: the member is led back to the form.
        posted(page("/account/profile/picture", [303; 4], |_| "/account/profile/picture".to_owned())),
        fixed!("/account/data.json", [401, 200, 200, 200]),
        page("/projects/{slug}/ledger.jsonl", ALL, |w| format!("{}/ledger.jsonl", w.live.page())),
        page("/projects/{slug}/ledger.jsonl", NOWHERE, |w| format!("{}/ledger.jsonl", w.draft.page())),
        // A picture is for whoever knows its id, which is random: those of drafts are shown to nobody else.
        page("/files/{picture}/{file}", ALL, |w| format!("/files/{}/480.webp", w.cover)),
        page("/files/{picture}/{file}", NOWHERE, |_| format!("/files/{}/480.webp", kernel::PictureId::new())),
        page("/pkg/{*file}", ALL, |_| "/pkg/there.js".to_owned()),
        page("/pkg/{*file}", NOWHERE, |_| "/pkg/nothing.js".to_owned()),
        page("/fonts/{*file}", ALL, |_| "/fonts/there.woff2".to_owned()),
        fixed!("/boot.js", ALL),
        fixed!("/passkey.js", ALL),
        fixed!("/favicon.svg", ALL),
        fixed!("/wordmark.svg", ALL),
        fixed!("/robots.txt", ALL),
        fixed!("/site.webmanifest", ALL),
        posted(fixed!("/unsubscribe", NOWHERE)),
        // A mail provider alone, who shows a secret.
        posted(fixed!("/webhooks/mail", NOWHERE)),
        fixed!("/webhooks/mail", NOWHERE),
        // A gateway alone, who signs.
        posted(page("/webhooks/{gateway}", [401; 4], |_| "/webhooks/sandbox".to_owned())),
        posted(page("/webhooks/{gateway}", NOWHERE, |_| "/webhooks/nobody".to_owned())),
        page("/live/projects/{id}", ALL, |w| format!("/live/projects/{}", w.live.id)),
        page("/live/projects/{id}", NOWHERE, |w| format!("/live/projects/{}", w.draft.id)),
        // The practice gateway: the merchant alone, who shows a secret.
        posted(fixed!("/sandbox/gateway/card-pages", [401; 4])),
        page("/sandbox/gateway/card-pages/{key}", [401; 4], |_| "/sandbox/gateway/card-pages/x".to_owned()),
        posted(page("/sandbox/gateway/card-pages/{key}/close", [401; 4], |_| {
            "/sandbox/gateway/card-pages/x/close".to_owned()
        })),
        posted(fixed!("/sandbox/gateway/charges", [401; 4])),
        fixed!("/sandbox/gateway/movements", [401; 4]),
        page("/sandbox/gateway/charges/{key}", [401; 4], |_| "/sandbox/gateway/charges/x".to_owned()),
        posted(page("/sandbox/gateway/charges/{key}/close", [401; 4], |_| {
            "/sandbox/gateway/charges/x/close".to_owned()
        })),
        posted(page("/sandbox/gateway/cards/{card}/forget", [401; 4], |_| {
            format!("/sandbox/gateway/cards/{}/forget", uuid::Uuid::nil())
        })),
        posted(fixed!("/sandbox/gateway/refunds", [401; 4])),
        page("/sandbox/gateway/refunds/{key}", [401; 4], |_| "/sandbox/gateway/refunds/x".to_owned()),
        page("/sandbox/gateway/disputes/{id}", [401; 4], |_| "/sandbox/gateway/disputes/x".to_owned()),
        // Whoever practises decides for the bank.
        fixed!("/sandbox/disputes", ALL),
        posted(fixed!("/sandbox/disputes", NOWHERE)),
        // Another party's page: whoever has the link.
        page("/sandbox/card", ALL, |w| format!("/sandbox/card?page={}", w.held.visit)),
        posted(fixed!("/sandbox/card", NOWHERE)),
        // Practice mails are for everybody who practises.
        fixed!("/sandbox/mailbox", ALL),
        fixed!("/sandbox/mailbox.json", ALL),
        page("/sandbox/mailbox/{id}", ALL, |_| "/sandbox/mailbox/1".to_owned()),
    ]
}

/// On a port of its own, for the cluster.
const APART: [&str; 1] = ["/metrics"];

/// The routes that are written anywhere in these folders.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        if path.is_dir() {
            written(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source can be read");
            for rest in text.split(".route(").skip(1) {
                let quoted = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                found.insert(quoted.expect("a route is written as it is").0.to_owned());
            }
        }
    }
}

#[test]
fn every_route_is_listed_with_what_it_answers_whom() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut there: BTreeSet<String> = app::PATTERNS.iter().map(|pattern| (*pattern).to_owned()).collect();
    written(&here.join("src"), &mut there);
    written(&here.join("../app/sandbox/src"), &mut there);
    there.retain(|route| !APART.contains(&route.as_str()));

    let listed: BTreeSet<String> = table().iter().map(|row| row.route.to_owned()).collect();

    assert_eq!(listed, there);
}

async fn tried(browser: &Browser, row: &Row, world: &World) -> Answer {
    let (mut browser, address) = (browser.clone(), (row.address)(world));
    let request = match row.method {
        Method::POST => browser.post(&address),
        _ => browser.request(row.method.clone(), &address),
    };
    if row.route.starts_with("/live") {
        // Such an answer has no end: what it begins with is enough.
        let answer = request.send().await.expect("the server answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        return Answer { status, headers, text: String::new(), bytes: Default::default(), address };
    }
    browser.send(request).await
}

/// The files that a built site has.
fn with_files(app: &TestApp) {
    let site = &app.state.config.site;
    for file in [
        "pkg/there.js",
        "fonts/there.woff2",
        "boot.js",
        "passkey.js",
        "favicon.svg",
        "wordmark.svg",
        "robots.txt",
        "site.webmanifest",
    ] {
        let file = site.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
        fs::write(file, "x").expect("a file can be written");
    }
}

#[tokio::test]
async fn every_route_answers_each_reader_as_listed() {
    let app = TestApp::start().await;
    with_files(&app);
    let world = world(&app).await;
    let nobody = app.visitor();
    // The mailbox shows a first mail.
    app.drain().await;

    for row in table() {
        let (owner, other) = match row.owner {
            Owner::Creator => (&world.creator, &world.backer),
            Owner::Backer => (&world.backer, &world.creator),
        };
        let mut answers = Vec::new();
        for browser in [&nobody, &world.stranger.browser, &other.browser, &owner.browser] {
            let answer = tried(browser, &row, &world).await;
            let to = answer.header("location");
            let led = answer.status == 303 && answers.is_empty();
            assert!(!led || to.starts_with("/login?next="), "{} leads nobody to {to}", row.route);
            answers.push(answer.status);
        }
        assert_eq!(answers, row.answers, "{} {}", row.method, (row.address)(&world));
    }
    app.finish().await;
}

/// What a page says but for who reads it.
fn without(answer: &Answer, person: &Person) -> String {
    // Each checkout has a key of its own.
    let key = answer.value_of("key").filter(|key| !key.is_empty()).unwrap_or_else(|| "no key".to_owned());
    answer
        .text
        .replace(&key, "key")
        .replace(&person.id.to_string(), "id")
        .replace(&person.handle, "handle")
        .replace(&person.email, "email")
        // The way to the pages that are theirs.
        .replace(r#"<a href="/admin" class="site-header__admin">운영<!></a>"#, "<!>")
}

#[tokio::test]
async fn a_role_opens_what_is_listed_for_it_and_nothing_else() {
    let app = TestApp::start().await;
    with_files(&app);
    let world = world(&app).await;
    app.drain().await;

    for role in Role::ALL {
        let operator = app.operator("이남", role).await;
        for row in table() {
            let member = tried(&world.stranger, &row, &world).await;
            let theirs = tried(&operator, &row, &world).await;
            if row.roles.contains(&role) {
                let works = if row.method == Method::POST { 303 } else { 200 };
                assert_eq!(theirs.status, works, "{role:?} {}", row.route);
                continue;
            }
            assert_eq!(theirs.status, member.status, "{role:?} {}", row.route);
            // What we keep about somebody names their roles.
            if row.route == "/account/data.json" {
                continue;
            }
            assert_eq!(
                without(&theirs, &operator),
                without(&member, &world.stranger),
                "{role:?} {} {}",
                row.method,
                row.route
            );
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn no_route_takes_anything_from_another_site() {
    let app = TestApp::start().await;
    let world = world(&app).await;
    let before: Vec<String> = app.ask(EVERYTHING).await;

    let mut addresses: BTreeSet<String> = table().iter().map(|row| (row.address)(&world)).collect();
    addresses.extend(leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()));
    for address in addresses {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for heads in [
                &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
                &[("origin", "https://evil.example")],
                &[("origin", "null")],
            ] {
                let mut request = world.creator.browser.request(method.clone(), &address);
                for (name, value) in heads {
                    request = request.header(*name, *value);
                }
                let status = request.send().await.expect("the server answers").status().as_u16();
                // The gateway asks for its secret instead, which no browser has.
                // A mail provider shows one too, and a link in a mail is one.
                let refused = match address.as_str() {
                    "/unsubscribe" | "/webhooks/mail" => &[403, 404, 405][..],
                    address if address.starts_with("/sandbox/gateway/") => &[401, 405],
                    // Who sends these signs them.
                    address if address.starts_with("/webhooks/") => &[401, 404, 405],
                    _ => &[403],
                };
                assert!(refused.contains(&status), "{method} {address} from {heads:?}: {status}");
            }
        }
    }
    assert_eq!(app.ask::<Vec<String>>(EVERYTHING).await, before);
    app.finish().await;
}

/// How often anything was written to each table.
const EVERYTHING: &str = "select array_agg(concat_ws(' ', relname, (xpath('/row/c/text()', query_to_xml(
        format('select md5(string_agg(t::text, '','' order by t::text)) as c from public.%I t', relname), false, true, '')))[1]::text)
        order by relname)
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";

#[tokio::test]
async fn every_route_and_function_tells_browsers_what_it_never_does() {
    let app = TestApp::start_with(|config| config.origin = Some("https://dure.example".to_owned())).await;
    with_files(&app);
    let heads = BTreeMap::from([
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ]);
    let mut addresses: Vec<(Method, String)> =
        leptos::server_fn::axum::server_fn_paths().map(|(path, _)| (Method::POST, path.to_owned())).collect();
    addresses.extend(table().iter().map(|row| (row.method.clone(), row.route.replace(['{', '}', '*'], "x"))));
    addresses.push((Method::GET, format!("/{}", "a".repeat(9000))));

    for (method, address) in addresses {
        let answer = app.visitor().request(method.clone(), &address).send().await.expect("an answer");
        let told = |name: &str| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        for (name, value) in &heads {
            assert_eq!(told(name), *value, "{name} of {method} {address:.80}");
        }
        let policy = told("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
            "{address}"
        );
        assert!(told("strict-transport-security").contains("max-age="), "{method} {address:.80}");
    }
    app.finish().await;
}

/// Everything that redirects, with what could lead away.
#[tokio::test]
async fn no_address_leads_to_another_site() {
    let app = TestApp::start().await;
    let mut kim = app.member("김하늘").await;
    let nasty = [
        "//evil.example",
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "https:evil.example",
        "https://evil.example",
        "%09//evil.example",
        "/%0d%0aset-cookie:a=b",
        "/en//evil.example",
        "/en/%5c%5cevil.example",
        "/\u{3000}/evil.example",
    ];

    for evil in nasty {
        let encoded: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        let path = if evil.starts_with('/') { evil.to_owned() } else { format!("/{evil}") };
        let path = path.replace('\u{3000}', "%E3%80%80");
        for address in [
            path.clone(),
            format!("{path}/account"),
            format!("/account{path}"),
            format!("/studio{path}"),
            format!("/people{path}"),
            format!("/login?next={encoded}"),
            format!("/account/prove?next={encoded}"),
            format!("/account?next={encoded}"),
        ] {
            for browser in [&mut app.visitor(), &mut kim.browser] {
                let answer = browser.send(browser.request(Method::GET, &address)).await;
                stays(&app, &address, &answer);
            }
        }
        // A form whose page is named by the request.
        for (action, page) in [
            (format!("/api/accounts/profile/edit/edit_profile?page={encoded}"), "/account".to_owned()),
            ("/api/accounts/profile/edit/edit_profile".to_owned(), evil.to_owned()),
            (format!("/studio{path}/cover"), "/studio".to_owned()),
        ] {
            for browser in [&mut app.visitor(), &mut kim.browser] {
                browser.here = page.clone();
                let referer = format!("{}{}", app.base, page.replace('\u{3000}', "%E3%80%80"));
                let request = browser
                    .request(Method::POST, &action)
                    .header("referer", referer)
                    .header("sec-fetch-site", "same-origin")
                    .form(&[("name", "")]);
                let answer = browser.send(request).await;
                stays(&app, &format!("{action} from {page}"), &answer);
            }
        }
    }
    app.finish().await;
}

/// Where the answer leads, as a browser reads it, is this site.
fn stays(app: &TestApp, asked: &str, answer: &Answer) {
    assert!(answer.status < 500, "{asked} was answered with {}", answer.status);
    assert!(answer.headers.get("set-cookie").is_none(), "{asked} set a cookie");
    let Some(to) = answer.headers.get("location") else {
        return;
    };
    let here: url::Url = app.base.parse().expect("an address");
    let to = here.join(to.to_str().expect("an address is ASCII")).expect("an address");
    assert_eq!(to.origin(), here.origin(), "{asked} leads to {to}");
}

impl TestApp {
    /// A member with a role.
    pub async fn operator(&self, name: &str, role: Role) -> Person {
        let person = self.member(name).await;
        let mut db = self.state.db.pool.acquire().await.expect("the database answers");
        let granted = grant(&mut db, &Actor::Shell, person.id, role, self.now()).await;
        assert!(granted.expect("the database answers"));
        person
    }
}

/// Uploads a cover and gives its id.
pub async fn cover(app: &TestApp, creator: &mut Person, action: &str) -> uuid::Uuid {
    let uploaded = creator.upload(action, "picture", &png(600, 300)).await;
    assert_eq!(uploaded.status, 200, "{:?}", uploaded.alerts());
    app.ask("select id from pictures order by id desc limit 1").await
}
