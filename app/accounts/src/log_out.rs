//! Log out here.

use crate::AccountError;
use leptos::prelude::*;

/// Public: whoever carries a session may end it.
#[server]
pub async fn log_out() -> Result<(), AccountError> {
    use crate::session;
    use http::request::Parts;
    use kernel::{db::Db, site::Site};

    let (db, site) = (Db::current()?, Site::current()?);
    let secret = use_context::<Parts>().and_then(|parts| session::secret(&parts.headers, &site));
    session::end(&db, &site, secret).await?;
    ui::lead_to("/");
    Ok(())
}
