//! The document around a page. Everything that comes from people is escaped here; there is no
//! inline script, so the content security policy needs no exception.

use crate::frame::Assets;
use kernel::Locale;
use ui::escaped;

pub struct Head<'a> {
    pub locale: Locale,
    pub title: &'a str,
    pub description: &'a str,
    pub image: Option<&'a str>,
    pub listed: bool,
    pub origin: &'a str,
    /// Without the language prefix.
    pub path: &'a str,
}

/// Joins head and body to a document. The module is loaded only by pages that have an island.
pub fn document(head: &Head<'_>, assets: &Assets, body: &str) -> String {
    let l = head.locale;
    let title = page_title(head.title, l);
    let description = escaped(head.description);
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         {}<link rel=\"stylesheet\" href=\"/pkg/{}\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"manifest\" href=\"/site.webmanifest\">",
        l.tag(),
        font_preload(&assets.font),
        assets.css
    );
    if head.listed {
        let address = |locale: Locale| escaped(&format!("{}{}", head.origin, locale.path(head.path)));
        html.push_str(&format!(
            "<meta name=\"description\" content=\"{description}\"><link rel=\"canonical\" href=\"{}\">\
             <link rel=\"alternate\" hreflang=\"ko\" href=\"{}\"><link rel=\"alternate\" hreflang=\"en\" href=\"{}\">\
             <meta property=\"og:type\" content=\"website\"><meta property=\"og:title\" content=\"{title}\">\
             <meta property=\"og:description\" content=\"{description}\"><meta property=\"og:url\" content=\"{}\">",
            address(l),
            address(Locale::Ko),
            address(Locale::En),
            address(l)
        ));
        if let Some(image) = head.image {
            let image = escaped(&format!("{}{image}", head.origin));
            html.push_str(&format!("<meta property=\"og:image\" content=\"{image}\">"));
        }
    } else {
        html.push_str("<meta name=\"robots\" content=\"noindex\">");
    }
    if body.contains("<leptos-island") {
        html.push_str(&format!(
            "<script type=\"module\" src=\"/boot.js?v={boot}\"></script>\
             <meta name=\"dure-module\" content=\"/pkg/{js}\"><meta name=\"dure-wasm\" content=\"/pkg/{wasm}\">",
            boot = assets.boot,
            js = assets.js,
            wasm = assets.wasm
        ));
    }
    if body.contains(" data-passkey=") {
        html.push_str(&format!("<script type=\"module\" src=\"/passkey.js?v={}\"></script>", assets.passkey));
    }
    html.push_str("</head><body>");
    html.push_str(body);
    html.push_str("</body></html>");
    html
}

/// The font that every page needs; a watched build has none.
fn font_preload(font: &str) -> String {
    if font.is_empty() {
        return String::new();
    }
    format!("<link rel=\"preload\" href=\"/{font}\" as=\"font\" type=\"font/woff2\" crossorigin>")
}

/// The title of the tab: the page's and the site's name, as text whatever it contains.
fn page_title(title: &str, l: Locale) -> String {
    let brand = crate::text::brand(l);
    if title.contains(brand) { escaped(title) } else { format!("{} — {brand}", escaped(title)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_markup_stays_a_title() {
        let assets = Assets::default();
        let head = Head {
            locale: Locale::Ko,
            title: "</title><script>alert(1)</script>",
            description: "\"><script>alert(2)</script>",
            image: None,
            listed: true,
            origin: "https://dure.example",
            path: "/projects/x",
        };
        let html = document(&head, &assets, "<p>body</p>");
        assert!(!html.contains("<script>"));
        assert!(html.contains("&lt;/title&gt;&lt;script&gt;alert(1)"));
    }
}
