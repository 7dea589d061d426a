//! What mail providers report, in their words: our own neutral form, Postmark's, and Amazon SES's
//! (bare or through SNS). `docs/mail.md` describes them.

use chrono::{DateTime, Utc};
use kernel::undeliverable::{Report, Trouble};
use serde_json::Value;

/// What a body says.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// Mails that made trouble; none for what we need not know, such as deliveries.
    Reports(Vec<Report>),
    /// SNS asks whether its reports are wanted: somebody must open this address once.
    Subscribe(String),
    /// No form that we know.
    Unknown,
}

/// Understands a report; `now` stands in where it tells no time.
pub fn understand(body: &Value, now: DateTime<Utc>) -> Said {
    match body {
        Value::Array(reports) => {
            let known: Option<Vec<_>> = reports.iter().map(|report| neutral(report, now)).collect();
            known.map_or(Said::Unknown, Said::Reports)
        }
        _ if body.get("Message").is_some() && body.get("TopicArn").is_some() => sns(body, now),
        _ if text(body, "notificationType").or(text(body, "eventType")).is_some() => ses(body, now),
        _ if text(body, "RecordType").is_some() => postmark(body, now),
        _ => neutral(body, now).map_or(Said::Unknown, |report| Said::Reports(vec![report])),
    }
}

fn text<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body.get(field)?.as_str()
}

/// An event of the future would stop mails again that its owner has just allowed.
fn time(text: Option<&str>, now: DateTime<Utc>) -> DateTime<Utc> {
    let told = text.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    told.map_or(now, |at| at.to_utc()).min(now)
}

fn address(text: &str) -> Option<String> {
    let text = text.trim();
    (text.contains('@') && text.len() <= 254 && !text.contains(char::is_control)).then(|| text.to_owned())
}

fn neutral(body: &Value, now: DateTime<Utc>) -> Option<Report> {
    let trouble = match text(body, "trouble")? {
        "bounced" => Trouble::Bounced,
        "delayed" => Trouble::Delayed,
        "complained" => Trouble::Complained,
        _ => return None,
    };
    Some(Report {
        email: address(text(body, "email")?)?,
        trouble,
        at: time(text(body, "at"), now),
        reason: text(body, "reason").unwrap_or_default().to_owned(),
    })
}

fn postmark(body: &Value, now: DateTime<Utc>) -> Said {
    let trouble = match (text(body, "RecordType"), text(body, "Type")) {
        (Some("SpamComplaint"), _) => Trouble::Complained,
        (Some("Bounce"), Some("HardBounce" | "BadEmailAddress")) => Trouble::Bounced,
        (Some("Bounce"), Some("SpamComplaint")) => Trouble::Complained,
        (Some("Bounce"), _) => Trouble::Delayed,
        _ => return Said::Reports(Vec::new()),
    };
    let Some(email) = text(body, "Email").and_then(address) else {
        return Said::Unknown;
    };
    let reason = text(body, "Description").or(text(body, "Name")).unwrap_or_default().to_owned();
    Said::Reports(vec![Report { email, trouble, at: time(text(body, "BouncedAt"), now), reason }])
}

fn sns(body: &Value, now: DateTime<Utc>) -> Said {
    match text(body, "Type") {
        Some("SubscriptionConfirmation") => {
            text(body, "SubscribeURL").map_or(Said::Unknown, |address| Said::Subscribe(address.to_owned()))
        }
        Some("Notification") => {
            let inner = text(body, "Message").and_then(|inner| serde_json::from_str::<Value>(inner).ok());
            // SES tells in plain words when a topic was connected.
            inner.map_or(Said::Reports(Vec::new()), |inner| ses(&inner, now))
        }
        _ => Said::Reports(Vec::new()),
    }
}

