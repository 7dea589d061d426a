//! The pages on which a pledge is put together: choose, see the sum and agree. For a new pledge, and for one
//! that is changed.

#![cfg(feature = "ssr")]

use crate::{
    ChangePledge, Piece, PlacePledge, Pledge, PledgeError, PledgeForm, PledgeTotal, ReviewPledge,
    bill::{Bill, bill},
    consents::{self, Consents},
    form::{NEW_ADDRESS, is_carried},
    lines::{Parcel, Sums},
    store, text,
    total::{Offer, Way},
    transfer::{
        TransferInputs,
        form::{self, BY_TRANSFER},
    },
};
use accounts::{AddressInputs, Kept};
use deposits::receiving::ReceivingAccount;
use kernel::{Currency, FormKey, FormState, Locale, MemberId, PledgeId, Refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use projects::{FundingState, MoneyTerms, Project, TermsNote};
use rewards::{Fee, Reward, RewardKind};
use store::LegalText;
use ui::{BackLink, Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton, TickField};

const FORMS: [&str; 3] = [PlacePledge::PATH, ReviewPledge::PATH, ChangePledge::PATH];

/// What can be chosen, and what was.
#[derive(Clone)]
struct Choosing {
    project: Project,
    rewards: Vec<Reward>,
    /// The addresses of the member's book, with what shipping costs there.
    book: Vec<(Kept, Option<Fee>)>,
    form: FormState,
    key: String,
    /// What the project pays in fees, and promises.
    terms: MoneyTerms,
    /// The reward whose button led here.
    asked: String,
    changing: Option<PledgeId>,
    version: i32,
    /// Where a transfer can be paid in; empty if none can.
    accounts: Vec<ReceivingAccount>,
    /// The name of whoever pays.
    payer: String,
}

/// The sum, with what is agreed to.
struct Review {
    bill: Bill,
    texts: Vec<LegalText>,
    /// A pledge of the same person that stands already.
    standing: Option<PledgeId>,
    back: String,
}

/// `/projects/{slug}/pledge`, and its second step.
pub async fn checkout_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?;
    if !member.confirmed {
        return Err(Refusal::ConfirmEmail);
    }
    let project = projects::store::public_by_slug(&mut *req.db.pool.acquire().await?, slug).await?;
    let back = l.path(&format!("/projects/{}", project.slug));
    if project.state != FundingState::Live {
        return Ok(closed(l, project.title, back));
    }
    let form = req.form_of::<PledgeError>(&FORMS);
    let used = form.message().is_some_and(|message| message == text::form_used(l));
    let fresh = FormKey::new().to_string();
    // What was typed is a pledge of its own now.
    let key = if used { fresh } else { form.value_or("key", &fresh) };
    let choosing = Choosing { key, form, ..choosing(req, member.id, project).await? };
    page(req, member.id, choosing, None, back).await
}

/// `/account/pledges/{id}/change`, and its second step.
pub async fn change_page(req: &PageRequest, id: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let id: PledgeId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut db = req.db.pool.acquire().await?;
    let pledge = store::get(&mut db, id).await?;
    let pledge = pledge.filter(|pledge| pledge.backer == member).ok_or(Refusal::NotFound)?;
    let project = projects::store::public_by_slug(&mut db, &pledge.project_slug).await?;
    let back = l.path(&format!("/account/pledges/{id}"));
    if !pledge.can_be_changed(req.db.now()) {
        return Ok(closed(l, project.title, back));
    }
    let sent = req.form_of::<PledgeError>(&FORMS);
    let form = if sent.was_sent() {
        sent
    } else {
        let address = store::address_of(&req.db, &mut db, id).await?;
        FormState::prefilled(PledgeForm::of(&pledge, address).into_fields())
    };
    drop(db);
    let key = form.value_or("key", "");
    let key = if key.is_empty() { FormKey::new().to_string() } else { key };
    let of_project = choosing(req, member, project).await?;
    let choosing = Choosing { key, form, changing: Some(id), version: pledge.version, ..of_project };
    page(req, member, choosing, Some(pledge), back).await
}

