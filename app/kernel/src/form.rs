//! What a form page knows of the last try: what was typed and what was wrong.

use crate::{DomainError, Locale};
use serde::{Deserialize, Serialize};

/// The last try of a form that was refused, as kept on the server between the POST and the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Address of the server function, which tells the forms of a page apart.
    pub action: String,
    /// Names and values as sent, without secrets.
    pub values: Vec<(String, String)>,
    /// The error as JSON in the wire format of [`crate::RefusalJson`].
    pub error: Option<serde_json::Value>,
}

/// A form as a page shows it: values that were typed, and sentences at their fields.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    values: Vec<(String, String)>,
    faults: Vec<(String, String)>,
    message: Option<String>,
}

impl FormState {
    /// The state of the form that posts to `action`, after a try that was refused with an `E`.
    #[must_use]
    pub fn after<E: DomainError>(typed: Option<&Typed>, action: &str, locale: Locale) -> Self {
        let Some(typed) = typed.filter(|typed| typed.action == action) else {
            return Self::default();
        };
        let error = typed.error.as_ref().and_then(|wire| wire.get("error")).cloned();
        let error = error.and_then(|error| serde_json::from_value::<E>(error).ok());
        let faults = error.iter().flat_map(|error| error.faults());
        Self {
            faults: faults.map(|f| (f.field.clone(), f.fault.explain(locale))).collect(),
            message: error.as_ref().map(|error| error.explain(locale)),
            values: typed.values.clone(),
        }
    }

    /// A form that shows `values` before anybody has sent it.
    #[must_use]
    pub fn prefilled(values: Vec<(String, String)>) -> Self {
        Self { values, ..Self::default() }
    }

    /// Names and values as they were sent.
    #[must_use]
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// What was typed, or else what the page would show.
    #[must_use]
    pub fn value_or(&self, field: &str, otherwise: &str) -> String {
        self.typed(field).unwrap_or(otherwise).to_owned()
    }

    #[must_use]
    pub fn typed(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn fault(&self, field: &str) -> Option<String> {
        self.faults.iter().find(|(name, _)| name == field).map(|(_, fault)| fault.clone())
    }

    /// The sentence above the form.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        self.message.clone()
    }

    #[must_use]
    pub fn was_sent(&self) -> bool {
        !self.values.is_empty()
    }
}
