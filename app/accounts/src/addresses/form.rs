//! The form of an address, the Korean one and the one for everywhere else.

use serde::{Deserialize, Serialize};

/// The form as sent. Without a country and a city it is a Korean address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    pub recipient: String,
    pub phone: String,
    pub postcode: String,
    pub road: String,
    pub detail: String,
    pub city: String,
    pub region: String,
    pub country: String,
}