fn closed(l: Locale, title: String, back: String) -> Page {
    Page::new(text::checkout(l), move || {
        view! {
            <section class="sheet sheet--wide checkout">
                <BackLink href=back label=title />
                <h1>{text::checkout(l)}</h1>
                <Notice tone="plain" text=text::not_live(l) />
            </section>
        }
    })
}

async fn choosing(req: &PageRequest, member: MemberId, project: Project) -> Result<Choosing, Refusal> {
    let mut db = req.db.pool.acquire().await?;
    let rewards = rewards::store::of_project(&mut db, project.id, project.currency).await?;
    let rates = rewards::store::rates(&mut db, project.id, project.currency).await?;
    let terms = projects::store::terms_of(&mut db, project.id).await?;
    let mut book = Vec::new();
    if rewards.iter().any(|reward| reward.ships) {
        for kept in accounts::addresses_of(&req.db, member).await? {
            let zone =
                rewards::store::zone_of(&mut db, &kept.address.country, &kept.address.postcode).await?;
            let fee = rates.to(&zone);
            book.push((kept, fee));
        }
    }
    let accounts = match form::in_time(req.db.now(), project.deadline) {
        true => deposits::receiving::offered(&mut db, project.currency).await?,
        false => Vec::new(),
    };
    let payer = req.member()?.name.clone();
    let asked = req.query("reward").unwrap_or_default().to_owned();
    let (form, key) = (FormState::default(), String::new());
    Ok(Choosing {
        project,
        rewards,
        book,
        form,
        key,
        terms,
        asked,
        changing: None,
        version: 0,
        accounts,
        payer,
    })
}

async fn page(
    req: &PageRequest,
    member: MemberId,
    choosing: Choosing,
    changing: Option<Pledge>,
    back: String,
) -> Result<Page, Refusal> {
    let l = req.locale;
    let title = if changing.is_some() { text::change(l) } else { text::checkout(l) };
    let from =
        changing.as_ref().map_or_else(|| choosing.project.title.clone(), |_| text::pledge(l).to_owned());
    let (review, stale) = match review(req, member, &choosing, changing.as_ref()).await {
        Ok(review) => (review, None),
        Err(PledgeError::Refused(refusal @ Refusal::Internal(_))) => return Err(refusal),
        Err(error) => (None, Some(kernel::DomainError::explain(&error, l))),
    };
    Ok(Page::new(title, move || match review {
        Some(review) => view! { <ReviewStep choosing=choosing review=review /> }.into_any(),
        None => view! {
            <section class="sheet sheet--wide checkout">
                <BackLink href=back label=from />
                <h1>{title}</h1>
                {stale.map(|stale| view! { <Notice tone="bad" text=stale /> })}
                <ChooseStep choosing=choosing.clone() />
                <TermsNote terms=choosing.terms />
            </section>
        }
        .into_any(),
    }))
}

/// The second step, if it is asked for and what was chosen can be added up.
async fn review(
    req: &PageRequest,
    member: MemberId,
    choosing: &Choosing,
    changing: Option<&Pledge>,
) -> Result<Option<Review>, PledgeError> {
    let Some(typed) = req.typed.as_ref().filter(|typed| FORMS.contains(&typed.action.as_str())) else {
        return Ok(None);
    };
    let error = typed.error.as_ref().and_then(|wire| wire.get("error")).cloned();
    let wanted = match error.and_then(|error| serde_json::from_value::<PledgeError>(error).ok()) {
        Some(error) => error.is_about_agreeing(),
        None => typed.error.is_none() && req.query("step") == Some("review"),
    };
    if !wanted {
        return Ok(None);
    }
    let book: Vec<Kept> = choosing.book.iter().map(|(kept, _)| kept.clone()).collect();
    let form = PledgeForm { key: choosing.key.clone(), ..PledgeForm::from_fields(&typed.values) };
    let chosen = form.chosen(choosing.project.currency, &book, req.locale)?;
    let mut db = req.db.pool.acquire().await.map_err(Refusal::from)?;
    let lines = changing.map(|pledge| pledge.lines.as_slice()).unwrap_or_default();
    let bill = bill(&mut db, choosing.project.id, &chosen, lines).await?;
    let texts = consents::shown(&mut db, &bill, req.locale).await?;
    let standing = match changing {
        Some(_) => None,
        None => store::standing(&mut db, choosing.project.id, member).await?,
    };
    let secret = req.query("form").unwrap_or_default();
    let back = req.locale.path(&format!("{}?form={secret}", req.path));
    Ok(Some(Review { bill, texts, standing, back }))
}

