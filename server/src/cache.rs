//! Pages that everybody sees the same: kept rendered and compressed for some seconds, dropped when
//! their project changes.

use axum::body::Bytes;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use kernel::ProjectId;
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
    pub plain: Bytes,
    pub brotli: Bytes,
    pub gzip: Bytes,
    pub etag: String,
    about: Option<ProjectId>,
    until: Instant,
}

impl Kept {
    pub fn new(skeleton: String, plain: String, about: Option<ProjectId>) -> std::io::Result<Self> {
        let digest = Sha256::digest(plain.as_bytes());
        let etag =
            format!("\"{}\"", digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect::<String>());
        let mut brotli = Vec::new();
        // Quality 5 costs a millisecond and is within some per cent of 11.
        let params = BrotliEncoderParams { quality: 5, ..BrotliEncoderParams::default() };
        brotli::BrotliCompress(&mut plain.as_bytes(), &mut brotli, &params)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(plain.as_bytes())?;
        Ok(Self {
            skeleton,
            brotli: brotli.into(),
            gzip: gzip.finish()?.into(),
            plain: plain.into(),
            etag,
            about,
            until: Instant::now() + if about.is_some() { PROJECTS } else { LISTS },
        })
    }
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
        Arc::new(Kept::new("<p>a</p>".to_owned(), "<p>a</p>".to_owned(), about).unwrap())
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
