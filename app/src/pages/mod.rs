//! Pages that join domains.

pub mod admin;
pub mod close;
pub mod legal;
pub mod person;
pub mod project;
pub mod studio;
