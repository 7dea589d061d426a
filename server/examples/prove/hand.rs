//! What people do in a browser without JavaScript, at the site's web processes in turns.

use crate::{
    checkout::{self, Checkout, location},
    people::Person,
    site::Site,
};
use anyhow::{Result, bail};
use kernel::{DomainError, Locale};
use pledges::PledgeError;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use std::time::Duration;

pub struct Hand<'a> {
    pub site: &'a Site,
    pub http: Client,
}

/// Where a form of the checkout led.
pub enum Placed {
    /// To the gateway's card page, for a visit.
    Card(String),
    /// Back to the checkout, with the page that shows what is left.
    SoldOut(String),
    /// To a page of ours.
    Elsewhere(String),
}

impl<'a> Hand<'a> {
    pub fn new(site: &'a Site) -> Result<Self> {
        Ok(Self { site, http: kernel::outbound::client(Duration::from_secs(60))? })
    }

    /// A request of the n-th client, which comes from an address of its own.
    pub fn request(&self, n: usize, person: Option<&Person>, request: RequestBuilder) -> RequestBuilder {
        let request = request
            .header("x-forwarded-for", format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255))
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT, "text/html");
        match person {
            Some(person) => request.header(header::COOKIE, &person.cookie),
            None => request,
        }
    }

    pub fn get(&self, n: usize, person: Option<&Person>, path: &str) -> RequestBuilder {
        // A way that an answer told names the process.
        let address = if path.starts_with('/') { self.site.address(n, path) } else { path.to_owned() };
        self.request(n, person, self.http.get(address))
    }

    pub fn checkout(&self, n: usize, person: &Person, slug: &str) -> RequestBuilder {
        self.get(n, Some(person), &format!("/projects/{slug}/pledge"))
    }

    pub async fn open_checkout(&self, n: usize, person: &Person, slug: &str) -> Result<Checkout> {
        let answer = self.checkout(n, person, slug).send().await?;
        if answer.status() != StatusCode::OK {
            bail!("the checkout answered {}", answer.status());
        }
        Checkout::read(&answer.text().await?)
    }

    /// The checkout's form as its page sends it.
    pub fn form(&self, n: usize, person: &Person, slug: &str, form: &[(String, String)]) -> RequestBuilder {
        let page = self.site.address(n, &format!("/projects/{slug}/pledge"));
        let post = self.http.post(self.site.address(n, checkout::ACTION));
        self.request(n, Some(person), post).header(header::REFERER, page).form(form)
    }

    /// Where the answer to a form led. Whatever it is but a way on or 'sold out' is an error.
    pub async fn placed(&self, n: usize, person: &Person, answer: Response) -> Result<Placed> {
        let to = location(&answer)?;
        if let Some((_, visit)) = to.split_once("/sandbox/card?page=") {
            return Ok(Placed::Card(visit.to_owned()));
        }
        if !to.contains("/pledge?") {
            return Ok(Placed::Elsewhere(to));
        }
        let answer = self.get(n, Some(person), &to).send().await?;
        let status = answer.status();
        let page = answer.text().await?;
        if status != StatusCode::CONFLICT || !page.contains(&PledgeError::SoldOut.explain(Locale::Ko)) {
            bail!("the form was refused with {status}");
        }
        Ok(Placed::SoldOut(page))
    }

    pub async fn place(
        &self,
        n: usize,
        person: &Person,
        slug: &str,
        form: &[(String, String)],
    ) -> Result<Placed> {
        let answer = self.form(n, person, slug, form).send().await?;
        self.placed(n, person, answer).await
    }

    /// A card that pays, entered at the gateway's page.
    pub fn card(&self, visit: &str) -> RequestBuilder {
        let post = self.http.post(self.site.card_page()).header("sec-fetch-site", "same-origin");
        post.form(&checkout::card(visit))
    }

    /// Back from the gateway's page.
    pub async fn come_back(&self, n: usize, person: &Person, entered: Response) -> Result<()> {
        let back = location(&entered)?;
        let answer = self.get(n, Some(person), &back).send().await?;
        let status = answer.status();
        answer.bytes().await?;
        if status != StatusCode::OK && !status.is_redirection() {
            bail!("the pledge's page answered {status}");
        }
        Ok(())
    }
}
