//! Pages that join domains.

pub mod person;
pub mod project;
pub mod studio;
