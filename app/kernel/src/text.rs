//! The typed catalogue of texts: each crate lists its texts once, in both languages.

/// Declares the texts of a crate. A text without one of the languages does not compile.
///
/// ```ignore
/// texts! {
///     sign_up: "회원가입" | "Sign up";
///     left(n): "{n}개 남음" | "{n} left";
/// }
/// ```
/// makes `fn sign_up(Locale) -> &'static str` and `fn left(Locale, n: impl Display) -> String`.
#[macro_export]
macro_rules! texts {
    () => {};
    ($name:ident : $ko:literal | $en:literal ; $($rest:tt)*) => {
        #[must_use]
        pub const fn $name(locale: $crate::Locale) -> &'static str {
            match locale { $crate::Locale::Ko => $ko, $crate::Locale::En => $en }
        }
        $crate::texts! { $($rest)* }
    };
    ($name:ident ( $($arg:ident),+ ) : $ko:literal | $en:literal ; $($rest:tt)*) => {
        #[must_use]
        pub fn $name(locale: $crate::Locale, $($arg: impl ::std::fmt::Display),+) -> String {
            match locale { $crate::Locale::Ko => format!($ko), $crate::Locale::En => format!($en) }
        }
        $crate::texts! { $($rest)* }
    };
}

/// A Korean word with the particle that fits its last sound: `particle("책", "을/를")` is `책을`.
///
/// The pair is written consonant form first. `으로/로` treats a final ㄹ like a vowel, as the
/// orthography does. Digits are read as Korean numerals; other letters take the vowel form.
#[must_use]
pub fn particle(word: &str, pair: &str) -> String {
    let (after_consonant, after_vowel) = pair.split_once('/').unwrap_or((pair, pair));
    let last = word.chars().rev().find(|c| c.is_alphanumeric());
    // 0: no final consonant, 8: ㄹ, other: another final consonant (order of Unicode's Hangul block).
    let end = match last {
        Some(c @ '가'..='힣') => (c as u32 - '가' as u32) % 28,
        Some('1' | '7' | '8' | 'l' | 'L') => 8,
        Some('0' | '3' | '6' | 'm' | 'n' | 'M' | 'N') => 1,
        _ => 0,
    };
    let vowel_form = end == 0 || (end == 8 && after_consonant == "으로");
    format!("{word}{}", if vowel_form { after_vowel } else { after_consonant })
}

#[cfg(test)]
mod tests {
    use super::particle;
    use crate::Locale;

    texts! {
        hello: "안녕하세요" | "Hello";
        left(n): "{n}개 남음" | "{n} left";
    }

    #[test]
    fn texts_come_in_both_languages() {
        assert_eq!(hello(Locale::Ko), "안녕하세요");
        assert_eq!(left(Locale::En, 3), "3 left");
    }

    #[test]
    fn the_particle_follows_the_last_sound() {
        assert_eq!(particle("책", "을/를"), "책을");
        assert_eq!(particle("리워드", "을/를"), "리워드를");
        assert_eq!(particle("서울", "으로/로"), "서울로");
        assert_eq!(particle("부산", "으로/로"), "부산으로");
        assert_eq!(particle("3", "이/가"), "3이");
        assert_eq!(particle("「두레」", "은/는"), "「두레」는");
        assert_eq!(particle("", "은/는"), "는");
    }
}
