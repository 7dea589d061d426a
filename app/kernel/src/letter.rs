//! How a mail looks: a text and an HTML twin, readable in light and dark, on paper and by ear.

use crate::outbox::{Message, one_line};

crate::texts! {
    brand: "두레" | "Dure";
    footer: "이 메일은 두레에서 보냈어요." | "This mail was sent by Dure.";
    by_hand: "버튼이 열리지 않으면 이 주소를 브라우저에 붙여 넣어 주세요." | "If the button does not open, paste this address into your browser.";
    unsubscribe: "이런 메일 그만 받기" | "Stop mails like this";
}

/// Colours for clients that know dark mode. Others, and those that turn colours around by
/// themselves, get the inline ones, which hold both ways.
const DARK: &str = "@media (prefers-color-scheme:dark){\
    .page{background:#151a17!important;color:#ecefe9!important}\
    .card{background:#1e2521!important;border-color:#38423b!important}\
    .brand,.plain{color:#8fcfb0!important}.button{background:#8fcfb0!important;color:#10201a!important}\
    .soft,.soft a{color:#a9b3ac!important}}";

const FONT: &str =
    "-apple-system,BlinkMacSystemFont,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',Roboto,sans-serif";

/// Fills the rest of a preview line, so that nothing of the body runs on into it.
const AFTER_PREVIEW: &str = "&#847;&zwnj;&nbsp;";

pub fn text(message: &Message) -> String {
    let mut text = message.paragraphs.join("\n\n");
    if let Some((label, address)) = &message.action {
        text.push_str(&format!("\n\n{label}\n{address}"));
    }
    text.push_str("\n\n--\n");
    for line in foot(message) {
        text.push_str(&format!("{line}\n"));
    }
    if let Some(address) = &message.unsubscribe {
        text.push_str(&format!("{}: {address}\n", unsubscribe(message.locale)));
    }
    text
}

pub fn html(message: &Message) -> String {
    let l = message.locale;
    let subject = one_line(&message.subject);
    let heading = subject.strip_prefix(brand(l)).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&subject);
    let mut body = String::new();
    for paragraph in &message.paragraphs {
        body.push_str(&format!(
            "<p style=\"margin:0 0 16px;white-space:pre-line\">{}</p>",
            escape(paragraph)
        ));
    }
    if let Some((label, address)) = &message.action {
        body.push_str(&format!(
            "<p style=\"margin:24px 0\"><a class=\"button\" href=\"{address}\" style=\"display:inline-block;padding:13px 22px;\
             border-radius:10px;background:#1f6f54;color:#ffffff;font-weight:600;text-decoration:none\">{}</a></p>\
             <p class=\"soft\" style=\"margin:0;font-size:13px;color:#57605a\">{}<br>\
             <a href=\"{address}\" style=\"color:#57605a;word-break:break-all\">{address}</a></p>",
            escape(label),
            by_hand(l),
            address = escape(address),
        ));
    }
    let mut small: String = foot(message).map(|line| format!("{}<br>", escape(line))).collect();
    if let Some(address) = &message.unsubscribe {
        small.push_str(&format!(
            "<a href=\"{}\" style=\"color:#57605a\">{}</a>",
            escape(address),
            unsubscribe(l)
        ));
    }
    // Lists show the first words of a mail: the greeting tells nobody anything.
    let preview =
        message.paragraphs.get(1).or(message.paragraphs.first()).map(String::as_str).unwrap_or_default();
    format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\">\
         <title>{title}</title><style>:root{{color-scheme:light dark}}{DARK}</style></head>\
         <body class=\"page\" style=\"margin:0;padding:0;background:#f2efe6;color:#1c231f;\
         font:16px/1.65 {FONT};word-break:keep-all;overflow-wrap:anywhere\">\
         <div style=\"display:none;max-height:0;overflow:hidden\">{preview}{after}</div>\
         <div class=\"page\" style=\"max-width:560px;margin:0 auto;padding:28px 16px;background:#f2efe6;color:#1c231f\">\
         <p class=\"brand\" style=\"margin:0 0 14px 4px;font-weight:800;font-size:22px;color:#1f6f54\">{brand}</p>\
         <div class=\"card\" style=\"padding:26px 22px;border:1px solid #dfdacc;border-radius:16px;background:#ffffff\">\
         <h1 style=\"margin:0 0 18px;font-size:20px;line-height:1.4\">{heading}</h1>{body}</div>\
         <p class=\"soft\" style=\"margin:18px 4px 0;font-size:13px;color:#57605a\">{small}</p></div></body></html>",
        tag = l.tag(),
        title = escape(&subject),
        preview = escape(&one_line(preview)),
        after = AFTER_PREVIEW.repeat(40),
        brand = brand(l),
        heading = escape(heading),
    )
}

fn foot(message: &Message) -> impl Iterator<Item = &str> {
    [footer(message.locale), &message.why].into_iter().filter(|line| !line.is_empty())
}

/// Text as HTML shows it, in elements and in attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;

    #[test]
    fn what_people_wrote_shows_as_text_in_every_part_of_a_mail() {
        let mark = "</style></title><script>alert(1)</script>\"'";
        let message = Message {
            subject: format!("hi\r\nBcc: x@example.kr {mark}"),
            paragraphs: vec![mark.to_owned(), mark.to_owned()],
            action: Some((mark.to_owned(), "https://dure.example/?a=1&b=\"2".to_owned())),
            why: mark.to_owned(),
            unsubscribe: Some(format!("https://dure.example/{mark}")),
            ..Message::default()
        };
        let html = html(&message);
        assert!(!html.contains("<script>") && html.matches("</style>").count() == 1);
        assert!(html.contains("?a=1&amp;b=&quot;2"));
        assert_eq!(one_line(&message.subject), format!("hi Bcc: x@example.kr {mark}"));
    }

    #[test]
    fn both_twins_say_why_they_came_and_how_to_end_them() {
        let message = Message {
            locale: Locale::En,
            subject: "Dure: a goal is reached".to_owned(),
            why: "because".to_owned(),
            unsubscribe: Some("https://dure.example/en/unsubscribe?token=1".to_owned()),
            ..Message::default()
        };
        for twin in [text(&message), html(&message)] {
            assert!(twin.contains("because") && twin.contains("/en/unsubscribe?token=1"), "{twin}");
        }
        assert!(
            html(&message).contains("<h1 style=\"margin:0 0 18px;font-size:20px;line-height:1.4\">a goal")
        );
    }
}
