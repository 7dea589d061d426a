//! The texts of settlement.

kernel::texts! {
    wrong_state: "지금 상태에서는 할 수 없어요. 새로 열어 확인해 주세요." | "This cannot be done in its present state. Please look at it anew.";
    sums_changed: "정산서를 쓴 뒤에 장부가 바뀌었어요. 다시 쓴 다음 승인해 주세요." | "The books have changed since this statement was written. Please write it anew and approve it then.";
    no_checked_account: "확인된 정산 계좌가 없어요." | "There is no payout account that was checked.";
    plan_is_closed: "더는 고를 수 없는 플랜이에요. 다른 플랜을 골라 주세요." | "This plan is not offered any more. Please choose another.";
    fees_too_high: "수수료와 부가세를 더하면 모인 돈보다 많아요." | "The fees with their VAT would be more than the whole.";
    changed_meanwhile: "그사이 새 버전이 나왔어요. 새로 열어 확인해 주세요." | "A new version came in the meantime. Please look at it anew.";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";

    terms: "수수료와 약속" | "Fees & promises";
    terms_lead: "공개하기 전에 정하고, 후원자도 미리 볼 수 있어요. 목표를 채우지 못하면 수수료는 없어요." | "Settled before the launch, and shown to backers before they pledge. If the goal is missed, there are no fees.";
    choose_plan: "수수료 플랜" | "Fee plan";
    example_goal: "목표 금액만큼 결제되었을 때의 예시예요." | "An example, if exactly your goal is collected.";
    example_million: "100만 원이 결제되었을 때의 예시예요. 목표를 정하면 목표로 계산해요." | "An example for a million won. Once you set a goal, it is worked out for that.";
    if_collected: "결제된 돈" | "Collected";
    platform_fee: "플랫폼 수수료" | "Platform fee";
    payment_fee: "결제 수수료" | "Payment fee";
    vat: "수수료 부가세" | "VAT on fees";
    you_get: "받는 돈" | "You receive";
    first_part(days): "마지막 결제 뒤 {days}영업일에 먼저" | "First, {days} business days after the last run";
    rest_part(days): "{days}일 뒤에 나머지" | "The rest, after {days} days";
    promise: "실제로 결제된 돈에 대한 약속" | "A promise about what is really collected";
    promise_lead: "목표를 채워도 카드가 거절되면 더 적은 돈이 들어와요. 그 돈으로 만들 수 없다면, 얼마보다 적을 때 모두에게 돌려줄지 정해 두세요." | "Even when the goal is reached, refused cards can leave you with less. If you could not deliver on less, say below which share everybody is refunded.";
    promise_tick: "결제된 돈이 아래 몫보다 적으면 모두에게 돌려줄게요" | "Refund everybody if less than this share is collected";
    promise_share: "목표 금액의 몫" | "Share of the goal";
    promise_hint: "1부터 100까지. 보통 90% 안팎이에요." | "From 1 to 100. About 90 is usual.";
    frozen_later: "공개한 뒤에는 바꿀 수 없어요." | "This cannot be changed after the launch.";
    frozen: "공개할 때 정해져 더는 바뀌지 않아요." | "Settled at the launch; it does not change any more.";

    payouts: "정산" | "Payouts";
    payouts_lead: "정산서는 누구나 볼 수 있는 장부에서 그대로 가져와요. 운영자가 승인하면 계좌로 보내 드려요." | "Statements are written from the books that anybody can check. Once finance approves one, it is paid to your account.";
    kept_net: "결제되고 돌려주지 않은 돈" | "Collected and not given back";
    still_here: "아직 두레가 맡아 둔 돈" | "Still held by Dure";
    held_back: "환불·분쟁이 끝날 때까지 맡아 둔 돈" | "Held back for refunds and disputes";
    you_owe: "돌려주셔야 하는 돈" | "You owe";
    you_owe_note: "이미 보내 드린 돈에서 환불이 생겼어요. 다음 정산에서 먼저 빼요." | "Refunds were made of money that you had received. They are kept of your next payout first.";
    no_account: "정산받을 계좌를 알려 주세요. 계좌를 확인해야 돈을 보낼 수 있어요." | "Please tell us your account. It has to be checked before anything is paid.";
    account_is_checked: "정산 계좌를 확인했어요." | "Your account was checked.";
    account_is_waiting: "정산 계좌를 확인하고 있어요." | "Your account is being checked.";
    account_is_refused: "정산 계좌에 문제가 있어요. 다시 입력해 주세요." | "There is a problem with your account. Please enter it again.";
    no_statements: "아직 정산서가 없어요. 정해진 날이 되면 여기에 나타나요." | "No statement yet. It appears here when its day comes.";
    not_funded: "펀딩에 성공한 프로젝트만 정산해요." | "Only funded projects are paid out.";
    statement_no(n): "정산서 {n}" | "Statement {n}";
    written_on(day): "{day} 작성" | "Written {day}";
    early: "먼저 드리는 몫" | "Early share";
    final_share: "나머지" | "The rest";
    later: "추가 정산" | "What came later";
    gross: "정산할 돈" | "Taken from what was collected";
    netted: "돌려주셔야 하는 돈에서 뺌" | "Kept of what you owe";
    net: "보내 드리는 돈" | "Paid to you";
    state_draft: "작성 중" | "Draft";
    state_issued: "승인 대기" | "Waits for approval";
    state_approved: "승인됨" | "Approved";
    state_paying: "보내는 중" | "Being paid";
    state_paid: "보냈어요" | "Paid";
    state_failed: "보내지 못함" | "Could not be paid";
    state_withdrawn: "취소됨" | "Withdrawn";

    account: "정산 계좌" | "Payout account";
    account_lead: "프로젝트에 모인 돈을 받을 계좌예요. 암호화해 보관하고, 운영자가 확인한 뒤에만 돈을 보내요." | "Where your projects' money goes. It is kept encrypted, and nothing is paid before finance has checked it.";
    account_saved: "저장했어요. 확인이 끝나면 알려 드릴게요." | "Saved. We will tell you once it is checked.";
    account_state: "상태" | "State";
    account_checked: "확인됨" | "Checked";
    account_waits: "확인 중" | "Being checked";
    account_refused: "다시 입력해 주세요" | "Please enter it again";
    change_account: "다른 계좌로 바꾸기" | "Use another account";
    choose_bank: "은행을 골라 주세요" | "Choose a bank";
    bank: "은행" | "Bank";
    account_number: "계좌번호" | "Account number";
    number_hint: "숫자만 쓰거나 -를 넣어도 돼요." | "Digits, with or without dashes.";
    holder: "예금주" | "Account holder";
    holder_hint: "통장에 적힌 그대로 써 주세요." | "Exactly as the bank has it.";
    business: "사업자등록번호 (있으면)" | "Business number (if any)";
    business_hint: "수수료 세금계산서를 받을 때 필요해요." | "For the tax invoice of the fees.";

    mail_hello(name): "{name} 님, 안녕하세요." | "Hello {name},";
    mail_see: "정산 보기" | "See it";
    mail_issued_subject(title): "두레: ‘{title}’ 정산서가 나왔어요" | "Dure: a statement for “{title}”";
    mail_issued(title, net, gross): "‘{title}’ 프로젝트의 정산서를 썼어요. {gross}에서 수수료를 빼고 {net}을 보내 드릴 예정이에요. 운영자가 승인하면 다시 알려 드릴게요." | "We wrote a statement for “{title}”: {net} is to be paid to you, out of {gross}, after fees. We will tell you when it is approved.";
    mail_approved_subject(title): "두레: ‘{title}’ 정산이 승인됐어요" | "Dure: the payout of “{title}” was approved";
    mail_approved(title, net): "‘{title}’ 프로젝트의 정산이 승인됐어요. 곧 {net}을 계좌로 보내 드릴게요." | "The statement of “{title}” was approved. {net} will be paid to your account soon.";
    mail_nothing_left(title): "‘{title}’ 프로젝트의 정산이 승인됐어요. 수수료와 돌려주실 돈을 빼면 보내 드릴 돈은 없어요." | "The statement of “{title}” was approved. After fees and what is owed, nothing is left to pay.";
    mail_paid_subject(title): "두레: ‘{title}’ 정산금을 보냈어요" | "Dure: “{title}” was paid out";
    mail_paid(title, net): "‘{title}’ 프로젝트의 정산금 {net}을 계좌로 보냈어요." | "{net} of “{title}” has been paid to your account.";
    mail_failed_subject(title): "두레: ‘{title}’ 정산금을 보내지 못했어요" | "Dure: “{title}” could not be paid out";
    mail_failed(title, net): "‘{title}’ 프로젝트의 정산금 {net}을 보내지 못했어요. 정산 계좌를 확인해 주세요. 돈은 그대로 있어요." | "{net} of “{title}” could not be paid to your account. Please check the account. The money is still here.";
    mail_account_subject: "두레: 정산 계좌가 바뀌었어요" | "Dure: your payout account was changed";
    mail_account(bank, number): "정산 계좌를 {bank} {number}로 바꿨어요. 직접 바꾸지 않았다면 바로 비밀번호를 바꾸고 알려 주세요." | "Your payouts now go to {bank} {number}. If this was not you, please change your password at once and tell us.";
    mail_checked_subject: "두레: 정산 계좌를 확인했어요" | "Dure: your payout account was checked";
    mail_checked(number): "정산 계좌 {number}을 확인했어요. 이제 정산금을 보낼 수 있어요." | "Your account {number} was checked. Payouts can go there now.";
    mail_refused_subject: "두레: 정산 계좌를 다시 입력해 주세요" | "Dure: please enter your payout account again";
    mail_refused(number, why): "정산 계좌 {number}에 문제가 있어요: {why}" | "There is a problem with your account {number}: {why}";

    receipt: "현금영수증" | "Cash receipt";
    receipt_lead: "계좌이체로 낸 돈은 현금영수증을 받을 수 있어요. 번호는 암호화해 보관하고 국세청에 낼 때만 써요." | "For what you pay by transfer, a cash receipt (현금영수증) can be issued. Your number is kept encrypted and used for the tax office alone.";
    to_pledge: "후원 내역" | "Your pledge";
    receipt_for: "용도" | "Purpose";
    income_deduction: "소득공제 (개인)" | "Income deduction (a person)";
    business_expense: "지출증빙 (사업자)" | "Business expense";
    unasked: "자진발급" | "Issued unasked";
    receipt_number: "휴대폰 번호 또는 사업자등록번호" | "Mobile or business number";
    receipt_number_hint: "소득공제는 휴대폰 번호, 지출증빙은 사업자등록번호예요." | "A mobile number for a person, a business number for a business.";
    ask_receipt: "현금영수증 신청" | "Ask for the receipt";
    receipt_amount: "금액" | "Amount";
    approval: "승인번호" | "Approval number";
    receipt_wanted: "신청함" | "Asked for";
    receipt_exported: "국세청에 내는 중" | "On its way to the tax office";
    receipt_issued: "발급됨" | "Issued";
    receipt_canceled: "취소됨" | "Canceled";
}

/// Where a receipt stands.
#[must_use]
pub fn receipt_state(l: kernel::Locale, code: &str) -> &'static str {
    match code {
        "exported" => receipt_exported(l),
        "issued" => receipt_issued(l),
        "canceled" => receipt_canceled(l),
        _ => receipt_wanted(l),
    }
}

/// What a receipt is for.
#[must_use]
pub fn purpose(l: kernel::Locale, code: &str) -> &'static str {
    match code {
        "business_expense" => business_expense(l),
        "unasked" => unasked(l),
        _ => income_deduction(l),
    }
}
