//! The page of deposits: an account, its statements, its queues.

use super::{READ, ROLES, columns::ColumnsForm, line::LineCloser, text};
use crate::pages::admin::framed;
use accounts::operators::require_role_of;
use deposits::{
    DepositError, ReturnLine, SaveColumns, SteerLine,
    receiving::{self, ReceivingAccount},
    store::{self, Match, Waiting},
};
use kernel::{BankLineId, FormState, Locale, Money, Refusal, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use pledges::{ConfirmCertain, MatchLine, UndoMatch};
use ui::{Field, FieldKind, FormMessage, Nothing, Notice, Page, PageRequest, SubmitButton, Tag};

/// As many lines as one confirmation books.
const CERTAIN: i64 = 500;
/// Lines of each other queue, and of what was done last.
const MOST: i64 = 100;
/// Suggestions for one line.
const CANDIDATES: usize = 20;

/// In the order in which they are worked off.
const QUEUES: [&str; 8] = ["certain", "likely", "short", "excess", "late", "double", "canceled", "unknown"];

/// `/admin/deposits`; with `?account=` one account, with `?line=` one of its lines closer, with `?q=` deposits
/// for it that were looked for.
pub async fn deposits_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &ROLES).await?;
    let (pool, keys) = (&req.db.pool, &req.db.keys);
    let all = receiving::all(pool).await?;
    let asked = req.query("account").and_then(|id| id.parse().ok());
    let account = all.iter().find(|account| Some(account.id) == asked).or(all.first()).cloned();
    let Some(account) = account else {
        return Ok(framed(req, &operator, text::deposits(l), move || {
            view! { <Nothing text=text::no_accounts(l) /> }
        }));
    };
    deposits::refresh(&req.db, account.id).await?;
    let mut db = pool.acquire().await?;
    let counts = store::count_queues(&mut db, account.id).await?;
    let mut queues = Vec::new();
    for queue in QUEUES {
        let most = if queue == "certain" { CERTAIN } else { MOST };
        let lines = store::in_queue(&mut db, keys, account.id, queue, most).await?;
        let count = counts.iter().find(|(name, _)| name == queue).map_or(0, |(_, count)| *count);
        queues.push((queue, count, lines));
    }
    let outgoing = counts.iter().find(|(name, _)| name == "outgoing").map_or(0, |(_, count)| *count);
    let aside = store::set_aside_lines(&mut db, keys, account.id, MOST).await?;
    let one = match req.query("line").and_then(|id| id.parse::<BankLineId>().ok()) {
        Some(id) => store::get(&mut db, keys, id).await?.filter(|line| line.account == account.id),
        None => None,
    };
    drop(db);
    let matches = store::matches_of(pool, account.id, MOST).await?;
    let words = req.query("q").unwrap_or_default().to_owned();
    let closer = match one {
        Some(line) => {
            let candidates = store::candidates(pool, keys, &line, &words, CANDIDATES).await?;
            Some((line, candidates))
        }
        None => None,
    };
    let forms = [ConfirmCertain::PATH, MatchLine::PATH, UndoMatch::PATH, SteerLine::PATH, ReturnLine::PATH];
    let form = req.form_of::<DepositError>(&forms);
    let upload = req.form::<DepositError>(&l.path(READ));
    let columns = req.form::<DepositError>(SaveColumns::PATH);
    let asked = asked_columns(req);
    let notice = if req.typed.is_some() { None } else { notice(req, l) };
    Ok(framed(req, &operator, text::deposits(l), move || {
        let rows = queues
            .into_iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(queue, count, lines)| view! { <QueueOf queue=queue count=count lines=lines account=account.clone() zone=zone /> })
            .collect_view();
        let none = counts.iter().all(|(name, _)| name == "outgoing");
        view! {
            <Accounts all=all here=account.id.to_string() />
            {notice.map(|notice| view! { <Notice tone="good" text=notice /> })}
            <FormMessage form=form.clone() />
            {closer.map(|(line, candidates)| view! { <LineCloser line=line candidates=candidates words=words form=form zone=zone /> })}
            {asked.map(|asked| view! { <ColumnsForm asked=asked form=columns /> })}
            <Upload account=account.clone() form=upload zone=zone />
            {none.then(|| view! { <Nothing text=text::nothing_waits(l) /> })}
            {rows}
            {(outgoing > 0).then(|| view! { <p class="quiet">{text::outgoing(l, kernel::count(outgoing))}</p> })}
            {aside_lines(l, zone, aside)}
            {matched(l, zone, matches)}
        }
    }))
}

