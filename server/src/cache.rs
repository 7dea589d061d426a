//! Pages that everybody sees the same: kept rendered and compressed for some seconds, dropped when
//! their project changes.

use crate::{middleware::add_safety, pages::form_pairs};
use app::shared_query;
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
/// Bytes of all kept pages together.
const MOST: usize = 64 * 1024 * 1024;
/// Changes of projects that are remembered.
const MOST_CHANGES: usize = 2_000;

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

/// The parts of a query that the page at `path` reads, in one order; None where no page is kept.
/// What somebody searches for is asked too seldom to be worth keeping.
fn canonical(path: &str, query: Option<&str>) -> Option<String> {
    let known = shared_query(path)?;
    let Some(query) = query.filter(|_| !known.is_empty()) else {
        return Some(String::new());
    };
    let pairs = form_pairs(query.as_bytes());
    let value = |name: &str| {
        let first = pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        first.filter(|value| !value.is_empty())
    };
    if value("q").is_some() {
        return None;
    }
    let mut canonical = url::form_urlencoded::Serializer::new(String::new());
    canonical.extend_pairs(known.iter().filter_map(|name| Some((name, value(name)?))));
    Some(canonical.finish())
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

    fn size(&self) -> usize {
        let forms = [&self.plain, &self.brotli, &self.gzip];
        self.skeleton.len() + forms.into_iter().map(|form| form.body.len()).sum::<usize>()
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

/// What a page is kept under: everything that its bytes depend on. None: it is not kept.
#[must_use]
pub fn key(origin: &str, locale: Locale, path: &str, query: Option<&str>) -> Option<String> {
    Some([origin, locale.tag(), path, "?", &canonical(path, query)?].concat())
}

#[derive(Clone, Debug, Default)]
pub struct PageCache(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    pages: HashMap<String, Arc<Kept>>,
    /// Bytes of all of them.
    size: usize,
    /// When a project changed last, so that a page that was being rendered then is not kept.
    changed: HashMap<ProjectId, Instant>,
    cleared: Option<Instant>,
}

impl Inner {
    fn retain(&mut self, stays: impl Fn(&Kept) -> bool) {
        self.pages.retain(|_, page| stays(page));
        self.size = self.pages.values().map(|page| page.size()).sum();
    }

    /// Drops what ran out; if that is not enough, what would run out next.
    fn make_room(&mut self, wanted: usize) {
        if self.size + wanted <= MOST {
            return;
        }
        let now = Instant::now();
        self.retain(|page| page.until > now);
        while self.size + wanted > MOST
            && let Some(next) = self.pages.values().map(|page| page.until).min()
        {
            self.retain(|page| page.until > next);
        }
    }
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
            inner.make_room(page.size());
            inner.size += page.size();
            if let Some(before) = inner.pages.insert(key, page) {
                inner.size -= before.size();
            }
        });
    }

    pub fn forget(&self, project: ProjectId) {
        self.with(|inner| {
            inner.retain(|page| page.about != Some(project));
            if inner.changed.len() >= MOST_CHANGES {
                inner.changed.clear();
                inner.cleared = Some(Instant::now());
            }
            inner.changed.insert(project, Instant::now());
        });
    }

    pub fn clear(&self) {
        self.with(|inner| {
            inner.retain(|_| false);
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

    #[test]
    fn the_pages_together_stay_below_their_bound_and_what_lasts_longer_stays() {
        let cache = PageCache::default();
        let noise: String =
            (0..400_000_u32).map(|n| char::from(b'!' + (n.wrapping_mul(n) % 83) as u8)).collect();
        let page = |about| Arc::new(Kept::new(noise.clone(), noise.clone(), about, false).unwrap());
        let since = Instant::now();
        cache.put("project".to_owned(), page(Some(ProjectId::new())), since);
        let list = page(None);
        for n in 0..200 {
            cache.put(format!("list {n}"), list.clone(), since);
        }

        assert!(cache.with(|inner| inner.size) <= MOST);
        assert!(
            cache.with(|inner| inner.size == inner.pages.values().map(|page| page.size()).sum::<usize>())
        );
        assert!(cache.get("project").is_some() && cache.get("list 199").is_some());
    }

    #[test]
    fn a_page_is_kept_once_whatever_is_added_to_its_address() {
        let key = |path, query| key("http://dure", Locale::Ko, path, query);
        let project = key("/projects/tea", None);
        assert!(project.is_some());
        for query in ["1", "utm_source=news", "form=x", "%00"] {
            assert_eq!(key("/projects/tea", Some(query)), project, "{query}");
        }
        assert_eq!(
            key("/discover", Some("x=1&sort=funded&category=food&sort=newest")),
            key("/discover", Some("category=food&q=&sort=funded")),
        );
        for (path, query) in [("/discover", Some("q=tea")), ("/account", None), ("/projects/tea/", None)] {
            assert_eq!(key(path, query), None, "{path}");
        }
    }
}
