//! A person and their public projects.

use crate::text;
use kernel::{MemberId, Refusal};
use leptos::prelude::*;
use projects::{ProjectCard, ProjectCards, projects_of_person};
use ui::{Nothing, Page, PageRequest};

/// What somebody backed, who wishes it to be seen. Sums are nobody's business.
async fn backed(req: &PageRequest, person: MemberId) -> Result<Vec<ProjectCard>, Refusal> {
    let mut db = req.db.pool.acquire().await?;
    let ids = pledges::store::backed_by(&mut db, person).await?;
    Ok(projects::store::cards(&mut db, ids.into_iter()).await?)
}

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
    let backed = if person.shows_backed { backed(req, person.id).await? } else { Vec::new() };
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
                {(!backed.is_empty()).then(|| view! {
                    <h2>{text::backed_projects(l)}</h2>
                    <ProjectCards cards=backed now=now />
                })}
            </div>
        }
    });
    Ok(page.public(person.introduction))
}
