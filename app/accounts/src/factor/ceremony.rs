//! What a device is asked to sign, kept for the few minutes until it answers.

use super::{passkeys::Ceremony, store};
use crate::AccountError;
use chrono::TimeDelta;
use kernel::{MemberId, Refusal, db::Db, site::Site, token};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Webauthn,
    WebauthnBuilder,
};

/// How long a device may take to answer.
const LASTS: TimeDelta = TimeDelta::minutes(5);

/// Passkeys belong to a domain: at an address of digits there are none.
fn authority(site: &Site) -> Option<Webauthn> {
    let origin = Url::parse(&site.0.origin).ok()?;
    let domain = origin.domain()?.to_owned();
    WebauthnBuilder::new(&domain, &origin).ok()?.rp_name("Dure").build().ok()
}

#[must_use]
pub fn are_possible(site: &Site) -> bool {
    authority(site).is_some()
}

fn required(site: &Site) -> Result<Webauthn, AccountError> {
    authority(site).ok_or(AccountError::PasskeyRefused)
}

/// Asks for a new key of `member`, which the device must keep with their id, so that it can tell later
/// whose it is.
pub async fn ask_for_new(db: &Db, site: &Site, member: &kernel::Member) -> Result<Ceremony, AccountError> {
    let known = store::credential_ids(&db.pool, member.id).await?;
    let known = (!known.is_empty()).then_some(known);
    let asked =
        required(site)?.start_passkey_registration(member.id.uuid(), &member.handle, &member.name, known);
    let (options, state): (CreationChallengeResponse, _) =
        asked.map_err(|error| Refusal::internal(&error))?;
    let mut ceremony = keep(db, Some(member.id), &state, &options.public_key).await?;
    let selection = &mut ceremony.options["authenticatorSelection"];
    selection["residentKey"] = json!("required");
    selection["requireResidentKey"] = json!(true);
    Ok(ceremony)
}

/// The key with which a device answered [`ask_for_new`].
pub async fn new_key(
    db: &Db,
    site: &Site,
    member: MemberId,
    ceremony: &str,
    answer: &str,
) -> Result<Passkey, AccountError> {
    let answer: RegisterPublicKeyCredential = answered(answer)?;
    let state: PasskeyRegistration = taken(db, Some(member), ceremony).await?;
    required(site)?.finish_passkey_registration(&answer, &state).map_err(refused)
}

/// Asks a device to show by one of its keys who its owner is.
pub async fn ask_who(db: &Db, site: &Site) -> Result<Ceremony, AccountError> {
    let asked = required(site)?.start_discoverable_authentication();
    let (options, state): (RequestChallengeResponse, _) = asked.map_err(|error| Refusal::internal(&error))?;
    keep(db, None, &state, &options.public_key).await
}

/// Whose key answered [`ask_who`]. The device has checked its owner, by finger, face or PIN.
///
/// Invariant: of all calls with one ceremony at most one succeeds.
pub async fn who(db: &Db, site: &Site, ceremony: &str, answer: &str) -> Result<MemberId, AccountError> {
    let answer: PublicKeyCredential = answered(answer)?;
    let state: DiscoverableAuthentication = taken(db, None, ceremony).await?;
    let authority = required(site)?;
    let (member, credential) = authority.identify_discoverable_authentication(&answer).map_err(refused)?;
    let member = MemberId::from(member);
    let mut tx = db.pool.begin().await?;
    let known = store::passkey(&mut tx, member, credential).await?.ok_or(AccountError::PasskeyRefused)?;
    let mut key: Passkey = serde_json::from_value(known).map_err(|error| Refusal::internal(&error))?;
    let right = authority
        .finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&key))
        .map_err(refused)?;
    key.update_credential(&right);
    let key = serde_json::to_value(&key).map_err(|error| Refusal::internal(&error))?;
    store::use_passkey(&mut tx, credential, &key, db.now()).await?;
    tx.commit().await?;
    Ok(member)
}

async fn keep(
    db: &Db,
    member: Option<MemberId>,
    state: &impl Serialize,
    options: &impl Serialize,
) -> Result<Ceremony, AccountError> {
    let json = |error: serde_json::Error| Refusal::internal(&error);
    let state = serde_json::to_value(state).map_err(json)?;
    let options = serde_json::to_value(options).map_err(json)?;
    let (secret, hash) = token::fresh();
    store::add_ceremony(&db.pool, &hash, member, &state, db.now() + LASTS).await?;
    Ok(Ceremony { secret, options })
}

async fn taken<T: DeserializeOwned>(
    db: &Db,
    member: Option<MemberId>,
    ceremony: &str,
) -> Result<T, AccountError> {
    let state = store::take_ceremony(&db.pool, &token::hash(ceremony), member, db.now()).await?;
    let state = state.ok_or(AccountError::PasskeyRefused)?;
    // A ceremony of the other kind is none for this.
    serde_json::from_value(state).map_err(|_| AccountError::PasskeyRefused)
}

fn answered<T: DeserializeOwned>(answer: &str) -> Result<T, AccountError> {
    if answer.is_empty() {
        return Err(AccountError::PasskeyNeedsScript);
    }
    serde_json::from_str(answer).map_err(|_| AccountError::PasskeyRefused)
}

fn refused(error: webauthn_rs::prelude::WebauthnError) -> AccountError {
    tracing::info!(%error, "a passkey was refused");
    AccountError::PasskeyRefused
}
