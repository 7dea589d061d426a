//! What the domains' pages are made of: fields, buttons, figures, and the page itself.
//!
//! Nothing here knows a word of the domains.

mod button;
mod field;
mod figures;
mod notice;
mod text_area;
mod words;

#[cfg(feature = "ssr")]
mod page;

pub use button::{BackLink, LinkButton, SubmitButton};
pub use field::{Choice, Field, FieldKind, SelectField, TickField};
pub use figures::{Progress, Tag};
pub use notice::{FormMessage, Nothing, Notice};
pub use text_area::{TextArea, escaped};
pub use words::use_locale;

#[cfg(feature = "ssr")]
pub use page::{Page, PageRequest, lead_to};
