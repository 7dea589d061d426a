//! Pages that join domains.

pub mod admin;
pub mod close;
pub mod legal;
pub mod person;
pub mod pledge;
pub mod project;
mod project_money;
pub mod studio;
