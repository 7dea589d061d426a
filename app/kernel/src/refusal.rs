//! Why something was not done, told the same way by every domain.

use crate::{ErrorId, Locale, Money};
use leptos::server_fn::{
    ContentType, Decodes, Encodes, Format, FormatType, codec::JsonEncoding, error::ServerFnErrorErr,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    Required,
    TooShort {
        min: u32,
    },
    TooLong {
        max: u32,
    },
    TooSmall {
        min: Money,
    },
    TooLarge {
        max: Money,
    },
    NotAnAmount,
    NotWhole,
    NotACount {
        min: u32,
        max: u32,
    },
    NotADate,
    NotAMonth,
    TooEarly,
    TooLate,
    NotAnEmail,
    NotAPhone,
    NotAMobile,
    NotAHandle,
    NotALink,
    NotAPostcode,
    TooMany {
        max: u32,
    },
    /// More pieces than one person may have.
    MoreThanYours {
        max: u32,
    },
    NotAnOption,
    NotAStockLine,
    /// No parcel goes there.
    NotSentThere,
    NotAllowed,
    WeakPassword,
    MustAgree,
    Taken,
}

crate::texts! {
    required: "꼭 입력해 주세요." | "Please fill this in.";
    too_short(min): "{min}자 이상 입력해 주세요." | "Please write at least {min} characters.";
    too_long(max): "{max}자까지 쓸 수 있어요." | "At most {max} characters fit here.";
    too_small(min): "{min} 이상이어야 해요." | "It must be at least {min}.";
    too_large(max): "{max}까지 입력할 수 있어요." | "It can be at most {max}.";
    not_an_amount: "금액을 숫자로 입력해 주세요." | "Please enter the amount in digits.";
    not_whole: "소수점 없이 입력해 주세요." | "Please enter it without a decimal point.";
    not_a_count(min, max): "{min}부터 {max}까지의 숫자를 입력해 주세요." | "Please enter a number from {min} to {max}.";
    not_a_date: "날짜를 다시 확인해 주세요." | "Please check the date.";
    not_a_month: "2027-03처럼 연도와 달을 써 주세요." | "Please write the year and the month, such as 2027-03.";
    too_early: "더 늦은 날짜를 골라 주세요." | "Please choose a later date.";
    too_late: "더 이른 날짜를 골라 주세요." | "Please choose an earlier date.";
    not_an_email: "이메일 주소를 다시 확인해 주세요." | "Please check the e-mail address.";
    not_a_phone: "전화번호를 다시 확인해 주세요. 해외 번호는 +와 국가 번호로 시작해요." | "Please check the number. From abroad it starts with + and the country code.";
    not_a_mobile: "휴대폰 번호를 다시 확인해 주세요. 해외 번호는 +와 국가 번호로 시작해요." | "Please check the mobile number. From abroad it starts with + and the country code.";
    not_a_handle: "영문 소문자, 숫자, 밑줄(_)만 쓸 수 있어요." | "Only lowercase letters, digits and underscores can be used.";
    not_a_link: "‘https://’로 시작하는 주소를 한 줄에 하나씩 적어 주세요." | "Please write one address a line, each beginning with https://.";
    not_a_postcode: "우편번호를 다시 확인해 주세요. 한국은 숫자 다섯 자리예요." | "Please check the postcode. In Korea it has five digits.";
    too_many_of(max): "{max}개까지 적을 수 있어요." | "At most {max} fit here.";
    more_than_yours(max): "한 사람이 {max}개까지 받을 수 있어요." | "One person can have at most {max}.";
    not_an_option: "‘색상: 빨강, 파랑’처럼 한 줄에 하나씩 써 주세요. 이름과 선택지에는 /, =, : 를 쓸 수 없어요." | "Please write one option a line, such as “Colour: red, blue”. Names and choices cannot hold /, = or :.";
    not_a_stock_line: "‘빨강 / 대 = 10’처럼 위의 선택지로 한 줄에 하나씩 써 주세요." | "Please write one line for each, such as “red / large = 10”, with the choices from above.";
    not_sent_there: "이 프로젝트는 이곳으로 보내지 않아요." | "This project does not send parcels there.";
    prove_first: "본인 확인이 필요해요." | "Please confirm that it is you first.";
    not_allowed: "쓸 수 없는 값이에요." | "This value cannot be used.";
    weak_password: "짐작하기 쉬운 비밀번호예요. 낱말을 몇 개 더 이어 보세요." | "This password is easy to guess. Try adding a few more words.";
    must_agree: "동의해야 계속할 수 있어요." | "You need to agree to continue.";
    taken: "이미 쓰고 있어요. 다른 것을 골라 주세요." | "This is already in use. Please choose another.";
    sign_in_first: "로그인이 필요해요." | "Please log in first.";
    forbidden: "이 작업을 할 권한이 없어요." | "You are not allowed to do this.";
    not_found: "찾을 수 없어요. 주소가 바뀌었거나 사라졌어요." | "We could not find this. It may have moved or gone.";
    invalid: "표시된 항목을 고쳐 주세요." | "Please correct the marked fields.";
    malformed: "보낸 내용을 읽을 수 없어요. 다시 시도해 주세요." | "We could not read what was sent. Please try again.";
    too_big: "보낸 내용이 너무 커요." | "What was sent is too large.";
    too_many: "잠시 뒤에 다시 시도해 주세요. 요청이 너무 많았어요." | "Too many requests. Please try again in a little while.";
    unavailable: "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요." | "We cannot do this right now. Please try again shortly.";
    internal(id): "저희 쪽에 문제가 생겼어요. 문의하실 때 이 번호를 알려 주세요: {id}" | "Something went wrong on our side. If you contact us, please mention {id}.";
    confirm_email_first: "이메일 주소를 먼저 확인해 주세요. 보내 드린 메일의 링크를 눌러 주세요." | "Please confirm your e-mail address first, with the link that we mailed you.";
}

