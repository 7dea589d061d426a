//! What stands before the router: kept pages are answered at once, and the language is taken off
//! the address, which must happen before routing.

use crate::{
    cache,
    state::{AppState, origin_of},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, Uri, header},
    response::Response,
    routing::future::RouteFuture,
};
use futures::future::{Either, Ready, ready};
use kernel::Locale;
use std::{
    convert::Infallible,
    task::{Context, Poll},
};
use tower::Service;

/// The whole site as one service.
#[derive(Clone, Debug)]
pub struct Front {
    state: AppState,
    router: Router,
}

impl Front {
    #[must_use]
    pub const fn new(state: AppState, router: Router) -> Self {
        Self { state, router }
    }

    /// A page that is kept, for somebody without any cookie.
    fn kept(&self, request: &Request) -> Option<Response> {
        let heads = request.headers();
        if request.method() != Method::GET || heads.contains_key(header::COOKIE) {
            return None;
        }
        let uri = request.uri();
        // What somebody typed is never kept.
        if uri.query().is_some_and(|query| query.contains("form=")) {
            return None;
        }
        let (locale, path) = Locale::split(uri.path());
        let key = cache::key(&origin_of(&self.state, heads), locale, path, uri.query())?;
        let page = self.state.cache.get(&key)?;
        metrics::counter!("dure_pages_kept_total").increment(1);
        Some(page.answer(heads))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.kept(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.router.call(take_language(request))),
        }
    }
}

/// Takes `/en` off the address, and remembers the language.
fn take_language(mut request: Request) -> Request {
    let (locale, path) = Locale::split(request.uri().path());
    let path = path.to_owned();
    request.extensions_mut().insert(locale);
    // Only the site itself may say this.
    request.headers_mut().insert("x-dure-locale", HeaderValue::from_static(locale.tag()));
    if locale == Locale::En {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        if let Ok(uri) = format!("{path}{query}").parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}
