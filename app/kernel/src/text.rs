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

#[cfg(test)]
mod tests {
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
}
