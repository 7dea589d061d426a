//! Where transfers go to in Korea: banks and securities firms by the codes of the clearing institute
//! (금융결제원).

use crate::Locale;

/// A bank, or another institution that takes transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bank(&'static (&'static str, &'static str, &'static str));

/// In the order in which people look for them: banks by size, then those of regions, cooperatives, foreign
/// ones, securities firms.
const BANKS: &[(&str, &str, &str)] = &[
    ("004", "국민은행", "KB Kookmin Bank"),
    ("088", "신한은행", "Shinhan Bank"),
    ("020", "우리은행", "Woori Bank"),
    ("081", "하나은행", "Hana Bank"),
    ("011", "농협은행", "NH Bank"),
    ("003", "기업은행", "IBK"),
    ("090", "카카오뱅크", "KakaoBank"),
    ("092", "토스뱅크", "Toss Bank"),
    ("089", "케이뱅크", "Kbank"),
    ("023", "SC제일은행", "SC First Bank"),
    ("027", "한국씨티은행", "Citibank Korea"),
    ("002", "산업은행", "KDB"),
    ("007", "수협은행", "Suhyup Bank"),
    ("031", "iM뱅크", "iM Bank"),
    ("032", "부산은행", "Busan Bank"),
    ("039", "경남은행", "Kyongnam Bank"),
    ("034", "광주은행", "Kwangju Bank"),
    ("037", "전북은행", "Jeonbuk Bank"),
    ("035", "제주은행", "Jeju Bank"),
    ("012", "지역농축협", "Local Nonghyup"),
    ("045", "새마을금고", "KFCC (Saemaul Geumgo)"),
    ("048", "신협", "Credit Unions (Shinhyup)"),
    ("050", "저축은행", "Savings banks"),
    ("064", "산림조합", "Forestry Cooperative"),
    ("071", "우체국", "Korea Post"),
    ("054", "HSBC은행", "HSBC"),
    ("055", "도이치은행", "Deutsche Bank"),
    ("057", "제이피모간체이스은행", "JPMorgan Chase Bank"),
    ("060", "BOA은행", "Bank of America"),
    ("061", "비엔피파리바은행", "BNP Paribas"),
    ("062", "중국공상은행", "ICBC"),
    ("063", "중국은행", "Bank of China"),
    ("067", "중국건설은행", "China Construction Bank"),
    ("238", "미래에셋증권", "Mirae Asset Securities"),
    ("243", "한국투자증권", "Korea Investment & Securities"),
    ("240", "삼성증권", "Samsung Securities"),
    ("218", "KB증권", "KB Securities"),
    ("247", "NH투자증권", "NH Investment & Securities"),
    ("264", "키움증권", "Kiwoom Securities"),
    ("271", "토스증권", "Toss Securities"),
    ("288", "카카오페이증권", "Kakao Pay Securities"),
    ("278", "신한투자증권", "Shinhan Securities"),
    ("270", "하나증권", "Hana Securities"),
    ("287", "메리츠증권", "Meritz Securities"),
    ("267", "대신증권", "Daishin Securities"),
    ("209", "유안타증권", "Yuanta Securities"),
    ("269", "한화투자증권", "Hanwha Investment & Securities"),
    ("261", "교보증권", "Kyobo Securities"),
    ("262", "iM증권", "iM Securities"),
    ("263", "현대차증권", "Hyundai Motor Securities"),
    ("265", "LS증권", "LS Securities"),
    ("266", "SK증권", "SK Securities"),
    ("279", "DB증권", "DB Securities"),
    ("280", "유진투자증권", "Eugene Investment & Securities"),
    ("224", "BNK투자증권", "BNK Securities"),
    ("225", "IBK투자증권", "IBK Securities"),
    ("227", "다올투자증권", "Daol Investment & Securities"),
    ("221", "상상인증권", "Sangsangin Securities"),
    ("222", "한양증권", "Hanyang Securities"),
    ("290", "부국증권", "Bookook Securities"),
    ("291", "신영증권", "Shinyoung Securities"),
    ("292", "케이프투자증권", "Cape Investment & Securities"),
    ("294", "우리투자증권", "Woori Investment Securities"),
];

impl Bank {
    /// The bank of a code of three digits.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        BANKS.iter().find(|(known, ..)| *known == code).map(Self)
    }

    /// All of them, the common ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        BANKS.iter().map(Self)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.0
    }

    #[must_use]
    pub const fn name(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ko => self.0.1,
            Locale::En => self.0.2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_code_and_each_name_stands_for_one_bank() {
        for fact in [Bank::code, |bank: Bank| bank.name(Locale::Ko), |bank: Bank| bank.name(Locale::En)] {
            let distinct: BTreeSet<_> = Bank::all().map(fact).collect();
            assert_eq!(distinct.len(), Bank::all().count());
        }
        assert!(
            Bank::all().all(|bank| bank.code().len() == 3 && bank.code().bytes().all(|b| b.is_ascii_digit()))
        );
    }

    #[test]
    fn a_bank_is_found_by_its_code_alone() {
        assert_eq!(Bank::of("090").map(|bank| bank.name(Locale::Ko)), Some("카카오뱅크"));
        for wrong in ["", "90", "0090", "004 ", "999", "국민은행"] {
            assert_eq!(Bank::of(wrong), None, "{wrong}");
        }
    }
}
