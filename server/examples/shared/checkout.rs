//! The checkout's form, read from its page and filled in as a browser without JavaScript does. The one place of
//! the measurements that knows what stands in it.

use anyhow::{Context, Result};
use reqwest::{Response, header};

/// Where the form goes.
pub const ACTION: &str = "/api/pledges/place/place_pledge";

/// An open checkout.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    fields: Vec<(String, String)>,
    /// Ids of the rewards that can be chosen, with what a piece costs.
    rewards: Vec<(String, String)>,
}

impl Checkout {
    pub fn read(page: &str) -> Result<Self> {
        let end = page.find("id=\"checkout\"").context("the page has no checkout")?;
        let start = page[..end].rfind("<form").context("the checkout is no form")?;
        let form = page[start..].split("</form>").next().unwrap_or_default();
        let mut checkout = Self::default();
        for tag in form.split("<input").skip(1).filter_map(|rest| rest.split('>').next()) {
            let (Some(name), value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default())
            else {
                continue;
            };
            match attribute(tag, "type").unwrap_or_default() {
                // How many of a reward: none, until it is chosen.
                _ if name.starts_with("pieces[") => {}
                "radio" | "checkbox" if !has(tag, "checked") && !has(tag, "required") => {}
                _ => checkout.fields.push((name.to_owned(), value.to_owned())),
            }
        }
        checkout.rewards = form.split("<article").skip(1).filter_map(offered).collect();
        Ok(checkout)
    }

    /// Whether a reward can be chosen.
    pub fn offers(&self, reward: &str) -> bool {
        self.rewards.iter().any(|(offered, _)| offered == reward)
    }

    /// The last step's form with one piece of a reward, agreed to. Whoever backs the project already wants another.
    pub fn filled(&self, reward: &str) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        let total =
            self.rewards.iter().find(|(offered, _)| offered == reward).map(|(_, price)| price.clone());
        fields.push((format!("pieces[r{reward}]"), "1".to_owned()));
        fields.push(("total".to_owned(), total.unwrap_or_default()));
        fields.extend(["agree", "another"].map(|name| (name.to_owned(), "true".to_owned())));
        fields
    }
}

/// A reward without options of which there is one left: its id, and what a piece costs.
fn offered(article: &str) -> Option<(String, String)> {
    let tag = article.split("<input").nth(1)?.split('>').next()?;
    let id = attribute(tag, "name")?.strip_prefix("pieces[r")?.strip_suffix(']')?;
    let price = article.split_once("<strong>")?.1.split_once("</strong>")?.0;
    let price = price.chars().filter(char::is_ascii_digit).collect();
    // What was asked for in vain can be lowered, so that it is not disabled.
    let gone = article.split('>').next().is_some_and(|head| head.contains("pick--gone"));
    (!gone).then(|| (id.to_owned(), price))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

fn has(tag: &str, name: &str) -> bool {
    tag.split(['=', ' ', '/']).any(|word| word == name)
}

/// What is typed into the gateway's page.
pub const fn card(visit: &str) -> [(&str, &str); 4] {
    [("page", visit), ("number", "4242424242424242"), ("expiry", "12/40"), ("cvc", "123")]
}

/// Where an answer leads.
pub fn location(answer: &Response) -> Result<String> {
    let to = answer
        .headers()
        .get(header::LOCATION)
        .with_context(|| format!("{} without a way on", answer.status()))?;
    Ok(to.to_str()?.to_owned())
}
