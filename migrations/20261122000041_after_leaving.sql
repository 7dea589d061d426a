-- What belongs to a member is not written any more once they have left, also not by a request that was on its
-- way while they did (see 20261122000021).
create trigger address_of_open_member before insert on addresses
    for each row execute function only_open_members('member_id');
create trigger passkey_of_open_member before insert on passkeys
    for each row execute function only_open_members('member_id');
create trigger totp_secret_of_open_member before insert on totp_secrets
    for each row execute function only_open_members('member_id');
create trigger identity_of_open_member before insert on identities
    for each row execute function only_open_members('member_id');
create trigger notification_setting_of_open_member before insert on notification_settings
    for each row execute function only_open_members('member_id');
create trigger mailed_token_of_open_member before insert on mailed_tokens
    for each row execute function only_open_members('member_id');
