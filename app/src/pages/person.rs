//! A person and their public projects.

use crate::text;
use kernel::Refusal;
use leptos::prelude::*;
use projects::{ProjectCards, projects_of_person};
use ui::{Nothing, Page, PageRequest};

pub async fn person_page(req: &PageRequest, handle: &str) -> Result<Page, Refusal> {
    let l = req.locale;
    let (person, head) = match accounts::person_page(req, handle).await {
        Err(Refusal::NotFound) => {
            // Somebody may have had this ID before.
            let now = accounts::moved_to(&req.db.pool, handle).await?.ok_or(Refusal::NotFound)?;
            return Ok(Page::moved(l.path(&format!("/people/{now}"))));
        }
        found => found?,
    };
    let cards = projects_of_person(req, person.id).await?;
    let now = req.db.now();
    let page = Page::new(person.name, move || {
        let list = if cards.is_empty() {
            view! { <Nothing text=text::no_projects_yet(l) /> }.into_any()
        } else {
            view! { <ProjectCards cards=cards now=now /> }.into_any()
        };
        view! {
            <div class="wrap">
                {head()}
                <h2>{text::their_projects(l)}</h2>
                {list}
            </div>
        }
    });
    Ok(page.public(person.introduction))
}
