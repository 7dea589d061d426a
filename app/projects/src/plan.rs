//! What a project pays in fees, and what its creator promised about the money: chosen before the launch.

#![cfg(feature = "ssr")]

use crate::text;
use chrono::{DateTime, Utc};
use kernel::{Locale, PlanId, Rate};
use leptos::prelude::*;

/// A plan with its fees. It is never changed: another one is a new version.
#[derive(Clone, Debug)]
pub struct FeePlan {
    pub id: PlanId,
    pub code: String,
    pub version: i32,
    pub name: (String, String),
    pub about: (String, String),
    /// Of what was collected and not given back.
    pub platform: Rate,
    pub payment: Rate,
    /// Of the two fees.
    pub vat: Rate,
    /// What may be paid out before delivery.
    pub early: Rate,
    /// Business days after the last run until the early share.
    pub early_days: i32,
    /// Calendar days after the last run until the rest.
    pub final_days: i32,
    /// Offered to new projects until then.
    pub closed_at: Option<DateTime<Utc>>,
}

impl FeePlan {
    #[must_use]
    pub fn name(&self, l: Locale) -> &str {
        l.pick(&self.name.0, &self.name.1)
    }

    #[must_use]
    pub fn about(&self, l: Locale) -> &str {
        l.pick(&self.about.0, &self.about.1)
    }
}

/// What is settled about a project's money before anybody pledges.
#[derive(Clone, Debug)]
pub struct MoneyTerms {
    /// None: a draft whose creator has not chosen one.
    pub plan: Option<FeePlan>,
    /// Everybody is refunded if less than this part of the goal was really collected.
    pub collected_share: Option<Rate>,
}

/// What backers read before they pledge: what the platform keeps, and what is promised if cards fail.
#[component]
pub fn TermsNote(terms: MoneyTerms) -> impl IntoView {
    let l = ui::use_locale();
    let fees = terms.plan.map(|plan| text::terms_fees(l, plan.platform, plan.payment, plan.vat));
    let share = match terms.collected_share {
        Some(share) => text::terms_share(l, share),
        None => text::terms_no_share(l).to_owned(),
    };
    view! {
        <ul class="terms-note">
            <li>{share}</li>
            {fees.map(|fees| view! { <li>{fees}</li> })}
        </ul>
    }
}
