//! Members and what guards their accounts.

use super::{Fields, May, Row, row};
use crate::harness::PASSWORD;

pub const TABLE: &[Row] = &[
    row("/api/accounts/sign_up/sign_up", May::Anybody, |_| sign_up()),
    row("/api/accounts/log_in/log_in", May::Anybody, |_| log_in()).answering(422),
    row("/api/accounts/log_out/log_out", May::Anybody, |_| vec![]),
    row("/api/accounts/sign_up/resend_confirmation", May::Member, |_| vec![]),
    row("/api/accounts/notifications/settings/save_notifications", May::Member, |_| {
        vec![("mail_backers", "true".into())]
    }),
    row("/api/accounts/notifications/settings/read_notifications", May::Member, |_| {
        vec![("newest", kernel::NotificationId::new().to_string())]
    }),
    row("/api/accounts/phone/set_phone", May::Member, |_| vec![]),
    row("/api/accounts/recover/find_id/find_id", May::Anybody, |_| email()),
    row("/api/accounts/recover/reset/request_reset", May::Anybody, |_| email()),
    // Whoever holds the mailed link.
    row("/api/accounts/confirm/confirm_email", May::Anybody, |_| vec![]).answering(410),
    row("/api/accounts/security/email/confirm_change", May::Anybody, |_| vec![]).answering(410),
    row("/api/accounts/factor/undo/undo_factor", May::Anybody, |_| vec![]).answering(410),
    row("/api/accounts/recover/reset/reset_password", May::Anybody, |w| {
        vec![("token", w.reset.clone()), ("password", PASSWORD.into())]
    }),
    row("/api/accounts/security/email/undo_email", May::Anybody, |w| vec![("token", w.undo.clone())]),
    row("/api/accounts/factor/step/second_factor", May::Anybody, |_| code()).answering(403),
    row("/api/accounts/profile/edit/edit_profile", May::Member, |_| profile()),
    row("/api/accounts/profile/picture/remove_picture", May::Member, |_| vec![]),
    row("/api/accounts/security/prove/prove", May::Member, |_| vec![]).answering(422),
    row("/api/accounts/security/password/change_password", May::Member, |_| {
        vec![("next_password", "조용한 바다 위 노란 배".into())]
    }),
    row("/api/accounts/security/email/change_email", May::Member, |_| email()),
    row("/api/accounts/security/sessions/end_other_sessions", May::Member, |_| vec![]),
    row("/api/accounts/security/sessions/end_session", May::Owner, |w| {
        vec![("session", w.session.to_string())]
    }),
    // Out to a provider and back: the site under test has none.
    row("/api/accounts/through/leave/leave_for", May::Anybody, |_| provider()).answering(404),
    row("/api/accounts/through/come_back/come_back", May::Anybody, |_| provider()).answering(404),
    // Nobody came from a provider.
    row("/api/accounts/through/arrive/sign_up_through", May::Anybody, |_| vec![]).answering(403),
    row("/api/accounts/through/arrive/link_arrival", May::Member, |_| vec![]).answering(403),
    row("/api/accounts/through/linked/unlink_provider", May::Owner, |_| provider()),
    // The tests' site has no name that passkeys could belong to.
    row("/api/accounts/factor/passkeys/begin_passkey", May::Member, |_| vec![]).answering(422),
    row("/api/accounts/factor/passkeys/add_passkey", May::Member, |_| passkey()).answering(422),
    row("/api/accounts/factor/passkeys/remove_passkey", May::Owner, |w| {
        vec![("passkey", w.passkey.to_string())]
    }),
    row("/api/accounts/factor/by_passkey/begin_passkey_log_in", May::Anybody, |_| vec![]).answering(422),
    row("/api/accounts/factor/by_passkey/log_in_by_passkey", May::Anybody, |_| passkey()).answering(422),
    row("/api/accounts/factor/by_passkey/prove_by_passkey", May::Member, |_| passkey()).answering(422),
    row("/api/accounts/factor/recovery/keep_recovery_codes", May::Member, |_| vec![]),
    // There is no second factor.
    row("/api/accounts/factor/recovery/renew_recovery_codes", May::Member, |_| vec![]).answering(404),
    row("/api/accounts/factor/totp/remove_totp", May::Member, |_| vec![]),
    row("/api/accounts/factor/totp/begin_totp", May::Member, |_| vec![]),
    // Nothing was begun, or the code is wrong.
    row("/api/accounts/factor/totp/confirm_totp", May::Member, |_| code()).answering(404),
    row("/api/accounts/addresses/book/add_address", May::Member, |_| address()),
    row("/api/accounts/addresses/book/set_default_address", May::Owner, |w| {
        vec![("address", w.address.to_string())]
    }),
    row("/api/accounts/addresses/book/remove_address", May::Owner, |w| {
        vec![("address", w.address.to_string())]
    }),
];

fn sign_up() -> Fields {
    let password = PASSWORD.to_owned();
    let form = [("email", "new@example.kr"), ("name", "새 사람"), ("terms", "true"), ("privacy", "true")];
    form.map(|(name, value)| (name, value.to_owned())).into_iter().chain([("password", password)]).collect()
}

fn log_in() -> Fields {
    vec![("email", "nobody@example.kr".to_owned()), ("password", "아무도 모르는 말".to_owned())]
}

fn email() -> Fields {
    vec![("email", "wer@example.kr".to_owned())]
}

fn provider() -> Fields {
    vec![("provider", "acme".to_owned())]
}

fn passkey() -> Fields {
    ["name", "ceremony", "answer"].map(|name| (name, "x".to_owned())).to_vec()
}

fn code() -> Fields {
    vec![("code", "123456".to_owned())]
}

fn profile() -> Fields {
    let unique = kernel::FormKey::new().uuid().simple().to_string();
    vec![("name", "새 이름".to_owned()), ("handle", format!("new_{}", &unique[20..]))]
}

pub fn address() -> Fields {
    [("recipient", "김보람"), ("phone", "02-123-4567"), ("postcode", "04524"), ("road", "세종대로 110")]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}
