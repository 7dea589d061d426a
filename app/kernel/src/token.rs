//! Random secrets that are handed to people, and how they are kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// A new secret of 256 bits and its hash. Only the hash is stored.
#[must_use]
pub fn fresh() -> (String, Vec<u8>) {
    let mut bytes = [0_u8; 32];
    // The operating system's source cannot fail on the systems that Dure runs on; without it no
    // secret may be made at all.
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&secret);
    (secret, hash)
}

/// SHA-256 of a secret. A plain hash is enough: the secrets are random and long.
#[must_use]
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
