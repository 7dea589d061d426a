//! What a creator settles about the money before the launch: the plan of fees, and what is promised if cards fail.

use crate::{Fees, SettlementError, early, plans::per_cent, rates_of, text};
use kernel::{Locale, Money, PlanId, Rate, Refusal, Viewer, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use projects::{FeePlan, FundingState, TermsNote, owned, owned_project, studio_nav};
use ui::{Field, FieldKind, FormMessage, LinkButton, Notice, Page, PageRequest, SubmitButton, TickField};

/// The project's creator, while it is a draft.
#[server]
pub async fn choose_terms(
    slug: String,
    #[server(default)] plan: String,
    #[server(default)] promise: String,
    #[server(default)] share: String,
) -> Result<(), SettlementError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let project = owned(&db, member.id, &slug).await?;
    if project.state != FundingState::Draft {
        return Err(SettlementError::WrongState);
    }
    let plan: PlanId = plan.parse().map_err(|_| SettlementError::PlanIsClosed)?;
    let share = match promise.as_str() {
        "true" => {
            let wrong = || Refusal::field("share", kernel::Fault::NotACount { min: 1, max: 100 });
            let share = per_cent(&share, 10_000).map_err(|_| wrong())?;
            Some(share).filter(|share| share.bp() >= 100).ok_or_else(wrong)?.into()
        }
        _ => None,
    };
    let mut connection = db.pool.acquire().await?;
    if !projects::store::choose_terms(&mut connection, project.id, plan, share).await? {
        return Err(SettlementError::PlanIsClosed);
    }
    ui::lead_to(&format!("/studio/{slug}/terms?saved=1"));
    Ok(())
}

/// What a plan comes to at a sum: an example before the launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub collected: Money,
    pub fees: Fees,
    pub net: Money,
    /// Of it, paid out early.
    pub early: Money,
    pub rest: Money,
}

impl Example {
    /// With everything collected and nothing given back.
    pub fn of(plan: &FeePlan, collected: Money) -> Result<Self, SettlementError> {
        let rates = rates_of(plan)?;
        let fees = Fees::of(collected, &rates);
        let net = collected.checked_sub(fees.total())?;
        let early = early(collected, Money::zero(collected.currency()), &rates)?.net;
        Ok(Self { collected, fees, net, early, rest: net.checked_sub(early)? })
    }
}

/// `/studio/{slug}/terms`
pub async fn terms_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let project = owned_project(req, slug).await?;
    let mut connection = req.db.pool.acquire().await?;
    let terms = projects::store::terms_of(&mut connection, project.id).await?;
    let open = projects::store::open_plans(&mut connection).await?;
    drop(connection);
    let form = req.form::<SettlementError>(ChooseTerms::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    let draft = project.state == FundingState::Draft;
    let example = project.goal.unwrap_or_else(|| Money::won(1_000_000));
    let has_goal = project.goal.is_some();
    Ok(Page::new(text::terms(l), move || {
        let nav = studio_nav(l, &project, "terms");
        let mut offered = open;
        // What was chosen and closed since can be kept.
        if let Some(kept) = terms.plan.clone().filter(|kept| offered.iter().all(|plan| plan.id != kept.id)) {
            offered.insert(0, kept);
        }
        let chosen = terms.plan.as_ref().or(offered.first()).map(|plan| plan.id);
        let chosen = form.value_or("plan", &chosen.map(|id| id.to_string()).unwrap_or_default());
        let shown: Vec<_> = if draft {
            offered
        } else {
            offered.into_iter().filter(|plan| plan.id.to_string() == chosen).collect()
        };
        let plans = shown
            .into_iter()
            .map(|plan| view! { <PlanChoice plan=plan example=example chosen=chosen.clone() free=draft /> })
            .collect_view();
        let share = terms.collected_share.map(|share| share.to_string().replace('%', "")).unwrap_or_default();
        let promised = terms.collected_share.is_some();
        let note = if has_goal { text::example_goal(l) } else { text::example_million(l) };
        let body = if draft {
            view! {
                <form class="form" method="post" action=ChooseTerms::PATH>
                    <FormMessage form=form.clone() />
                    <input type="hidden" name="slug" value=project.slug.clone() />
                    <fieldset class="choices">
                        <legend class="field__label">{text::choose_plan(l)}</legend>
                        {plans}
                    </fieldset>
                    <p class="quiet">{note}</p>
                    <h2>{text::promise(l)}</h2>
                    <p class="quiet">{text::promise_lead(l)}</p>
                    <TickField form=form.clone() name="promise" label=text::promise_tick(l) checked=promised />
                    <Field form=form name="share" label=text::promise_share(l) hint=text::promise_hint(l) value=share
                        kind=FieldKind::Number unit="%" maxlength=6 />
                    <p class="quiet">{text::frozen_later(l)}</p>
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
            }
            .into_any()
        } else {
            view! {
                <div class="choices">{plans}</div>
                <p class="quiet">{note}</p>
                <h2>{text::promise(l)}</h2>
                <TermsNote terms=terms.clone() />
                <p class="quiet">{text::frozen(l)}</p>
            }
            .into_any()
        };
        view! {
            {nav}
            <section class="sheet sheet--wide">
                <h1>{text::terms(l)}</h1>
                <p class="quiet">{text::terms_lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {body}
                <h2>{text::account(l)}</h2>
                <p class="quiet">{text::account_lead(l)}</p>
                <p><LinkButton href=l.path("/account/payout") label=text::account(l) class="button--quiet" /></p>
            </section>
        }
    }))
}

/// A plan with what it comes to.
#[component]
fn PlanChoice(plan: FeePlan, example: Money, chosen: String, free: bool) -> impl IntoView {
    let l = ui::use_locale();
    let id = plan.id.to_string();
    let checked = id == chosen;
    let worked = Example::of(&plan, example)
        .ok()
        .map(|example| view! { <Worked example=example plan=plan.clone() /> });
    let head = view! {
        <span class="choice__title"><strong>{plan.name(l).to_owned()}</strong></span>
        <span class="choice__text">{plan.about(l).to_owned()}</span>
    };
    if free {
        view! {
            <label class="choice">
                <input type="radio" name="plan" value=id checked=checked />
                <span class="choice__body">{head} {worked}</span>
            </label>
        }
        .into_any()
    } else {
        view! { <div class="choice choice--only"><span class="choice__body">{head} {worked}</span></div> }
            .into_any()
    }
}

fn with_rate(label: &'static str, rate: Rate) -> String {
    format!("{label} {rate}")
}

/// The example's lines.
#[component]
fn Worked(example: Example, plan: FeePlan) -> impl IntoView {
    let l: Locale = ui::use_locale();
    let minus = |money: Money| Money::new(-money.minor(), money.currency());
    let rows = [
        (text::if_collected(l).to_owned(), example.collected),
        (with_rate(text::platform_fee(l), plan.platform), minus(example.fees.platform)),
        (with_rate(text::payment_fee(l), plan.payment), minus(example.fees.payment)),
        (with_rate(text::vat(l), plan.vat), minus(example.fees.vat)),
        (text::you_get(l).to_owned(), example.net),
        (text::first_part(l, plan.early_days), example.early),
        (text::rest_part(l, plan.final_days), example.rest),
    ];
    let rows = rows.into_iter().filter(|(_, money)| money.minor() != 0).map(|(label, money)| {
        view! { <span class="worked__line"><span>{label}</span><span>{money.show(l)}</span></span> }
    });
    view! { <span class="worked">{rows.collect_view()}</span> }
}
