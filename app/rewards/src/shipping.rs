//! What the creator asks for shipping: within Korea in one form, abroad country by country.

use crate::RewardError;
#[cfg(feature = "ssr")]
use crate::{Fee, ISLANDS, JEJU, KOREA, Rate, Rates, WORLD, manage::own, rules::parse_amount, store, text};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    accounts::{countries, country_name, is_country},
    kernel::{Currency, Fault, Faults, FormState, Locale, Money, Refusal},
    leptos::server_fn::ServerFn,
    projects::{FundingState, owned_project, studio_nav},
    ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SelectField, SubmitButton},
};

/// The most places abroad that have a rate.
#[cfg(feature = "ssr")]
const MOST: usize = 60;

/// What shipping within Korea costs, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShippingForm {
    pub first: String,
    pub more: String,
    /// Added for Jeju.
    pub jeju: String,
    /// Added for other islands and remote parts.
    pub islands: String,
}

/// What shipping to a country costs, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CountryForm {
    /// ISO 3166-1 alpha-2, or `*` for all others.
    pub country: String,
    pub country_first: String,
    pub country_more: String,
}

/// The project's creator, before the launch.
#[server]
pub async fn set_shipping(slug: String, #[server(flatten)] form: ShippingForm) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let rates = form.checked(project.currency)?;
    let mut tx = db.pool.begin().await?;
    // Held against a launch and another of these, until the commit.
    if projects::store::locked(&mut tx, project.id).await?.state != FundingState::Draft {
        return Err(RewardError::RatesFrozen);
    }
    store::clear_domestic(&mut tx, project.id).await?;
    for rate in &rates {
        store::add_rate(&mut tx, project.id, rate).await?;
    }
    tx.commit().await?;
    to_page(&slug);
    Ok(())
}

/// The project's creator, before and while it is live.
#[server]
pub async fn add_destination(slug: String, #[server(flatten)] form: CountryForm) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let rate = form.checked(project.currency)?;
    let mut tx = db.pool.begin().await?;
    let state = projects::store::locked(&mut tx, project.id).await?.state;
    if !matches!(state, FundingState::Draft | FundingState::Live) {
        return Err(RewardError::Closed);
    }
    let rates = store::rates(&mut tx, project.id, project.currency).await?;
    // Nobody who could pledge before pays another price now.
    if state == FundingState::Live && rates.to(&rate.zone).is_some() {
        return Err(RewardError::RatesFrozen);
    }
    if rates.rates.len() >= MOST {
        let fault = Fault::TooMany { max: u32::try_from(MOST).unwrap_or(u32::MAX) };
        return Err(Refusal::field("country", fault).into());
    }
    store::add_rate(&mut tx, project.id, &rate).await?;
    tx.commit().await?;
    to_page(&slug);
    Ok(())
}

/// The project's creator, before the launch. Doing it again changes nothing.
#[server]
pub async fn remove_destination(slug: String, zone: String) -> Result<(), RewardError> {
    let (db, project) = own(&slug).await?;
    let mut tx = db.pool.begin().await?;
    if projects::store::locked(&mut tx, project.id).await?.state != FundingState::Draft {
        return Err(RewardError::RatesFrozen);
    }
    store::remove_rate(&mut tx, project.id, &zone).await?;
    tx.commit().await?;
    to_page(&slug);
    Ok(())
}

#[cfg(feature = "ssr")]
fn to_page(slug: &str) {
    ui::lead_to(&format!("/studio/{slug}/shipping?saved=1"));
}

