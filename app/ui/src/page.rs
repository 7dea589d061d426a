//! A page as a use case hands it over, and what it was asked with.

use http::HeaderMap;
use kernel::{
    DomainError, FormState, Locale, Member, ProjectId, Refusal, Typed, Viewer, Zone, db::Db, site::Site,
};
use leptos::prelude::{AnyView, IntoAny, IntoView, use_context};

/// What a page may know of its request.
#[derive(Clone, Debug)]
pub struct PageRequest {
    pub db: Db,
    pub site: Site,
    pub locale: Locale,
    pub viewer: Viewer,
    /// Without the language prefix and without the query.
    pub path: String,
    pub query: Vec<(String, String)>,
    /// The last try of a form of this page, when it was refused.
    pub typed: Option<Typed>,
    pub headers: HeaderMap,
}

impl PageRequest {
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whoever is logged in; others are sent to the log-in page and back.
    pub fn member(&self) -> Result<&Member, Refusal> {
        self.viewer.0.as_ref().ok_or(Refusal::SignIn)
    }

    /// The time zone in which this reader sees their own pages.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.viewer.0.as_ref().map(|member| member.zone).unwrap_or_default()
    }

    /// The state of whichever of these forms was sent last: for forms that show their refusals in
    /// one place.
    #[must_use]
    pub fn form_of<E: DomainError>(&self, actions: &[&str]) -> FormState {
        let sent =
            actions.iter().find(|action| self.typed.as_ref().is_some_and(|typed| typed.action == **action));
        sent.map_or_else(FormState::default, |action| self.form::<E>(action))
    }

    /// The state of the form that posts to `action`.
    #[must_use]
    pub fn form<E: DomainError>(&self, action: &str) -> FormState {
        FormState::after::<E>(self.typed.as_ref(), action, self.locale)
    }
}

/// After a server function has succeeded: sends the browser to a page of ours, in its language.
pub fn lead_to(path: &str) {
    let locale = use_context::<Locale>().unwrap_or_default();
    leptos_axum::redirect(&locale.path(path));
}

/// A page before it is rendered. The view is a function because it is made inside the
/// renderer's reactive owner.
pub struct Page {
    pub title: String,
    pub description: String,
    /// A picture for link previews: address and alternative text.
    pub image: Option<String>,
    /// The project whose changes make a kept copy of the page stale.
    pub about: Option<ProjectId>,
    /// Whether search engines may list it.
    pub listed: bool,
    /// The page stands at another address now.
    pub moved: Option<String>,
    pub view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Page {
    pub fn new<V, F>(title: impl Into<String>, view: F) -> Self
    where
        V: IntoView + 'static,
        F: FnOnce() -> V + Send + 'static,
    {
        Self {
            title: title.into(),
            description: String::new(),
            image: None,
            about: None,
            listed: false,
            moved: None,
            view: Box::new(move || view().into_any()),
        }
    }

    /// Nothing here: the page stands at `address` now.
    pub fn moved(address: String) -> Self {
        Self { moved: Some(address), ..Self::new("", || ()) }
    }

    /// A public page: listed, with a description for search engines and link previews.
    #[must_use]
    pub fn public(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self.listed = true;
        self
    }

    #[must_use]
    pub fn about(mut self, project: ProjectId) -> Self {
        self.about = Some(project);
        self
    }

    #[must_use]
    pub fn with_image(mut self, image: Option<String>) -> Self {
        self.image = image;
        self
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("title", &self.title).finish_non_exhaustive()
    }
}
