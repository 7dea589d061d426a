-- Whoever finds that somebody else added a way in takes it away again by a mailed link.
alter table mailed_tokens
    drop constraint mailed_token_purpose,
    add constraint mailed_token_purpose check (purpose in
        ('confirm_email', 'reset_password', 'change_email', 'undo_email', 'undo_factor', 'unsubscribe'));
