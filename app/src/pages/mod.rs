//! Pages that join domains.

pub mod close;
pub mod person;
pub mod project;
pub mod studio;
