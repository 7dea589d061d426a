//! A picture as pages refer to it.

use kernel::PictureId;
use serde::{Deserialize, Serialize};

/// What a picture is for, which says in which widths it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is, such as a project's cover.
    Whole,
    /// The square in its middle, such as a person's picture.
    Square,
}

impl Shape {
    /// The widths in which pictures of this shape are kept, in pixels; no wider than the original.
    #[must_use]
    pub const fn widths(self) -> &'static [u32] {
        match self {
            Self::Whole => &[480, 960, 1600],
            Self::Square => &[96, 192, 384],
        }
    }

    #[must_use]
    pub fn srcset(self, picture: PictureId) -> String {
        let sources = self.widths().iter().map(|width| format!("{} {width}w", address(picture, *width)));
        sources.collect::<Vec<_>>().join(", ")
    }
}

/// Where a width of a picture is found.
#[must_use]
pub fn address(picture: PictureId, width: u32) -> String {
    format!("/files/{picture}/{width}.webp")
}

/// A whole picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub id: PictureId,
    pub width: i32,
    pub height: i32,
    /// CSS colour that stands in until the picture is there.
    pub tint: String,
}

impl Picture {
    #[must_use]
    pub fn src(&self, width: u32) -> String {
        address(self.id, width)
    }

    #[must_use]
    pub fn srcset(&self) -> String {
        Shape::Whole.srcset(self.id)
    }
}
