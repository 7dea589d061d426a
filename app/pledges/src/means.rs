//! What the use cases of pledges work with: the data tier, the site and its gateway.

use kernel::{Refusal, db::Db, site::Site};
use leptos::prelude::use_context;
use payments::{Gateway, Till};
use std::sync::Arc;

#[derive(Clone)]
pub struct Means {
    pub db: Db,
    pub site: Site,
    pub gateway: Arc<dyn Gateway>,
}

impl Means {
    /// The means of the request that is being answered.
    pub fn current() -> Result<Self, Refusal> {
        let till = use_context::<Till>().ok_or_else(|| Refusal::internal(&"no till in the context"))?;
        Ok(Self { db: Db::current()?, site: Site::current()?, gateway: till.0 })
    }
}

impl std::fmt::Debug for Means {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Means({})", self.gateway.name())
    }
}
