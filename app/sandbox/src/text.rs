//! The texts of the sandbox's pages.

kernel::texts! {
    gateway_name: "연습용 결제 대행사" | "Sandbox gateway";
    practice: "연습 화면이에요. 진짜 카드 번호를 적지 마세요." | "This is a practice page. Do not enter a real card number.";
    card_title: "카드 등록" | "Add your card";
    later(amount): "지금은 결제하지 않아요. 나중에 {amount}까지 결제할 수 있어요." | "Nothing is charged now. Up to {amount} may be charged later.";
    pay_title: "카드로 결제" | "Pay by card";
    now(amount): "지금 {amount}을 결제해요." | "{amount} is charged now.";
    pay: "결제하기" | "Pay";
    declines_for_now: "등록되지만 잔액이 모자라 거절돼요" | "is stored, but has no money when charged";
    declines_twice: "두 번 거절된 다음 결제돼요" | "is refused twice, then charged";
    asks_to_authenticate: "본인이 결제 화면에 있을 때만 결제돼요" | "is charged only while its owner is at the gateway's page";
    expired: "유효기간이 지나 거절돼요" | "is refused because it has expired";
    slow: "8초 뒤에 결제돼요" | "is charged after 8 seconds";
    hangs_and_fails: "거절되지만 대행사가 답하지 않아요" | "is refused, but the gateway gives no answer";
    number: "카드 번호" | "Card number";
    expiry: "유효기간 (MM/YY)" | "Expiry (MM/YY)";
    cvc: "CVC" | "CVC";
    store: "카드 등록하기" | "Store this card";
    back: "그만두고 돌아가기" | "Go back without a card";
    bad_number: "카드 번호를 다시 확인해 주세요." | "Please check the card number.";
    bad_expiry: "유효기간을 다시 확인해 주세요." | "Please check the expiry date.";
    bad_cvc: "CVC를 다시 확인해 주세요." | "Please check the CVC.";
    refused: "카드가 거절됐어요. 다른 카드로 해 보세요." | "This card was refused. Please try another.";
    over: "이미 끝난 카드 등록이에요." | "This visit is over.";
    not_found: "이 페이지를 찾을 수 없어요." | "This page was not found.";
    test_numbers: "연습용 카드 번호" | "Test card numbers";
    pays: "결제돼요" | "is charged";
    refused_at_once: "바로 거절돼요" | "is refused at once";
    declines_later: "등록되지만 결제할 때 거절돼요" | "is stored, but refused when charged";
    answers_late: "결제되지만 대행사가 답하지 않아요" | "is charged, but the gateway gives no answer";
    mailbox: "연습용 우편함" | "Sandbox mailbox";
    mailbox_note: "두레가 보낸 메일과 문자가 여기에 모여요." | "The mails and text messages that Dure sent arrive here.";
    mailbox_empty: "아직 도착한 메일이 없어요." | "No mail has arrived yet.";
    to(address): "받는 사람: {address}" | "To: {address}";
    mail_link(subject, address): "{subject} — {address}" | "{subject} — {address}";
    links: "메일 안의 링크" | "Links in this mail";
    go_back: "우편함으로" | "Back to the mailbox";
}
