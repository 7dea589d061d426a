//! The texts of the second factor.

kernel::texts! {
    totp: "2단계 인증" | "Two-step log-in";
    totp_lead: "로그인할 때 비밀번호에 더해 인증 앱의 숫자 여섯 자리를 확인해요. 비밀번호가 새어 나가도 계정을 지켜 줘요." | "When you log in we ask for six digits from an authenticator app as well as your password. Your account stays safe even if your password leaks.";
    totp_begin: "2단계 인증 시작하기" | "Set it up";
    totp_scan: "인증 앱(Google OTP, 1Password 등)으로 이 그림을 찍거나, 아래 키를 적어 넣으세요." | "Scan this picture with your authenticator app, or type the key below into it.";
    totp_picture: "인증 앱으로 찍는 QR 코드" | "QR code for your authenticator app";
    totp_key: "키" | "Key";
    totp_open: "이 기기의 인증 앱에서 열기" | "Open in an app on this device";
    recovery: "복구 코드" | "Recovery codes";
    recovery_lead: "휴대폰을 잃어버렸을 때 한 번씩 쓸 수 있어요. 지금 적어 두세요. 다시 보여 드리지 않아요." | "Each works once, for the day you lose your phone. Write them down now: they are not shown again.";
    code: "인증 코드" | "Code";
    code_hint: "앱에 보이는 숫자 여섯 자리를 적어 주세요." | "The six digits that your app shows.";
    totp_confirm: "켜기" | "Turn it on";
    totp_on: "2단계 인증이 켜져 있어요." | "Two-step log-in is on.";
    recovery_left(n): "남은 복구 코드 {n}개" | "{n} recovery codes left";
    totp_remove: "2단계 인증 끄기" | "Turn it off";
    step_title: "한 단계 남았어요" | "One more step";
    step_lead: "인증 앱의 숫자 여섯 자리나 복구 코드를 적어 주세요." | "Enter the six digits of your authenticator app, or a recovery code.";
    step_go: "로그인" | "Log in";

    mail_on_subject: "두레: 2단계 인증을 켰어요" | "Dure: two-step log-in is on";
    mail_on: "2단계 인증이 방금 켜졌고, 다른 기기에서는 모두 로그아웃했어요." | "Two-step log-in was turned on just now, and all other devices were logged out.";
    mail_off_subject: "두레: 2단계 인증을 껐어요" | "Dure: two-step log-in is off";
    mail_off: "2단계 인증이 방금 꺼졌고, 다른 기기에서는 모두 로그아웃했어요." | "Two-step log-in was turned off just now, and all other devices were logged out.";
}
