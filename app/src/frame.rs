//! Rendering: a page inside the site's frame, once for everybody, and the personal parts apart.

use crate::{
    shell::{Head, document},
    text,
};
use kernel::{Locale, Member, Viewer};
use leptos::prelude::*;
use pictures::Portrait;
use serde::Deserialize;
use ui::{Page, PageRequest};

/// Names of the built files, from the site's `manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Assets {
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// Hash of `boot.js`, which changes apart from the module.
    #[serde(default)]
    pub boot: String,
    /// Hash of `passkey.js`.
    #[serde(default)]
    pub passkey: String,
    /// Path of the font that every page needs.
    #[serde(default)]
    pub font: String,
}

/// Where the viewer's part of the header goes. People's text is escaped and cannot contain it.
const ME: &str = "<!--dure:me-->";
/// Where a page shows what it means to the viewer.
pub(crate) const MINE: &str = "<!--dure:mine-->";

/// The parts of a page that belong to one reader.
#[derive(Clone, Debug, Default)]
pub struct Personal {
    pub me: String,
    pub mine: String,
}

/// Renders a page with places for the personal parts.
#[must_use]
pub fn render(page: Page, req: &PageRequest, assets: &Assets) -> String {
    let l = req.locale;
    let owner = Owner::new();
    let sandbox = req.site.0.sandbox;
    let path = with_query(req);
    let body = owner.with(|| {
        provide_context(l);
        let content = (page.view)();
        view! {
            <a class="skip-link" href="#main">{text::skip(l)}</a>
            <SiteHeader path=path />
            <main class="site-main" id="main" tabindex="-1">{content}</main>
            <SiteFooter sandbox=sandbox />
        }
        .to_html()
    });
    let head = Head {
        locale: l,
        title: &page.title,
        description: &page.description,
        image: page.image.as_deref(),
        listed: page.listed,
        origin: &req.site.0.origin,
        path: &req.path,
    };
    document(&head, assets, &body)
}

/// The page's address with its query, for the link to the other language.
fn with_query(req: &PageRequest) -> String {
    let pairs = req.query.iter().filter(|(name, _)| name != "form").map(|(name, value)| {
        let encode = |text: &str| text.bytes().map(percent_encoded).collect::<String>();
        format!("{}={}", encode(name), encode(value))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { req.path.clone() } else { format!("{}?{query}", req.path) }
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Puts the personal parts into a rendered page.
#[must_use]
pub fn splice(page: &str, personal: &Personal) -> String {
    page.replacen(ME, &personal.me, 1).replacen(MINE, &personal.mine, 1)
}

impl Personal {
    /// The header's part of a viewer, and what the page means to them.
    pub async fn of(req: &PageRequest) -> Self {
        let me = rendered(|| me(req.locale, &req.viewer));
        Self { me, mine: mine(req).await.unwrap_or_default() }
    }

    /// What everybody sees who is not logged in.
    #[must_use]
    pub fn nobody(l: Locale) -> Self {
        Self { me: rendered(|| me(l, &Viewer(None))), mine: String::new() }
    }
}

fn rendered(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

fn me(l: Locale, viewer: &Viewer) -> AnyView {
    match &viewer.0 {
        Some(member) => {
            let (name, picture) = (member.name.clone(), member.picture);
            let unread = (member.unread > 0).then(|| {
                let many = if member.unread >= Member::MOST_UNREAD { "99+".to_owned() } else { member.unread.to_string() };
                let label = text::unread(l, &many);
                view! { <a class="site-header__unread" href=l.path("/account/notifications") aria-label=label>{many}</a> }
            });
            let admin = member
                .runs_site
                .then(|| view! { <a class="site-header__admin" href=l.path("/admin")>{text::admin(l)}</a> });
            view! {
                {admin}
                {unread}
                <a class="site-header__account" href=l.path("/account")>
                    <Portrait name=name picture=picture class="site-header__initial" size=28 />
                    <span>{text::my_account(l)}</span>
                </a>
            }
            .into_any()
        }
        None => view! {
            <a href=l.path("/login")>{text::log_in(l)}</a>
            <a class="site-header__sign-up" href=l.path("/signup")>{text::sign_up(l)}</a>
        }
        .into_any(),
    }
}

/// On a project's page: the way to edit for its creator, the pledges of its backer.
async fn mine(req: &PageRequest) -> Option<String> {
    let member = req.viewer.0.as_ref()?;
    let slug = req.path.strip_prefix("/projects/")?;
    if slug.contains('/') {
        return None;
    }
    let l = req.locale;
    let mine = pledges::store::mine(&req.db.pool, member.id, slug).await.ok()?;
    if mine.creator {
        let href = l.path(&format!("/studio/{slug}"));
        return Some(rendered(|| {
            view! { <p class="mine"><a class="button button--quiet button--wide" href=href>{text::edit_project(l)}</a></p> }
                .into_any()
        }));
    }
    let links: Vec<_> = mine
        .pledges
        .into_iter()
        .map(|(id, total)| (l.path(&format!("/account/pledges/{id}")), total))
        .collect();
    Some(rendered(|| {
        let links = links.into_iter().map(|(href, total)| {
            view! { <p class="mine"><a href=href>{text::your_pledge(l, total.show(l))}</a></p> }
        });
        links.collect_view().into_any()
    }))
}

#[component]
fn SiteHeader(path: String) -> impl IntoView {
    let l = ui::use_locale();
    let other = l.pick(Locale::En, Locale::Ko);
    view! {
        <header class="site-header">
            <div class="wrap site-header__row">
                <a class="site-header__brand" href=l.path("/") aria-label=text::brand(l)>
                    <img src="/wordmark.svg" alt="" width="64" height="32" />
                </a>
                <form class="site-search" role="search" method="get" action=l.path("/discover")>
                    <label class="visually-hidden" for="site-search">{text::search_label(l)}</label>
                    <input class="input" type="search" id="site-search" name="q" maxlength="100" placeholder=text::search_label(l) />
                    <button class="button button--quiet" type="submit">{text::search(l)}</button>
                </form>
                <nav class="site-header__nav" aria-label=text::main_nav(l)>
                    <a href=l.path("/discover")>{text::discover(l)}</a>
                    <a href=l.path("/studio/new")>{text::start(l)}</a>
                </nav>
                <div class="site-header__me" inner_html=ME />
                <a class="locale-switch" href=other.path(&path) hreflang=other.tag() lang=other.tag()>{text::other_language(l)}</a>
            </div>
        </header>
    }
}

#[component]
fn SiteFooter(sandbox: bool) -> impl IntoView {
    let l = ui::use_locale();
    view! {
        <footer class="site-footer">
            <div class="wrap">
                <p>{text::footer_promise(l)}</p>
                <p class="site-footer__links">
                    <a href=l.path("/terms")>{text::terms(l)}</a>
                    <a href=l.path("/privacy")>{text::privacy(l)}</a>
                </p>
                {sandbox.then(|| view! {
                    <p class="quiet">
                        {text::sandbox_note(l)} " " <a href=l.path("/sandbox/mailbox")>{text::mailbox(l)}</a>
                    </p>
                })}
            </div>
        </footer>
    }
}
