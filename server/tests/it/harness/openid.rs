//! A real OpenID provider beside the test (npm's oidc-provider in a process of its own), and somebody's browser
//! there.

use crate::harness::html;
use reqwest::{Client, Method, header};
use std::{collections::BTreeMap, net::TcpListener, path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

pub struct OpenId {
    process: Child,
    // It ends when nobody listens to what it tells.
    _told: Lines<BufReader<ChildStdout>>,
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("the port is open").port()
}

impl OpenId {
    /// `redirect` is where it sends people back to.
    pub async fn start(port: u16, redirect: &str) -> Self {
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs this");
        let mut process = Command::new("node")
            .arg(Path::new(&folder).join("tests/it/harness/openid.mjs"))
            .args([&port.to_string(), redirect])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let mut told = BufReader::new(process.stdout.take().expect("it tells when it is there")).lines();
        let ready = timeout(Duration::from_secs(30), async {
            while let Some(line) = told.next_line().await.expect("it is there") {
                if line == "ready" {
                    return true;
                }
            }
            false
        });
        assert!(ready.await.unwrap_or(false), "the provider starts: `npm ci` installs it");
        Self { process, _told: told }
    }

    pub async fn end(mut self) {
        self.process.kill().await.expect("it can be ended");
    }
}

/// Somebody's browser at the provider, which may be logged in there already.
#[derive(Debug)]
pub struct AtProvider {
    http: Client,
    cookies: BTreeMap<String, String>,
    /// Whether a log-in was asked for on the last way through.
    pub asked: bool,
}

impl AtProvider {
    pub fn new() -> Self {
        let http = kernel::outbound::client(Duration::from_secs(30)).expect("a client can be made");
        Self { http, cookies: BTreeMap::new(), asked: false }
    }

    /// Logs in as `login` if asked, agrees to everything, and tells the address that leads back.
    pub async fn agree(&mut self, address: &str, login: &str) -> String {
        self.walk(address, Some(login)).await
    }

    /// Goes away from the first page that asks something.
    pub async fn cancel(&mut self, address: &str) -> String {
        self.walk(address, None).await
    }

    async fn walk(&mut self, address: &str, login: Option<&str>) -> String {
        let (origin, _) = split(address);
        self.asked = false;
        let (mut method, mut address, mut form) = (Method::GET, address.to_owned(), Vec::new());
        for _ in 0..20 {
            let (location, page) = self.send(method, &address, &form).await;
            if let Some(to) = location {
                let to = if to.starts_with('/') { format!("{origin}{to}") } else { to };
                if !to.starts_with(origin) {
                    return to;
                }
                (method, address, form) = (Method::GET, to, Vec::new());
                continue;
            }
            let Some(login) = login else {
                let abort = html::between(&page, "href=\"", "/abort\"").expect("a way to cancel").0;
                let abort = format!("{abort}/abort");
                address = if abort.starts_with('/') { format!("{origin}{abort}") } else { abort };
                (method, form) = (Method::GET, Vec::new());
                continue;
            };
            let action = html::between(&page, "action=\"", "\"").expect("a form").0.to_owned();
            let asks = page.contains("name=\"login\"");
            self.asked |= asks;
            form = if asks {
                vec![
                    ("prompt", "login".to_owned()),
                    ("login", login.to_owned()),
                    ("password", "x".to_owned()),
                ]
            } else {
                vec![("prompt", "consent".to_owned())]
            };
            address = if action.starts_with('/') { format!("{origin}{action}") } else { action };
            method = Method::POST;
        }
        panic!("no way back from {address}");
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        form: &[(&str, String)],
    ) -> (Option<String>, String) {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            self.http.request(method.clone(), address).header(header::COOKIE, cookies.join("; "));
        if method == Method::POST {
            request = request.form(form);
        }
        let response = request.send().await.expect("the provider answers");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("ASCII").split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        (to, response.text().await.expect("the answer is whole"))
    }
}

/// An address's origin, and the rest.
fn split(address: &str) -> (&str, &str) {
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    address.split_at(end)
}
