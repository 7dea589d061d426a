//! The texts of notifications.

kernel::texts! {
    notifications: "알림" | "Notifications";
    none_yet: "아직 알림이 없어요." | "Nothing yet.";
    new: "새 알림" | "New";
    read_all: "모두 읽음으로 표시" | "Mark all as read";
    settings: "알림 설정" | "Notification settings";
    settings_lead: "무엇을 어떻게 알려 드릴지 골라 주세요." | "Choose what we tell you, and how.";
    by_mail: "메일" | "By mail";
    in_product: "사이트 알림" | "On the site";
    by_sms: "문자" | "By text message";
    always(ways): "항상 보내요: {ways}" | "Always: {ways}";
    no_phone: "문자를 받으려면 내 계정에서 휴대폰 번호를 저장해 주세요." | "To get text messages, save your mobile number in your account.";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";

    before_subject: "두레: " | "Dure: ";
    why_chosen(kind): "‘{kind}’ 메일을 켜 두셔서 보내 드려요." | "You get it because “{kind}” is on in your settings.";
    why_always(kind): "‘{kind}’ 메일은 설정과 관계없이 보내요." | "“{kind}” mails are sent whatever your settings say.";

    stop_title: "메일 그만 받기" | "Stop these mails";
    stop_ask(kind): "‘{kind}’ 메일을 그만 받을까요? 다른 메일과 알림은 그대로예요." | "Stop “{kind}” mails? Everything else stays as it is.";
    stop_go: "그만 받기" | "Stop them";
    stopped_title: "이제 보내지 않아요" | "They have stopped";
    stopped(kind): "‘{kind}’ 메일을 더는 보내지 않아요. 언제든 알림 설정에서 다시 켤 수 있어요." | "We no longer send “{kind}” mails. You can turn them on again in your settings at any time.";
    stop_stale: "링크가 잘못됐어요. 로그인한 뒤 알림 설정에서 끌 수 있어요." | "This link is not right. Log in to turn mails off in your settings.";
}
