//! The people of the demo.

use kernel::Locale::{self, En, Ko};

/// The two that visitors of the demo can log in as, with [`PASSWORD`].
pub const MAKER: &str = "creator@dure.example";
pub const BACKER: &str = "backer@dure.example";
pub const PASSWORD: &str = "dure demo password";
/// Handle, address and name of these two.
pub const LOG_INS: [(&str, &str, &str); 2] =
    [("creator", MAKER, "두레마을 공방"), ("backer", BACKER, "김보람")];

/// Handle, name and language of those who make something.
pub const CREATORS: &[(&str, &str, Locale)] = &[
    ("jangdokdae", "장독대 사람들", Ko),
    ("jogaki", "조각이 공방", Ko),
    ("banjak", "반짝랩", Ko),
    ("myeolchi", "멸치놀이터", Ko),
    ("eunha_toegeun", "은하퇴근", Ko),
    ("makcha_film", "막차 제작팀", Ko),
    ("motnani", "못난이 과수원", Ko),
    ("ilgop", "극단 일곱째층", Ko),
    ("oenson", "왼손상점", Ko),
    ("golmok_press", "골목인쇄소", Ko),
    ("biwa_gayageum", "비와 가야금", Ko),
    ("girokdan", "물길 기록단", Ko),
    ("cheoncheonhi", "천천히걷개", Ko),
    ("neurin", "느린글방", Ko),
    ("gulttuk", "굴뚝사진관", Ko),
    ("chamkkae", "깨비누", Ko),
    ("honja_baduk", "한 수 연구소", Ko),
    ("mori_time", "Mori Time", En),
    ("tinyweather", "Tiny Weather Co-op", En),
    ("sundaywool", "Sunday Wool", En),
    ("ondolworks", "Ondol Works", En),
    ("ssuk", "Ssuk Apothecary", En),
    ("brewclub", "The Slow Brew Club", En),
    ("lanterntable", "Lantern Table Games", En),
    ("baekdraws", "Juno Baekdraws", En),
    ("sparrowpress", "Small Wing Press", En),
    ("platforms", "Quiet Platform Band", En),
    ("saltwater", "Saltwater Pictures", En),
    ("bigslow", "Big Slow Walls", En),
    ("suitcase", "Suitcase Theatre", En),
    ("approximate", "Approximate Goods", En),
    ("hanaweaves", "Hana Weaves", En),
    ("oneroll", "One Roll Club", En),
    ("nightdesk", "The Night Desk", En),
    ("secondchoice", "Second Choice Pets", En),
    ("repairbus", "The Repair Bus", En),
    ("thirtynine", "Thirty-Nine Bells", En),
];

const FAMILIES: [&str; 13] = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서"];
const GIVEN: [&str; 17] = [
    "하늘", "서연", "민준", "지우", "도윤", "예린", "은채", "시우", "가람", "다온", "채원", "준호", "수아",
    "태오", "나래", "유진", "보름",
];
const FIRST: [&str; 11] =
    ["Mina", "Oliver", "Priya", "Noah", "Elif", "Clara", "Tomas", "Yuki", "Grace", "Samir", "Ines"];
const LAST: [&str; 7] = ["Park", "Hughes", "Larsen", "Mehta", "Okoye", "Novak", "Silva"];

/// How many people only back.
pub const CROWD: usize = 124;

/// Name and language of the `n`-th who only backs; every third one writes English.
pub fn of_the_crowd(n: usize) -> (String, Locale) {
    // The numbers of names have no common factor, so that no pair comes twice.
    if n % 3 == 2 {
        let n = n / 3;
        (format!("{} {}", FIRST[n % FIRST.len()], LAST[n % LAST.len()]), En)
    } else {
        let n = n - n / 3;
        (format!("{}{}", FAMILIES[n % FAMILIES.len()], GIVEN[n % GIVEN.len()]), Ko)
    }
}
