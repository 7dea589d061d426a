//! Refunds that leave by the operator's bank: what is ready, the files, and what statements show.

use super::framed;
use accounts::operators::{Role, require_role_of};
use chrono::{DateTime, Utc};
use kernel::{Bank, BankLineId, FormState, Locale, Refusal, Zone};
use leptos::{prelude::*, server_fn::ServerFn};
use refunds::{
    ConfirmTransfers, FailTransfer, MakeBatch, RefundError, SendBatch, TransferRow, TransferState, matches,
    store::{self, BatchRow, OurAccount},
};
use ui::{FormMessage, Nothing, Page, PageRequest, SelectField, SubmitButton, Tag};

kernel::texts! {
    transfers: "환불 이체" | "Refund transfers";
    ready: "보낼 환불" | "Ready to be sent";
    ready_sum(count, sum): "{count}건, 모두 {sum}" | "{count}, {sum} in all";
    none_ready: "보낼 환불이 없어요." | "Nothing is ready to be sent.";
    from_account: "출금 계좌" | "From our account";
    no_accounts: "먼저 받는 계좌를 등록해 주세요." | "Please add a receiving account first.";
    make: "이체 파일 만들기" | "Make a file";
    files: "이체 파일" | "Files";
    no_files: "아직 만든 파일이 없어요." | "No file was made yet.";
    made_at(time): "{time}에 만듦" | "Made {time}";
    download: "파일 내려받기" | "Download the file";
    download_first: "파일을 은행에 올린 다음 ‘은행에 보냄’을 눌러 주세요." | "Hand the file to the bank, then press “Sent to the bank”.";
    sent: "은행에 보냄" | "Sent to the bank";
    sent_at(time): "{time}에 은행에 보냄" | "Sent to the bank {time}";
    holder(name, bank): "{name} · {bank}" | "{name} · {bank}";
    is_batched: "파일에 담김" | "In a file";
    is_sent: "보냄" | "Sent";
    is_done: "출금 확인" | "Seen leaving";
    is_failed: "실패" | "Failed";
    refused: "은행이 처리하지 못함" | "The bank refused it";
    statements: "통장에서 확인" | "On statements";
    found(count): "보낸 환불과 맞는 출금이 {count}건 있어요." | "{count} lines of statements show transfers that we sent.";
    none_found: "새로 확인할 출금이 없어요." | "No line of a statement shows more of them.";
    confirm: "모두 확인하기" | "Confirm all of them";
    came_back: "되돌아온 환불" | "Come back";
    came_back_note: "보낸 금액과 같은 입금이 새로 들어왔어요. 되돌아온 돈이라면 그 입금을 골라 주세요." | "A deposit of the same amount has come in. If it is this money coming back, please choose it.";
    which_line: "되돌아온 입금" | "The deposit";
    mark_back: "되돌아왔어요" | "It came back";
}

/// Who may move money out.
pub(super) const ROLES: [Role; 1] = [Role::Finance];
/// Files on the page.
const MOST: i64 = 30;

/// Lines that may have brought a transfer back, with their times.
type LinesBack = Vec<(BankLineId, DateTime<Utc>)>;

/// What the page shows.
struct Money {
    ready: Vec<TransferRow>,
    accounts: Vec<OurAccount>,
    batches: Vec<(BatchRow, Vec<TransferRow>)>,
    found: usize,
    back: Vec<(TransferRow, LinesBack)>,
}

async fn read(req: &PageRequest) -> Result<Money, Refusal> {
    let db = &req.db;
    let mut tx = db.pool.begin().await?;
    let ready = store::ready_transfers(db, &mut tx).await?;
    let accounts = store::our_accounts(&mut tx).await?;
    let mut batches = Vec::new();
    for batch in store::batches(&mut tx, MOST).await? {
        let rows = store::of_batch(db, &mut tx, batch.id).await?;
        batches.push((batch, rows));
    }
    let sent: Vec<_> = store::sent_transfers(db, &mut tx).await?;
    let found = matches(&sent, &store::lines_out(db, &mut tx).await?).len();
    let back = store::done_transfers(db, &mut tx, MOST).await?;
    Ok(Money { ready, accounts, batches, found, back })
}

