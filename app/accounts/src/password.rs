//! Hashing of passwords, a few at a time.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::Refusal;
use std::sync::LazyLock;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Argon2id keeps a core and 19 MiB busy for some ten milliseconds; more at once would starve pages.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The hash of a password that nobody has: verified when there is no account, so that an unknown
/// address takes as long as a known one.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    Argon2::default()
        .hash_password(b"nobody has this password")
        .map(|hash| hash.to_string())
        .unwrap_or_default()
});

pub async fn hash(password: String) -> Result<String, Refusal> {
    work(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| Refusal::internal(&error))
}

/// Whether `password` belongs to `stored`; takes as long when there is nothing stored.
pub async fn matches(password: String, stored: Option<String>) -> Result<bool, Refusal> {
    work(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODYS.clone());
        let right = PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        right && known
    })
    .await
}

/// Whether a password falls to a few million guesses (zxcvbn score below 3).
pub fn guessable(password: &str, others: &[&str]) -> bool {
    // The estimate grows with the square of the length; the first letters decide.
    let start: String = password.chars().take(64).collect();
    u8::from(zxcvbn::zxcvbn(&start, others).score()) < 3
}

async fn work<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| Refusal::internal(&error))?;
    spawn_blocking(job).await.map_err(|error| Refusal::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_personal_passwords_are_guessable() {
        assert!(guessable("password123", &[]));
        assert!(guessable("kimhaneul1990", &["kimhaneul1990@example.kr", "kimhaneul"]));
        assert!(!guessable("정직한 파란 고래가 난다", &[]));
        assert!(!guessable("correct horse battery staple", &[]));
    }
}
