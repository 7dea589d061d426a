//! The demo: a living site for a first look, made by the functions that real use calls.

use crate::config::Config;
use anyhow::Result;
use kernel::db::Db;

pub async fn fill(_config: &Config, _db: &Db) -> Result<()> {
    Ok(())
}