fn ses(body: &Value, now: DateTime<Utc>) -> Said {
    let (event, list, trouble) = match text(body, "notificationType").or(text(body, "eventType")) {
        Some("Bounce") => {
            let permanent =
                body.get("bounce").and_then(|bounce| text(bounce, "bounceType")) == Some("Permanent");
            ("bounce", "bouncedRecipients", if permanent { Trouble::Bounced } else { Trouble::Delayed })
        }
        Some("Complaint") => ("complaint", "complainedRecipients", Trouble::Complained),
        _ => return Said::Reports(Vec::new()),
    };
    let Some(event) = body.get(event) else {
        return Said::Unknown;
    };
    let at = time(text(event, "timestamp"), now);
    let reports = event.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(|recipient| {
        let reason = text(recipient, "diagnosticCode").or(text(event, "complaintFeedbackType"));
        Some(Report {
            email: address(text(recipient, "emailAddress")?)?,
            trouble,
            at,
            reason: reason.unwrap_or_default().to_owned(),
        })
    });
    Said::Reports(reports.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn said(body: &Value) -> Vec<(String, Trouble)> {
        match understand(body, now()) {
            Said::Reports(reports) => {
                reports.into_iter().map(|report| (report.email, report.trouble)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn postmark_tells_of_bounces_and_complaints() {
        let bounce = |kind: &str| {
            json!({"RecordType": "Bounce", "Type": kind, "Email": "john@example.com",
                   "BouncedAt": "2026-11-01T13:28:10.2735393-04:00", "Description": "unknown user"})
        };
        assert_eq!(said(&bounce("HardBounce")), [("john@example.com".to_owned(), Trouble::Bounced)]);
        assert_eq!(said(&bounce("SoftBounce")), [("john@example.com".to_owned(), Trouble::Delayed)]);
        let complaint = json!({"RecordType": "SpamComplaint", "Email": "john@example.com"});
        assert_eq!(said(&complaint), [("john@example.com".to_owned(), Trouble::Complained)]);
        assert_eq!(said(&json!({"RecordType": "Delivery", "Recipient": "john@example.com"})), []);
    }

    #[test]
    fn ses_tells_the_same_bare_and_through_sns() {
        let bounce = json!({"notificationType": "Bounce", "bounce": {"bounceType": "Permanent",
            "bouncedRecipients": [{"emailAddress": "a@example.com"}, {"emailAddress": "b@example.com"}],
            "timestamp": "2016-01-27T14:59:38.237Z"}, "mail": {}});
        let both = ["a", "b"].map(|who| (format!("{who}@example.com"), Trouble::Bounced));
        let through = json!({"Type": "Notification", "TopicArn": "arn", "Message": bounce.to_string()});
        assert_eq!(said(&bounce), both);
        assert_eq!(said(&through), both);
        let complaint = json!({"eventType": "Complaint", "complaint": {"complainedRecipients":
            [{"emailAddress": "a@example.com"}], "complaintFeedbackType": "abuse"}});
        assert_eq!(said(&complaint), [("a@example.com".to_owned(), Trouble::Complained)]);
        let subscribe = json!({"Type": "SubscriptionConfirmation", "TopicArn": "arn", "Message": "You have chosen",
            "SubscribeURL": "https://sns.example/"});
        assert_eq!(understand(&subscribe, now()), Said::Subscribe("https://sns.example/".to_owned()));
    }

    #[test]
    fn what_has_no_known_form_is_not_guessed_at() {
        for unknown in [
            json!({}),
            json!(7),
            json!(null),
            json!({"email": "a@example.com", "trouble": "sad"}),
            json!({"email": "nobody", "trouble": "bounced"}),
            json!([{"email": 5}]),
            json!({"RecordType": "Bounce", "Type": "HardBounce", "Email": {}}),
            json!({"notificationType": "Bounce"}),
        ] {
            assert_eq!(understand(&unknown, now()), Said::Unknown, "{unknown}");
        }
    }

    #[test]
    fn an_event_lies_never_ahead_of_us() {
        let report = json!({"email": "a@example.com", "trouble": "bounced", "at": "2999-01-01T00:00:00Z"});
        let Said::Reports(reports) = understand(&report, now()) else { panic!("it is known") };
        assert_eq!(reports[0].at, now());
    }
}
