//! Reading a variable: unset and empty are alike, and a wrong value is told with what is allowed.

use anyhow::{Result, bail};
use std::{env, fmt::Display, str::FromStr};

pub fn read<T: FromStr>(name: &str, allowed: &str, default: T) -> Result<T> {
    Ok(read_optional(name, allowed)?.unwrap_or(default))
}

pub fn read_optional<T: FromStr>(name: &str, allowed: &str) -> Result<Option<T>> {
    match env::var(name) {
        Err(env::VarError::NotPresent) => Ok(None),
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => bail!("{name} is {text:?}; allowed: {allowed}"),
        },
        Err(env::VarError::NotUnicode(_)) => bail!("{name} is not UTF-8; allowed: {allowed}"),
    }
}

pub fn within<T: PartialOrd + Display>(name: &str, value: T, least: T, most: T) -> Result<T> {
    if value < least || value > most {
        bail!("{name} is {value}; allowed: {least} to {most}");
    }
    Ok(value)
}