/// `/admin/transfers`
pub async fn transfers_page(req: &PageRequest) -> Result<Page, Refusal> {
    let (l, zone) = (req.locale, req.zone());
    let operator = require_role_of(req, &ROLES).await?;
    let money = read(req).await?;
    let paths = [MakeBatch::PATH, SendBatch::PATH, ConfirmTransfers::PATH, FailTransfer::PATH];
    let form = req.form_of::<RefundError>(&paths);
    Ok(framed(req, &operator, transfers(l), move || {
        let Money { ready: waiting, accounts, batches, found: shown, back } = money;
        let files_there = !batches.is_empty();
        let batches = batches.into_iter().map(|(batch, rows)| file(l, zone, &batch, rows)).collect_view();
        view! {
            <FormMessage form=form.clone() />
            <section aria-labelledby="ready">
                <h2 id="ready">{ready(l)}</h2>
                {waiting_part(l, form, waiting, accounts)}
            </section>
            <section aria-labelledby="statements">
                <h2 id="statements">{statements(l)}</h2>
                {if shown == 0 {
                    view! { <p>{none_found(l)}</p> }.into_any()
                } else {
                    view! {
                        <p>{found(l, shown)}</p>
                        <form method="post" action=ConfirmTransfers::PATH><SubmitButton label=confirm(l) /></form>
                    }
                    .into_any()
                }}
            </section>
            {(!back.is_empty()).then(|| view! {
                <section aria-labelledby="back">
                    <h2 id="back">{came_back(l)}</h2>
                    <p>{came_back_note(l)}</p>
                    {back.into_iter().map(|(row, lines)| back_form(l, zone, &row, lines)).collect_view()}
                </section>
            })}
            <section aria-labelledby="files">
                <h2 id="files">{files(l)}</h2>
                {(!files_there).then(|| view! { <Nothing text=no_files(l) /> })}
                {batches}
            </section>
        }
    }))
}

fn waiting_part(l: Locale, form: FormState, waiting: Vec<TransferRow>, accounts: Vec<OurAccount>) -> AnyView {
    let Some(first) = waiting.first() else {
        return view! { <p>{none_ready(l)}</p> }.into_any();
    };
    if accounts.is_empty() {
        return view! { <p>{no_accounts(l)}</p> }.into_any();
    }
    let zero = kernel::Money::zero(first.amount.currency());
    let sum = waiting.iter().fold(zero, |sum, row| sum.checked_add(row.amount).unwrap_or(sum));
    let choices: Vec<_> = accounts
        .into_iter()
        .map(|account| {
            let bank = Bank::of(&account.bank).map_or("", |bank| bank.name(l));
            (account.id.to_string(), format!("{bank} {}", account.number))
        })
        .collect();
    view! {
        <p>{ready_sum(l, waiting.len(), sum.show(l))}</p>
        <form class="form" method="post" action=MakeBatch::PATH>
            <SelectField form=form name="account" label=from_account(l) choices=choices required=true />
            <SubmitButton label=make(l) />
        </form>
    }
    .into_any()
}

fn file(l: Locale, zone: Zone, batch: &BatchRow, rows: Vec<TransferRow>) -> impl IntoView + use<> {
    let id = batch.id.to_string();
    let downloaded = batch.file_hash.is_some();
    let open = batch.sent_at.is_none();
    let rows = rows
        .into_iter()
        .map(|row| {
            let bank = Bank::of(&row.account.bank).map_or("", |bank| bank.name(l));
            let (label, tone) = match row.state {
                TransferState::Ready | TransferState::Batched => (is_batched(l), "open"),
                TransferState::Sent => (is_sent(l), "open"),
                TransferState::Done => (is_done(l), "good"),
                TransferState::Failed => (is_failed(l), "bad"),
            };
            let sent = row.state == TransferState::Sent;
            view! {
                <li class="refund-row">
                    <strong>{row.amount.show(l)}</strong> " " <Tag text=label tone=tone />
                    <span class="quiet">{holder(l, &row.account.holder, bank)} " · " <code>{row.memo}</code></span>
                    {sent.then(|| view! {
                        <form method="post" action=FailTransfer::PATH>
                            <input type="hidden" name="transfer" value=row.id.to_string() />
                            <SubmitButton label=refused(l) class="button--quiet" />
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    view! {
        <article class="sheet sheet--wide">
            <h3>{made_at(l, zone.date_time(l, batch.made_at))}</h3>
            {batch.sent_at.map(|at| view! { <p class="quiet">{sent_at(l, zone.date_time(l, at))}</p> })}
            <ul class="refund-rows">{rows}</ul>
            {open.then(|| view! { <p class="quiet">{download_first(l)}</p> })}
            <div class="ways">
                <a class="button button--quiet" href=format!("/admin/transfers/{id}/file") download=format!("transfers-{id}.csv")>{download(l)}</a>
                {(open && downloaded).then(|| view! {
                    <form method="post" action=SendBatch::PATH>
                        <input type="hidden" name="batch" value=id />
                        <SubmitButton label=sent(l) />
                    </form>
                })}
            </div>
        </article>
    }
}

fn back_form(l: Locale, zone: Zone, row: &TransferRow, lines: LinesBack) -> impl IntoView + use<> {
    let amount = row.amount.show(l);
    let choices: Vec<_> = lines
        .into_iter()
        .map(|(line, at)| (line.to_string(), format!("{} · {amount}", zone.date_time(l, at))))
        .collect();
    let id = row.id.to_string();
    view! {
        <form class="sheet sheet--wide form" method="post" action=FailTransfer::PATH>
            <p><strong>{row.amount.show(l)}</strong> " · " {row.account.holder.clone()} " · " <code>{row.memo.clone()}</code></p>
            <input type="hidden" name="transfer" value=id />
            <SelectField form=FormState::default() name="line" label=which_line(l) choices=choices required=true />
            <SubmitButton label=mark_back(l) class="button--danger" />
        </form>
    }
}
