//! The sum of a pledge as it is being put together. The server's sum is the one that counts.

use crate::{
    rules::{parse_extra, rewards_total},
    text,
};
use kernel::{Currency, Locale, Money, MoneyError};
use leptos::prelude::*;
use rewards::Fee;
use serde::{Deserialize, Serialize};

/// A reward or variant that can be chosen, as the sum needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The field that says how many.
    pub field: String,
    pub price: Money,
    pub ships: bool,
}

/// What shipping costs to an address of the book; none where nothing goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub address: String,
    pub fee: Option<Fee>,
}

/// What the fields of the form say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Picked {
    pieces: Vec<i32>,
    extra: String,
    address: String,
}

/// The lines of the sum. Shipping is none while nobody knows where to.
#[derive(Clone, Copy, PartialEq)]
struct Sum {
    rewards: Money,
    shipping: Option<Money>,
    extra: Money,
    total: Money,
}

fn add_up(currency: Currency, offers: &[Offer], ways: &[Way], picked: &Picked) -> Result<Sum, MoneyError> {
    let chosen: Vec<_> =
        offers.iter().zip(&picked.pieces).map(|(offer, pieces)| (offer.price, *pieces)).collect();
    let sent = offers.iter().zip(&picked.pieces).filter(|(offer, _)| offer.ships);
    let sent = sent.map(|(_, pieces)| u32::try_from(*pieces).unwrap_or(0)).sum();
    let fee = ways.iter().find(|way| way.address == picked.address).and_then(|way| way.fee);
    let shipping = match (sent, fee) {
        (0, _) => Some(Money::zero(currency)),
        (_, None) => None,
        (pieces, Some(fee)) => Some(fee.of(pieces)?),
    };
    let rewards = rewards_total(currency, &chosen)?;
    let extra = parse_extra(&picked.extra, currency).unwrap_or(Money::zero(currency));
    let total = rewards.checked_add(extra)?.checked_add(shipping.unwrap_or(Money::zero(currency)))?;
    Ok(Sum { rewards, shipping, extra, total })
}

/// Follows the checkout's fields and shows the sum with its lines. Before it wakes, or without WASM, it says that
/// the sum comes with the next step: one that does not follow the fields would be wrong.
#[island]
pub fn PledgeTotal(locale: Locale, currency: Currency, offers: Vec<Offer>, ways: Vec<Way>) -> impl IntoView {
    let (picked, set_picked) = signal(Picked::default());
    let (awake, set_awake) = signal(false);
    let fields: Vec<String> = offers.iter().map(|offer| offer.field.clone()).collect();
    let sum = Memo::new(move |_| add_up(currency, &offers, &ways, &picked.get()).ok());
    // The fields stand outside the island, in the form that works without it.
    Effect::new(move |_| {
        let Some(form) = document().get_element_by_id("checkout") else {
            return;
        };
        let fields = fields.clone();
        let update = move |_: web_sys::Event| {
            let pieces = fields.iter().map(|field| read(&format!("input[name=\"{field}\"]")));
            let pieces = pieces.map(|text| text.trim().parse().unwrap_or(0)).collect();
            set_picked.set(Picked {
                pieces,
                extra: read("input[name=extra]"),
                address: read("input[name=address]:checked"),
            });
        };
        listen(&form, update);
        set_awake.set(true);
    });
    let show = move |read: fn(Sum) -> Money| sum.get().map(|sum| read(sum).show(locale));
    let shipping = move || match sum.get().map(|sum| sum.shipping) {
        Some(None) => text::shipping_comes(locale).to_owned(),
        Some(Some(fee)) if fee.minor() > 0 => fee.show(locale),
        _ => text::free_shipping(locale).to_owned(),
    };
    view! {
        <div class="pledge-total">
            <dl class="pledge-total__lines" hidden=move || !awake.get()>
                <div><dt>{text::reward_fee(locale)}</dt><dd>{move || show(|sum| sum.rewards)}</dd></div>
                <div><dt>{text::shipping(locale)}</dt><dd>{shipping}</dd></div>
                <div><dt>{text::extra(locale)}</dt><dd>{move || show(|sum| sum.extra)}</dd></div>
            </dl>
            <p class="pledge-total__all">
                <span>{text::total(locale)}</span>
                <span class="quiet" hidden=move || awake.get()>{text::total_comes(locale)}</span>
                <output class="pledge-total__sum" for="checkout" aria-live="polite" hidden=move || !awake.get()>
                    {move || show(|sum| sum.total).unwrap_or_else(|| "—".to_owned())}
                </output>
            </p>
        </div>
    }
}

fn read(selector: &str) -> String {
    use wasm_bindgen::JsCast;
    let found = document().query_selector(selector).ok().flatten();
    let field = found.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

/// Listens to every input of the form for the life of the page, and once for what the browser
/// put in by itself.
fn listen(form: &web_sys::Element, update: impl Fn(web_sys::Event) + 'static) {
    use wasm_bindgen::{JsCast, prelude::Closure};
    let on_input = Closure::<dyn Fn(web_sys::Event)>::new(update);
    // Adding a listener to an element of the page cannot fail.
    let _ = form.add_event_listener_with_callback("input", on_input.as_ref().unchecked_ref());
    if let Ok(first) = web_sys::Event::new("input") {
        let _ = form.dispatch_event(&first);
    }
    on_input.forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_on_the_page_follows_the_rules_of_the_server() {
        let offer =
            |field: &str, price, ships| Offer { field: field.to_owned(), price: Money::won(price), ships };
        let offers = [offer("a", 30_000, true), offer("b", 5000, false)];
        let fee = Fee { first: Money::won(3000), more: Money::won(500) };
        let ways = [Way { address: "home".to_owned(), fee: Some(fee) }];
        let picked = |pieces: [i32; 2], address: &str| Picked {
            pieces: pieces.to_vec(),
            extra: "1,000".to_owned(),
            address: address.to_owned(),
        };
        let sum = |picked| {
            let sum = add_up(Currency::KRW, &offers, &ways, &picked).unwrap();
            (sum.shipping.map(Money::minor), sum.total.minor())
        };

        assert_eq!(sum(picked([2, 1], "home")), (Some(3500), 69_500));
        assert_eq!(sum(picked([0, 1], "home")), (Some(0), 6000));
        assert_eq!(sum(picked([1, 0], "new")), (None, 31_000));
    }
}
