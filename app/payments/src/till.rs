//! The till of this site: its gateways by name, and when what is due is charged.

use crate::{Gateway, GatewayError, Schedule};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// As use cases work with it, and as server functions find it in their context. Cheap to clone.
#[derive(Clone)]
pub struct Till {
    gateways: Arc<BTreeMap<&'static str, Arc<dyn Gateway>>>,
    card: &'static str,
    pub schedule: Arc<Schedule>,
    /// For how many days a transfer is waited for.
    pub deposit_days: u32,
}

/// Unless the site says otherwise.
const DEPOSIT_DAYS: u32 = 3;

impl Till {
    /// Cards go through this gateway.
    pub fn new(card: impl Gateway + 'static, schedule: Schedule) -> Self {
        let name = card.name();
        let card: Arc<dyn Gateway> = Arc::new(card);
        Self {
            gateways: Arc::new(BTreeMap::from([(name, card)])),
            card: name,
            schedule: Arc::new(schedule),
            deposit_days: DEPOSIT_DAYS,
        }
    }

    /// With another time for transfers.
    #[must_use]
    pub fn waiting_for_transfers(self, deposit_days: u32) -> Self {
        Self { deposit_days, ..self }
    }

    /// With a gateway more, or another one of this name.
    #[must_use]
    pub fn with(&self, gateway: impl Gateway + 'static) -> Self {
        let mut gateways = (*self.gateways).clone();
        gateways.insert(gateway.name(), Arc::new(gateway));
        Self { gateways: Arc::new(gateways), ..self.clone() }
    }

    /// The gateway that a row names. One that is configured no more gives no answers: what hangs on it
    /// waits until it is back.
    pub fn gateway(&self, name: &str) -> Result<&dyn Gateway, GatewayError> {
        let known = self.gateways.get(name).map(AsRef::as_ref);
        known.ok_or_else(|| GatewayError::NoAnswer(format!("no gateway {name} is configured")))
    }

    /// The names of all gateways.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.gateways.keys().copied()
    }

    /// The name of the gateway that takes new cards.
    #[must_use]
    pub fn for_cards(&self) -> &'static str {
        self.card
    }
}

impl fmt::Debug for Till {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Till")
            .field("gateways", &self.gateways.keys())
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}
