//! Plans of fees: what is offered, what was, and new versions.

use super::{framed, money_text as text};
use accounts::operators::{Role, require_role, require_role_of};
use kernel::{FormState, Locale, PlanId, Rate, Refusal, db::Db};
use leptos::{prelude::*, server_fn::ServerFn};
use projects::FeePlan;
use settlement::{PlanForm, SettlementError};
use ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton, Tag};

/// Finance.
#[server]
pub async fn add_plan(#[server(flatten)] form: PlanForm) -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    settlement::add_version(&db, &operator, &form.checked()?).await?;
    ui::lead_to("/admin/plans?saved=1");
    Ok(())
}

/// Finance.
#[server]
pub async fn close_plan(#[server(default)] plan: String) -> Result<(), SettlementError> {
    let db = Db::current()?;
    let operator = require_role(&db, &[Role::Finance]).await?;
    let plan: PlanId = plan.parse().map_err(|_| Refusal::NotFound)?;
    settlement::close_plan(&db, &operator, plan).await?;
    ui::lead_to("/admin/plans?saved=1");
    Ok(())
}

/// `/admin/plans`; with `?of=code` the form begins with that plan.
pub async fn plans_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let operator = require_role_of(req, &[Role::Finance]).await?;
    let plans = projects::store::plans(&mut *req.db.pool.acquire().await?).await?;
    let form = req.form::<SettlementError>(AddPlan::PATH);
    let closing = req.form::<SettlementError>(ClosePlan::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    let of = form.value_or("code", req.query("of").unwrap_or_default());
    let start = plans.iter().find(|plan| plan.code == of).cloned();
    Ok(framed(req, &operator, text::plans(l), move || {
        let rows = plans.into_iter().map(|plan| view! { <li><PlanRow plan=plan /></li> }).collect_view();
        view! {
            {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
            <FormMessage form=closing />
            <ul class="admin__cards">{rows}</ul>
            <section>
                <h2 id="new">{text::new_version(l)}</h2>
                <p class="quiet">{text::new_version_lead(l)}</p>
                <form class="form" method="post" action=AddPlan::PATH aria-labelledby="new">
                    <PlanFields form=form start=start />
                    <SubmitButton label=text::offer(l) />
                </form>
            </section>
        }
    }))
}

#[component]
fn PlanRow(plan: FeePlan) -> impl IntoView {
    let l = ui::use_locale();
    let open = plan.closed_at.is_none();
    let facts = [
        (text::platform_fee(l), plan.platform.to_string()),
        (text::payment_fee(l), plan.payment.to_string()),
        (text::vat(l), plan.vat.to_string()),
        (text::early(l), text::early_value(l, plan.early, plan.early_days)),
        (text::rest(l), text::rest_value(l, plan.final_days)),
    ];
    let facts = facts.map(|(term, value)| view! { <div><dt>{term}</dt><dd>{value}</dd></div> });
    view! {
        <article class="admin__card">
            <h3>
                {plan.name(l).to_owned()} " "
                <span class="quiet">{plan.code.clone()} " v" {plan.version}</span> " "
                {if open {
                    view! { <Tag text=text::offered(l) tone="good" /> }
                } else {
                    view! { <Tag text=text::closed(l) tone="plain" /> }
                }}
            </h3>
            <p>{plan.about(l).to_owned()}</p>
            <dl class="facts">{facts.into_iter().collect_view()}</dl>
            <div class="ways">
                <a class="button button--quiet" href=l.path(&format!("/admin/plans?of={}#new", plan.code))>{text::make_version(l)}</a>
                {open.then(|| view! {
                    <form method="post" action=ClosePlan::PATH>
                        <input type="hidden" name="plan" value=plan.id.to_string() />
                        <SubmitButton label=text::close(l) class="button--danger" />
                    </form>
                })}
            </div>
        </article>
    }
}

#[component]
fn PlanFields(form: FormState, start: Option<FeePlan>) -> impl IntoView {
    let l: Locale = ui::use_locale();
    let of = |read: &dyn Fn(&FeePlan) -> String| start.as_ref().map(read).unwrap_or_default();
    let bare = |rate: Rate| rate.to_string().replace('%', "");
    let after = form.value_or("after", &of(&|plan| plan.version.to_string()));
    let text_fields = [
        ("code", text::code(l), of(&|plan| plan.code.clone()), 30, text::code_hint(l)),
        ("name_ko", text::name_ko(l), of(&|plan| plan.name.0.clone()), 40, ""),
        ("name_en", text::name_en(l), of(&|plan| plan.name.1.clone()), 40, ""),
        ("about_ko", text::about_ko(l), of(&|plan| plan.about.0.clone()), 300, ""),
        ("about_en", text::about_en(l), of(&|plan| plan.about.1.clone()), 300, ""),
    ];
    let numbers = [
        ("platform", text::platform_fee(l), of(&|plan| bare(plan.platform)), "%"),
        ("payment", text::payment_fee(l), of(&|plan| bare(plan.payment)), "%"),
        ("vat", text::vat(l), of(&|plan| bare(plan.vat)), "%"),
        ("early", text::early(l), of(&|plan| bare(plan.early)), "%"),
        ("early_days", text::early_days(l), of(&|plan| plan.early_days.to_string()), ""),
        ("final_days", text::final_days(l), of(&|plan| plan.final_days.to_string()), ""),
    ];
    view! {
        <FormMessage form=form.clone() />
        <input type="hidden" name="after" value=after />
        {text_fields
            .into_iter()
            .map(|(name, label, value, max, hint)| view! {
                <Field form=form.clone() name=name label=label value=value maxlength=max hint=hint />
            })
            .collect_view()}
        {numbers
            .into_iter()
            .map(|(name, label, value, unit)| view! {
                <Field form=form.clone() name=name label=label value=value unit=unit kind=FieldKind::Number maxlength=6 required=true />
            })
            .collect_view()}
    }
}