#[component]
fn ChooseStep(choosing: Choosing) -> impl IntoView {
    let l = ui::use_locale();
    let Choosing { project, rewards, book, form, key, asked, changing, .. } = choosing;
    let offers = rewards.iter().flat_map(offers).collect();
    let ways = book.iter().map(|(kept, fee)| Way { address: kept.id.to_string(), fee: *fee }).collect();
    let ships = rewards.iter().any(|reward| reward.ships);
    let (add_ons, rewards): (Vec<_>, Vec<_>) =
        rewards.into_iter().partition(|reward| reward.kind == RewardKind::AddOn);
    let picks = |rewards: Vec<Reward>| {
        let pick = |reward| view! { <Pick reward=reward asked=asked.clone() form=form.clone() /> };
        rewards.into_iter().map(pick).collect_view()
    };
    let (has_rewards, has_add_ons) = (!rewards.is_empty(), !add_ons.is_empty());
    let (rewards, add_ons) = (picks(rewards), picks(add_ons));
    view! {
        <form class="form" method="post" action=ReviewPledge::PATH id="checkout">
            <FormMessage form=form.clone() />
            <input type="hidden" name="slug" value=project.slug.clone() />
            <input type="hidden" name="key" value=key />
            {changing.map(|id| view! { <input type="hidden" name="pledge" value=id.to_string() /> })}
            {has_rewards.then(|| view! {
                <fieldset class="choices"><legend class="field__label">{text::choose_reward(l)}</legend> {rewards}</fieldset>
            })}
            {has_add_ons.then(|| view! {
                <fieldset class="choices"><legend class="field__label">{text::add_ons(l)}</legend> {add_ons}</fieldset>
            })}
            <Field form=form.clone() name="extra" label=text::extra(l) kind=FieldKind::Number hint=text::extra_hint(l)
                unit=unit(l, project.currency) maxlength=15 />
            {ships.then(|| view! { <WhereTo book=book form=form /> })}
            <PledgeTotal locale=l currency=project.currency offers=offers ways=ways />
            <SubmitButton label=text::next_step(l) class="button--wide" />
            <p class="quiet">{text::next_note(l)}</p>
        </form>
    }
}

/// What the live sum needs of a reward: an entry for each of its fields.
fn offers(reward: &Reward) -> Vec<Offer> {
    let offer = |piece| Offer { field: PledgeForm::field(piece), price: reward.price, ships: reward.ships };
    if reward.variants.is_empty() {
        return vec![offer(Piece::Of(reward.id))];
    }
    reward.variants.iter().map(|variant| offer(Piece::Variant(variant.id))).collect()
}

fn unit(l: Locale, currency: Currency) -> &'static str {
    if currency == Currency::KRW { text::won(l) } else { currency.code() }
}

