//! Every address of the site, one table. Korean at the root; the server has taken `/en` off.

use crate::pages;
use kernel::Refusal;
use pledges::Means;
use ui::{Page, PageRequest};

/// A page, and whether everybody sees the same one.
#[derive(Debug)]
pub struct Found {
    pub page: Page,
    pub shared: Shared,
}

/// Whether a page may be kept and shown to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The same for everybody, but for the personal parts that are put in later.
    Yes,
    No,
}

/// The page at an address.
pub async fn find(req: &PageRequest, means: &Means) -> Result<Found, Refusal> {
    let shared = |page| Found { page, shared: Shared::Yes };
    let own = |page| Found { page, shared: Shared::No };
    let segments: Vec<&str> = req.path.trim_matches('/').split('/').collect();
    Ok(match segments.as_slice() {
        [""] => shared(projects::home_page(req).await?),
        ["discover"] => shared(projects::discover_page(req).await?),
        ["projects", slug] => pages::project::project_page(req, slug).await?,
        ["projects", slug, "pledge"] => own(pledges::checkout_page(req, slug).await?),
        ["people", handle] => shared(pages::person::person_page(req, handle).await?),

        ["signup"] => own(accounts::sign_up_page(req).await?),
        ["login"] => own(accounts::log_in_page(req).await?),
        ["confirm-email"] => own(accounts::confirm_page(req).await?),
        ["account"] => own(accounts::account_page(req).await?),
        ["account", "pledges"] => own(pledges::pledges_page(req).await?),
        ["account", "pledges", id] => own(pledges::pledge_page(req, means, id).await?),

        ["studio"] => own(projects::studio_page(req).await?),
        ["studio", "new"] => own(projects::new_page(req).await?),
        ["studio", slug] => own(pages::studio::overview_page(req, slug).await?),
        ["studio", slug, "edit"] => own(projects::edit_page(req, slug).await?),
        ["studio", slug, "rewards"] => own(rewards::rewards_page(req, slug).await?),

        _ => return Err(Refusal::NotFound),
    })
}

impl Found {
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared == Shared::Yes
    }
}
