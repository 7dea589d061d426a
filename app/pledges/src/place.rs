//! Placing a pledge: the checkout, the hold on the stock, and the way to the card page.

use crate::PledgeError;
#[cfg(feature = "ssr")]
use crate::{
    CheckedPledge, ExpireHold, Pledge, PledgeTotal, release,
    rules::{MOST_PIECES, rewards_total},
    store::{self, NewPledge},
    text,
    total::Offer,
    visit,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    chrono::{DateTime, TimeDelta, Utc},
    kernel::{
        Currency, FormKey, Locale, MemberId, Money, PledgeId, ProjectId, Refusal,
        db::{Act, Db, OnConstraint},
        jobs,
    },
    leptos::server_fn::ServerFn,
    projects::{FundingState, Project},
    rewards::Reward,
    sqlx::PgConnection,
    std::collections::BTreeMap,
    ui::{BackLink, Field, FieldKind, FormMessage, Page, PageRequest, SubmitButton},
};

/// How long stock is held while a card is entered.
#[cfg(feature = "ssr")]
const HOLD: TimeDelta = TimeDelta::minutes(20);
/// So many pledges of a backer in a project may end in a day without a card.
#[cfg(feature = "ssr")]
const MOST_UNSECURED_A_DAY: i64 = 10;

/// The checkout's form as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PledgeForm {
    /// Id of the reward; empty for none.
    pub reward: String,
    pub quantity: String,
    pub extra: String,
    /// Made with the page: the same form sent twice is one pledge.
    pub key: String,
}

