//! The kinds of what members are told. A new kind is one entry here.

use kernel::Locale;

/// Whether a kind goes by a way, and whether a member decides that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Never,
    /// Whatever somebody wishes.
    Always,
    /// Unless they say no.
    On,
    /// Only if they say yes.
    Off,
    /// Only with the consent that the law asks for, which is kept with its time.
    Consent,
}

/// A kind of message.
#[derive(Debug)]
pub struct Kind {
    /// Name in the database; never changes.
    pub key: &'static str,
    name: (&'static str, &'static str),
    about: (&'static str, &'static str),
    pub mail: Way,
    pub product: Way,
    pub sms: Way,
}

impl Way {
    /// Whether members decide it.
    #[must_use]
    pub const fn is_free(self) -> bool {
        matches!(self, Self::On | Self::Off | Self::Consent)
    }

    /// What happens with a member's choice, if they made one.
    #[must_use]
    pub const fn decide(self, chosen: Option<bool>) -> bool {
        match (self, chosen) {
            (Self::Always, _) | (Self::On, None) => true,
            (Self::Never, _) | (Self::Off | Self::Consent, None) => false,
            (Self::On | Self::Off | Self::Consent, Some(chosen)) => chosen,
        }
    }
}

impl Kind {
    #[must_use]
    pub const fn name(&self, l: Locale) -> &'static str {
        l.pick(self.name.0, self.name.1)
    }

    /// What it tells of; for one that is always sent, also why.
    #[must_use]
    pub const fn about(&self, l: Locale) -> &'static str {
        l.pick(self.about.0, self.about.1)
    }

    /// The kind of a key in the database or in a form.
    #[must_use]
    pub fn find(key: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|kind| kind.key == key)
    }
}

/// `NAME "key": mail, product, text message; name in both languages; what it is about in both.`
macro_rules! kinds {
    ($($kind:ident $key:literal: $mail:ident, $product:ident, $sms:ident; $ko:literal | $en:literal; $about_ko:literal | $about_en:literal;)*) => {
        $(
            pub static $kind: Kind = Kind {
                key: $key,
                name: ($ko, $en),
                about: ($about_ko, $about_en),
                mail: Way::$mail,
                product: Way::$product,
                sms: Way::$sms,
            };
        )*
        /// In the order in which they are shown.
        pub static ALL: &[&Kind] = &[$(&$kind),*];
    };
}

kinds! {
    SECURITY "security": Always, Always, Never; "계정 보안" | "Account security";
        "로그인, 비밀번호, 이메일처럼 계정을 지키는 알림이에요. 안전을 위해 끌 수 없어요."
        | "Log-ins, your password and your address. They guard your account, so they are always sent.";
    PLEDGES "pledges": Always, Always, On; "내 후원과 결제" | "My pledges and payments";
        "후원 예약, 결제, 결제 실패를 알려 드려요. 돈에 관한 일이라 메일은 끌 수 없어요."
        | "Pledges, payments, and payments that failed. They are about your money, so the mail is always sent.";
    PROJECTS "projects": Always, Always, Never; "내 프로젝트 심사와 결과" | "Review and outcome of my projects";
        "심사 결과와 마감 결과를 알려 드려요. 후원자의 돈에 관한 일이라 끌 수 없어요."
        | "What the review and the deadline brought. It is about your backers' money, so it is always sent.";
    MILESTONES "milestones": On, On, Never; "내 프로젝트 목표 달성" | "My project reaches its goal";
        "마감 전에 목표 금액을 채우면 알려 드려요." | "When the goal is reached before the deadline.";
    BACKERS "backers": Off, On, Never; "새 후원자" | "New backers";
        "내 프로젝트에 후원이 들어올 때마다 알려 드려요." | "Each time somebody backs a project of yours.";
    BACKED "backed": On, On, Never; "후원한 프로젝트 소식" | "Projects that I back";
        "후원한 프로젝트가 목표를 채우면 알려 드려요." | "When a project that you back reaches its goal.";
    NEWS "news": Consent, Never, Never; "두레 소식" | "News of Dure";
        "새로운 기능과 행사를 메일로 알려 드려요. 동의한 분에게만 보내요."
        | "New features and events, by mail. Only with your consent.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_a_key_of_its_own_that_leads_to_it() {
        let keys: BTreeSet<_> = ALL.iter().map(|kind| kind.key).collect();
        assert_eq!(keys.len(), ALL.len());
        assert!(ALL.iter().all(|kind| Kind::find(kind.key).is_some_and(|found| std::ptr::eq(found, *kind))));
        assert!(Kind::find("nothing").is_none());
    }

    #[test]
    fn what_must_be_told_is_told_whatever_was_chosen() {
        for chosen in [None, Some(true), Some(false)] {
            assert!(Way::Always.decide(chosen) && !Way::Never.decide(chosen));
        }
        assert!(Way::On.decide(None) && !Way::Off.decide(None) && !Way::Consent.decide(None));
        assert!(
            !Way::On.decide(Some(false)) && Way::Off.decide(Some(true)) && Way::Consent.decide(Some(true))
        );
    }
}
