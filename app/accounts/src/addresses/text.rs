//! The texts of the address book.

kernel::texts! {
    addresses: "배송지" | "Addresses";
    lead: "리워드를 받을 곳이에요. 암호화해서 보관하고, 후원한 프로젝트의 창작자에게만 보여요." | "Where your rewards go. Kept encrypted, and shown only to the creators whom you back.";
    none_yet: "아직 저장한 배송지가 없어요." | "No addresses yet.";
    add: "배송지 추가" | "Add an address";
    add_abroad: "해외 배송지 추가" | "Add an address outside Korea";
    add_in_korea: "국내 배송지 추가" | "Add an address in Korea";
    recipient: "받는 사람" | "Recipient";
    phone: "연락처" | "Phone";
    phone_hint: "택배 기사님이 연락할 번호예요." | "For the courier.";
    postcode: "우편번호" | "Postcode";
    postcode_hint: "숫자 다섯 자리" | "Five digits";
    road: "도로명주소" | "Road name address";
    detail: "상세주소 (선택)" | "Detailed address (optional)";
    detail_hint: "예: 101동 1203호" | "Such as building 101, flat 1203";
    line1: "주소 1" | "Address line 1";
    line2: "주소 2 (선택)" | "Address line 2 (optional)";
    city: "도시" | "City";
    region: "주/도 (선택)" | "State or region (optional)";
    postcode_abroad: "우편번호 (선택)" | "Postcode (optional)";
    country: "국가" | "Country";
    korea: "대한민국" | "South Korea";
    road_or_line: "도로명주소" | "Street address";
    city_abroad: "도시 (해외만)" | "City (outside Korea)";
    region_abroad: "주/도 (해외만)" | "State or region (outside Korea)";
    country_none: "골라 주세요" | "Please choose";
    save: "저장" | "Save";
    saved: "저장했어요." | "Saved.";
    remove: "삭제" | "Delete";
    default: "기본 배송지" | "Default";
    make_default: "기본 배송지로" | "Make default";
}
