//! Calls to other people's servers.

use reqwest::{Client, ClientBuilder, redirect::Policy};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::{sync::Arc, time::Duration};

/// A client that trusts the roots of webpki, whatever the machine has, and follows no redirect.
pub fn builder() -> ClientBuilder {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder().tls_backend_preconfigured(tls).redirect(Policy::none()).no_proxy()
}

/// A client whose calls end after `patience`, answered or not.
pub fn client(patience: Duration) -> reqwest::Result<Client> {
    builder().timeout(patience).build()
}
