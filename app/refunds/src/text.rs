//! The texts of refunds.

use kernel::Locale;
use payments::RefundReason;

kernel::texts! {
    not_collected: "돌려줄 돈이 없어요. 아직 결제되지 않았거나 이미 모두 환불했어요." | "There is nothing to give back: it was not paid, or all of it went back.";
    too_much: "결제한 금액보다 많이 환불할 수 없어요." | "No more can go back than was paid.";
    disputed: "카드사에서 이의를 심사하고 있는 결제예요. 끝난 다음에 환불해 주세요." | "The payer's bank disputes this payment. Please refund it when that is over.";
    stands_otherwise: "그사이에 환불 상태가 바뀌었어요. 다시 확인해 주세요." | "The refund has moved on meanwhile. Please look again.";
    form_used: "이미 다른 내용으로 보낸 양식이에요. 페이지를 새로 열어 주세요." | "This form was sent before with other contents. Please open the page anew.";
    gateway_away: "결제 대행사가 응답하지 않아요. 잠시 뒤에 다시 확인해 주세요." | "The payment gateway does not answer. Please look again in a little while.";

    needs_account: "계좌 필요" | "Needs an account";
    ready: "환불 예정" | "To be refunded";
    sending: "환불 중" | "On its way";
    succeeded: "환불함" | "Refunded";
    failed: "환불 못 함" | "Failed";
    called_off: "취소함" | "Called off";

    backer_canceled: "후원자가 취소" | "Canceled by the backer";
    unfunded: "목표 미달" | "The goal was missed";
    stopped: "프로젝트 중단" | "The project was stopped";
    too_little_collected: "결제된 금액 부족" | "Too little was collected";
    withdrawn: "청약 철회" | "Withdrawal by law";
    not_as_described: "설명과 다름" | "Not as described";
    late: "배송 지연" | "Late delivery";
    double: "중복 결제" | "Paid twice";
    excess: "더 입금함" | "Too much was paid in";
    late_deposit: "기한 뒤 입금" | "Paid in too late";
    goodwill: "양해" | "Goodwill";
    other: "그 밖에" | "Other";

    refunds: "환불" | "Refunds";
    account_wanted: "돌려드릴 돈이 있어요. 받을 계좌를 알려 주세요." | "There is money to give back to you. Please tell us an account.";
    give_account: "환불받을 계좌 적기" | "Give an account";

    nothing_ready: "보낼 환불이 없어요." | "Nothing is ready to be sent.";
    account_for(title): "‘{title}’ 후원금을 돌려받을 계좌를 적어 주세요." | "Where shall we send your refund for “{title}”?";
    no_account_needed: "지금은 계좌가 필요한 환불이 없어요." | "No refund needs an account now.";
    to_pledge: "후원 내역" | "Your pledge";
    bank: "은행" | "Bank";
    choose_bank: "은행을 골라 주세요" | "Please choose a bank";
    number: "계좌번호" | "Account number";
    number_hint: "숫자만, 또는 하이픈(-)을 넣어 적어 주세요." | "Digits, with or without dashes.";
    holder: "예금주" | "Account holder";
    holder_hint: "통장에 적힌 이름 그대로 적어 주세요." | "As the bank writes the name.";
    keep_account: "이 계좌로 받기" | "Send it to this account";
    account_is_sealed: "계좌는 암호화해 두고 환불에만 써요." | "The account is kept encrypted and used for refunds alone.";

    mail_hello(name): "{name} 님, 안녕하세요." | "Hello {name},";
    mail_see: "후원 내역 보기" | "See your pledge";
    mail_refunded_subject(title): "두레: ‘{title}’ 후원금을 환불했어요" | "Dure: a refund for “{title}”";
    mail_refunded_to_card(title, amount): "‘{title}’ 후원금 중 {amount}을 결제한 카드로 환불했어요. 카드사에 따라 며칠 걸릴 수 있어요." | "We have given {amount} of your pledge to “{title}” back to your card. Your bank may take a few days to show it.";
    mail_refunded_to_account(title, amount): "‘{title}’ 후원금 중 {amount}을 알려 주신 계좌로 보냈어요." | "We have sent {amount} of your pledge to “{title}” to the account that you gave us.";
    mail_came_back_subject(title): "두레: ‘{title}’ 환불이 되돌아왔어요" | "Dure: a refund for “{title}” came back";
    mail_came_back(title, amount): "‘{title}’ 후원금 {amount}을 환불했지만 은행에서 되돌아왔어요. 저희가 다시 보내 드릴게요." | "Our refund of {amount} for “{title}” was sent back by the bank. We will send it to you again.";
    mail_account_subject(title): "두레: ‘{title}’ 환불받을 계좌를 알려 주세요" | "Dure: where shall your refund for “{title}” go?";
    mail_account(title, amount): "‘{title}’ 후원금 {amount}을 돌려드리려고 해요. 아래에서 받을 계좌를 적어 주시면 보내 드릴게요." | "We want to give {amount} back to you for “{title}”. Please tell us an account below, and we will send it.";
    mail_account_go: "계좌 적기" | "Give an account";
}

/// Why money goes back, in words.
#[must_use]
pub const fn reason(l: Locale, reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::BackerCanceled => backer_canceled(l),
        RefundReason::Unfunded => unfunded(l),
        RefundReason::Stopped => stopped(l),
        RefundReason::TooLittleCollected => too_little_collected(l),
        RefundReason::Withdrawn => withdrawn(l),
        RefundReason::NotAsDescribed => not_as_described(l),
        RefundReason::Late => late(l),
        RefundReason::Double => double(l),
        RefundReason::Excess => excess(l),
        RefundReason::LateDeposit => late_deposit(l),
        RefundReason::Goodwill => goodwill(l),
        RefundReason::Other => other(l),
    }
}
