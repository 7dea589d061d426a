//! The texts of the operators' pages.

use kernel::Locale;

kernel::texts! {
    admin: "운영" | "Admin";
    overview: "한눈에 보기" | "Overview";
    your_roles: "내 역할" | "Your roles";
    jobs: "남은 작업" | "Jobs";
    no_jobs: "남은 작업이 없어요." | "Nothing is left to be done.";
    job_kind: "작업" | "Job";
    due: "지금" | "Now";
    later: "예약" | "Later";
    retrying: "재시도" | "Again";
    given_up: "포기" | "Given up";
    revive: "포기한 작업이 있어요. 원인을 고친 뒤 서버에서 ‘dure jobs revive’를 실행하면 다시 시도해요." | "Some jobs were given up. Once the cause is mended, run “dure jobs revive” on the server to try them again.";
    last_errors: "최근 오류" | "Latest errors";
    undelivered: "보내지 못한 알림" | "Messages that did not leave";
    mails_given_up(days): "지난 {days}일 동안 포기한 메일" | "Mails given up in the last {days} days";
    texts_given_up(days): "지난 {days}일 동안 포기한 문자" | "Text messages given up in the last {days} days";
    bad_addresses: "메일이 되돌아오는 주소" | "Addresses from which mails come back";
    receiving: "입금 계좌" | "Receiving accounts";
    receiving_note: "후원자가 무통장입금을 고를 때 보이는 계좌예요. 닫은 계좌도 이미 안내한 입금은 받아요." | "Backers who pay by bank transfer choose one of these. A closed account still takes the transfers that were asked for.";
    no_receiving: "입금 계좌가 없어서 무통장입금을 받지 않아요." | "There is no account, so bank transfer is not offered.";
    add_account: "계좌 추가" | "Add an account";
    offered: "안내 중" | "Offered";
    not_offered: "닫음" | "Closed";
    offer: "다시 안내하기" | "Offer again";
    offer_no_more: "닫기" | "Close";
    bank: "은행" | "Bank";
    account_number: "계좌번호" | "Account number";
    account_holder: "예금주" | "Account holder";
    added_account: "입금 계좌 추가" | "Added a receiving account";
    opened_account: "입금 계좌 열기" | "Opened a receiving account";
    closed_account: "입금 계좌 닫기" | "Closed a receiving account";
    log: "운영 기록" | "Audit log";
    log_empty: "아직 기록이 없어요." | "Nothing was done yet.";
    whole_log: "운영 기록 모두 보기" | "See the whole log";
    older: "이전 기록 더 보기" | "Older lines";
    shell: "서버 명령" | "A command on the server";
    gone: "탈퇴한 회원" | "A member who left";

    granted: "역할 주기" | "Gave a role";
    revoked: "역할 거두기" | "Took a role back";
    suspended: "이용 정지" | "Suspended";
    readmitted: "이용 정지 풀기" | "Let in again";
    mailed_again: "메일 다시 보내기 시작" | "Mails go there again";

    refunded: "환불" | "Refunded a pledge";
    set_account: "환불 계좌 적기" | "Typed a refund account";
    made_batch: "이체 파일 만들기" | "Made a file of transfers";
    downloaded_batch: "이체 파일 내려받기" | "Downloaded a file of transfers";
    sent_batch: "이체 보냄" | "Sent transfers to the bank";
    confirmed_transfers: "이체 출금 확인" | "Confirmed transfers";
    failed_transfer: "이체 실패 처리" | "Marked a transfer as failed";
    steered_refund: "환불 처리" | "Saw to a refund";
    read_statement: "거래내역 읽기" | "Read a statement";
    explained_columns: "거래내역 열 설명" | "Explained a statement's columns";
    matched_line: "입금 연결" | "Matched a deposit";
    undid_match: "입금 연결 되돌림" | "Took a match back";
    set_line_aside: "거래 따로 두기" | "Set a line aside";
    brought_line_back: "거래 되돌리기" | "Brought a line back";
    returned_line: "입금 돌려보내기" | "Returned a line's money";

    begin_refund: "환불하기" | "Send a refund";
    ask_refund: "환불 결과 확인" | "Ask what became of a refund";
    ask_dispute: "이의 제기 결과 확인" | "Ask how a dispute stands";
    send_mail: "메일 보내기" | "Send a mail";
    send_sms: "문자 보내기" | "Send a text message";
    mail_sign_up: "가입 메일 쓰기" | "Write a sign-up mail";
    mail_id: "아이디 찾기 메일 쓰기" | "Write a find-ID mail";
    mail_reset: "비밀번호 재설정 메일 쓰기" | "Write a reset mail";
    mail_change: "이메일 변경 메일 쓰기" | "Write a change-of-e-mail mail";
    judge: "마감 판정" | "Judge a deadline";
    release: "후원 놓아주기" | "Release pledges";
    finish: "결제 마무리" | "Finish a collection";
    charge: "결제하기" | "Charge a pledge";
    settle: "결제 결과 확인" | "Ask what became of a payment";
    event: "결제사 알림 읽기" | "Read a gateway's report";
    expire_deposit: "입금 기다림 끝내기" | "End the wait for a transfer";
    remind_deposit: "입금 기한 알리기" | "Remind of a transfer";
    tell_taken: "입금 후원 결제 알리기" | "Tell of transfers that were taken";
    expire: "결제 대기 끝내기" | "End a hold";
    forget_method: "결제수단 지우기" | "Forget a payment method";
    finish_little: "너무 적게 모인 후원 돌려주기" | "Refund what was too little";
    draft_statement: "정산서 쓰기" | "Write a statement";
    reconcile: "결제 대행사 장부와 비교" | "Compare with a gateway";
    explained: "차이 설명" | "Explained a difference";
    exported_receipts: "현금영수증 파일에 담기" | "Put cash receipts into the file";
    noted_receipts: "현금영수증 승인번호 적기" | "Noted numbers of cash receipts";
    canceled_receipt: "현금영수증 취소" | "Canceled a cash receipt";
    follow_payout: "정산금 이체 따라가기" | "Follow a payout's transfer";
    approved_payout: "정산서 승인" | "Approved a statement";
    rewrote_payout: "정산서 다시 쓰기" | "Wrote a statement anew";
    paid_payout: "정산금 이체 만들기" | "Made the transfer of a payout";
    checked_account: "정산 계좌 확인" | "Checked a payout account";
    refused_account: "정산 계좌 다시 입력 요청" | "Asked to enter a payout account again";
    wrote_off: "받을 돈 포기" | "Gave up what was owed";
    added_plan: "수수료 플랜 새 버전" | "Offered a version of a plan";
    closed_plan: "수수료 플랜 닫기" | "Closed a plan";
    tell_goal: "목표 달성 알리기" | "Tell of a reached goal";
}

