//! Talking to a provider: where to send people, and what the code that they bring back is worth.

use super::identity::{Claims, Expected, Identity, Profile};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    clock::Clock,
    outbound,
    site::{Protocol, Provider, Site},
};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
    },
};
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// People wait for these calls.
const PATIENCE: Duration = Duration::from_secs(8);
/// For so long what an issuer said of itself is taken as known.
const KNOWN_FOR: Duration = Duration::from_secs(3600);
/// Bytes of the longest honest answer.
const LARGEST: usize = 64 * 1024;

/// Why a provider did not tell who somebody is; for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProviderFault(String);

fn fault(cause: impl std::fmt::Display) -> ProviderFault {
    ProviderFault(cause.to_string())
}

/// What an issuer says of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// What must be the same when somebody leaves and when they come back.
#[derive(Clone, Debug)]
pub struct Visit {
    pub nonce: String,
    /// Of PKCE (RFC 7636).
    pub verifier: String,
    /// Whether the person shall log in at the provider again, although they are logged in there.
    pub fresh: bool,
}

/// The answer of a token endpoint. Only what is used is read: Naver writes numbers as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Tokens {
    access_token: AccessToken,
    id_token: Option<String>,
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

type OauthClient = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

static HTTP: LazyLock<Option<reqwest::Client>> = LazyLock::new(|| outbound::client(PATIENCE).ok());

async fn call(request: HttpRequest) -> Result<HttpResponse, ProviderFault> {
    let http = HTTP.as_ref().ok_or_else(|| fault("no client can be made"))?;
    let mut response = http.execute(request.try_into().map_err(fault)?).await.map_err(fault)?;
    let (status, kind) = (response.status(), response.headers().get(CONTENT_TYPE).cloned());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err(fault("an endless answer"));
        }
    }
    let mut answer = HttpResponse::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().extend(kind.map(|kind| (CONTENT_TYPE, kind)));
    Ok(answer)
}

async fn get<T: DeserializeOwned>(address: &str, token: Option<&AccessToken>) -> Result<T, ProviderFault> {
    let mut request = http::Request::get(address).header(http::header::ACCEPT, "application/json");
    if let Some(token) = token {
        request = request.header(http::header::AUTHORIZATION, format!("Bearer {}", token.secret()));
    }
    let answer = call(request.body(Vec::new()).map_err(fault)?).await?;
    if !answer.status().is_success() {
        return Err(fault(format_args!("{address} answered {}", answer.status())));
    }
    serde_json::from_slice(answer.body()).map_err(fault)
}

async fn endpoints(provider: &Provider) -> Result<Endpoints, ProviderFault> {
    match &provider.protocol {
        Protocol::Naver { log_in, .. } => Ok(Endpoints {
            issuer: log_in.clone(),
            authorization_endpoint: format!("{log_in}/oauth2.0/authorize"),
            token_endpoint: format!("{log_in}/oauth2.0/token"),
            userinfo_endpoint: None,
            token_endpoint_auth_methods_supported: Some(vec!["client_secret_post".to_owned()]),
        }),
        Protocol::OpenId { issuer, .. } => discovered(issuer).await,
    }
}

async fn discovered(issuer: &str) -> Result<Endpoints, ProviderFault> {
    static KNOWN: Mutex<Option<HashMap<String, (Instant, Endpoints)>>> = Mutex::new(None);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((since, endpoints)) = known().as_ref().and_then(|known| known.get(issuer))
        && since.elapsed() < KNOWN_FOR
    {
        return Ok(endpoints.clone());
    }
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let endpoints: Endpoints = get(&address, None).await?;
    if endpoints.issuer != issuer {
        return Err(fault(format_args!("{issuer} calls itself {}", endpoints.issuer)));
    }
    // What the token endpoint says is believed because TLS says whose it is.
    let Endpoints { authorization_endpoint, token_endpoint, userinfo_endpoint, .. } = &endpoints;
    let safe = [Some(authorization_endpoint), Some(token_endpoint), userinfo_endpoint.as_ref()]
        .into_iter()
        .flatten()
        .all(|endpoint| endpoint.starts_with("https://"));
    if issuer.starts_with("https://") && !safe {
        return Err(fault(format_args!("{issuer} leads away from TLS")));
    }
    known().get_or_insert_default().insert(issuer.to_owned(), (Instant::now(), endpoints.clone()));
    Ok(endpoints)
}

/// Where a provider sends people back to.
fn way_back(site: &Site, provider: &Provider) -> String {
    format!("{}/login/back/{}", site.0.origin, provider.key)
}

