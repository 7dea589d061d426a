//! The texts of running the site.

kernel::texts! {
    operator: "운영자" | "Operator";
    support: "고객 지원" | "Support";
    finance: "재무" | "Finance";
    mail_suspended_subject: "두레: 계정 이용이 정지됐어요" | "Dure: your account is suspended";
    mail_suspended: "운영자가 계정 이용을 정지했어요. 정지된 동안에는 로그인할 수 없어요. 이미 한 후원은 그대로예요." | "An operator has suspended your account. You cannot log in while it is. Pledges that you made stay as they are.";
    mail_suspended_why(why): "이유: {why}" | "Reason: {why}";
    mail_suspended_answer: "사정이 다르다면 이 메일에 답장해 주세요." | "If this is a mistake, please answer this mail.";
    mail_readmitted_subject: "두레: 계정을 다시 쓸 수 있어요" | "Dure: your account is open again";
    mail_readmitted: "계정 이용 정지가 풀렸어요. 다시 로그인할 수 있어요." | "Your account is no longer suspended. You can log in again.";
    log_in: "로그인" | "Log in";
}
