//! What the use cases of pledges work with: the data tier, the site and its till.

use kernel::{Refusal, db::Db, site::Site};
use leptos::prelude::use_context;
use payments::Till;

#[derive(Clone, Debug)]
pub struct Means {
    pub db: Db,
    pub site: Site,
    pub till: Till,
}

impl Means {
    /// The means of the request that is being answered.
    pub fn current() -> Result<Self, Refusal> {
        let till = use_context::<Till>().ok_or_else(|| Refusal::internal(&"no till in the context"))?;
        Ok(Self { db: Db::current()?, site: Site::current()?, till })
    }
}
