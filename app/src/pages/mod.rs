//! Pages that join domains.

pub mod admin;
pub mod close;
pub mod legal;
pub mod money;
pub mod person;
pub mod pledge;
pub mod project;
pub mod studio;
