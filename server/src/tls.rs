//! What encrypted connections reckon with.

/// Chooses ring for this process; to choose again does no harm. Without it no HTTP client can be made.
pub fn choose_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