/// A reward with how many of it, or how many of each of its variants.
#[component]
fn Pick(reward: Reward, asked: String, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let gone = reward.is_gone();
    let mut facts = vec![text::delivery_in(l, kernel::month(l, reward.estimated_delivery))];
    facts.extend(reward.per_person.map(|n| text::per_person(l, n)));
    facts.extend(reward.ships.then(|| text::ships_line(l).to_owned()));
    let title = reward.title.clone();
    let counts = if reward.variants.is_empty() {
        let first = if asked == reward.id.to_string() && !gone { "1" } else { "0" };
        view! { <Count piece=Piece::Of(reward.id) name=title.clone() label=String::new() left=reward.left first=first form=form /> }
            .into_any()
    } else {
        let count = |variant: &rewards::Variant| {
            let left = if reward.left == Some(0) { Some(0) } else { variant.left };
            view! {
                <Count piece=Piece::Variant(variant.id) name=title.clone() label=variant.label.clone() left=left first="0"
                    form=form.clone() />
            }
        };
        reward.variants.iter().map(count).collect_view().into_any()
    };
    view! {
        <article class="pick" class:pick--gone=gone>
            <h3 class="pick__title"><strong>{reward.price.show(l)}</strong> " " {title}</h3>
            <p class="pick__text">{reward.description.clone()}</p>
            <p class="pick__facts">{facts.join(" · ")}</p>
            {counts}
        </article>
    }
}

/// How many of one thing.
#[component]
fn Count(
    piece: Piece,
    name: String,
    label: String,
    left: Option<i32>,
    first: &'static str,
    form: FormState,
) -> impl IntoView {
    let l = ui::use_locale();
    let field = PledgeForm::field(piece);
    let id = format!("field-{field}");
    let fault = form.fault(&field);
    let value = form.value_or(&field, first);
    let gone = left == Some(0) && value == "0";
    let left =
        left.map(|left| if left == 0 { text::sold_out_tag(l).to_owned() } else { text::left(l, left) });
    let shown = if label.is_empty() { text::quantity(l).to_owned() } else { label };
    let (error, invalid) = (format!("{id}-error"), fault.is_some());
    view! {
        <div class="pick__count" class:field--invalid=invalid>
            <label class="pick__label" for=id.clone()>
                <span class="visually-hidden">{name} ": "</span> {shown}
            </label>
            {left.map(|left| view! { <span class="pick__left">{left}</span> })}
            <input class="input pick__input" type="text" inputmode="numeric" id=id name=field value=value maxlength=11
                disabled=gone autocomplete="off" aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then(|| error.clone()) />
            {fault.map(|fault| view! { <p class="field__error" role="alert" id=error>{fault}</p> })}
        </div>
    }
}

