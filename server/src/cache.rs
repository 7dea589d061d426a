//! Pages that everybody sees the same: kept rendered and compressed for some seconds, dropped when
//! their project changes.

use crate::middleware::add_safety;
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use kernel::{Locale, ProjectId};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Lists show counts of many projects; nobody minds some seconds.
const LISTS: Duration = Duration::from_secs(5);
/// A project's page is dropped when the project changes; this is for the time left on it.
const PROJECTS: Duration = Duration::from_secs(30);
const MOST: usize = 2_000;

/// A rendered page.
#[derive(Debug)]
pub struct Kept {
    /// With the places for personal parts.
    pub skeleton: String,
    /// As nobody in particular sees it.
    plain: Form,
    brotli: Form,
    gzip: Form,
    etag: HeaderValue,
    about: Option<ProjectId>,
    until: Instant,
}

/// A body with the heads that go with it.
#[derive(Debug)]
struct Form {
    heads: HeaderMap,
    body: Bytes,
}

impl Kept {
    /// Heads and forms are made once, so that answering costs next to nothing.
    pub fn new(
        skeleton: String,
        plain: String,
        about: Option<ProjectId>,
        https: bool,
    ) -> std::io::Result<Self> {
        let digest = Sha256::digest(plain.as_bytes());
        let digest: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::from_str(&format!("\"{digest}\"")).map_err(std::io::Error::other)?;
        let mut brotli = Vec::new();
        // Quality 5 costs a millisecond and is within some per cent of 11.
        let params = BrotliEncoderParams { quality: 5, ..BrotliEncoderParams::default() };
        brotli::BrotliCompress(&mut plain.as_bytes(), &mut brotli, &params)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(plain.as_bytes())?;
        Ok(Self {
            skeleton,
            brotli: Form::new(brotli, Some("br"), &etag, https),
            gzip: Form::new(gzip.finish()?, Some("gzip"), &etag, https),
            plain: Form::new(plain.into_bytes(), None, &etag, https),
            etag,
            about,
            until: Instant::now() + if about.is_some() { PROJECTS } else { LISTS },
        })
    }

    /// The page for a reader who is not logged in, in a form that their browser takes.
    #[must_use]
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let accepts =
            asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let form = if accepts.contains("br") {
            &self.brotli
        } else if accepts.contains("gzip") {
            &self.gzip
        } else {
            &self.plain
        };
        let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == self.etag);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(form.body.clone()) });
        *response.headers_mut() = form.heads.clone();
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        response
    }
}

impl Form {
    fn new(body: Vec<u8>, encoding: Option<&'static str>, etag: &HeaderValue, https: bool) -> Self {
        let mut heads = HeaderMap::with_capacity(16);
        add_safety(&mut heads, https);
        heads.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        heads.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
        heads.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
        heads.insert(header::ETAG, etag.clone());
        if let Some(encoding) = encoding {
            heads.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Self { heads, body: body.into() }
    }
}

/// What a page is kept under: everything that its bytes depend on.
#[must_use]
pub fn key(origin: &str, locale: Locale, path: &str, query: Option<&str>) -> String {
    [origin, locale.tag(), path, "?", query.unwrap_or_default()].concat()
}

#[derive(Clone, Debug, Default)]
pub struct PageCache(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    pages: HashMap<String, Arc<Kept>>,
    /// When a project changed last, so that a page that was being rendered then is not kept.
    changed: HashMap<ProjectId, Instant>,
    cleared: Option<Instant>,
}

impl PageCache {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<Kept>> {
        self.with(|inner| inner.pages.get(key).filter(|page| page.until > Instant::now()).cloned())
    }

    /// Keeps a page whose rendering began at `since`, unless it was overtaken by a change.
    pub fn put(&self, key: String, page: Arc<Kept>, since: Instant) {
        self.with(|inner| {
            let changed = page.about.and_then(|project| inner.changed.get(&project).copied());
            if [changed, inner.cleared].into_iter().flatten().any(|at| at >= since) {
                return;
            }
            if inner.pages.len() >= MOST {
                let now = Instant::now();
                inner.pages.retain(|_, page| page.until > now);
                if inner.pages.len() >= MOST {
                    inner.pages.clear();
                }
            }
            inner.pages.insert(key, page);
        });
    }

    pub fn forget(&self, project: ProjectId) {
        self.with(|inner| {
            inner.pages.retain(|_, page| page.about != Some(project));
            if inner.changed.len() >= MOST {
                inner.changed.clear();
                inner.cleared = Some(Instant::now());
            }
            inner.changed.insert(project, Instant::now());
        });
    }

    pub fn clear(&self) {
        self.with(|inner| {
            inner.pages.clear();
            inner.cleared = Some(Instant::now());
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(about: Option<ProjectId>) -> Arc<Kept> {
        Arc::new(Kept::new("<p>a</p>".to_owned(), "<p>a</p>".to_owned(), about, false).unwrap())
    }

    #[test]
    fn a_change_drops_the_projects_page_and_no_other() {
        let cache = PageCache::default();
        let (one, two) = (ProjectId::new(), ProjectId::new());
        let since = Instant::now();
        cache.put("/projects/one".to_owned(), kept(Some(one)), since);
        cache.put("/projects/two".to_owned(), kept(Some(two)), since);
        cache.forget(one);
        assert!(cache.get("/projects/one").is_none());
        assert!(cache.get("/projects/two").is_some());
    }

    #[test]
    fn a_page_that_was_overtaken_by_a_change_is_not_kept() {
        let cache = PageCache::default();
        let project = ProjectId::new();
        let since = Instant::now();
        cache.forget(project);
        cache.put("/projects/one".to_owned(), kept(Some(project)), since);
        assert!(cache.get("/projects/one").is_none());
    }
}