#[cfg(feature = "ssr")]
impl ShippingForm {
    /// The rates within Korea; what is free has none.
    fn checked(self, currency: Currency) -> Result<Vec<Rate>, Refusal> {
        let mut faults = Faults::default();
        let mut read = |field: &str, text: &str| {
            faults.keep(field, amount(text, currency)).unwrap_or(Money::zero(currency))
        };
        let korea = Fee { first: read("first", &self.first), more: read("more", &self.more) };
        let none = Money::zero(currency);
        let jeju = Fee { first: read("jeju", &self.jeju), more: none };
        let islands = Fee { first: read("islands", &self.islands), more: none };
        faults.none_or_refuse()?;
        let rates = [(KOREA, korea), (JEJU, jeju), (ISLANDS, islands)];
        let asked = rates.into_iter().filter(|(_, fee)| fee.first != none || fee.more != none);
        Ok(asked.map(|(zone, fee)| Rate { zone: zone.to_owned(), fee }).collect())
    }
}

#[cfg(feature = "ssr")]
impl CountryForm {
    fn checked(self, currency: Currency) -> Result<Rate, Refusal> {
        let mut faults = Faults::default();
        let zone = self.country.trim().to_ascii_uppercase();
        match zone.as_str() {
            "" => faults.add("country", Fault::Required),
            WORLD => {}
            country if is_country(country) => {}
            _ => faults.add("country", Fault::NotAllowed),
        }
        let first = faults.keep("country_first", parse_amount(&self.country_first, currency));
        let more = faults.keep("country_more", amount(&self.country_more, currency));
        faults.none_or_refuse()?;
        match (first, more) {
            (Some(first), Some(more)) => Ok(Rate { zone, fee: Fee { first, more } }),
            _ => Err(Refusal::Malformed),
        }
    }
}

/// Empty is nothing.
#[cfg(feature = "ssr")]
fn amount(text: &str, currency: Currency) -> Result<Money, Fault> {
    if text.trim().is_empty() { Ok(Money::zero(currency)) } else { parse_amount(text, currency) }
}