/// What an operator did; one without a name here as it is written.
pub fn action(l: Locale, code: &str) -> String {
    let name = match code {
        "grant" => granted,
        "revoke" => revoked,
        "suspend" => suspended,
        "readmit" => readmitted,
        "mail_again" => mailed_again,
        "add_account" => added_account,
        "open_account" => opened_account,
        "close_account" => closed_account,
        "refund" => refunded,
        "steer_refund" => steered_refund,
        "approve_payout" => approved_payout,
        "rewrite_payout" => rewrote_payout,
        "pay_payout" => paid_payout,
        "check_account" => checked_account,
        "refuse_account" => refused_account,
        "write_off" => wrote_off,
        "add_plan" => added_plan,
        "export_receipts" => exported_receipts,
        "note_receipts" => noted_receipts,
        "cancel_receipt" => canceled_receipt,
        "reconcile" => reconcile,
        "explain" => explained,
        "close_plan" => closed_plan,
        "read_statement" => read_statement,
        "explain_columns" => explained_columns,
        "match_line" => matched_line,
        "undo_match" => undid_match,
        "set_line_aside" => set_line_aside,
        "bring_line_back" => brought_line_back,
        "return_line" => returned_line,
        "set_refund_account" => set_account,
        "make_batch" => made_batch,
        "download_batch" => downloaded_batch,
        "send_batch" => sent_batch,
        "confirm_transfers" => confirmed_transfers,
        "fail_transfer" => failed_transfer,
        _ => return code.to_owned(),
    };
    name(l).to_owned()
}

/// A kind of job; one without a name here as it is written.
pub fn job(l: Locale, kind: &str) -> String {
    let name = match kind {
        "mail.send" => send_mail,
        "sms.send" => send_sms,
        "account.mail_sign_up" => mail_sign_up,
        "account.mail_id" => mail_id,
        "account.mail_reset" => mail_reset,
        "account.mail_change" => mail_change,
        "project.judge" => judge,
        "project.release_pledges" => release,
        "project.finish_collection" => finish,
        "project.return_collected" => finish_little,
        "project.draft_statement" => draft_statement,
        "payout.follow" => follow_payout,
        "payment.reconcile" => reconcile,
        "pledge.charge" => charge,
        "payment.settle" => settle,
        "payment.event" => event,
        "pledge.expire_deposit" => expire_deposit,
        "pledge.remind_deposit" => remind_deposit,
        "pledge.tell_taken" => tell_taken,
        "pledge.expire_hold" => expire,
        "pledge.forget_method" | "pledge.forget_card" => forget_method,
        "pledge.tell_goal" => tell_goal,
        "refund.begin" => begin_refund,
        "refund.ask" => ask_refund,
        "dispute.ask" => ask_dispute,
        _ => return kind.to_owned(),
    };
    name(l).to_owned()
}