impl Fault {
    #[must_use]
    pub fn explain(&self, locale: Locale) -> String {
        match self {
            Self::Required => required(locale).to_owned(),
            Self::TooShort { min } => too_short(locale, min),
            Self::TooLong { max } => too_long(locale, max),
            Self::TooSmall { min } => too_small(locale, min.show(locale)),
            Self::TooLarge { max } => too_large(locale, max.show(locale)),
            Self::NotAnAmount => not_an_amount(locale).to_owned(),
            Self::NotWhole => not_whole(locale).to_owned(),
            Self::NotACount { min, max } => not_a_count(locale, min, max),
            Self::NotADate => not_a_date(locale).to_owned(),
            Self::NotAMonth => not_a_month(locale).to_owned(),
            Self::TooEarly => too_early(locale).to_owned(),
            Self::TooLate => too_late(locale).to_owned(),
            Self::NotAnEmail => not_an_email(locale).to_owned(),
            Self::NotAPhone => not_a_phone(locale).to_owned(),
            Self::NotAMobile => not_a_mobile(locale).to_owned(),
            Self::NotAHandle => not_a_handle(locale).to_owned(),
            Self::NotALink => not_a_link(locale).to_owned(),
            Self::NotAPostcode => not_a_postcode(locale).to_owned(),
            Self::TooMany { max } => too_many_of(locale, max),
            Self::MoreThanYours { max } => more_than_yours(locale, max),
            Self::NotAnOption => not_an_option(locale).to_owned(),
            Self::NotAStockLine => not_a_stock_line(locale).to_owned(),
            Self::NotSentThere => not_sent_there(locale).to_owned(),
            Self::NotAllowed => not_allowed(locale).to_owned(),
            Self::WeakPassword => weak_password(locale).to_owned(),
            Self::MustAgree => must_agree(locale).to_owned(),
            Self::Taken => taken(locale).to_owned(),
        }
    }
}

/// A fault and the name of the form field that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    pub field: String,
    pub fault: Fault,
}

/// Collects the faults of a form, so that a person sees all of them at once.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    pub fn add(&mut self, field: &str, fault: Fault) {
        self.0.push(FieldFault { field: field.to_owned(), fault });
    }

    /// Gives the value, or notes the fault.
    pub fn keep<T>(&mut self, field: &str, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.add(field, fault)).ok()
    }

    pub fn none_or_refuse(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.0)) }
    }
}

/// The refusals that every domain shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    #[error("nobody is logged in")]
    SignIn,
    /// Somebody is logged in and must prove once more that it is them.
    #[error("the member has not proved who they are")]
    Prove,
    #[error("the member has not confirmed the address")]
    ConfirmEmail,
    #[error("not allowed")]
    Forbidden,
    #[error("not found")]
    NotFound,
    #[error("invalid fields: {0:?}")]
    Invalid(Vec<FieldFault>),
    #[error("the request could not be read")]
    Malformed,
    #[error("the request is too large")]
    TooBig,
    #[error("too many requests")]
    TooMany,
    #[error("a part that is needed does not answer")]
    Unavailable,
    #[error("internal error {0}")]
    Internal(ErrorId),
}

impl Refusal {
    /// The refusal of a single field.
    #[must_use]
    pub fn field(field: &str, fault: Fault) -> Self {
        Self::Invalid(vec![FieldFault { field: field.to_owned(), fault }])
    }
}

