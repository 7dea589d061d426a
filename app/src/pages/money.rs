//! What became of a project's money, for everybody to see and to recompute.

use crate::text;
use chrono::{DateTime, Utc};
use kernel::{Money, ProjectId, Refusal, Zone};
use ledger::ProjectMoney;
use leptos::prelude::*;
use projects::{FundingState, LiveProject, LiveTruth, Project};
use sqlx::PgConnection;

/// The truth about a project's money, as the pledges and the ledger have it.
pub struct Truth {
    live: LiveProject,
    project: ProjectId,
    money: ProjectMoney,
    state: FundingState,
    slug: String,
    balanced_at: Option<DateTime<Utc>>,
}

impl Truth {
    /// Nothing before money has moved.
    pub async fn of(
        db: &mut PgConnection,
        project: &Project,
        live: &LiveProject,
    ) -> Result<Option<Self>, Refusal> {
        let refunded = project.state == FundingState::Unfunded && live.figures.collected.minor() > 0;
        let after = matches!(project.state, FundingState::Collecting | FundingState::Funded) || refunded;
        if !after {
            return Ok(None);
        }
        let money = ledger::project_money(&mut *db, project.id, project.currency).await?;
        let balanced_at = ledger::last_balanced(db).await?;
        let (live, id) = (live.clone(), project.id);
        Ok(Some(Self {
            live,
            project: id,
            money,
            state: project.state,
            slug: project.slug.clone(),
            balanced_at,
        }))
    }
}

#[component]
pub fn MoneyTruth(truth: Truth) -> impl IntoView {
    let l = ui::use_locale();
    let Truth { live, project, money, state, slug, balanced_at } = truth;
    let some = |amount: Money| amount.minor() != 0;
    let rows = [
        (text::truth_refunded(l), money.refunded, some(money.refunded)),
        (text::truth_taken_back(l), money.taken_back, some(money.taken_back)),
        (text::truth_fees(l), money.fees, state == FundingState::Funded),
        (text::truth_paid_out(l), money.paid_out, state == FundingState::Funded),
    ];
    let rows = rows
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(label, money, _)| view! { <div><dt>{label}</dt><dd>{money.show(l)}</dd></div> })
        .collect::<Vec<_>>();
    // A page that everybody sees tells Korean time.
    let balanced = balanced_at.map(|at| text::truth_balanced(l, Zone::default().date_time(l, at)));
    view! {
        <section class="truth" aria-label=text::truth_title(l)>
            <h2>{text::truth_title(l)}</h2>
            <LiveTruth locale=l project=project live=live />
            {(!rows.is_empty()).then(|| view! { <dl class="facts">{rows}</dl> })}
            <p class="quiet">
                {text::truth_books(l)} " "
                <a href=format!("/projects/{slug}/ledger.jsonl")>{text::truth_download(l)}</a>
            </p>
            <details class="truth__verify">
                <summary>{text::truth_how(l)}</summary>
                <p>{text::truth_verify(l)}</p>
                <p><code>"dure ledger verify ledger.jsonl"</code></p>
            </details>
            {balanced.map(|sentence| view! { <p class="quiet">{sentence}</p> })}
        </section>
    }
}
