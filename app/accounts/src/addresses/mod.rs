//! The address book: where parcels go. Each address is sealed whole in the database.

mod book;
mod form;

#[cfg(feature = "ssr")]
mod countries;
#[cfg(feature = "ssr")]
mod fields;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod text;

pub use book::{AddAddress, RemoveAddress, SetDefaultAddress};
pub use form::AddressForm;

#[cfg(feature = "ssr")]
pub use {
    book::addresses_page,
    countries::{countries, country_name, is_country},
    fields::AddressInputs,
    rules::Address,
    store::{Kept, all as addresses_of},
};
