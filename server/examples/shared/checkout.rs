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
    rewards: Vec<String>,
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
                "radio" if name == "reward" => {
                    let gone = has(tag, "disabled");
                    checkout.rewards.extend((!gone && !value.is_empty()).then(|| value.to_owned()));
                }
                "radio" | "checkbox" if !has(tag, "checked") && !has(tag, "required") => {}
                _ => checkout.fields.push((name.to_owned(), value.to_owned())),
            }
        }
        Ok(checkout)
    }

    /// Whether a reward can be chosen.
    pub fn offers(&self, reward: &str) -> bool {
        self.rewards.iter().any(|offered| offered == reward)
    }

    /// The form with one piece of a reward.
    pub fn filled(&self, reward: &str) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        fields.push(("reward".to_owned(), reward.to_owned()));
        fields
    }
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
