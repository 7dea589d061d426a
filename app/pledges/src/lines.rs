//! The lines of a sum and of an address, as every page shows them.

#![cfg(feature = "ssr")]

use crate::{Pledge, bill::Bill, text};
use accounts::Address;
use kernel::{Locale, Money};
use leptos::prelude::*;
use rewards::{ISLANDS, JEJU, KOREA};

/// What a sum is made of.
#[derive(Clone, Debug)]
pub struct SumLines {
    /// Name, pieces, and price of one.
    lines: Vec<(String, i32, Money)>,
    shipping: Money,
    zone: Option<String>,
    extra: Money,
    total: Money,
}

impl From<&Pledge> for SumLines {
    fn from(pledge: &Pledge) -> Self {
        let lines = pledge.lines.iter().map(|line| (line.name(), line.quantity, line.unit_price));
        Self {
            lines: lines.collect(),
            shipping: pledge.shipping,
            zone: pledge.zone.clone(),
            extra: pledge.extra,
            total: pledge.total,
        }
    }
}

impl From<&Bill> for SumLines {
    fn from(bill: &Bill) -> Self {
        let lines = bill.lines.iter();
        Self {
            lines: lines.map(|line| (line.name(), line.quantity, line.unit_price)).collect(),
            shipping: bill.shipping,
            zone: bill.parcel.as_ref().map(|parcel| parcel.zone.clone()),
            extra: bill.extra,
            total: bill.total,
        }
    }
}

/// Every line of a sum, and the sum. `children` stand below it.
#[component]
pub fn Sums(bill: SumLines, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let l = ui::use_locale();
    let lines = bill
        .lines
        .into_iter()
        .map(|(name, pieces, price)| {
            // What was added up once can be added up again.
            let sum = price.times(u32::try_from(pieces).unwrap_or_default()).unwrap_or(price);
            let each = (pieces > 1).then(|| view! { <span class="quiet">" (" {price.show(l)} ")"</span> });
            view! { <div><dt>{name} " × " {pieces} {each}</dt><dd>{sum.show(l)}</dd></div> }
        })
        .collect_view();
    let shipping = bill.zone.map(|zone| {
        let fee =
            if bill.shipping.minor() > 0 { bill.shipping.show(l) } else { text::free_shipping(l).to_owned() };
        view! { <div><dt>{text::shipping_to(l, zone_name(l, &zone))}</dt><dd>{fee}</dd></div> }
    });
    let extra = (bill.extra.minor() > 0)
        .then(|| view! { <div><dt>{text::extra(l)}</dt><dd>{bill.extra.show(l)}</dd></div> });
    view! {
        <dl class="facts facts--bill">
            {lines} {shipping} {extra}
            <div class="facts__total"><dt>{text::total(l)}</dt><dd>{bill.total.show(l)}</dd></div>
            {children.map(|children| children())}
        </dl>
    }
}

fn zone_name(l: Locale, zone: &str) -> String {
    match zone {
        KOREA => text::zone_korea(l).to_owned(),
        JEJU => text::zone_jeju(l).to_owned(),
        ISLANDS => text::zone_islands(l).to_owned(),
        country => accounts::country_name(l, country).to_owned(),
    }
}

/// Where a pledge goes.
#[component]
pub fn Parcel(address: Address) -> impl IntoView {
    let l = ui::use_locale();
    let lines = address.lines(l).into_iter().map(|line| view! { <br /> {line} }).collect_view();
    view! {
        <section class="parcel" aria-labelledby="where-to">
            <h2 id="where-to">{text::where_to(l)}</h2>
            <p>{address.recipient.clone()} " " {address.phone} {lines}</p>
        </section>
    }
}
