//! One line, and what can be done with it.

use super::text;
use deposits::{
    REASONS, ReturnLine, SteerLine,
    store::{Candidate, Waiting},
};
use kernel::{FormKey, FormState, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use pledges::MatchLine;
use ui::{Field, FieldKind, Nothing, SelectField, SubmitButton, Tag};

#[component]
pub fn LineCloser(
    line: Waiting,
    candidates: Vec<Candidate>,
    words: String,
    form: FormState,
    zone: Zone,
) -> impl IntoView {
    let l = ui::use_locale();
    let (queue, _) = text::queue(l, line.queue.as_deref().unwrap_or("unknown"));
    let waits = line.state == "waiting";
    let (came_in, whole) = (line.left.minor() > 0, line.left == line.amount);
    let id = line.id.to_string();
    let none = candidates.is_empty();
    let rows = candidates
        .into_iter()
        .map(|candidate| {
            let expected = candidate.expected;
            view! {
                <li class="refund-row">
                    <strong>{candidate.backer}</strong> " " {expected.code.shown()} " "
                    {(!expected.state.is_open()).then(|| view! { <Tag text=text::closed(l) /> })}
                    <span class="quiet">
                        {candidate.project} " · " {text::wants(l, expected.amount.show(l), expected.matched.show(l))}
                        " · " {expected.depositor}
                    </span>
                    {expected.state.is_open().then(|| view! {
                        <form method="post" action=MatchLine::PATH>
                            <input type="hidden" name="line" value=id.clone() />
                            <input type="hidden" name="deposit" value=expected.id.to_string() />
                            <SubmitButton label=text::match_it(l) />
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    let mut reasons = vec![(String::new(), text::choose_reason(l).to_owned())];
    reasons.extend(
        REASONS
            .into_iter()
            .map(|reason| (reason.code().to_owned(), refunds::reason_label(l, reason).to_owned())),
    );
    let key = form.value_or("key", &FormKey::new().to_string());
    view! {
        <section class="sheet sheet--wide" aria-labelledby="line">
            <h2 id="line">{line.left.show(l)} " " <Tag text=queue /></h2>
            <dl class="facts">
                <div><dt>{text::name(l)}</dt><dd>{line.text.name.clone()}</dd></div>
                <div><dt>{text::memo(l)}</dt><dd>{line.text.memo.clone()}</dd></div>
                <div><dt>{text::time(l)}</dt><dd>{zone.date_time(l, line.at)}</dd></div>
                <div><dt>{text::amount(l)}</dt><dd>{line.amount.show(l)}</dd></div>
            </dl>
            {(waits && came_in).then(|| view! {
                <h3 id="match">{text::match_to(l)}</h3>
                <form class="form" method="get" action=l.path("/admin/deposits") role="search" aria-labelledby="match">
                    <input type="hidden" name="account" value=line.account.to_string() />
                    <input type="hidden" name="line" value=line.id.to_string() />
                    <Field form=FormState::default() name="q" label=text::find(l) hint=text::find_hint(l) value=words
                        kind=FieldKind::Search maxlength=60 />
                    <SubmitButton label=text::search(l) class="button--quiet" />
                </form>
                {none.then(|| view! { <Nothing text=text::none_found(l) /> })}
                <ul class="refund-rows">{rows}</ul>
                <h3 id="return">{text::return_it(l)}</h3>
                <form class="form" method="post" action=ReturnLine::PATH aria-labelledby="return">
                    <p class="quiet">{text::return_note(l, line.left.show(l))}</p>
                    <input type="hidden" name="line" value=line.id.to_string() />
                    <input type="hidden" name="key" value=key />
                    <SelectField form=form name="reason" label=text::reason(l) choices=reasons required=true />
                    <SubmitButton label=text::return_it(l) class="button--wide button--quiet" />
                </form>
            })}
            {(waits && whole).then(|| view! {
                <form class="ways" method="post" action=SteerLine::PATH>
                    <input type="hidden" name="line" value=line.id.to_string() />
                    <SubmitButton label=text::set_aside(l) class="button--quiet" name="turn" value="set_aside" />
                </form>
                <p class="quiet">{text::set_aside_note(l)}</p>
            })}
        </section>
    }
}
