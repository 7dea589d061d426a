//! Gateways' books beside ours: every comparison, and every difference until somebody explains it.

use super::{framed, money_text as text};
use accounts::operators::{Role, require_role, require_role_of};
use chrono::TimeDelta;
use kernel::{Calendar, FormState, Refusal, Zone, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use payments::{ListedComparison, ListedDifference, Till};
use pledges::Means;
use settlement::SettlementError;
use ui::{Field, FieldKind, FormMessage, Nothing, Notice, Page, PageRequest, SelectField, SubmitButton, Tag};

/// Lines of each list.
const MOST: i64 = 100;

/// Finance.
#[server]
pub async fn reconcile_days(
    #[server(default)] gateway: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
) -> Result<(), SettlementError> {
    let means = Means::current()?;
    let operator = require_role(&means.db, &[Role::Finance]).await?;
    settlement::ask(&means, &operator, &gateway, &from, &to).await?;
    ui::lead_to("/admin/reconciliation?asked=1");
    Ok(())
}

/// Finance.
#[server]
pub async fn explain_difference(
    #[server(default)] difference: String,
    #[server(default)] explanation: String,
) -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let difference: i64 = difference.parse().map_err(|_| Refusal::NotFound)?;
    settlement::explain(&db, &operator, difference, &explanation).await?;
    ui::lead_to("/admin/reconciliation?saved=1");
    Ok(())
}

/// `/admin/reconciliation`
pub async fn reconciliation_page(req: &PageRequest, till: &Till) -> Result<Page, Refusal> {
    let (l, zone, pool) = (req.locale, req.zone(), &req.db.pool);
    let operator = require_role_of(req, &[Role::Finance]).await?;
    let made = payments::comparisons(pool, MOST).await?;
    let found = payments::differences(pool, MOST).await?;
    let gateways: Vec<_> = till.names().map(|name| (name.to_owned(), name.to_owned())).collect();
    let form = req.form::<SettlementError>(ReconcileDays::PATH);
    let explaining = req.form::<SettlementError>(ExplainDifference::PATH);
    let told = [("asked", text::asked(l)), ("saved", text::saved(l))]
        .into_iter()
        .find_map(|(name, sentence)| (req.query(name).is_some() && req.typed.is_none()).then_some(sentence));
    let yesterday = (Calendar::day_of(req.db.now()) - TimeDelta::days(1)).to_string();
    Ok(framed(req, &operator, text::reconciliation(l), move || {
        let none = found.is_empty();
        let found = found
            .into_iter()
            .map(|row| view! { <li><Found row=row zone=zone form=explaining.clone() /></li> })
            .collect_view();
        view! {
            {told.map(|sentence| view! { <Notice tone="good" text=sentence /> })}
            <section>
                <h2>{text::differences(l)}</h2>
                {if none {
                    view! { <Nothing text=text::no_differences(l) /> }.into_any()
                } else {
                    view! { <ul class="admin__cards">{found}</ul> }.into_any()
                }}
            </section>
            <section>
                <h2 id="ask">{text::compare_now(l)}</h2>
                <p class="quiet">{text::compare_lead(l)}</p>
                <form class="form" method="post" action=ReconcileDays::PATH aria-labelledby="ask">
                    <FormMessage form=form.clone() />
                    <SelectField form=form.clone() name="gateway" label=text::gateway(l) choices=gateways />
                    <div class="form__pair">
                        <Field form=form.clone() name="from" label=text::from_day(l) value=yesterday.clone() kind=FieldKind::Date required=true />
                        <Field form=form name="to" label=text::to_day(l) value=yesterday kind=FieldKind::Date required=true />
                    </div>
                    <SubmitButton label=text::compare(l) />
                </form>
            </section>
            <section>
                <h2>{text::comparisons(l)}</h2>
                <Comparisons made=made zone=zone />
            </section>
        }
    }))
}

#[component]
fn Found(row: ListedDifference, zone: Zone, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let id = row.id.to_string();
    let form = if form.typed("difference") == Some(id.as_str()) { form } else { FormState::default() };
    let open = row.explained.is_none();
    let or_nothing = |amount: String| if amount.is_empty() { text::nothing(l).to_owned() } else { amount };
    let (tone, state) = if open { ("bad", text::to_explain(l)) } else { ("good", text::explained(l)) };
    let way = open.then(|| {
        view! {
            <form class="form" method="post" action=ExplainDifference::PATH>
                <FormMessage form=form.clone() />
                <input type="hidden" name="difference" value=id.clone() />
                <Field form=form name="explanation" label=text::explanation(l) required=true maxlength=500 id_prefix=id />
                <SubmitButton label=text::explain(l) />
            </form>
        }
    });
    view! {
        <article class="admin__card">
            <h3>{text::difference_kind(l, &row.kind)} " · " {text::movement(l, &row.what)} " · " {row.gateway}</h3>
            <p><Tag text=state tone=tone /> " " <span class="quiet">{zone.date_time(l, row.found_at)}</span></p>
            <dl class="facts">
                <div><dt>{text::reference(l)}</dt><dd><code>{row.reference}</code></dd></div>
                <div><dt>{text::theirs(l)}</dt><dd>{or_nothing(row.theirs)}</dd></div>
                <div><dt>{text::ours_say(l)}</dt><dd>{or_nothing(row.ours)}</dd></div>
            </dl>
            {(!row.explanation.is_empty()).then(|| view! { <p>{row.explanation.clone()}</p> })}
            {way}
        </article>
    }
}

#[component]
fn Comparisons(made: Vec<ListedComparison>, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    if made.is_empty() {
        return view! { <Nothing text=text::none_compared(l) /> }.into_any();
    }
    let rows = made.into_iter().map(|made| {
        let bad = (made.differences > 0).then_some("admin__bad");
        let days = if made.from == made.to { made.from.to_string() } else { format!("{} – {}", made.from, made.to) };
        view! {
            <li class="admin__card">
                <h3>{made.gateway} " · " {days}</h3>
                <dl class="facts">
                    <div><dt>{text::checked_at(l)}</dt><dd>{zone.date_time(l, made.began_at)}</dd></div>
                    <div><dt>{text::rows_there(l)}</dt><dd>{made.rows_there}</dd></div>
                    <div><dt>{text::rows_here(l)}</dt><dd>{made.rows_here}</dd></div>
                    <div><dt>{text::differences(l)}</dt><dd class=bad>{made.differences}</dd></div>
                </dl>
                {(!made.error.is_empty()).then(|| view! { <p class="notice notice--bad">{made.error.clone()}</p> })}
            </li>
        }
    });
    view! { <ul class="admin__cards">{rows.collect_view()}</ul> }.into_any()
}
