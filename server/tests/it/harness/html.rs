//! Reading pages, as far as the tests need it.

/// Text as a reader sees it.
pub fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#x2F;", "/")
        .replace("&amp;", "&")
}

/// What stands between two markers after `from`, with the rest.
pub fn between<'a>(html: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str)> {
    let rest = html.split_once(start)?.1;
    rest.split_once(end)
}

/// Text without markup; what stands in different elements stays apart.
pub fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        // Comments stand between the parts of one text.
        text.push_str(if tag.starts_with('!') { "" } else { " " });
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    unescaped(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of all elements with `role="alert"`.
pub fn alerts(html: &str) -> Vec<String> {
    let parts = html.split("role=\"alert\"").skip(1);
    parts.filter_map(|part| between(part, ">", "</p>").map(|(inner, _)| without_tags(inner))).collect()
}

/// The first element of a kind whose tag has all of `marks`: its tag, and what follows.
fn element<'a>(html: &'a str, kind: &str, marks: &[&str]) -> Option<(&'a str, &'a str)> {
    let start = format!("<{kind} ");
    let mut elements = html.split(start.as_str()).skip(1).filter_map(|part| part.split_once('>'));
    elements.find(|(tag, _)| marks.iter().all(|mark| tag.contains(mark)))
}

/// The sentence at the field `name`, in whichever form of the page.
pub fn field_error(html: &str, name: &str) -> Option<String> {
    let (_, after) = element(html, "p", &["id=\"field-", &format!("{name}-error\""), "role=\"alert\""])?;
    after.split_once("</p>").map(|(inner, _)| without_tags(inner))
}

/// What the control `name` holds: an input's value, or a text area's text.
pub fn value_of(html: &str, name: &str) -> Option<String> {
    let named = format!("name=\"{name}\"");
    if let Some((tag, _)) = element(html, "input", &[&named, "value=\""]) {
        return between(tag, "value=\"", "\"").map(|(value, _)| unescaped(value));
    }
    let area = html.split("<textarea ").skip(1).find(|part| part.contains(&named))?;
    let (text, _) = between(area, ">", "</textarea>")?;
    Some(unescaped(text.strip_prefix('\n').unwrap_or(text)))
}

/// Every tag of the page without what its attributes hold.
pub fn tags(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).filter_map(|part| part.split_once('>').map(|(tag, _)| tag));
    tags.map(|tag| tag.split('"').step_by(2).collect::<Vec<_>>().join("\"")).collect()
}
