//! The total of a pledge as it is being put together. The server's sum is the one that counts.

use crate::{rules::rewards_total, text};
use kernel::{Currency, Locale, Money};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A reward that can be chosen, as the total needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub reward: String,
    pub price: Money,
}

/// Follows the checkout's fields and shows the sum. Before it wakes, or without WASM, it says where the sum
/// will stand: one that does not follow the fields would be wrong.
#[island]
pub fn PledgeTotal(
    locale: Locale,
    currency: Currency,
    offers: Vec<Offer>,
    chosen: String,
    quantity: String,
    extra: String,
) -> impl IntoView {
    let (picked, set_picked) = signal((chosen, quantity, extra));
    let (awake, set_awake) = signal(false);
    let total = move || {
        let (reward, quantity, extra) = picked.get();
        let extra =
            Money::parse(extra.trim().trim_end_matches('원'), currency).unwrap_or(Money::zero(currency));
        let quantity = quantity.trim().parse().unwrap_or(1);
        let price = offers.iter().find(|offer| offer.reward == reward).map(|offer| (offer.price, quantity));
        let sum = rewards_total(currency, price.as_slice()).and_then(|sum| sum.checked_add(extra));
        sum.map(|sum| sum.show(locale)).unwrap_or_else(|_| "—".to_owned())
    };
    // The fields stand outside the island, in the form that works without it.
    Effect::new(move |_| {
        let Some(form) = document().get_element_by_id("checkout") else {
            return;
        };
        let read = move |selector: &str| {
            let found = document().query_selector(selector).ok().flatten();
            found.map(|field| read_value(&field)).unwrap_or_default()
        };
        let update = move |_: web_sys::Event| {
            set_picked.set((
                read("input[name=reward]:checked"),
                read("input[name=quantity]"),
                read("input[name=extra]"),
            ));
        };
        listen(&form, update);
        set_awake.set(true);
    });
    view! {
        <p class="pledge-total">
            <span>{text::total(locale)}</span>
            <span class="quiet" hidden=move || awake.get()>{text::total_comes(locale)}</span>
            <output class="pledge-total__sum" for="checkout" aria-live="polite" hidden=move || !awake.get()>{total}</output>
        </p>
    }
}

fn read_value(field: &web_sys::Element) -> String {
    use wasm_bindgen::JsCast;
    field.dyn_ref::<web_sys::HtmlInputElement>().map(web_sys::HtmlInputElement::value).unwrap_or_default()
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
