//! Leaving: what stands in the way, what will happen, and the end; the download of one's data.

use accounts::{
    AccountError,
    close::text,
    notifications::{Notification, SECURITY, tell},
    store::Recipient,
};
use kernel::{Fault, MemberId, Refusal, db::Db, site::Site};
use leptos::{prelude::*, server_fn::ServerFn};
use projects::FundingState;
use serde_json::{Value, json};
use ui::{BackLink, FormMessage, LinkButton, Page, PageRequest, SubmitButton, TickField};

/// What a member still has going on.
#[derive(Debug, Default)]
struct Ties {
    /// Projects of theirs that have begun and are not over.
    projects: Vec<(String, FundingState)>,
    drafts: usize,
    /// Pledges that are being charged, by project.
    charging: Vec<String>,
    /// Projects in whose books is something of theirs, or that they owe.
    unpaid: Vec<String>,
    /// Pledges that can still be canceled.
    open: Vec<kernel::PledgeId>,
}

/// Whether a project is over, or has not begun.
const fn is_at_rest(state: FundingState) -> bool {
    use FundingState::{Canceled, Draft, Funded, Unfunded};
    matches!(state, Draft | Funded | Unfunded | Canceled)
}

impl Ties {
    async fn of(db: &Db, member: MemberId) -> Result<Self, Refusal> {
        let mut connection = db.pool.acquire().await?;
        let mut ties = Self::default();
        for (title, state) in projects::store::states_of_creator(&mut connection, member).await? {
            match state {
                FundingState::Draft => ties.drafts += 1,
                state if is_at_rest(state) => {}
                state => ties.projects.push((title, state)),
            }
        }
        ties.unpaid = settlement::store::ties_of(&mut connection, member).await?;
        for pledge in pledges::store::unsettled_of(&mut connection, member).await? {
            if pledge.can_be_canceled(db.now()) {
                ties.open.push(pledge.id);
            } else {
                ties.charging.push(pledge.project_title);
            }
        }
        Ok(ties)
    }

    fn are_in_the_way(&self) -> bool {
        !self.projects.is_empty() || !self.charging.is_empty() || !self.unpaid.is_empty()
    }
}

/// Whoever is logged in and has proved who they are, with nothing in the way.
///
/// Invariant: pledges are canceled before the person is erased, and from then on nothing can be begun
/// in their name; the books are as valid as before.
#[server]
pub async fn close_account(#[server(default)] sure: String) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let member = accounts::require_proof(&db, &site).await?.0.id;
    if sure != "true" {
        return Err(Refusal::field("sure", Fault::MustAgree).into());
    }
    let ties = Ties::of(&db, member).await?;
    if ties.are_in_the_way() {
        return Err(AccountError::TiesInTheWay);
    }
    for pledge in ties.open {
        pledges::cancel(&db, member, pledge, db.now()).await.map_err(|_| AccountError::TiesInTheWay)?;
    }
    end(&db, &site, member).await?;
    accounts::session::forget_cookie(&site)?;
    ui::lead_to("/account/close?closed=1");
    Ok(())
}

async fn end(db: &Db, site: &Site, member: MemberId) -> Result<(), AccountError> {
    let now = db.now();
    let mut tx = db.pool.begin().await?;
    if !accounts::close::lock(&mut tx, member).await? {
        return Ok(());
    }
    // Looked at again behind the lock: a pledge may have come in from another tab.
    let unsettled = pledges::store::unsettled_of(&mut tx, member).await?;
    let states = projects::store::states_of_creator(&mut tx, member).await?;
    let running = states.iter().any(|(_, state)| !is_at_rest(*state));
    let unpaid = settlement::store::ties_of(&mut tx, member).await?;
    if !unsettled.is_empty() || running || !unpaid.is_empty() {
        return Err(AccountError::TiesInTheWay);
    }
    let to: Recipient = accounts::store::recipient(&mut tx, member).await?;
    projects::store::delete_drafts(&mut tx, member).await?;
    settlement::store::erase_accounts(&mut tx, member, now).await?;
    accounts::close::erase(&mut tx, member, now).await?;
    tell(&mut tx, site, Notification::new(&SECURITY, accounts::close::closed_mail(&to), None), now).await?;
    tx.commit().await?;
    db.notify.jobs();
    Ok(())
}