fn client(site: &Site, provider: &Provider, endpoints: &Endpoints) -> Result<OauthClient, ProviderFault> {
    // Without a list it is `client_secret_basic` (OpenID Connect Discovery 1.0, section 3).
    let basic = endpoints
        .token_endpoint_auth_methods_supported
        .as_ref()
        .is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"));
    Ok(Client::new(ClientId::new(provider.client.clone()))
        .set_client_secret(ClientSecret::new(provider.secret.clone()))
        .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
        .set_auth_uri(AuthUrl::new(endpoints.authorization_endpoint.clone()).map_err(fault)?)
        .set_token_uri(TokenUrl::new(endpoints.token_endpoint.clone()).map_err(fault)?)
        .set_redirect_uri(RedirectUrl::new(way_back(site, provider)).map_err(fault)?))
}

/// The page of the provider on which somebody says that they may be known to us.
pub async fn page(
    site: &Site,
    provider: &Provider,
    visit: &Visit,
    state: &str,
) -> Result<String, ProviderFault> {
    let client = client(site, provider, &endpoints(provider).await?)?;
    let verifier = PkceCodeVerifier::new(visit.verifier.clone());
    let mut request = client
        .authorize_url(|| CsrfToken::new(state.to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    match &provider.protocol {
        Protocol::OpenId { scopes, .. } => {
            let scopes = scopes.iter().map(|scope| Scope::new((*scope).to_owned()));
            request = request.add_scopes(scopes).add_extra_param("nonce", &visit.nonce);
            if visit.fresh {
                request = request.add_extra_param("prompt", "login").add_extra_param("max_age", "0");
            }
        }
        Protocol::Naver { .. } if visit.fresh => {
            request = request.add_extra_param("auth_type", "reauthenticate");
        }
        Protocol::Naver { .. } => {}
    }
    Ok(request.url().0.into())
}

/// Who brought back `code`.
pub async fn who(
    site: &Site,
    provider: &Provider,
    visit: &Visit,
    code: &str,
) -> Result<Identity, ProviderFault> {
    let endpoints = endpoints(provider).await?;
    let tokens = client(site, provider, &endpoints)?
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(visit.verifier.clone()))
        .request_async(&call)
        .await
        .map_err(fault)?;
    match &provider.protocol {
        Protocol::OpenId { .. } => by_openid(provider, visit, &endpoints, tokens).await,
        Protocol::Naver { profile, .. } => by_naver(profile, &tokens.access_token).await,
    }
}

async fn by_openid(
    provider: &Provider,
    visit: &Visit,
    endpoints: &Endpoints,
    tokens: Tokens,
) -> Result<Identity, ProviderFault> {
    let token = tokens.id_token.ok_or_else(|| fault("no ID token"))?;
    let claims = token.split('.').nth(1).ok_or_else(|| fault("an ID token without claims"))?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).map_err(fault)?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(fault)?;
    let expected = Expected {
        issuer: &endpoints.issuer,
        client: &provider.client,
        nonce: &visit.nonce,
        fresh: visit.fresh,
        now: Clock::outside(),
    };
    if let Some(wrong) = claims.fault(expected) {
        return Err(fault(format_args!("an ID token {wrong}")));
    }
    let mut profile = claims.profile;
    // Many put only the subject into the token.
    if !(profile.email.is_some() && profile.email_verified)
        && let Some(address) = &endpoints.userinfo_endpoint
    {
        let more: UserInfo = get(address, Some(&tokens.access_token)).await?;
        if more.sub != claims.sub {
            return Err(fault("userinfo of somebody else"));
        }
        profile = more.profile;
    }
    Ok(profile.of(claims.sub))
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: Profile,
}

/// Naver's profile API: <https://developers.naver.com/docs/login/profile/profile.md>. It does not say whether the
/// address was confirmed, so it counts as not.
async fn by_naver(address: &str, token: &AccessToken) -> Result<Identity, ProviderFault> {
    #[derive(Deserialize)]
    struct Answer {
        resultcode: String,
        message: String,
        response: Option<Response>,
    }
    #[derive(Deserialize)]
    struct Response {
        id: String,
        #[serde(flatten)]
        profile: Profile,
    }
    let answer: Answer = get(address, Some(token)).await?;
    match answer.response {
        Some(known) if answer.resultcode == "00" && !known.id.is_empty() && known.id.len() <= 255 => {
            Ok(Identity { email_verified: false, ..known.profile.of(known.id) })
        }
        _ => Err(fault(answer.message)),
    }
}
