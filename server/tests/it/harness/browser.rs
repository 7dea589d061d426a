//! A browser without JavaScript: cookies, redirects, and the heads that tell where a form stands.

use crate::harness::html;
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use reqwest::{Client, RequestBuilder};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// Browsers of a process; each has an address of its own, as people do.
static BROWSERS: AtomicU32 = AtomicU32::new(1);

#[derive(Clone, Debug)]
pub struct Browser {
    http: Client,
    base: String,
    address: String,
    pub cookies: BTreeMap<String, String>,
    /// The page that is open, with its query.
    pub here: String,
}

/// What came back in the end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub bytes: Bytes,
    /// Path and query of the page.
    pub address: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    pub fn alerts(&self) -> Vec<String> {
        html::alerts(&self.text)
    }

    pub fn field_error(&self, name: &str) -> Option<String> {
        html::field_error(&self.text, name)
    }

    pub fn value_of(&self, name: &str) -> Option<String> {
        html::value_of(&self.text, name)
    }

    pub fn tags(&self) -> Vec<String> {
        html::tags(&self.text)
    }

    /// What stands between two markers, first found.
    pub fn between(&self, start: &str, end: &str) -> Option<String> {
        html::between(&self.text, start, end).map(|(inner, _)| html::unescaped(inner))
    }

    /// The recovery codes that a page shows.
    pub fn recovery_codes(&self) -> Vec<String> {
        let list = self.between("<ul class=\"recovery-codes\">", "</ul>").expect("the codes are shown");
        list.split("<code>").skip(1).filter_map(|part| part.split('<').next()).map(str::to_owned).collect()
    }

    /// The page's text without markup, with single spaces.
    pub fn words(&self) -> String {
        html::without_tags(&self.text)
    }
}

impl Browser {
    pub fn at(base: &str) -> Self {
        let n = BROWSERS.fetch_add(1, Ordering::Relaxed);
        let http = kernel::outbound::client(Duration::from_secs(120)).expect("a client can be made");
        Self {
            http,
            base: base.to_owned(),
            address: format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255),
            cookies: BTreeMap::new(),
            here: "/".to_owned(),
        }
    }

    /// The same browser at another replica.
    pub fn over_to(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A bare request with this browser's cookies and client address.
    pub fn request(&self, method: Method, address: &str) -> RequestBuilder {
        let path = address.strip_prefix(&self.base).unwrap_or(address);
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.header("x-forwarded-for", &self.address).header(header::ACCEPT, "text/html");
        if self.cookies.is_empty() {
            return request;
        }
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(header::COOKIE, cookies.join("; "))
    }

    /// A POST as a form of the open page sends it.
    pub fn post(&self, action: &str) -> RequestBuilder {
        self.request(Method::POST, action)
            .header(header::REFERER, format!("{}{}", self.base, self.here))
            .header(header::ORIGIN, &self.base)
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends without following.
    pub async fn send(&mut self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("the server answers");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("cookies are ASCII");
            let (pair, flags) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            if flags.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let url = response.url();
        let address =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("the answer is whole");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, headers, text, bytes, address }
    }

    /// Goes where the answer leads, and opens the page there.
    pub async fn follow(&mut self, mut answer: Answer) -> Answer {
        let mut hops = 0;
        while (300..400).contains(&answer.status) && answer.status != 304 {
            hops += 1;
            assert!(hops < 10, "a ring of redirects at {}", answer.address);
            let to = answer.header("location").to_owned();
            answer = self.send(self.request(Method::GET, &to)).await;
        }
        self.here.clone_from(&answer.address);
        answer
    }

    pub async fn get(&mut self, address: &str) -> Answer {
        let answer = self.send(self.request(Method::GET, address)).await;
        self.follow(answer).await
    }

    /// Sends a form of the open page and opens what comes.
    pub async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.send(self.post(action).form(fields)).await;
        self.follow(answer).await
    }

    /// Sends a form and stays, to look at the answer itself.
    pub async fn submit_and_stay(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.post(action).form(fields)).await
    }

    /// Opens the page of a mailed link that confirms an address, and presses its button.
    pub async fn confirms(&mut self, link: &str) -> Answer {
        let next = self.get(link).await.value_of("next").unwrap_or_default();
        let of = |name: &str| link.split_once(name).and_then(|(_, rest)| rest.split('&').next());
        let change = of("change=");
        let secret = change.or(of("token=")).expect("a secret");
        let function = match change {
            Some(_) => "/api/accounts/security/email/confirm_change",
            None => "/api/accounts/confirm/confirm_email",
        };
        self.submit(function, &[("token", secret), ("next", &next)]).await
    }

    /// Calls a server function as a script does: the answer is JSON with the right status.
    pub async fn call(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.post(action).form(fields).build().expect("a request");
        let mut request = request;
        request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
        let request = RequestBuilder::from_parts(self.http.clone(), request);
        self.send(request).await
    }

    /// Sends one file as a multipart form and opens what comes.
    pub async fn upload(&mut self, action: &str, name: &str, file: &[u8]) -> Answer {
        let (content_type, body) = body_of(&[part(name, "file.png", file)]);
        let request = self.post(action).header(header::CONTENT_TYPE, content_type).body(body);
        let answer = self.send(request).await;
        self.follow(answer).await
    }
}

const BOUNDARY: &str = "two-parts-of-a-form";

/// One part of a multipart form.
pub fn part(name: &str, file: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "content-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    [head.as_bytes(), bytes].concat()
}

/// A multipart form: its content type and its body.
pub fn body_of(parts: &[Vec<u8>]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