#[cfg(feature = "ssr")]
pub async fn shipping_page(req: &PageRequest, slug: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let project = owned_project(req, slug).await?;
    let rates = store::rates(&mut *req.db.pool.acquire().await?, project.id, project.currency).await?;
    let home = req.form::<RewardError>(SetShipping::PATH);
    let abroad = req.form::<RewardError>(AddDestination::PATH);
    let removal = req.form::<RewardError>(RemoveDestination::PATH);
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(Page::new(text::shipping(l), move || {
        let draft = project.state == FundingState::Draft;
        let open = draft || project.state == FundingState::Live;
        view! {
            {studio_nav(l, &project, "shipping")}
            <section class="sheet sheet--wide">
                <h1>{text::shipping(l)}</h1>
                <p class="quiet">{text::shipping_lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                <FormMessage form=removal />
                {(!draft).then(|| view! { <p class="quiet">{text::rates_frozen(l)}</p> })}
                <h2>{text::in_korea(l)}</h2>
                {if draft || home.was_sent() {
                    view! { <HomeForm slug=project.slug.clone() rates=rates.clone() form=home /> }.into_any()
                } else {
                    view! { <HomeRates rates=rates.clone() /> }.into_any()
                }}
                <h2>{text::abroad(l)}</h2>
                <Destinations slug=project.slug.clone() rates=rates draft=draft />
                {open.then(|| view! { <CountryFields slug=project.slug.clone() form=abroad /> })}
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
#[component]
fn HomeForm(slug: String, rates: Rates, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let plain = |zone: &str, read: fn(Fee) -> Money| {
        rates.at(zone).map(read).filter(|amount| amount.minor() > 0).map(Money::plain).unwrap_or_default()
    };
    view! {
        <form class="form" method="post" action=SetShipping::PATH>
            <FormMessage form=form.clone() />
            <input type="hidden" name="slug" value=slug />
            <div class="form__pair">
                <Field form=form.clone() name="first" label=text::first_piece(l) value=plain(KOREA, |fee| fee.first)
                    kind=FieldKind::Number unit=text::won(l) hint=text::first_hint(l) maxlength=15 />
                <Field form=form.clone() name="more" label=text::each_more(l) value=plain(KOREA, |fee| fee.more)
                    kind=FieldKind::Number unit=text::won(l) maxlength=15 />
            </div>
            <div class="form__pair">
                <Field form=form.clone() name="jeju" label=text::jeju(l) value=plain(JEJU, |fee| fee.first)
                    kind=FieldKind::Number unit=text::won(l) maxlength=15 />
                <Field form=form name="islands" label=text::islands(l) value=plain(ISLANDS, |fee| fee.first)
                    kind=FieldKind::Number unit=text::won(l) maxlength=15 />
            </div>
            <SubmitButton label=text::save(l) class="button--wide" />
        </form>
    }
}

/// The rates within Korea once they are frozen.
#[cfg(feature = "ssr")]
#[component]
fn HomeRates(rates: Rates) -> impl IntoView {
    let l = ui::use_locale();
    let line = |label: &'static str, zone: &str| {
        let fee = rates.at(zone).map_or_else(|| text::free(l).to_owned(), |fee| told(l, fee));
        view! { <div><dt>{label}</dt><dd>{fee}</dd></div> }
    };
    view! {
        <dl class="facts">
            {line(text::first_piece(l), KOREA)} {line(text::jeju(l), JEJU)} {line(text::islands(l), ISLANDS)}
        </dl>
    }
}

#[cfg(feature = "ssr")]
fn told(l: Locale, fee: Fee) -> String {
    match (fee.first.minor(), fee.more.minor()) {
        (0, 0) => text::free(l).to_owned(),
        (_, 0) => fee.first.show(l),
        _ => text::fee_line(l, fee.first.show(l), fee.more.show(l)),
    }
}

#[cfg(feature = "ssr")]
fn zone_name(l: Locale, zone: &str) -> String {
    if zone == WORLD { text::rest_of_world(l).to_owned() } else { country_name(l, zone).to_owned() }
}

#[cfg(feature = "ssr")]
#[component]
fn Destinations(slug: String, rates: Rates, draft: bool) -> impl IntoView {
    let l = ui::use_locale();
    let abroad = rates.rates.into_iter().filter(|rate| !rate.zone.starts_with(KOREA));
    let rows = abroad
        .map(|rate| {
            view! {
                <li class="destination">
                    <p><strong>{zone_name(l, &rate.zone)}</strong> " " {told(l, rate.fee)}</p>
                    {draft.then(|| view! {
                        <form method="post" action=RemoveDestination::PATH>
                            <input type="hidden" name="slug" value=slug.clone() />
                            <input type="hidden" name="zone" value=rate.zone.clone() />
                            <SubmitButton label=text::remove(l) class="button--danger" />
                        </form>
                    })}
                </li>
            }
        })
        .collect_view();
    if rows.is_empty() {
        view! { <p class="quiet">{text::nowhere_abroad(l)}</p> }.into_any()
    } else {
        view! { <p class="quiet">{text::abroad_lead(l)}</p> <ul class="destinations">{rows}</ul> }.into_any()
    }
}

#[cfg(feature = "ssr")]
#[component]
fn CountryFields(slug: String, form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let mut choices = vec![
        (String::new(), text::country_none(l).to_owned()),
        (WORLD.to_owned(), text::rest_of_world(l).to_owned()),
    ];
    choices.extend(countries(l));
    view! {
        <form class="form" method="post" action=AddDestination::PATH>
            <FormMessage form=form.clone() />
            <input type="hidden" name="slug" value=slug />
            <SelectField form=form.clone() name="country" label=text::country(l) choices=choices required=true />
            <div class="form__pair">
                <Field form=form.clone() name="country_first" label=text::first_piece(l) kind=FieldKind::Number
                    unit=text::won(l) required=true maxlength=15 />
                <Field form=form name="country_more" label=text::each_more(l) kind=FieldKind::Number unit=text::won(l)
                    maxlength=15 />
            </div>
            <SubmitButton label=text::add_country(l) />
        </form>
    }
}
