//! The texts of the address book.

kernel::texts! {
    addresses: "배송지" | "Addresses";
    lead: "리워드를 받을 곳이에요. 암호화해서 보관하고, 후원한 프로젝트의 창작자에게만 보여요." | "Where your rewards go. Kept encrypted, and shown only to the creators whom you back.";
    none_yet: "아직 저장한 배송지가 없어요." | "No addresses yet.";
    add: "배송지 추가" | "Add an address";
    add_abroad: "해외 배송지 추가" | "Add an address outside Korea";
    recipient: "받는 사람" | "Recipient";
    phone: "연락처" | "Phone";
    phone_hint: "택배 기사님이 연락할 번호예요." | "For the courier.";
    postcode: "우편번호" | "Postcode";
    postcode_hint: "숫자 다섯 자리" | "Five digits";
    road: "도로명주소" | "Road name address";
    detail: "상세주소" | "Detailed address";
    detail_hint: "동, 호수처럼 더 필요한 것" | "Building, flat";
    line1: "주소 1" | "Address line 1";
    line2: "주소 2" | "Address line 2";
    city: "도시" | "City";
    region: "주/도" | "State or region";
    country: "나라" | "Country";
    country_hint: "두 글자 국가 코드예요. 예: US, JP" | "The two letter code, such as US or JP";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";
    remove: "삭제" | "Delete";
    default: "기본 배송지" | "Default";
    make_default: "기본으로" | "Make default";
}
