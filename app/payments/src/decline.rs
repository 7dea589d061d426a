//! Why a charge was refused, as far as it matters to what happens next.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclineClass {
    /// Money may be there another day.
    Retryable,
    /// This card will never pay.
    Final,
    /// The person must say yes to their bank.
    Action,
    /// Our key, account or request is wrong: no fault of the person's.
    Ours,
    /// We closed it before it happened.
    Abandoned,
}

impl DeclineClass {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Retryable, "retryable"),
        (Self::Final, "final"),
        (Self::Action, "action"),
        (Self::Ours, "ours"),
        (Self::Abandoned, "abandoned"),
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(class, _)| *class == self).map_or("", |(_, code)| code)
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(class, _)| *class)
    }
}
