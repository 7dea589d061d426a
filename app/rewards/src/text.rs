//! The texts of rewards.

kernel::texts! {
    rewards: "리워드" | "Rewards";
    add_title: "리워드 추가" | "Add a reward";
    title: "리워드 이름" | "Reward title";
    description: "설명" | "Description";
    price: "가격" | "Price";
    won: "원" | "KRW";
    stock: "수량 제한" | "Stock";
    stock_hint: "비워 두면 제한이 없어요." | "Leave empty for no limit.";
    pieces: "개" | "pcs";
    delivery: "예상 전달" | "Estimated delivery";
    delivery_hint: "리워드를 보낼 달이에요. 예: 2027-03" | "The month in which you will send it, such as 2027-03.";
    add: "추가하기" | "Add";
    save: "저장" | "Save";
    edit: "고치기" | "Edit";
    remove: "삭제" | "Delete";
    none_yet: "아직 리워드가 없어요. 리워드 없이도 후원받을 수 있어요." | "No rewards yet. People can also back you without one.";
    frozen: "공개한 뒤에는 새 리워드만 추가할 수 있어요." | "After the launch, rewards can be added but not changed.";
    left(n): "{n}개 남았어요" | "{n} left";
    sold_out: "품절" | "Sold out";
    no_limit: "수량 제한 없음" | "No limit";
    delivery_in(month): "{month} 전달 예정" | "Estimated delivery {month}";
    choose: "이 리워드 선택" | "Choose this reward";
    without: "리워드 없이 후원하기" | "Back without a reward";
    saved: "저장했어요." | "Saved.";
    closed: "이 프로젝트에는 더 이상 리워드를 추가할 수 없어요." | "Rewards cannot be added to this project any more.";
    too_many_rewards: "리워드는 50개까지 만들 수 있어요." | "A project can have up to 50 rewards.";
}
