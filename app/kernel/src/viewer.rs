//! Who is looking.

use crate::{Locale, MemberId, PictureId, Refusal, Zone};
use leptos::prelude::use_context;

/// A member as pages and server functions see the one who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub handle: String,
    pub name: String,
    pub locale: Locale,
    pub zone: Zone,
    /// Whether the e-mail address is confirmed; without it one may draft, not pledge or launch.
    pub confirmed: bool,
    /// Whether they have a role in running the site. What each role may do is asked when it is done.
    pub runs_site: bool,
    pub picture: Option<PictureId>,
    /// What they were told and have not read, up to [`Member::MOST_UNREAD`].
    pub unread: u32,
}

impl Member {
    /// More are not counted.
    pub const MOST_UNREAD: u32 = 100;
}

/// The one who asks, or nobody.
#[derive(Clone, Debug, Default)]
pub struct Viewer(pub Option<Member>);

impl Viewer {
    /// The viewer of the request that is being answered.
    #[must_use]
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_default()
    }

    /// Whoever is logged in.
    pub fn require_member() -> Result<Member, Refusal> {
        Self::current().0.ok_or(Refusal::SignIn)
    }

    /// A member with a confirmed address.
    pub fn require_confirmed() -> Result<Member, Refusal> {
        let member = Self::require_member()?;
        if member.confirmed { Ok(member) } else { Err(Refusal::ConfirmEmail) }
    }
}