/// An address of the book, or one that is typed here.
#[component]
fn WhereTo(book: Vec<(Kept, Option<Fee>)>, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let first = book.first().map_or_else(|| NEW_ADDRESS.to_owned(), |(kept, _)| kept.id.to_string());
    let known =
        |value: &str| value == NEW_ADDRESS || book.iter().any(|(kept, _)| kept.id.to_string() == value);
    let chosen = form.value_or("address", &first);
    let chosen = if known(&chosen) { chosen } else { first };
    let fault = form.fault("address");
    let rows = book
        .iter()
        .map(|(kept, _)| {
            let id = kept.id.to_string();
            let checked = id == chosen;
            let lines = kept.address.lines(l).join(", ");
            view! {
                <label class="choice">
                    <input type="radio" name="address" value=id checked=checked />
                    <span class="choice__body">
                        <span class="choice__title">{kept.address.recipient.clone()}</span>
                        <span class="choice__text">{lines}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let new = chosen == NEW_ADDRESS;
    view! {
        <fieldset class="choices where-to">
            <legend class="field__label">{text::where_to(l)}</legend>
            <p class="field__hint">{text::where_to_hint(l)}</p>
            {rows}
            <label class="choice">
                <input type="radio" name="address" value=NEW_ADDRESS checked=new />
                <span class="choice__body"><span class="choice__title">{text::new_address(l)}</span></span>
            </label>
            {fault.map(|fault| view! { <p class="field__error" role="alert" id="field-address-error">{fault}</p> })}
            <div class="where-to__new form"><AddressInputs form=form /></div>
        </fieldset>
    }
}

#[component]
fn ReviewStep(choosing: Choosing, review: Review) -> impl IntoView {
    let l = ui::use_locale();
    let Choosing { project, form, key, terms, changing, version, accounts, payer, .. } = choosing;
    let Review { bill, texts, standing, back } = review;
    let made_to_order = consents::made_to_order(&bill);
    let total = bill.total.plain();
    let carried = form.values().iter().filter(|(name, _)| is_carried(name)).cloned();
    let carried =
        carried.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view();
    let action = if changing.is_some() { ChangePledge::PATH } else { PlacePledge::PATH };
    // Where people may also pay by transfer, the button leads to either.
    let card_only = accounts.is_empty();
    let submit = match (changing, card_only) {
        (Some(_), _) => text::change_now(l),
        (None, true) => text::to_card(l),
        (None, false) => text::checkout(l),
    };
    view! {
        <section class="sheet sheet--wide checkout">
            <BackLink href=back label=text::back_to_choice(l) />
            <h1>{text::check_title(l)}</h1>
            <p class="quiet">{project.title.clone()}</p>
            <FormMessage form=form.clone() />
            <Sums bill=(&bill).into() />
            {bill.parcel.map(|parcel| view! { <Parcel address=parcel.address /> })}
            <form class="form" method="post" action=action>
                <input type="hidden" name="slug" value=project.slug.clone() />
                <input type="hidden" name="key" value=key />
                <input type="hidden" name="total" value=total />
                {changing.map(|id| view! {
                    <input type="hidden" name="pledge" value=id.to_string() />
                    <input type="hidden" name="version" value=version.to_string() />
                })}
                {carried}
                {standing.map(|id| view! { <Another standing=id form=form.clone() /> })}
                <Consents texts=texts made_to_order=made_to_order form=form.clone() />
                {changing.is_none().then(|| view! { <HowToPay accounts=accounts payer=payer form=form /> })}
                <SubmitButton label=submit class="button--wide" />
                {card_only.then(|| view! { <p class="quiet">{text::total_note(l)}</p> })}
            </form>
            <TermsNote terms=terms />
        </section>
    }
}

/// How a new pledge is going to be paid.
#[component]
fn HowToPay(accounts: Vec<ReceivingAccount>, payer: String, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let by_transfer = form.value_or("method", "") == BY_TRANSFER;
    let card = view! { <p class="quiet">{text::card_note(l)}</p> };
    let ways = if accounts.is_empty() {
        card.into_any()
    } else {
        view! {
            <label class="choice">
                <input type="radio" name="method" value="card" checked=!by_transfer />
                <span class="choice__body">
                    <span class="choice__title">{text::by_card(l)}</span>
                    <span class="choice__text">{text::card_note(l)}</span>
                </span>
            </label>
            <label class="choice">
                <input type="radio" name="method" value=BY_TRANSFER checked=by_transfer />
                <span class="choice__body">
                    <span class="choice__title">{text::by_transfer(l)}</span>
                    <span class="choice__text">{text::by_transfer_note(l)}</span>
                </span>
            </label>
            <div class="how-to-pay__transfer form"><TransferInputs offered=accounts name=payer form=form /></div>
        }
        .into_any()
    };
    view! {
        <fieldset class="choices how-to-pay">
            <legend class="field__label">{text::how_to_pay(l)}</legend>
            {ways}
        </fieldset>
    }
}

/// Whoever backs the project already is asked what they want.
#[component]
fn Another(standing: PledgeId, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    view! {
        <div class="notice notice--plain another" role="status">
            <p>{text::already_backing(l)}</p>
            <p><a href=l.path(&format!("/account/pledges/{standing}/change"))>{text::see_standing(l)}</a></p>
            <TickField form=form name="another" label=text::really_another(l) required=true />
        </div>
    }
}
