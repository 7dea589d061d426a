//! A story: Markdown in, safe HTML out. User text reaches a page only through here.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use std::{collections::HashSet, sync::LazyLock};

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .tags(HashSet::from([
            "h2",
            "h3",
            "h4",
            "p",
            "strong",
            "em",
            "del",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "a",
            "hr",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .url_schemes(HashSet::from(["https", "http", "mailto"]))
        .link_rel(Some("nofollow noopener ugc"));
    cleaner
});

/// Renders a story. Raw HTML in it shows as text, headings start below the page's own, pictures
/// become links (another server's picture would tell it who reads).
#[must_use]
pub fn render(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES);
    let events = parser.map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        event => event,
    });
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, events);
    CLEANER.clean(&out).to_string()
}

fn below(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel as Level;
    match level {
        Level::H1 | Level::H2 => Level::H2,
        Level::H3 => Level::H3,
        _ => Level::H4,
    }
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn markup_in_a_story_is_text_or_gone() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "![x](https://tracker.example/a.png)",
            "<svg onload=alert(1)>",
            "<iframe src=//evil.example></iframe>",
        ] {
            let html = render(attack).to_lowercase();
            for bad in ["<script", "<img", "javascript:", "<svg", "<iframe", "onerror=alert(1)>"] {
                assert!(!html.contains(bad), "{attack} became {html}");
            }
        }
    }

    #[test]
    fn a_story_keeps_its_structure() {
        let html = render("# 시작\n\n**굵게** [두레](https://dure.example)\n\n- 하나\n- 둘");
        assert!(html.contains("<h2>시작</h2>"));
        assert!(html.contains("<strong>굵게</strong>"));
        assert!(html.contains("rel=\"nofollow noopener ugc\""));
        assert!(html.contains("<li>둘</li>"));
    }
}
