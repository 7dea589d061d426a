//! The checkout's form as it is sent, by whoever pledges and by whoever changes a pledge.

use accounts::AddressForm;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PledgeForm {
    /// How many of what: `r` and the id of a reward, or `v` and the id of one of its variants.
    pub pieces: BTreeMap<String, String>,
    pub extra: String,
    /// Id of an address in the member's book; anything else is the one below.
    pub address: String,
    #[serde(flatten)]
    pub to: AddressForm,
    /// Made with the page: the same form sent twice is one pledge.
    pub key: String,
    /// The sum that was shown when it was sent.
    pub total: String,
    /// `true` if the texts that were shown are agreed to.
    pub agree: String,
    /// `true` if the loss of the right to withdraw from what is made to order is agreed to.
    pub agree_made_to_order: String,
    /// `true` from somebody who backs the project already and wants another pledge.
    pub another: String,
}

impl PledgeForm {
    /// The field of a reward, or of a variant, in [`PledgeForm::pieces`].
    #[must_use]
    pub fn field(piece: crate::Piece) -> String {
        match piece {
            crate::Piece::Of(reward) => format!("pieces[r{reward}]"),
            crate::Piece::Variant(variant) => format!("pieces[v{variant}]"),
        }
    }

    /// Names and values, as a page shows them again.
    #[cfg(feature = "ssr")]
    pub(crate) fn into_fields(self) -> Vec<(String, String)> {
        let pieces = self.pieces.into_iter().map(|(key, value)| (format!("pieces[{key}]"), value));
        let rest = [
            ("extra", self.extra),
            ("address", self.address),
            ("recipient", self.to.recipient),
            ("phone", self.to.phone),
            ("postcode", self.to.postcode),
            ("road", self.to.road),
            ("detail", self.to.detail),
            ("city", self.to.city),
            ("region", self.to.region),
            ("country", self.to.country),
            ("key", self.key),
        ];
        pieces.chain(rest.map(|(name, value)| (name.to_owned(), value))).collect()
    }
}

#[cfg(feature = "ssr")]
impl PledgeForm {
    /// Reads what a page keeps of a form.
    pub(crate) fn from_fields(values: &[(String, String)]) -> Self {
        let mut form = Self::default();
        for (name, value) in values {
            let value = value.clone();
            match name.as_str() {
                "extra" => form.extra = value,
                "address" => form.address = value,
                "recipient" => form.to.recipient = value,
                "phone" => form.to.phone = value,
                "postcode" => form.to.postcode = value,
                "road" => form.to.road = value,
                "detail" => form.to.detail = value,
                "city" => form.to.city = value,
                "region" => form.to.region = value,
                "country" => form.to.country = value,
                "key" => form.key = value,
                name => {
                    let piece = name.strip_prefix("pieces[").and_then(|rest| rest.strip_suffix(']'));
                    if let Some(piece) = piece {
                        form.pieces.insert(piece.to_owned(), value);
                    }
                }
            }
        }
        form
    }

    /// A pledge as its owner would have typed it.
    pub(crate) fn of(pledge: &crate::Pledge, address: Option<accounts::Address>) -> Self {
        let key = |piece: crate::Piece| match piece {
            crate::Piece::Of(reward) => format!("r{reward}"),
            crate::Piece::Variant(variant) => format!("v{variant}"),
        };
        let pieces = pledge.lines.iter().map(|line| (key(line.piece()), line.quantity.to_string()));
        let to = address.map(|address| AddressForm {
            recipient: address.recipient,
            phone: address.phone,
            postcode: address.postcode,
            road: address.road,
            detail: address.detail,
            city: address.city,
            region: address.region,
            country: address.country,
        });
        Self {
            pieces: pieces.collect(),
            extra: if pledge.extra.minor() > 0 { pledge.extra.plain() } else { String::new() },
            address: if to.is_some() { NEW_ADDRESS.to_owned() } else { String::new() },
            to: to.unwrap_or_default(),
            ..Self::default()
        }
    }
}

/// The choice of an address that is not in the book.
#[cfg(feature = "ssr")]
pub(crate) const NEW_ADDRESS: &str = "new";

/// The fields of the first step, which the second one carries along.
#[cfg(feature = "ssr")]
pub(crate) fn is_carried(name: &str) -> bool {
    name.starts_with("pieces[")
        || matches!(
            name,
            "extra"
                | "address"
                | "recipient"
                | "phone"
                | "postcode"
                | "road"
                | "detail"
                | "city"
                | "region"
                | "country"
        )
}