/// What was done last, as the address tells it.
fn notice(req: &PageRequest, l: Locale) -> Option<String> {
    let number = |name: &str| req.query(name)?.parse::<i64>().ok().map(kernel::count);
    if let (Some(lines), Some(fresh)) = (number("lines"), number("fresh")) {
        return Some(text::was_read(l, lines, fresh));
    }
    if let Some(booked) = number("booked") {
        return Some(text::was_booked(l, booked));
    }
    if req.query("explained").is_some() {
        return Some(text::explained(l).to_owned());
    }
    req.query("done").map(|_| text::done(l).to_owned())
}

/// The file whose columns nobody could tell, if one was sent.
fn asked_columns(req: &PageRequest) -> Option<deposits::AskedColumns> {
    let error = req.typed.as_ref()?.error.as_ref()?.get("error")?.clone();
    match serde_json::from_value(error).ok()? {
        DepositError::Unread { asked, .. } => asked,
        _ => None,
    }
}

#[component]
fn Accounts(all: Vec<ReceivingAccount>, here: String) -> impl IntoView {
    let l = ui::use_locale();
    let rows = all
        .into_iter()
        .map(|account| {
            let id = account.id.to_string();
            let current = (id == here).then_some("page");
            view! {
                <li>
                    <a href=l.path(&format!("/admin/deposits?account={id}")) aria-current=current>
                        {account.bank.name(l)} " " {account.number}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <nav class="admin__tiles" aria-label=text::account(l)><ul>{rows}</ul></nav> }
}

#[component]
fn Upload(account: ReceivingAccount, form: FormState, zone: Zone) -> impl IntoView {
    let l = ui::use_locale();
    let covered = match account.covered_until {
        Some(at) => text::covered_until(l, zone.date_time(l, at)),
        None => text::never_read(l).to_owned(),
    };
    view! {
        <section class="sheet sheet--wide" aria-labelledby="read">
            <h2 id="read">{text::read_statement(l)}</h2>
            <p class="quiet">{covered}</p>
            <form class="form" method="post" action=l.path(READ) enctype="multipart/form-data">
                <FormMessage form=form.clone() />
                <input type="hidden" name="account" value=account.id.to_string() />
                <div class="field">
                    <label class="field__label" for="field-file">{text::file(l)}</label>
                    <p class="field__hint" id="field-file-hint">{text::file_hint(l)}</p>
                    <input class="input" type="file" id="field-file" name="file" accept=".csv,.txt,.xls,.xlsx"
                        aria-describedby="field-file-hint" />
                </div>
                <Field form=form.clone() name="text" label=text::paste(l) hint=text::paste_hint(l)
                    kind=FieldKind::Area { rows: 4 } />
                <Field form=form name="until" label=text::until(l) hint=text::until_hint(l) kind=FieldKind::Date />
                <SubmitButton label=text::read(l) class="button--wide" />
            </form>
        </section>
    }
}

#[component]
fn QueueOf(
    queue: &'static str,
    count: i64,
    lines: Vec<Waiting>,
    account: ReceivingAccount,
    zone: Zone,
) -> impl IntoView {
    let l = ui::use_locale();
    let (name, note) = text::queue(l, queue);
    let confirm = (queue == "certain").then(|| {
        let last = lines.last().map(|line| line.id.to_string());
        let sum = lines.iter().map(|line| line.left.minor()).sum();
        let label =
            text::confirm(l, kernel::count(lines.len() as i64), Money::new(sum, account.currency).show(l));
        view! {
            <form method="post" action=ConfirmCertain::PATH>
                <input type="hidden" name="account" value=account.id.to_string() />
                <input type="hidden" name="last" value=last />
                <SubmitButton label=label class="button--wide" />
            </form>
        }
    });
    let more = (lines.len() as i64) < count;
    let heading = format!("queue-{queue}");
    let labelled_by = heading.clone();
    let rows = lines.into_iter().map(|line| row(l, zone, &line)).collect_view();
    view! {
        <section aria-labelledby=labelled_by>
            <h2 id=heading>{name} " " <Tag text=kernel::count(count) /></h2>
            <p class="quiet">{note}</p>
            {confirm}
            <ul class="row-links">{rows}</ul>
            {more.then(|| view! { <p class="quiet">{text::more(l)}</p> })}
        </section>
    }
}

fn row(l: Locale, zone: Zone, line: &Waiting) -> impl IntoView + use<> {
    let href = l.path(&format!("/admin/deposits?account={}&line={}", line.account, line.id));
    let part = (line.left != line.amount).then(|| text::of(l, line.amount.show(l)));
    view! {
        <li>
            <a class="row-link pledge-row" href=href>
                <span class="pledge-row__title">{line.text.name.clone()}</span>
                <span class="pledge-row__sum">{line.left.show(l)}</span>
                <span class="pledge-row__line">
                    {zone.date_time(l, line.at)} " · " {line.text.memo.clone()} {part.map(|part| format!(" · {part}"))}
                </span>
            </a>
        </li>
    }
}

fn aside_lines(l: Locale, zone: Zone, lines: Vec<Waiting>) -> impl IntoView {
    let none = lines.is_empty();
    let rows = lines
        .into_iter()
        .map(|line| {
            let label = if line.state == "returning" { text::returning(l) } else { text::aside(l) };
            let back = line.state == "set_aside" || line.left.minor() != 0;
            view! {
                <li class="refund-row">
                    <strong>{line.amount.show(l)}</strong> " " {line.text.name.clone()} " " <Tag text=label />
                    <span class="quiet">{zone.date_time(l, line.at)}</span>
                    {back.then(|| view! {
                        <form method="post" action=SteerLine::PATH>
                            <input type="hidden" name="line" value=line.id.to_string() />
                            <SubmitButton label=text::bring_back(l) class="button--quiet" name="turn" value="bring_back" />
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    (!none).then(|| {
        view! {
            <section aria-labelledby="aside">
                <h2 id="aside">{text::aside_lines(l)}</h2>
                <ul class="refund-rows">{rows}</ul>
            </section>
        }
    })
}

fn matched(l: Locale, zone: Zone, matches: Vec<Match>) -> impl IntoView {
    let none = matches.is_empty();
    let rows = matches
        .into_iter()
        .map(|matched| {
            let undone = matched.undone.then(|| view! { " " <Tag text=text::undone(l) /> });
            let undo = matched.can_be_undone.then(|| {
                view! {
                    <form class="ways" method="post" action=UndoMatch::PATH>
                        <input type="hidden" name="matched" value=matched.id.to_string() />
                        <SubmitButton label=text::undo_mistake(l) class="button--quiet" name="why" value="mistake" />
                        <SubmitButton label=text::undo_reversed(l) class="button--quiet" name="why" value="reversed" />
                    </form>
                }
            });
            view! {
                <li class="refund-row">
                    <strong>{matched.amount.show(l)}</strong> " " {matched.backer} {undone}
                    <span class="quiet">{zone.date_time(l, matched.at)} " · " {matched.project}</span>
                    {undo}
                </li>
            }
        })
        .collect_view();
    (!none).then(|| {
        view! {
            <section aria-labelledby="matched">
                <h2 id="matched">{text::matched(l)}</h2>
                <ul class="refund-rows">{rows}</ul>
            </section>
        }
    })
}
