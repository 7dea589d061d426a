//! The texts of second factors.

kernel::texts! {
    totp: "인증 앱" | "Authenticator app";
    totp_lead: "로그인할 때 비밀번호에 더해 인증 앱의 숫자 여섯 자리를 확인해요. 비밀번호가 새어 나가도 계정을 지켜 줘요." | "When you log in we ask for six digits from an authenticator app as well as your password. Your account stays safe even if your password leaks.";
    totp_begin: "인증 앱 연결하기" | "Set it up";
    totp_scan: "인증 앱(Google OTP, 1Password 등)으로 QR 코드를 스캔하거나, 아래 키를 입력해 주세요." | "Scan the QR code with your authenticator app, or type the key below into it.";
    totp_picture: "인증 앱으로 찍는 QR 코드" | "QR code for your authenticator app";
    totp_key: "키" | "Key";
    totp_open: "이 기기의 인증 앱에서 열기" | "Open in an app on this device";
    recovery: "복구 코드" | "Recovery codes";
    recovery_lead: "휴대폰을 잃어버렸을 때 비밀번호와 함께 쓰는 코드예요. 코드마다 한 번만 쓸 수 있어요. 안전한 곳에 적어 두세요." | "For the day that you lose your phone: with your password, each of these codes works once. Keep them somewhere safe.";
    recovery_once: "‘다 적어 뒀어요’를 누르면 다시 보여 드릴 수 없어요." | "Once you say that you have kept them, they are not shown again.";
    recovery_kept: "다 적어 뒀어요" | "I have kept them";
    recovery_renew: "새 코드 받기" | "Get new codes";
    recovery_renew_note: "새 코드를 받으면 지금 코드는 쓸 수 없게 돼요." | "With new codes, the ones that you have stop working.";
    recovery_needless: "패스키나 인증 앱을 쓰지 않아서 복구 코드가 필요 없어요." | "You use neither a passkey nor an app, so you need no recovery codes.";
    code: "인증 코드" | "Code";
    code_hint: "앱에 보이는 숫자 여섯 자리를 입력해 주세요." | "The six digits that your app shows.";
    totp_confirm: "인증 앱 켜기" | "Turn it on";
    totp_on: "인증 앱이 연결돼 있어요." | "Your authenticator app is connected.";
    recovery_left(n): "남은 복구 코드 {n}개" | "{n} recovery codes left";
    totp_remove: "인증 앱 연결 끊기" | "Disconnect the app";
    step_title: "한 단계 남았어요" | "One more step";
    step_lead: "인증 앱의 숫자 여섯 자리나 복구 코드를 입력해 주세요." | "Enter the six digits of your authenticator app, or a recovery code.";
    step_lead_passkey: "패스키로 확인하거나 복구 코드를 입력해 주세요." | "Use your passkey, or enter a recovery code.";
    step_lead_any: "패스키로 확인하거나, 인증 앱의 숫자 여섯 자리 또는 복구 코드를 입력해 주세요." | "Use your passkey, or enter the six digits of your authenticator app or a recovery code.";
    step_lead_recovery: "복구 코드를 입력해 주세요." | "Enter a recovery code.";
    step_go: "로그인" | "Log in";
    step_back: "처음부터 다시 로그인하기" | "Start the log-in again";

    passkeys: "패스키" | "Passkeys";
    passkeys_lead: "비밀번호 대신 지문, 얼굴, 기기 잠금번호로 로그인해요. 패스키가 있으면 비밀번호로 로그인할 때도 패스키나 복구 코드로 한 번 더 확인해요." | "Log in with your fingerprint, your face or your device's PIN instead of the password. With a passkey, a log-in by password asks for the passkey or a recovery code as well.";
    passkeys_impossible: "이 주소에서는 패스키를 쓸 수 없어요. 숫자로 된 주소 대신 도메인 주소로 접속해 주세요." | "Passkeys do not work at this address. Please open the site by its domain name instead of digits.";
    passkey_name: "패스키 이름" | "Name of the passkey";
    passkey_name_hint: "어느 기기의 패스키인지 알아볼 수 있게 적어 주세요." | "So that you can tell later which device it is on.";
    passkey_add: "패스키 추가하기" | "Add a passkey";
    passkey_failed: "패스키를 쓰지 못했어요. 다시 해 보거나 다른 방법을 써 주세요." | "The passkey was not used. Try again, or use another way.";
    with_passkey: "패스키로 계속하기" | "Continue with a passkey";
    added(day): "{day}에 추가" | "Added {day}";
    used(day): "마지막 사용 {day}" | "last used {day}";
    never_used: "아직 쓰지 않음" | "not used yet";
    remove: "삭제" | "Delete";

    mail_changed_subject: "두레: 로그인 방법이 바뀌었어요" | "Dure: how you log in has changed";
    mail_changed_ended: "다른 기기에서는 모두 로그아웃했어요." | "All other devices were logged out.";
    mail_failed_subject: "두레: 로그인의 두 번째 단계가 여러 번 틀렸어요" | "Dure: the second step of a log-in failed";
    mail_failed: "누군가 로그인의 첫 단계(비밀번호나 연결한 서비스)를 통과한 뒤 인증 코드를 다섯 번 틀렸어요. 로그인되지는 않았어요." | "Somebody passed the first step of your log-in (the password, or an account that you connected) and then gave five wrong codes. They did not get in.";
    mail_look: "보안 설정 보기" | "See your security settings";
    mail_codes_renewed: "복구 코드를 새로 만들었어요. 전에 받은 코드는 쓸 수 없어요." | "New recovery codes were made. The ones before have stopped working.";
    mail_undo: "추가한 것 되돌리기" | "Take it away again";
    mail_undo_note: "직접 하지 않았다면 3일 안에 아래 버튼으로 되돌릴 수 있어요. 그 뒤에 비밀번호를 새로 정해 주세요." | "If this was not you, take it away again within three days with the button below, then set a new password.";
    undo_title: "추가한 로그인 방법 되돌리기" | "Take away what was added";
    undo_lead: "그때부터 추가한 패스키, 인증 앱, 간편 로그인 연결과 새로 만든 복구 코드를 모두 지우고, 모든 기기에서 로그아웃해요. 복구 코드는 다시 로그인한 뒤 새로 받을 수 있어요." | "This removes the passkeys, the app, the connections and the recovery codes that were added since then, and logs out all devices. Once you are logged in again you can get new codes.";
    undo_go: "되돌리기" | "Take it away";
    undone_title: "되돌렸어요" | "It is taken away";
    undone: "모든 기기에서 로그아웃했어요. 누군가 비밀번호를 알고 있을지 몰라요. 지금 새로 정해 주세요." | "All devices were logged out. Somebody may know your password: please set a new one now.";
    mail_passkey_added(name): "‘{name}’ 패스키를 추가했어요." | "The passkey “{name}” was added to your account.";
    mail_passkey_removed(name): "‘{name}’ 패스키를 지웠어요." | "The passkey “{name}” was removed from your account.";
    mail_app_on: "로그인할 때 인증 앱의 코드를 확인하도록 했어요." | "From now on a log-in asks for a code of your authenticator app.";
    mail_app_off: "인증 앱의 연결을 끊었어요." | "Your authenticator app was disconnected.";
}
