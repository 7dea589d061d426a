//! A device with passkeys, as far as a site can see one: it signs what it is asked to (WebAuthn Level 2,
//! sections 6.1 and 6.5).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::token;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Its owner was there and was checked; the key may be synchronised.
const FLAGS: u8 = 0b0000_1101;
/// The key itself follows.
const WITH_KEY: u8 = 0b0100_0000;

#[derive(Clone, Debug)]
pub struct Device {
    pub origin: String,
    pub key: SigningKey,
    pub credential: Vec<u8>,
    /// Whose key it is, as the site said.
    pub user: String,
    pub counter: u32,
}

fn random() -> Vec<u8> {
    token::fresh().1
}

impl Device {
    pub fn at(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            key: SigningKey::from_slice(&random()).expect("a key"),
            credential: random(),
            user: String::new(),
            counter: 0,
        }
    }

    /// Makes the key that the site asks for.
    pub fn registers(&mut self, options: &Value) -> String {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        options["user"]["id"].as_str().expect("a user").clone_into(&mut self.user);
        let client = self.client("webauthn.create", options);
        let mut data = self.data(FLAGS | WITH_KEY, options["rp"]["id"].as_str().expect("a site"));
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).expect("a short id").to_be_bytes());
        data.extend(&self.credential);
        data.extend(self.public_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        attestation.extend(u16::try_from(data.len()).expect("short data").to_be_bytes());
        attestation.extend(data);
        self.answer(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "attestationObject": URL_SAFE_NO_PAD.encode(attestation),
        }))
    }

    /// Shows whose it is.
    pub fn signs(&mut self, options: &Value) -> String {
        self.counter += 1;
        let client = self.client("webauthn.get", options);
        let data = self.data(FLAGS, options["rpId"].as_str().expect("a site"));
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature.to_der().as_bytes()),
            "userHandle": self.user,
        }))
    }

    fn answer(&self, response: Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.credential);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
            .to_string()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        client.to_string().into_bytes()
    }

    fn data(&self, flags: u8, site: &str) -> Vec<u8> {
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as COSE writes an ES256 key.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("a point"), point.y().expect("a point"));
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x.as_slice(), b"\x22\x58\x20", y.as_slice()].concat()
    }
}
