//! Leaving for a provider.

use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{
        protocol::{self, Visit},
        store::{self, Journey},
        text,
    },
    crate::{
        rules::{safe_next, with_next},
        security::require_proof,
        session::{Mark, client_key},
    },
    chrono::TimeDelta,
    kernel::{
        Locale, Refusal, Viewer,
        db::Db,
        limits::Limit,
        site::{Provider, Site},
        token,
    },
    std::sync::Arc,
    ui::{Notice, PageRequest, lead_to},
};

/// How long somebody may stay away.
#[cfg(feature = "ssr")]
const LASTS: TimeDelta = TimeDelta::minutes(15);

/// What somebody goes to a provider for.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    LogIn,
    /// To log in that way from now on.
    Link,
    /// To prove once more who they are.
    Prove,
}

#[cfg(feature = "ssr")]
impl Purpose {
    pub const fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::Link => "link",
            Self::Prove => "prove",
        }
    }

    /// What is not known is a log-in, which needs nobody's leave.
    pub fn named(name: &str) -> Self {
        match name {
            "link" => Self::Link,
            "prove" => Self::Prove,
            _ => Self::LogIn,
        }
    }

    /// Where whoever comes back without success is told so.
    pub const fn page(self) -> &'static str {
        match self {
            Self::LogIn => "/login",
            Self::Link => "/account/security/providers",
            Self::Prove => "/account/prove",
        }
    }
}

/// Public: anyone may set out to log in. Who links must have proved who they are.
#[server]
pub async fn leave_for(
    #[server(default)] provider: String,
    #[server(default)] purpose: String,
    #[server(default)] next: String,
) -> Result<(), AccountError> {
    const BY_CLIENT: Limit = Limit { name: "provider_from", burst: 120, seconds: 600 };

    let (db, site) = (Db::current()?, Site::current()?);
    let provider = site.provider(&provider).ok_or(Refusal::NotFound)?;
    let purpose = Purpose::named(&purpose);
    let member = match purpose {
        Purpose::LogIn => None,
        Purpose::Link => Some(require_proof(&db, &site).await?.0.id),
        // Naver does not tell when somebody logged in there.
        Purpose::Prove if !provider.tells_when() => return Err(Refusal::NotFound.into()),
        Purpose::Prove => Some(Viewer::require_member()?.id),
    };
    BY_CLIENT.take(&db, &client_key()).await?;
    let (state, state_hash) = token::fresh();
    let (browser, browser_hash) = token::fresh();
    let visit =
        Visit { nonce: token::fresh().0, verifier: token::fresh().0, fresh: purpose == Purpose::Prove };
    let address = match protocol::page(&site, provider, &visit, &state).await {
        Ok(address) => address,
        Err(error) => {
            tracing::warn!(provider = provider.key, %error, "nobody can be sent to a provider");
            lead_to(&format!("{}?through=failed", purpose.page()));
            return Ok(());
        }
    };
    let journey = Journey {
        provider: provider.key.clone(),
        purpose,
        member,
        locale: use_context::<Locale>().unwrap_or_default(),
        next: if next.is_empty() { next } else { safe_next(&next).to_owned() },
        visit,
    };
    store::add_journey(&db.pool, &state_hash, &browser_hash, &journey, db.now() + LASTS).await?;
    Mark::Visit.set(&site, browser, LASTS)?;
    leptos_axum::redirect(&address);
    Ok(())
}

/// The ways to the providers of the site, for one purpose.
#[cfg(feature = "ssr")]
#[component]
pub fn ProviderLinks(
    providers: Arc<[Provider]>,
    purpose: Purpose,
    #[prop(into)] next: String,
    /// Of these alone.
    #[prop(optional)]
    only: Option<Vec<String>>,
) -> impl IntoView {
    let l = ui::use_locale();
    let links = providers
        .iter()
        .filter(|provider| purpose != Purpose::Prove || provider.tells_when())
        .filter(|provider| only.as_ref().is_none_or(|only| only.contains(&provider.key)))
        .map(|provider| {
            let address = l.path(&format!("/login/with/{}?purpose={}", provider.key, purpose.name()));
            let address = with_next(address, &next);
            let class = format!("button button--wide button--quiet button--{}", provider.key);
            let name = provider.name(l);
            let label = if purpose == Purpose::Link { text::link_to(l, name) } else { text::with(l, name) };
            view! { <li><a class=class href=address rel="nofollow">{label}</a></li> }
        })
        .collect_view();
    view! { <ul class="providers">{links}</ul> }
}

/// Tells who came back without success.
#[cfg(feature = "ssr")]
pub fn note(req: &PageRequest) -> Option<AnyView> {
    let l = req.locale;
    let (tone, note) = match req.query("through")? {
        "canceled" => ("plain", text::canceled(l)),
        "linked" => ("good", text::linked(l)),
        "elsewhere" => ("bad", crate::text::linked_elsewhere(l)),
        "other" => ("bad", text::not_yours(l)),
        _ => ("bad", text::failed(l)),
    };
    Some(view! { <Notice tone=tone text=note /> }.into_any())
}
