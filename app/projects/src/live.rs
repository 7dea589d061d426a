//! Figures that move on an open page, fed by one event stream a page.

use crate::{Figures, LiveProject, text};
use kernel::{Locale, Money, ProjectId, count, percent};
use leptos::prelude::*;
use std::cell::RefCell;
use ui::Progress;

/// Where the events of a project come from.
#[must_use]
pub fn live_path(project: ProjectId) -> String {
    format!("/live/projects/{project}")
}

thread_local! {
    /// The islands of a page share one stream: context does not reach from one to the other.
    static STREAM: RefCell<Option<(ProjectId, ArcRwSignal<Option<LiveProject>>)>> = const { RefCell::new(None) };
}

/// What the project's figures are now: nothing until the first event, and on the server.
#[must_use]
pub fn figures_of(project: ProjectId) -> ArcRwSignal<Option<LiveProject>> {
    #[cfg(target_arch = "wasm32")]
    {
        STREAM.with_borrow_mut(|stream| match stream {
            Some((known, figures)) if *known == project => figures.clone(),
            _ => {
                let figures = ArcRwSignal::new(None);
                listen(project, figures.clone());
                *stream = Some((project, figures.clone()));
                figures
            }
        })
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (&STREAM, project);
        ArcRwSignal::new(None)
    }
}

/// Listens for as long as somebody can see the page: a browser keeps few connections to a site, and tabs in
/// the background would use them up. The browser reconnects by itself, and the server sends the present
/// figures first, so nothing is missed.
#[cfg(target_arch = "wasm32")]
fn listen(project: ProjectId, figures: ArcRwSignal<Option<LiveProject>>) {
    use wasm_bindgen::{JsCast, prelude::Closure};
    let on_message = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if let Some(text) = event.data().as_string()
            && let Ok(now) = leptos::serde_json::from_str(&text)
        {
            figures.set(Some(now));
        }
    });
    let mut stream: Option<web_sys::EventSource> = None;
    let mut follow = move || {
        if document().hidden() {
            if let Some(open) = stream.take() {
                open.close();
            }
        } else if stream.is_none() {
            stream = web_sys::EventSource::new(&live_path(project)).ok();
            if let Some(open) = &stream {
                open.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            }
        }
    };
    follow();
    let on_change = Closure::<dyn FnMut()>::new(follow);
    // Without it the stream stays as it was opened.
    let _ =
        document().add_event_listener_with_callback("visibilitychange", on_change.as_ref().unchecked_ref());
    // It lives as long as the page.
    on_change.forget();
}

/// The figures as they were when the page was made, then as they are.
pub struct LiveFigures(Signal<LiveProject>);

impl LiveFigures {
    #[must_use]
    pub fn new(project: ProjectId, first: LiveProject) -> Self {
        let figures = figures_of(project);
        Self(Signal::derive(move || figures.get().unwrap_or_else(|| first.clone())))
    }

    #[must_use]
    pub fn get(&self) -> LiveProject {
        self.0.get()
    }

    #[must_use]
    pub const fn signal(&self) -> Signal<LiveProject> {
        self.0
    }
}

/// Raised, per cent and backers. A page that shows them twice lets only one be spoken.
#[island]
pub fn LiveProgress(
    locale: Locale,
    project: ProjectId,
    goal: Money,
    live: LiveProject,
    spoken: bool,
) -> impl IntoView {
    let started_as = live.state;
    let live = LiveFigures::new(project, live).signal();
    // The outcome changes most of the page: ask for it anew. Once: figures go on coming until the page is
    // gone, and a browser that is asked to reload while it does may fall over.
    let mut asked = false;
    Effect::new(move |_| {
        if !asked && live.get().state != started_as {
            asked = true;
            let _ = window().location().reload();
        }
    });
    view! { <Raised locale=locale goal=goal live=live spoken=spoken /> }
}

/// The figures of [`LiveProgress`]; by themselves they stand still.
#[component]
pub(crate) fn Raised(locale: Locale, goal: Money, live: Signal<LiveProject>, spoken: bool) -> impl IntoView {
    let reached = Signal::derive(move || percent(live.get().figures.pledged.minor(), goal.minor()));
    let label = Signal::derive(move || text::progress_label(locale, reached.get()));
    view! {
        <div class="raised">
            <p class="raised__sum">
                <strong>{move || live.get().figures.pledged.show(locale)}</strong>
                <span class="raised__label">{text::raised(locale)}</span>
            </p>
            <Progress percent=reached label=label />
            <p class="raised__line" aria-live=if spoken { "polite" } else { "off" }>
                <strong>{move || text::reached(locale, count(reached.get()))}</strong>
                <span>{text::of_goal(locale, goal.show(locale))}</span>
                <span>{move || backers(locale, live.get().figures.backers)}</span>
            </p>
        </div>
    }
}

/// What became of the pledges, while it becomes.
#[island]
pub fn LiveTruth(locale: Locale, project: ProjectId, live: LiveProject) -> impl IntoView {
    let live = LiveFigures::new(project, live).signal();
    let row = move |label: &'static str, money: fn(&Figures) -> Money| {
        view! { <div><dt>{label}</dt><dd>{move || money(&live.get().figures).show(locale)}</dd></div> }
    };
    let retrying = move || {
        let some = live.get().figures.retrying.minor() > 0;
        some.then(|| row(text::truth_retrying(locale), |figures| figures.retrying))
    };
    view! {
        <dl class="facts">
            {row(text::truth_pledged(locale), |figures| figures.pledged)}
            {row(text::truth_collected(locale), |figures| figures.collected)}
            {retrying}
            {row(text::truth_failed(locale), |figures| figures.dropped)}
        </dl>
    }
}

fn backers(locale: Locale, people: i64) -> String {
    match people {
        1 => text::one_backer(locale).to_owned(),
        people => text::backers(locale, count(people)),
    }
}
