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

        ["terms"] => shared(pages::legal::terms_page(req)?),
        ["privacy"] => shared(pages::legal::privacy_page(req)?),
        ["unsubscribe"] => own(accounts::unsubscribe_page(req).await?),
        ["signup"] => own(accounts::sign_up_page(req).await?),
        ["signup", "with"] => own(accounts::arrival_page(req).await?),
        ["login"] => own(accounts::log_in_page(req).await?),
        ["login", "code"] => own(accounts::second_factor_page(req).await?),
        ["find-id"] => own(accounts::find_id_page(req).await?),
        ["reset-password"] => own(accounts::reset_page(req).await?),
        ["undo-factor"] => own(accounts::undo_factor_page(req).await?),
        ["undo-email"] => own(accounts::undo_page(req).await?),
        ["confirm-email"] => own(accounts::confirm_page(req).await?),
        ["account"] => own(accounts::account_page(req).await?),
        ["account", "addresses"] => own(accounts::addresses_page(req).await?),
        ["account", "close"] => own(pages::close::close_page(req).await?),
        ["account", "payout"] => own(settlement::account_page(req).await?),
        ["account", "profile"] => own(accounts::profile_page(req).await?),
        ["account", "prove"] => own(accounts::prove_page(req).await?),
        ["account", "security"] => own(accounts::security_page(req).await?),
        ["account", "security", "passkeys"] => own(accounts::passkeys_page(req).await?),
        ["account", "security", "providers"] => own(accounts::providers_page(req).await?),
        ["account", "security", "recovery-codes"] => own(accounts::recovery_page(req).await?),
        ["account", "security", "totp"] => own(accounts::totp_page(req).await?),
        ["account", "notifications"] => own(accounts::notifications_page(req).await?),
        ["account", "pledges"] => own(pledges::pledges_page(req).await?),
        ["account", "pledges", id, "receipt"] => own(settlement::receipt_page(req, id).await?),
        ["account", "pledges", id] => own(pages::pledge::pledge_page(req, means, id).await?),
        ["account", "pledges", id, "change"] => own(pledges::change_page(req, id).await?),

        ["admin"] => own(pages::admin::overview_page(req).await?),
        ["admin", "deposits"] => own(pages::admin::deposits_page(req).await?),
        ["account", "pledges", id, "refund-account"] => own(refunds::refund_account_page(req, id).await?),
        ["admin", "transfers"] => own(pages::admin::transfers_page(req).await?),
        ["admin", "disputes"] => own(pages::admin::disputes_page(req).await?),
        ["admin", "refunds"] => own(pages::admin::refunds_page(req).await?),
        ["admin", "refunds", "pledges", id] => own(pages::admin::refund_pledge_page(req, id).await?),
        ["admin", "accounts"] => own(pages::admin::receiving_page(req).await?),
        ["admin", "log"] => own(pages::admin::log_page(req).await?),

        ["admin", "money"] => own(pages::admin::money_page(req).await?),
        ["admin", "payouts"] => own(pages::admin::payouts_page(req).await?),
        ["admin", "reconciliation"] => own(pages::admin::reconciliation_page(req, &means.till).await?),
        ["admin", "receipts"] => own(pages::admin::receipts_page(req).await?),
        ["admin", "plans"] => own(pages::admin::plans_page(req).await?),

        ["studio"] => own(projects::studio_page(req).await?),
        ["studio", "new"] => own(projects::new_page(req).await?),
        ["studio", slug] => own(pages::studio::overview_page(req, slug).await?),
        ["studio", slug, "edit"] => own(projects::edit_page(req, slug).await?),
        ["studio", slug, "payouts"] => own(settlement::payouts_page(req, slug).await?),
        ["studio", slug, "terms"] => own(settlement::terms_page(req, slug).await?),
        ["studio", slug, "rewards"] => own(rewards::rewards_page(req, slug).await?),
        ["studio", slug, "shipping"] => own(rewards::shipping_page(req, slug).await?),

        _ => return Err(Refusal::NotFound),
    })
}

/// Every address of [`find`] as logs and metrics name it.
pub const PATTERNS: &[&str] = &[
    "/",
    "/discover",
    "/projects/{}",
    "/projects/{}/pledge",
    "/people/{}",
    "/terms",
    "/privacy",
    "/unsubscribe",
    "/signup",
    "/signup/with",
    "/login",
    "/login/code",
    "/undo-email",
    "/undo-factor",
    "/confirm-email",
    "/find-id",
    "/reset-password",
    "/account",
    "/account/addresses",
    "/account/close",
    "/account/payout",
    "/account/profile",
    "/account/prove",
    "/account/notifications",
    "/account/pledges",
    "/account/pledges/{}",
    "/account/pledges/{}/receipt",
    "/account/pledges/{}/change",
    "/account/security",
    "/account/security/passkeys",
    "/account/security/providers",
    "/account/security/recovery-codes",
    "/account/security/totp",
    "/admin",
    "/admin/deposits",
    "/account/pledges/{}/refund-account",
    "/admin/transfers",
    "/admin/disputes",
    "/admin/refunds",
    "/admin/refunds/pledges/{}",
    "/admin/accounts",
    "/admin/log",
    "/admin/money",
    "/admin/payouts",
    "/admin/plans",
    "/admin/receipts",
    "/admin/reconciliation",
    "/studio",
    "/studio/new",
    "/studio/{}",
    "/studio/{}/edit",
    "/studio/{}/payouts",
    "/studio/{}/rewards",
    "/studio/{}/terms",
    "/studio/{}/shipping",
];

/// The pattern of an address, of which there are few, whatever people ask for.
#[must_use]
pub fn pattern(path: &str) -> &'static str {
    let fits = |pattern: &&&str| {
        let (asked, known) = (path.trim_matches('/').split('/'), pattern.trim_matches('/').split('/'));
        asked.clone().count() == known.clone().count()
            && asked.zip(known).all(|(asked, known)| known == "{}" || asked == known)
    };
    PATTERNS.iter().find(fits).copied().unwrap_or("nowhere")
}

/// The parameters that a shared page reads; whatever else a query holds is left out before the page is
/// made, so that all such addresses are one. None: nothing at this address is shared.
#[must_use]
pub fn shared_query(path: &str) -> Option<&'static [&'static str]> {
    let segments = path.strip_prefix('/')?;
    match segments.split_once('/') {
        None if segments.is_empty() => Some(&[]),
        None if matches!(segments, "terms" | "privacy") => Some(&[]),
        None if segments == "discover" => Some(&["q", "category", "funding", "production", "sort", "page"]),
        Some(("projects" | "people", name)) if !name.is_empty() && !name.contains('/') => Some(&[]),
        _ => None,
    }
}

impl Found {
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared == Shared::Yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_a_pattern_and_nothing_else_has_one() {
        let arms = include_str!("routes.rs").lines().map(str::trim).filter(|line| line.starts_with('['));
        let arms = arms.filter_map(|line| line.strip_prefix('[')?.split_once("] =>").map(|(arm, _)| arm));
        let mut known = 0;
        for arm in arms {
            let parts = arm.split(", ").map(|part| match part.strip_prefix('"') {
                Some(part) => part.trim_end_matches('"'),
                None => "{}",
            });
            let address = format!("/{}", parts.collect::<Vec<_>>().join("/"));
            assert_eq!(pattern(&address), address);
            known += 1;
        }
        assert!(known > 10);
        assert_eq!(pattern("/projects/tea/pledge"), "/projects/{}/pledge");
        assert_eq!(pattern("/wp-admin/1"), "nowhere");
    }
}
