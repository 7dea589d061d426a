//! Hashing of passwords, a few at a time.

use crate::rules::{LONGEST_PASSWORD, parse_password};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::Refusal;
use std::{collections::HashSet, sync::LazyLock};
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

/// Whether `password` belongs to `stored`; takes as long when there is nothing stored, or what is stored
/// is no hash because the member has no password. What is too long is nobody's, and no work is spent on it.
pub async fn matches(password: String, stored: Option<String>) -> Result<bool, Refusal> {
    if password.chars().count() > LONGEST_PASSWORD as usize {
        return Ok(false);
    }
    work(move || {
        let known = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
        let nobodys = PasswordHash::new(&NOBODYS).ok();
        let right = known
            .as_ref()
            .or(nobodys.as_ref())
            .is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), hash).is_ok());
        right && known.is_some()
    })
    .await
}

/// Whether somebody may choose a password.
#[must_use]
pub fn may_be_password(password: &str) -> bool {
    parse_password(password, guessable, &[]).is_ok()
}

/// Passwords of ten letters and more that many people had when they were stolen, and that zxcvbn takes for
/// strong: of the common lists of Django (19,640) and zxcvbn-ts (49,233), what passed otherwise.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Words that passwords for Dure are made of first: the site, what is done here, and what Koreans say.
const WORDS: [&str; 26] = [
    "두레",
    "후원",
    "창작자",
    "후원자",
    "프로젝트",
    "펀딩",
    "크라우드펀딩",
    "리워드",
    "운영자",
    "관리자",
    "로그인",
    "비밀번호",
    "안녕하세요",
    "안녕",
    "사랑해",
    "사랑",
    "대한민국",
    "우리",
    "행복",
    "감사",
    "dure",
    "crowdfunding",
    "funding",
    "backer",
    "creator",
    "operator",
];

/// Whether a password falls to a few million guesses (zxcvbn score below 3). Korean words are known as
/// they are and as they come out of a keyboard that is set to Latin letters.
pub fn guessable(password: &str, others: &[&str]) -> bool {
    // The estimate grows with the square of the length; the first letters decide.
    let start: String = password.chars().take(64).collect();
    let words = others.iter().flat_map(|other| other.split([' ', '@', '.'])).chain(WORDS);
    let mut known: Vec<String> = others.iter().map(|other| (*other).to_owned()).collect();
    for word in words.filter(|word| !word.is_empty()) {
        known.push(on_latin_keys(word));
        known.push(word.to_owned());
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    COMMON.contains(password.to_lowercase().as_str())
        || is_made_of(&start, &known)
        || u8::from(zxcvbn::zxcvbn(&start, &known).score()) < 3
}

/// Whether next to nothing is left of a password without these words, digits and signs: zxcvbn takes any
/// three words for strong.
fn is_made_of(password: &str, words: &[&str]) -> bool {
    const LEAST_LETTERS: usize = 4;
    let whole = password.to_lowercase();
    let mut words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    words.retain(|word| word.chars().count() > 1);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(whole.clone(), |rest, word| rest.replace(word.as_str(), " "));
    rest != whole && rest.chars().filter(|c| c.is_alphabetic()).count() < LEAST_LETTERS
}

/// What the keys of a Korean keyboard write when it is set to Latin letters: `dkssud` for 안녕.
fn on_latin_keys(text: &str) -> String {
    const FIRST: [&str; 19] =
        ["r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"];
    const MIDDLE: [&str; 21] = [
        "k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b", "m",
        "ml", "l",
    ];
    const LAST: [&str; 28] = [
        "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q",
        "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g",
    ];
    let mut keys = String::new();
    for letter in text.chars() {
        match (letter as usize).checked_sub('가' as usize).filter(|n| *n < 19 * 21 * 28) {
            // Unicode orders syllables by their three parts (chapter 3.12).
            Some(n) => {
                keys.push_str(FIRST[n / (21 * 28)]);
                keys.push_str(MIDDLE[n / 28 % 21]);
                keys.push_str(LAST[n % 28]);
            }
            None => keys.push(letter),
        }
    }
    keys
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
        assert!(guessable("password123", &[]) && guessable("FQRG7cs493", &[]) && COMMON.len() > 300);
        assert!(guessable("kimhaneul1990", &["kimhaneul1990@example.kr", "kimhaneul"]));
        for korean in [
            "비밀번호비밀번호12",
            "qlalfqjsgh1",
            "dkssudgktpdy",
            "두레크라우드펀딩후원",
            "Dure2026!Backer#1",
            "사랑해두레2026",
            "duredure2026",
            "tkfkdgotkfkdgo",
        ] {
            assert!(guessable(korean, &[]), "{korean}");
        }
        assert!(guessable("rlagksmf1990", &["kim@example.kr", "김하늘"]));
        assert_eq!(on_latin_keys("안녕 닭와a"), "dkssud ekfrdhka".to_owned());
        assert!(!guessable("정직한 파란 고래가 난다", &[]));
        assert!(!guessable("correct horse battery staple", &[]));
    }
}