/// What a domain's error enum can tell: the HTTP status, a sentence, the fields it belongs to.
pub trait DomainError: Serialize + DeserializeOwned + std::error::Error + From<Refusal> {
    /// The HTTP status that goes with the error.
    fn status(&self) -> u16;
    /// One sentence for the reader, saying what to do.
    fn explain(&self, locale: Locale) -> String;
    /// The faults that stand at fields.
    fn faults(&self) -> &[FieldFault] {
        &[]
    }
}

impl DomainError for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::SignIn | Self::Prove => 401,
            Self::ConfirmEmail | Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::Malformed => 400,
            Self::TooBig => 413,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal(_) => 500,
        }
    }

    fn explain(&self, locale: Locale) -> String {
        match self {
            Self::SignIn => sign_in_first(locale).to_owned(),
            Self::Prove => prove_first(locale).to_owned(),
            Self::ConfirmEmail => confirm_email_first(locale).to_owned(),
            Self::Forbidden => forbidden(locale).to_owned(),
            Self::NotFound => not_found(locale).to_owned(),
            Self::Invalid(_) => invalid(locale).to_owned(),
            Self::Malformed => malformed(locale).to_owned(),
            Self::TooBig => too_big(locale).to_owned(),
            Self::TooMany => too_many(locale).to_owned(),
            Self::Unavailable => unavailable(locale).to_owned(),
            Self::Internal(id) => internal(locale, id),
        }
    }

    fn faults(&self) -> &[FieldFault] {
        match self {
            Self::Invalid(faults) => faults,
            _ => &[],
        }
    }
}

impl From<ServerFnErrorErr> for Refusal {
    /// Everything that goes wrong before a server function runs is an unreadable request; on the
    /// client, a server that cannot be reached is unavailable.
    fn from(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Malformed,
            _ => Self::Unavailable,
        }
    }
}

/// The wire format of every error: `{"status":409,"error":…}`.
///
/// The status stands in the body because a server function answers each `Err` with 500; the
/// server reads it here and answers with the right one.
pub struct RefusalJson;

#[derive(Serialize, Deserialize)]
struct Wire<E> {
    status: u16,
    error: E,
}

impl ContentType for RefusalJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for RefusalJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<E: DomainError> Encodes<E> for RefusalJson {
    type Error = serde_json::Error;

    fn encode(error: &E) -> Result<leptos::server_fn::Bytes, Self::Error> {
        JsonEncoding::encode(&Wire { status: error.status(), error })
    }
}

impl<E: DomainError> Decodes<E> for RefusalJson {
    type Error = serde_json::Error;

    fn decode(bytes: leptos::server_fn::Bytes) -> Result<E, Self::Error> {
        <JsonEncoding as Decodes<Wire<E>>>::decode(bytes).map(|wire| wire.error)
    }
}

/// Makes an error enum usable as the error of server functions.
#[macro_export]
macro_rules! server_error {
    ($name:ty) => {
        impl ::leptos::server_fn::error::FromServerFnError for $name {
            type Encoder = $crate::RefusalJson;

            fn from_server_fn_error(error: ::leptos::server_fn::error::ServerFnErrorErr) -> Self {
                $crate::Refusal::from(error).into()
            }
        }
    };
}

server_error!(Refusal);

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for Refusal {
    /// The one place where a database error becomes something a person sees: logged once, with
    /// the id that the person is shown.
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                tracing::warn!(error = %error, "The database does not answer");
                Self::Unavailable
            }
            sqlx::Error::Database(ref refused) if shutting_down(refused.as_ref()) => {
                tracing::warn!(error = %error, "The database is going away");
                Self::Unavailable
            }
            // Whoever asked has left, or was suspended, while they asked.
            sqlx::Error::Database(ref refused) if refused.constraint() == Some("member_is_open") => {
                Self::SignIn
            }
            // PostgreSQL keeps no zero byte in a text (22021) or in JSON (22P05): it came with the request.
            sqlx::Error::Database(ref sent) if matches!(sent.code().as_deref(), Some("22021" | "22P05")) => {
                Self::Malformed
            }
            _ => Self::internal(&error),
        }
    }
}

/// SQLSTATE class 57: the server is shutting down or starting up.
#[cfg(feature = "ssr")]
fn shutting_down(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| code.starts_with("57P"))
}

#[cfg(feature = "ssr")]
impl Refusal {
    /// Logs the cause once and gives the person an id to mention.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        let id = ErrorId::new();
        tracing::error!(error.id = %id, error = %cause, "Internal error {id}: {cause}");
        Self::Internal(id)
    }
}
