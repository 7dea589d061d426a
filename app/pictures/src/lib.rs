//! Pictures that people upload: decoded within limits, made anew in a few widths, kept in the file store,
//! shown, and swept away when nothing shows them any more.
//!
//! Tables: `pictures`, `picture_files`; read: the view `shown_pictures`, in which every domain that shows
//! pictures says which. Rules kept: the rows of a picture are written after its files, and with whatever
//! shows it in one transaction; files without rows are never served.

mod error;
mod picture;
mod text;

#[cfg(feature = "ssr")]
mod files;
#[cfg(feature = "ssr")]
mod keep;
#[cfg(feature = "ssr")]
mod prepare;
#[cfg(feature = "ssr")]
mod show;
#[cfg(feature = "ssr")]
mod store;

pub use error::PictureError;
pub use picture::{Picture, Shape};

#[cfg(feature = "ssr")]
pub use {
    files::Files,
    keep::{Stored, put, read, sweep},
    prepare::{LARGEST_FILE, Prepared, from_pixels, prepare},
    show::{Portrait, UploadForm},
    store::{add, delete},
};
