//! The texts of the operators' money pages.

use kernel::Locale;

kernel::texts! {
    saved: "처리했어요." | "Done.";
    none_here: "지금은 없어요." | "Nothing here now.";

    money: "돈" | "Money";
    open: "처리할 일" | "Open";
    unknown_attempts: "결과를 모르는 결제 시도" | "Attempts without an outcome";
    deposits_waiting: "기다리는 입금" | "Deposits that are expected";
    lines_waiting: "주인을 찾는 입출금 내역" | "Bank lines without an owner";
    refunds_open: "진행 중인 환불" | "Refunds under way";
    refunds_failed: "실패한 환불" | "Failed refunds";
    disputes_open: "진행 중인 분쟁" | "Open disputes";
    differences_open: "설명이 필요한 차이" | "Differences to explain";
    collecting: "결제를 진행하는 프로젝트" | "Projects being collected";
    none_collecting: "지금 결제를 진행하는 프로젝트가 없어요." | "No project is being collected now.";
    due: "결제할 것" | "Due";
    collected: "결제 완료" | "Collected";
    next_run: "다음 결제" | "Next run";
    last_run: "마지막 결제" | "Last run";
    failures: "거절된 결제" | "Refused payments";
    none_failed: "거절된 채 남은 결제가 없어요." | "No payment stands refused.";
    failures_note: "아직 결제할 것 가운데 마지막 시도가 거절된 이유예요." | "Why the last try was refused, of payments that are still due.";
    reason: "이유" | "Reason";
    what_follows: "다음" | "What follows";
    gateway: "결제 대행사" | "Gateway";
    count: "건수" | "Count";
    retryable: "다시 결제" | "Tried again";
    final_class: "카드를 바꿔야 함" | "Another card";
    action: "본인 인증 필요" | "Needs its owner";
    ours: "우리 요청 문제" | "Our request";
    abandoned: "중단됨" | "Abandoned";
    books: "장부" | "Books";
    books_note: "10분마다 모든 규칙을 장부에 대 봐요." | "All laws are tried on the books every ten minutes.";
    never_checked: "아직 확인한 적이 없어요." | "Not checked yet.";
    checked_at: "확인한 때" | "Checked";
    laws: "규칙" | "Laws";
    entries: "분개" | "Entries";
    faults: "어긋남" | "Faults";
}

kernel::texts! {
    payouts: "정산" | "Payouts";
    accounts: "확인할 정산 계좌" | "Accounts to check";
    to_approve: "승인할 정산서" | "Statements to approve";
    to_pay: "보낼 정산금" | "To be paid";
    being_paid: "보내는 중" | "Being paid";
    paid: "보낸 정산금" | "Paid";
    owing: "돌려받을 돈" | "Owed to us";
    owing_note: "다음 정산에서 먼저 빼요. 더는 받을 수 없을 때만 포기하세요." | "Kept of the next statement first. Give it up only if it will never come.";
    business: "사업자등록번호" | "Business number";
    account_is_right: "계좌를 확인했어요" | "The account is right";
    something_wrong: "문제가 있어요" | "Something is wrong";
    why: "이유" | "Reason";
    why_hint: "창작자에게 그대로 보내요." | "The creator is told exactly this.";
    refuse: "다시 입력 요청하기" | "Ask to enter it again";
    approve: "승인하기" | "Approve";
    rewrite: "장부에서 다시 쓰기" | "Write anew from the books";
    pay: "이체 만들기" | "Make the transfer";
    pay_again: "다시 이체 만들기" | "Make another transfer";
    give_up: "받기를 포기하기" | "Give it up";
    transfer_ready: "파일을 기다리는 이체" | "Transfer waits for a file";
    transfer_batched: "파일에 담긴 이체" | "Transfer is in a file";
    transfer_sent: "은행에 보낸 이체" | "Transfer was given to the bank";
    transfer_done: "끝난 이체" | "Transfer is done";
    transfer_failed: "실패한 이체" | "Transfer failed";

    reconciliation: "대사" | "Reconciliation";
    asked: "비교를 시작했어요. 잠시 뒤에 다시 확인해 주세요." | "The comparison has begun. Please look again in a moment.";
    differences: "차이" | "Differences";
    no_differences: "차이가 없어요." | "There are no differences.";
    compare_now: "지금 비교하기" | "Compare now";
    compare_lead: "어제의 장부는 매일 새벽에 저절로 비교해요." | "Yesterday's books are compared by themselves every night.";
    compare: "비교하기" | "Compare";
    from_day: "첫날" | "First day";
    to_day: "마지막 날" | "Last day";
    comparisons: "비교 기록" | "Comparisons";
    none_compared: "아직 비교한 적이 없어요." | "Nothing was compared yet.";
    rows_there: "결제 대행사 장부의 줄" | "Rows at the gateway";
    rows_here: "우리 장부의 줄" | "Rows of ours";
    to_explain: "설명이 필요해요" | "To explain";
    explained: "설명함" | "Explained";
    explanation: "무엇 때문인지" | "What it was";
    explain: "설명 남기기" | "Explain";
    reference: "결제 대행사 번호" | "Name at the gateway";
    theirs: "결제 대행사" | "The gateway says";
    ours_say: "우리 장부" | "Our books say";
    nothing: "없음" | "nothing";
    only_there: "결제 대행사에만 있음" | "Only at the gateway";
    only_here: "우리 장부에만 있음" | "Only in our books";
    other_amount: "금액이 다름" | "Another amount";
    other_currency: "통화가 다름" | "Another currency";
    other_state: "상태가 다름" | "Another state";
    charge: "결제" | "charge";
    refund: "환불" | "refund";
    dispute: "분쟁" | "dispute";
    deposit: "입금" | "deposit";
}

