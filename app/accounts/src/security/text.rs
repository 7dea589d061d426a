//! The texts of what guards an account.

kernel::texts! {
    security: "보안" | "Security";
    prove: "본인 확인" | "Confirm that it is you";
    prove_lead: "중요한 것을 바꾸기 전에 본인이 맞는지 한 번 더 확인할게요." | "Before an important change we ask once more whether it is you.";
    prove_go: "확인하기" | "Confirm";
    change_password: "비밀번호 변경" | "Change password";
    new_password: "새 비밀번호" | "New password";
    change_password_note: "바꾸면 다른 기기에서는 모두 로그아웃돼요." | "Changing it logs you out on all other devices.";
    password_changed: "비밀번호를 바꿨어요." | "Your password was changed.";
    change_email: "이메일 변경" | "Change e-mail";
    email_now(email): "지금 주소: {email}" | "Your address now: {email}";
    new_email: "새 이메일" | "New e-mail";
    change_email_note: "새 주소로 확인 메일을 보내요. 링크를 누르기 전까지는 지금 주소가 그대로예요." | "We mail a link to the new address. Your present address stays until you follow it.";
    email_link_sent: "새 주소로 메일을 보냈어요. 링크를 눌러 주세요." | "We have sent a mail to the new address. Please follow its link.";
    email_changed_title: "이메일을 바꿨어요" | "Your e-mail address was changed";
    email_changed: "이제 새 주소로 로그인하고 소식을 받아요." | "From now on you log in and are written to at the new address.";
    change_lead(email): "두레 계정의 주소를 {email} 주소로 바꿀까요?" | "Make {email} the address of your Dure account?";
    undo_title: "이메일 되돌리기" | "Change the address back";
    undo_lead(email): "계정의 이메일을 {email} 주소로 되돌리고, 모든 기기에서 로그아웃해요. 그런 다음 비밀번호를 새로 정해 주세요." | "This changes the account's address back to {email} and logs out all devices. Please set a new password afterwards.";
    undo_go: "되돌리기" | "Change it back";
    undone_title: "이메일을 되돌렸어요" | "Your address is back";
    undone: "모든 기기에서 로그아웃했어요. 누군가 비밀번호를 알고 있을지 몰라요. 지금 새로 정해 주세요." | "All devices were logged out. Somebody may know your password: please set a new one now.";
    link_stale_title: "쓸 수 없는 링크예요" | "This link does not work any more";
    link_stale: "링크가 오래됐거나 이미 쓰였어요." | "The link is too old, or was used already.";
    passkeys: "패스키" | "Passkeys";
    set_password: "비밀번호 정하기" | "Set a password";
    totp: "인증 앱" | "Authenticator app";
    sessions: "로그인한 기기" | "Where you are logged in";
    this_device: "이 기기" | "This device";
    unknown_device: "알 수 없는 기기" | "Unknown device";
    seen(time): "마지막 사용 {time}" | "Last used {time}";
    began(time): "{time} 로그인" | "Logged in {time}";
    end_session: "로그아웃" | "Log out";
    end_others: "다른 기기에서 모두 로그아웃" | "Log out on all other devices";
    only_here: "다른 기기에서는 로그인하지 않았어요." | "You are not logged in anywhere else.";
    ended: "로그아웃했어요." | "Logged out.";
    korean: "한국어" | "Korean";
    english: "영어" | "English";

    mail_not_you: "직접 하지 않았다면 지금 바로 비밀번호를 다시 정해 주세요." | "If this was not you, please reset your password right away.";
    mail_reset: "비밀번호 재설정" | "Reset password";
    mail_device_subject: "두레: 새 기기에서 로그인했어요" | "Dure: a log-in from a new device";
    mail_device(device, time): "{device}에서 {time}에 로그인했어요." | "Somebody logged in from {device}, on {time}.";
    mail_device_sessions: "로그인한 기기 보기" | "See where you are logged in";
    mail_password_subject: "두레: 비밀번호가 바뀌었어요" | "Dure: your password was changed";
    mail_password: "비밀번호가 방금 바뀌었고, 다른 기기에서는 모두 로그아웃했어요." | "Your password was changed just now, and all other devices were logged out.";
    mail_email_confirm_subject: "두레: 새 이메일 주소를 확인해 주세요" | "Dure: please confirm your new e-mail address";
    mail_email_confirm: "아래 링크를 누르면 두레 계정의 주소가 이 주소로 바뀌어요. 링크는 24시간 동안 쓸 수 있어요." | "Follow the link below and this becomes the address of your Dure account. It works for 24 hours.";
    mail_email_confirm_action: "이 주소로 바꾸기" | "Use this address";
    mail_email_ignore: "요청한 적이 없다면 이 메일을 무시하셔도 돼요." | "If you did not ask for this, you can ignore this mail.";
    mail_email_asked_subject: "두레: 이메일 주소를 바꾸려고 해요" | "Dure: a change of your e-mail address was asked for";
    mail_email_asked(email): "계정의 이메일을 {email} 주소로 바꾸는 요청을 받았어요. 그 주소에서 확인하면 바뀌어요." | "We were asked to change your account's address to {email}. It changes once it is confirmed there.";
    mail_email_done_subject: "두레: 이메일 주소가 바뀌었어요" | "Dure: your e-mail address was changed";
    mail_email_done(email): "계정의 이메일이 {email} 주소로 바뀌었어요. 직접 하지 않았다면 3일 안에 아래 링크로 되돌릴 수 있어요." | "Your account's address is now {email}. If this was not you, follow the link below within three days to change it back.";
    mail_email_undo_action: "되돌리기" | "Change it back";
}