pub async fn close_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    if req.query("closed").is_some() && req.viewer.0.is_none() {
        return Ok(Page::new(text::closed_title(l), move || {
            view! {
                <section class="sheet">
                    <h1>{text::closed_title(l)}</h1>
                    <p>{text::closed(l)}</p>
                    <LinkButton href=l.path("/") label=text::home(l) class="button--quiet" />
                </section>
            }
        }));
    }
    let ties = Ties::of(&req.db, accounts::require_proof_of(req).await?.id).await?;
    let form = req.form::<AccountError>(CloseAccount::PATH);
    Ok(Page::new(text::close(l), move || {
        let blocked = ties.are_in_the_way();
        let reasons = ties
            .projects
            .iter()
            .map(|(title, state)| match state {
                FundingState::Live => text::running(l, title),
                FundingState::InReview => text::in_review(l, title),
                FundingState::Suspended => text::suspended(l, title),
                _ => text::settling(l, title),
            })
            .chain(ties.unpaid.iter().map(|title| text::unpaid(l, title)))
            .chain(ties.charging.iter().map(|title| text::charging(l, title)))
            .map(|reason| view! { <li>{reason}</li> })
            .collect_view();
        let projects = !ties.projects.is_empty() || !ties.unpaid.is_empty();
        let in_the_way = blocked.then(|| {
            view! {
                <h2>{text::in_the_way(l)}</h2>
                <ul class="consequences">{reasons}</ul>
                {projects.then(|| view! { <LinkButton href=l.path("/studio") label=text::to_projects(l) class="button--quiet" /> })}
            }
        });
        let way = (!blocked).then(|| {
            view! {
                <form class="form" method="post" action=CloseAccount::PATH>
                    <TickField form=form.clone() name="sure" label=text::sure(l) required=true />
                    <SubmitButton label=text::go(l) class="button--danger" />
                </form>
            }
        });
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account") label=accounts::text::my_account(l) />
                <h1>{text::close(l)}</h1>
                <FormMessage form=form />
                {in_the_way}
                <h2>{text::lead(l)}</h2>
                <ul class="consequences">
                    {(!ties.open.is_empty()).then(|| view! { <li>{text::will_cancel(l, ties.open.len())}</li> })}
                    {(ties.drafts > 0).then(|| view! { <li>{text::will_delete_drafts(l, ties.drafts)}</li> })}
                    <li>{text::will_erase(l)}</li>
                    <li>{text::will_keep(l)}</li>
                    <li>{text::will_free(l)}</li>
                </ul>
                <p>
                    <a href="/account/data.json" download="dure.json">{text::download(l)}</a>
                    <br />
                    <span class="quiet">{text::download_note(l)}</span>
                </p>
                {way}
            </section>
        }
    }))
}

/// Everything that Dure keeps about a member, with a description of the parts.
pub async fn export(db: &Db, member: MemberId) -> Result<Value, Refusal> {
    let phone = accounts::phone_of(db, member).await?;
    let addresses: Vec<Value> = accounts::addresses::addresses_of(db, member)
        .await?
        .into_iter()
        .map(|kept| json!({ "address": kept.address, "default": kept.is_default }))
        .collect();
    let mut connection = db.pool.acquire().await?;
    let account = accounts::close::export(&mut connection, member).await?;
    let projects = projects::store::export(&mut connection, member).await?;
    let pledges = pledges::store::export(&mut connection, member).await?;
    let payouts = settlement::store::export_account(&mut connection, &db.keys, member).await?;
    let receipts = settlement::store::export_receipts_of(&mut connection, &db.keys, member).await?;
    let parcels: Vec<Value> = pledges::store::addresses_of(db, &mut connection, member)
        .await?
        .into_iter()
        .map(|(pledge, address)| json!({ "pledge": pledge, "address": address }))
        .collect();
    Ok(json!({
        "description": {
            "account": "who you are to Dure, what you agreed to, how and where you log in, what you do for the site, what was sent to you",
            "addresses": "your address book",
            "phone": "your number for text messages, in international form",
            "receipts": "the cash receipts that you asked for",
            "payouts": "the accounts to which you are paid, and the statements of your projects",
            "projects": "the projects that you made, drafts too",
            "parcels": "where rewards of your pledges are sent",
            "pledges": "what you backed, with each state and its time, what you changed and agreed to; amounts are in minor units of their currency",
        },
        "written_at": db.now(),
        "account": account,
        "addresses": addresses,
        "phone": phone,
        "receipts": receipts,
        "payouts": payouts,
        "projects": projects,
        "pledges": pledges,
        "parcels": parcels,
    }))
}
