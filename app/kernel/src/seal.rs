//! Personal data sealed at rest, with keys that can be exchanged.
//!
//! XChaCha20-Poly1305. A sealed text says by which key it was sealed, and opens only at its own place:
//! a row cannot be given another row's text.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::{TryRngCore, rngs::OsRng};
use std::{fmt, sync::Arc};
use uuid::Uuid;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The keys of a site: the first one seals, all of them open. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<Vec<Key>>);

struct Key {
    id: u8,
    cipher: XChaCha20Poly1305,
}

/// Where a sealed text stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Table and column, such as `members.phone`.
    pub column: &'static str,
    pub row: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("no key {0} is known")]
    UnknownKey(u8),
    #[error("the sealed text is damaged or stands at a wrong place")]
    Damaged,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| key.id)).finish()
    }
}

impl Keys {
    /// No keys: for a program that neither seals nor opens.
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::default())
    }

    /// Reads `2:<64 hex digits>,1:<64 hex digits>`; nothing if it is not of this form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys: Vec<Key> = Vec::new();
        for part in text.split(',') {
            let (id, digits) = part.trim().split_once(':')?;
            let id: u8 = id.parse().ok().filter(|id| *id > 0)?;
            let secret = unhex(digits)?;
            if secret.len() != KEY_BYTES || keys.iter().any(|key| key.id == id) {
                return None;
            }
            keys.push(Key { id, cipher: XChaCha20Poly1305::new_from_slice(&secret).ok()? });
        }
        (!keys.is_empty()).then(|| Self(Arc::new(keys)))
    }

    /// The text as it may be stored at `place`.
    pub fn seal(&self, place: Place, text: &str) -> Result<Vec<u8>, SealError> {
        let key = self.0.first().ok_or(SealError::UnknownKey(0))?;
        let mut nonce = [0_u8; NONCE_BYTES];
        // As with `token::fresh`: without the system's randomness nothing may be sealed.
        OsRng.try_fill_bytes(&mut nonce).expect("the operating system gives random bytes");
        let payload = Payload { msg: text.as_bytes(), aad: &place.bytes() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
        Ok([&[key.id], nonce.as_slice(), &sealed].concat())
    }

    /// The text that was sealed for `place`.
    pub fn open(&self, place: Place, stored: &[u8]) -> Result<String, SealError> {
        let (id, rest) = stored.split_first().ok_or(SealError::Damaged)?;
        let key = self.0.iter().find(|key| key.id == *id).ok_or(SealError::UnknownKey(*id))?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Damaged)?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        let text = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Damaged)?;
        String::from_utf8(text).map_err(|_| SealError::Damaged)
    }

    /// Whether a stored text was sealed by a key that no longer seals.
    #[must_use]
    pub fn is_old(&self, stored: &[u8]) -> bool {
        stored.first() != self.0.first().map(|key| &key.id)
    }
}

impl Place {
    fn bytes(self) -> Vec<u8> {
        format!("{}:{}", self.column, self.row).into_bytes()
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let byte = |pair: &[u8; 2]| Some(value(pair[0])? << 4 | value(pair[1])?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    fn key(id: u8, digit: char) -> String {
        format!("{id}:{}", digit.to_string().repeat(64))
    }

    #[test]
    fn a_sealed_text_opens_at_its_own_place_only() {
        let keys = keys(&key(1, 'a'));
        let place = Place { column: "members.phone", row: Uuid::from_u128(1) };
        let sealed = keys.seal(place, "+821012345678").unwrap();
        assert_eq!(keys.open(place, &sealed).as_deref(), Ok("+821012345678"));
        assert!(!sealed.windows(4).any(|part| part == b"1234"));
        let elsewhere = Place { row: Uuid::from_u128(2), ..place };
        assert_eq!(keys.open(elsewhere, &sealed), Err(SealError::Damaged));
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(keys.open(place, &changed), Err(SealError::Damaged));
        for cut in 0..sealed.len() {
            assert!(keys.open(place, &sealed[..cut]).is_err());
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let place = Place { column: "members.phone", row: Uuid::from_u128(1) };
        let old = keys(&key(1, 'a')).seal(place, "old").unwrap();
        let both = keys(&format!("{},{}", key(2, 'b'), key(1, 'a')));
        assert_eq!(both.open(place, &old).as_deref(), Ok("old"));
        assert!(both.is_old(&old));
        let new = both.seal(place, "new").unwrap();
        assert!(!both.is_old(&new));
        assert_eq!(keys(&key(1, 'a')).open(place, &new), Err(SealError::UnknownKey(2)));
    }

    #[test]
    fn keys_of_a_wrong_form_are_refused() {
        let twice = format!("{},{}", key(1, 'a'), key(1, 'b'));
        for wrong in ["", "1", "1:ab", &key(0, 'a'), &format!("{}0", key(1, 'a')), &key(1, 'g'), &twice] {
            assert!(Keys::parse(wrong).is_none(), "{wrong}");
        }
    }
}