kernel::texts! {
    receipts: "현금영수증" | "Cash receipts";
    receipts_file: "국세청에 낼 파일" | "File for the tax office";
    receipts_file_lead: "파일에 담으면 신청한 사람이 더는 바꿀 수 없어요. 승인번호를 적을 때까지 같은 파일을 다시 받을 수 있어요." | "Once put into the file, a receipt cannot be changed by who asked for it. The file is the same again until the numbers are noted.";
    receipts_wanted: "담을 영수증" | "To be put into the file";
    receipts_exported: "파일에 담긴 영수증" | "In the file";
    put_into_file: "파일에 담기" | "Put into the file";
    download: "파일 내려받기" | "Download the file";
    note_numbers: "승인번호 적기" | "Note the numbers";
    numbers: "관리번호와 승인번호" | "References and numbers";
    numbers_hint: "한 줄에 하나씩 ‘관리번호,승인번호’로 적어 주세요." | "One a line, as “reference,number”.";
    to_cancel: "취소할 영수증" | "To be canceled";
    to_cancel_lead: "발급한 뒤에 환불된 돈이에요. 국세청에서 취소하고 표시해 주세요." | "Money that went back after its receipt was issued. Cancel them at the tax office, then mark them here.";
    tax_number: "승인번호" | "Number";
    receipt_was: "발급한 금액" | "Issued for";
    receipt_left: "남은 금액" | "Left now";
    was_canceled: "취소했어요" | "It was canceled";

    plans: "수수료 플랜" | "Fee plans";
    offered: "고를 수 있음" | "Offered";
    closed: "닫음" | "Closed";
    platform_fee: "플랫폼 수수료" | "Platform fee";
    payment_fee: "결제 수수료" | "Payment fee";
    vat: "부가세" | "VAT";
    early: "먼저 보내는 몫" | "Early share";
    early_value(share, days): "{share}, {days}영업일 뒤" | "{share}, after {days} business days";
    rest: "나머지" | "The rest";
    rest_value(days): "{days}일 뒤" | "after {days} days";
    make_version: "새 버전 만들기" | "Make a new version";
    close: "닫기" | "Close";
    new_version: "새 버전" | "New version";
    new_version_lead: "새로 시작하는 프로젝트부터 적용돼요. 이미 고른 프로젝트는 그대로예요." | "For projects that start from now on. Projects that chose a version keep it.";
    offer: "이 버전으로 바꾸기" | "Offer this version";
    code: "코드" | "Code";
    code_hint: "있는 코드를 쓰면 새 버전, 새 코드를 쓰면 새 플랜이에요." | "A known code makes a new version, a new one a new plan.";
    name_ko: "이름 (한국어)" | "Name (Korean)";
    name_en: "이름 (영어)" | "Name (English)";
    about_ko: "설명 (한국어)" | "About (Korean)";
    about_en: "설명 (영어)" | "About (English)";
    early_days: "먼저 보내기까지 영업일" | "Business days until the early share";
    final_days: "나머지까지 날짜" | "Days until the rest";
}

/// What follows a refusal, by its class.
pub fn class(l: Locale, code: &str) -> String {
    let name = match code {
        "retryable" => retryable,
        "final" => final_class,
        "action" => action,
        "ours" => ours,
        "abandoned" => abandoned,
        _ => return code.to_owned(),
    };
    name(l).to_owned()
}

/// Where the transfer of a payout stands.
pub fn transfer_state(l: Locale, code: &str) -> String {
    let name = match code {
        "ready" => transfer_ready,
        "batched" => transfer_batched,
        "sent" => transfer_sent,
        "done" => transfer_done,
        "failed" => transfer_failed,
        _ => return code.to_owned(),
    };
    name(l).to_owned()
}

/// How a row differs.
pub fn difference_kind(l: Locale, code: &str) -> String {
    let name = match code {
        "only_there" => only_there,
        "only_here" => only_here,
        "amount" => other_amount,
        "currency" => other_currency,
        "state" => other_state,
        _ => return code.to_owned(),
    };
    name(l).to_owned()
}

/// What a row of a gateway's books is about.
pub fn movement(l: Locale, code: &str) -> String {
    let name = match code {
        "charge" => charge,
        "refund" => refund,
        "dispute" => dispute,
        "deposit" => deposit,
        _ => return code.to_owned(),
    };
    name(l).to_owned()
}
