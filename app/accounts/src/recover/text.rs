//! The texts of getting back in.

kernel::texts! {
    find_id: "아이디 찾기" | "Find ID";
    find_id_lead: "가입할 때 쓴 이메일을 입력해 주세요. 아이디와 로그인 방법을 메일로 보내 드려요." | "Enter the e-mail address that you signed up with. We mail you your ID and the ways you log in.";
    find_id_send: "아이디 메일로 받기" | "Mail me my ID";
    reset: "비밀번호 재설정" | "Reset password";
    reset_lead: "가입할 때 쓴 이메일을 입력해 주세요. 새 비밀번호를 정하는 링크를 메일로 보내 드려요." | "Enter the e-mail address that you signed up with. We mail you a link to set a new password.";
    reset_send: "재설정 링크 받기" | "Send me a link";
    sent_title: "메일을 확인해 주세요" | "Please check your mail";
    sent: "이 주소로 가입한 계정이 있으면 메일을 보냈어요. 몇 분이 지나도 오지 않으면 스팸함을 살펴보거나 다른 이메일로 다시 해 보세요." | "If this address has an account, we have sent a mail to it. If nothing comes within some minutes, look into your spam folder or try another address.";
    open_mailbox: "연습용 우편함 열기" | "Open the sandbox mailbox";
    new_password: "새 비밀번호" | "New password";
    reset_set: "새 비밀번호 저장" | "Save the new password";
    reset_note: "저장하면 모든 기기에서 로그아웃돼요." | "Saving logs you out on all devices.";
    reset_stale_title: "쓸 수 없는 링크예요" | "This link does not work any more";
    reset_stale: "링크를 이미 썼거나 30분이 지났어요. 새 링크를 받아 주세요." | "The link was used already, or thirty minutes have passed. Please ask for a new one.";

    mail_id_subject: "두레: 아이디를 알려 드려요" | "Dure: your ID";
    mail_id_body(handle): "아이디: {handle}" | "Your ID is {handle}.";
    mail_id_by_password: "이메일이나 아이디와 비밀번호로 로그인할 수 있어요." | "You can log in with your e-mail address or ID, and your password.";
    mail_id_by_passkey: "패스키로 로그인할 수 있어요." | "You can log in with your passkey.";
    mail_id_by_provider(provider): "{provider} 계정으로 로그인할 수 있어요." | "You can log in with {provider}.";
    mail_id_last_password(day): "최근에는 {day}에 비밀번호로 로그인했어요." | "You last logged in on {day}, with your password.";
    mail_id_last_passkey(day): "최근에는 {day}에 패스키로 로그인했어요." | "You last logged in on {day}, with a passkey.";
    mail_id_last_provider(day, provider): "최근에는 {day}에 {provider} 계정으로 로그인했어요." | "You last logged in on {day}, with {provider}.";
    mail_id_action: "로그인하기" | "Log in";
    mail_not_you: "요청한 적이 없다면 이 메일을 무시하셔도 돼요. 아무것도 바뀌지 않았어요." | "If you did not ask for this, you can ignore this mail. Nothing has changed.";
    mail_reset_subject: "두레: 새 비밀번호를 정해 주세요" | "Dure: set a new password";
    mail_reset_body: "아래 링크에서 새 비밀번호를 정할 수 있어요. 링크는 30분 동안 한 번만 쓸 수 있어요." | "Follow the link below to set a new password. It works once, for thirty minutes.";
    mail_reset_action: "새 비밀번호 정하기" | "Set a new password";
}