/// Any member with a confirmed address. Answers with the way to the gateway's card page.
#[server]
pub async fn place_pledge(slug: String, #[server(flatten)] form: PledgeForm) -> Result<(), PledgeError> {
    use crate::Means;
    use kernel::{Viewer, limits::Limit};
    const PLEDGES: Limit = Limit { name: "place_pledge", burst: 30, seconds: 600 };

    let member = Viewer::require_confirmed()?;
    let means = Means::current()?;
    let db = &means.db;
    let project =
        projects::store::public_by_slug(&mut *db.pool.acquire().await.map_err(Refusal::from)?, &slug).await?;
    let pledge = form.checked(project.currency)?;
    PLEDGES.take(db, &member.id.to_string()).await?;
    let id = place(db, means.till.for_cards(), member.id, project.id, &pledge, db.now()).await?;
    let locale = use_context::<Locale>().unwrap_or_default();
    match visit(&means, id, locale).await {
        Ok(address) => leptos_axum::redirect(&address),
        // The pledge is held: its page offers the card again.
        Err(PledgeError::GatewayAway | PledgeError::TooLate) => {
            leptos_axum::redirect(&locale.path(&format!("/account/pledges/{id}")));
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Holds the stock and writes the pledge with its payment. The same form again gives the same pledge;
/// another one takes the place of a pledge that still waits for its card.
///
/// Invariant: after this the pieces are taken and the pledge will either be secured or expire; never
/// more pieces are taken than there are, and never after the deadline. A backer has at most one held
/// pledge in a project.
#[cfg(feature = "ssr")]
pub async fn place(
    db: &Db,
    gateway: &'static str,
    backer: MemberId,
    project: ProjectId,
    pledge: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<PledgeId, PledgeError> {
    let id = PledgeId::new();
    let _turn = db.turn().await?;
    let mut tx = db.begin_at(Act::by(backer, "pledge placed"), now).await?;
    // Holds off the judging until this pledge is written or refused.
    let (state, deadline) = projects::store::lock(&mut tx, project).await?;
    store::one_at_a_time(&mut tx, project, backer).await?;
    let earlier = earlier(&mut tx, backer, pledge.key).await?;
    if let Some(earlier) = earlier.as_ref().filter(|earlier| same(earlier, project, pledge)) {
        return Ok(earlier.id);
    }
    if state != FundingState::Live || deadline.is_none_or(|deadline| now >= deadline) {
        return Err(PledgeError::NotLive);
    }
    let replaced = store::lock_held(&mut tx, project, backer).await?;
    match earlier {
        Some(earlier) if Some(earlier.id) == replaced => store::free_form(&mut tx, earlier.id).await?,
        Some(_) => return Err(PledgeError::FormUsed),
        None => {}
    }
    if let Some(replaced) = replaced {
        release::end_keeping_stock(&mut tx, replaced, "canceled", now).await?;
    }
    refuse_hoarding(&mut tx, project, backer, pledge, now).await?;
    let mut prices = Vec::with_capacity(pledge.lines.len());
    for line in &pledge.lines {
        let price = store::price(&mut tx, project, line.reward).await?.ok_or(PledgeError::NoSuchReward)?;
        prices.push((Money::new(price, pledge.extra.currency()), line.quantity));
    }
    let too_much = |_| Refusal::field("quantity", kernel::Fault::TooLarge { max: pledge.extra });
    let rewards = rewards_total(pledge.extra.currency(), &prices).map_err(too_much)?;
    let total = rewards.checked_add(pledge.extra).map_err(too_much)?;
    let hold_expires_at = now + HOLD;
    let new = NewPledge {
        id,
        project,
        backer,
        key: pledge.key,
        rewards,
        extra: pledge.extra,
        total,
        hold_expires_at,
        at: now,
    };
    if !store::add(&mut tx, &new).await? {
        return Err(Refusal::Malformed.into());
    }
    for (line, (price, _)) in pledge.lines.iter().zip(&prices) {
        store::add_line(&mut tx, id, *line, price.minor()).await?;
    }
    payments::open(
        &mut tx,
        payments::NewPayment { pledge: id, project, member: backer, amount: total, gateway, at: now },
    )
    .await?;
    jobs::enqueue(&mut tx, &ExpireHold { pledge: id }, hold_expires_at).await?;
    // Last, because a hot reward's row makes everybody wait until the commit.
    move_stock(&mut tx, project, replaced, pledge).await?;
    tx.commit().await?;
    db.notify.jobs();
    db.notify.project(project);
    metrics::counter!("dure_pledges_placed_total").increment(1);
    Ok(id)
}

/// The pledge that this backer made with the same form.
#[cfg(feature = "ssr")]
async fn earlier(
    db: &mut PgConnection,
    backer: MemberId,
    key: FormKey,
) -> Result<Option<Pledge>, PledgeError> {
    match store::by_form(&mut *db, backer, key).await? {
        Some(id) => Ok(store::get(db, id).await?),
        None => Ok(None),
    }
}

#[cfg(feature = "ssr")]
fn same(earlier: &Pledge, project: ProjectId, pledge: &CheckedPledge) -> bool {
    let lines = earlier.lines.iter().map(|line| (line.reward, line.quantity));
    earlier.project == project
        && earlier.extra == pledge.extra
        && lines.eq(pledge.lines.iter().map(|line| (line.reward, line.quantity)))
}

/// Nobody keeps much, or keeps it again and again, from others without showing a card.
#[cfg(feature = "ssr")]
async fn refuse_hoarding(
    db: &mut PgConnection,
    project: ProjectId,
    backer: MemberId,
    pledge: &CheckedPledge,
    now: DateTime<Utc>,
) -> Result<(), PledgeError> {
    let pieces: i64 = pledge.lines.iter().map(|line| i64::from(line.quantity)).sum();
    if pieces == 0 {
        return Ok(());
    }
    let unsecured = store::unsecured(db, project, backer, now - TimeDelta::days(1)).await?;
    let too_many = unsecured.pieces_elsewhere + pieces > i64::from(MOST_PIECES);
    if too_many || unsecured.ended > MOST_UNSECURED_A_DAY {
        return Err(PledgeError::TooMuchHeld);
    }
    Ok(())
}

/// Takes the pieces of a pledge and puts those of the replaced one back, by ascending reward. What stands
/// in both is not let go between.
#[cfg(feature = "ssr")]
async fn move_stock(
    db: &mut PgConnection,
    project: ProjectId,
    replaced: Option<PledgeId>,
    pledge: &CheckedPledge,
) -> Result<(), PledgeError> {
    let mut change = BTreeMap::new();
    for (reward, pieces) in store::pieces(&mut *db, replaced.as_slice()).await? {
        *change.entry(reward).or_default() -= pieces;
    }
    for line in &pledge.lines {
        *change.entry(line.reward).or_default() += line.quantity;
    }
    for (reward, pieces) in change {
        match pieces {
            0 => {}
            ..0 => rewards::store::put_back(&mut *db, reward, -pieces).await?,
            _ => {
                rewards::store::take(&mut *db, project, reward, pieces)
                    .await
                    .on_constraint("reward_is_not_oversold", PledgeError::SoldOut)?;
            }
        }
    }
    Ok(())
}

#[cfg(feature = "ssr")]
pub async fn checkout_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?;
    if !member.confirmed {
        return Err(Refusal::ConfirmEmail);
    }
    let project = projects::store::public_by_slug(&mut *req.db.pool.acquire().await?, slug).await?;
    let rewards =
        rewards::store::of_project(&mut *req.db.pool.acquire().await?, project.id, project.currency).await?;
    let terms = projects::store::terms_of(&mut *req.db.pool.acquire().await?, project.id).await?;
    let form = req.form::<PledgeError>(PlacePledge::PATH);
    let open = project.state == FundingState::Live;
    let chosen = form.value_or("reward", req.query("reward").unwrap_or_default());
    let used = form.message().is_some_and(|message| message == text::form_used(l));
    let fresh = FormKey::new().to_string();
    // What was typed is a pledge of its own now.
    let key = if used { fresh } else { form.value_or("key", &fresh) };
    Ok(Page::new(text::checkout(l), move || {
        let back = l.path(&format!("/projects/{}", project.slug));
        let body = if open {
            view! { <CheckoutForm project=project.clone() rewards=rewards chosen=chosen form=form key=key /> }
                .into_any()
        } else {
            view! { <p class="notice notice--plain" role="status">{text::not_live(l)}</p> }.into_any()
        };
        view! {
            <section class="sheet sheet--wide checkout">
                <BackLink href=back label=project.title.clone() />
                <h1>{text::checkout(l)}</h1>
                {body}
                <projects::TermsNote terms=terms />
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
#[component]
fn CheckoutForm(
    project: Project,
    rewards: Vec<Reward>,
    chosen: String,
    form: kernel::FormState,
    key: String,
) -> impl IntoView {
    let l: Locale = ui::use_locale();
    let fault = form.fault("reward");
    let offers = rewards.iter().map(|r| Offer { reward: r.id.to_string(), price: r.price }).collect();
    let quantity = form.value_or("quantity", "1");
    let extra = form.value_or("extra", "");
    let rewards = rewards
        .into_iter()
        .map(|reward| {
            let checked = reward.id.to_string() == chosen;
            view! { <RewardChoice reward=reward checked=checked /> }
        })
        .collect_view();
    view! {
        <form class="form" method="post" action=PlacePledge::PATH id="checkout">
            <FormMessage form=form.clone() />
            <input type="hidden" name="slug" value=project.slug.clone() />
            <input type="hidden" name="key" value=key />
            <fieldset class="choices">
                <legend class="field__label">{text::choose_reward(l)}</legend>
                {rewards}
                <label class="choice">
                    <input type="radio" name="reward" value="" checked=chosen.is_empty() />
                    <span class="choice__body"><span class="choice__title">{text::no_reward(l)}</span></span>
                </label>
                {fault.map(|fault| view! { <p class="field__error" role="alert">{fault}</p> })}
            </fieldset>
            <div class="form__pair">
                <Field form=form.clone() name="quantity" label=text::quantity(l) value="1" kind=FieldKind::Number maxlength=3 />
                <Field form=form name="extra" label=text::extra(l) kind=FieldKind::Number hint=text::extra_hint(l)
                    unit=unit(l, project.currency) maxlength=15 />
            </div>
            <PledgeTotal locale=l currency=project.currency offers=offers chosen=chosen quantity=quantity extra=extra />
            <p class="quiet">{text::total_note(l)}</p>
            <SubmitButton label=text::to_card(l) class="button--wide" />
            <p class="quiet">{text::card_note(l)}</p>
        </form>
    }
}

#[cfg(feature = "ssr")]
fn unit(l: Locale, currency: Currency) -> &'static str {
    if currency == Currency::KRW { text::won(l) } else { currency.code() }
}

#[cfg(feature = "ssr")]
#[component]
fn RewardChoice(reward: Reward, checked: bool) -> impl IntoView {
    let l = ui::use_locale();
    let gone = reward.left == Some(0);
    view! {
        <label class="choice" class:choice--gone=gone>
            <input type="radio" name="reward" value=reward.id.to_string() checked=checked && !gone disabled=gone />
            <span class="choice__body">
                <span class="choice__title"><strong>{reward.price.show(l)}</strong> " " {reward.title.clone()}</span>
                {reward.left.map(|left| view! {
                    <span class="choice__line">{if gone { text::sold_out_tag(l).to_owned() } else { text::left(l, left) }}</span>
                })}
                <span class="choice__text">{reward.description.clone()}</span>
            </span>
        </label>
    }
}
