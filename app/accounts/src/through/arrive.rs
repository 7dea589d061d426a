//! Who came back from a provider and is nobody here yet: they sign up, or link the account that they have.

use crate::AccountError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    super::{
        come_back::link_to,
        store::{self, Arrival},
        text,
    },
    crate::{
        LegalLinks,
        log_in::{enter, over_page},
        rules::{Newcomer, consents, parse_name, parse_newcomer},
        security,
        session::{Mark, client_key, lead_back},
        sign_up::{MAILS, MailSignUp, SIGN_UPS, new_handle},
        store::{self as accounts, Proved},
        text as words,
    },
    kernel::{Faults, Locale, MemberId, Refusal, db::Db, jobs, site::Site},
    leptos::server_fn::ServerFn,
    ui::{Field, FieldKind, FormMessage, LinkButton, Page, PageRequest, SubmitButton, TickField, lead_to},
};

/// The sign-up form of somebody whom a provider knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignUpThroughForm {
    pub email: String,
    pub name: String,
    pub terms: String,
    pub privacy: String,
    pub news: String,
}

/// Public: whoever arrived from a provider with this browser. An address that the provider vouches for is
/// confirmed by that; with any other the answer is the same whether it has an account or not.
#[server]
pub async fn sign_up_through(#[server(flatten)] form: SignUpThroughForm) -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    SIGN_UPS.take(&db, &client_key()).await?;
    let hash = Mark::Arrival.hash_of_request(&site).ok_or(AccountError::StepOver)?;
    let arrival = store::arrival(&db.pool, &db.keys, &hash, db.now()).await?;
    let arrival = arrival.ok_or(AccountError::StepOver)?;
    let mut faults = Faults::default();
    let ticks = [&*form.terms, &*form.privacy, &*form.news];
    let newcomer = parse_newcomer(&mut faults, [&form.email, &form.name], ticks);
    faults.none_or_refuse()?;
    let Newcomer { email, name, news } = newcomer.ok_or(Refusal::Malformed)?;
    MAILS.take(&db, &kernel::email_key(&email)).await?;
    let vouched = arrival.vouches_for(&email);
    let new = accounts::NewMember {
        id: MemberId::new(),
        handle: &new_handle(&name),
        email: &email,
        name: &name,
        password_hash: None,
        locale: use_context::<Locale>().unwrap_or_default(),
        consents: consents(news),
        at: db.now(),
    };
    let mut tx = db.pool.begin().await?;
    if !store::end_arrival(&mut tx, &hash).await? {
        return Err(AccountError::StepOver);
    }
    if !accounts::add(&mut tx, &new).await? {
        if vouched {
            // The page shows the way: log in as before, and link.
            return Err(AccountError::EmailHasAccount);
        }
        let mail = MailSignUp { email: email.clone(), member: None, next: arrival.next.clone() };
        jobs::enqueue(&mut tx, &mail, db.now()).await?;
    } else if !store::link(&mut tx, new.id, &arrival.provider, &arrival.who.subject, db.now()).await? {
        return Err(AccountError::LinkedElsewhere);
    } else if vouched {
        accounts::confirm_now(&mut tx, new.id, db.now()).await?;
    } else {
        let mail = MailSignUp { email: email.clone(), member: Some(new.id), next: arrival.next.clone() };
        jobs::enqueue(&mut tx, &mail, db.now()).await?;
    }
    tx.commit().await?;
    db.notify.jobs();
    Mark::Arrival.drop(&site)?;
    if vouched {
        return enter(&db, &site, new.id, &arrival.provider, true, &arrival.next, Proved::Now).await;
    }
    lead_to("/signup?sent=1");
    Ok(())
}

/// Whoever is logged in, has proved who they are, and arrived from a provider with this browser.
#[server]
pub async fn link_arrival() -> Result<(), AccountError> {
    let (db, site) = (Db::current()?, Site::current()?);
    let (member, _) = security::require_proof(&db, &site).await?;
    let hash = Mark::Arrival.hash_of_request(&site).ok_or(AccountError::StepOver)?;
    let arrival = store::arrival(&db.pool, &db.keys, &hash, db.now()).await?;
    let arrival = arrival.ok_or(AccountError::StepOver)?;
    let provider = site.provider(&arrival.provider).ok_or(Refusal::NotFound)?;
    if !link_to(&db, &site, provider, member.id, &arrival.who.subject).await? {
        return Err(AccountError::LinkedElsewhere);
    }
    store::end_arrival(&mut *db.pool.acquire().await?, &hash).await?;
    Mark::Arrival.drop(&site)?;
    lead_back(&arrival.next, "/account/security/providers");
    Ok(())
}

#[cfg(feature = "ssr")]
impl Arrival {
    /// Whether the provider says that this address is theirs.
    fn vouches_for(&self, email: &str) -> bool {
        let key = kernel::email_key(email);
        self.who.email_verified && self.who.email.as_deref().map(kernel::email_key) == Some(key)
    }
}

/// `/signup/with`
#[cfg(feature = "ssr")]
pub async fn arrival_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let hash = Mark::Arrival.hash_in(&req.headers, &req.site).unwrap_or_default();
    let arrival = store::arrival(&req.db.pool, &req.db.keys, &hash, req.db.now()).await?;
    let provider = arrival.as_ref().and_then(|arrival| req.site.provider(&arrival.provider));
    let (Some(arrival), Some(provider)) = (&arrival, provider) else {
        return Ok(over_page(l));
    };
    let provider = provider.name(l).to_owned();
    if let Some(member) = &req.viewer.0 {
        let form = req.form::<AccountError>(LinkArrival::PATH);
        return Ok(link_page(l, provider, member.name.clone(), form));
    }
    let email = arrival.who.email.clone().unwrap_or_default();
    // Only its owner learns that an address has an account.
    if arrival.vouches_for(&email) && accounts::is_taken(&req.db.pool, &email).await? {
        return Ok(known_page(l, provider, email));
    }
    let name = parse_name(&arrival.who.name).unwrap_or_default();
    let form = req.form::<AccountError>(SignUpThrough::PATH);
    Ok(Page::new(words::sign_up(l), move || {
        view! {
            <section class="sheet">
                <h1>{words::welcome(l)}</h1>
                <p>{text::arrived(l, provider)}</p>
                <form class="form" method="post" action=SignUpThrough::PATH>
                    <FormMessage form=form.clone() />
                    <Field form=form.clone() name="email" label=words::email(l) kind=FieldKind::Email value=email required=true maxlength=254 />
                    <Field form=form.clone() name="name" label=words::name(l) hint=words::name_hint(l) value=name required=true
                        maxlength=40 autocomplete="name" />
                    <TickField form=form.clone() name="terms" label=words::agree_terms(l) required=true />
                    <TickField form=form.clone() name="privacy" label=words::agree_privacy(l) required=true />
                    <LegalLinks />
                    <TickField form=form name="news" label=words::agree_news(l) />
                    <p class="quiet">{words::under_14(l)}</p>
                    <SubmitButton label=words::sign_up(l) class="button--wide" />
                </form>
                <p class="beside">{text::have_other(l)} " " <a href=log_in_and_link(l)>{words::log_in(l)}</a></p>
            </section>
        }
    }))
}

/// The log-in that leads back here.
#[cfg(feature = "ssr")]
fn log_in_and_link(l: Locale) -> String {
    l.path(&format!("/login?next={}", l.path("/signup/with")))
}

#[cfg(feature = "ssr")]
fn known_page(l: Locale, provider: String, email: String) -> Page {
    Page::new(words::log_in(l), move || {
        view! {
            <section class="sheet">
                <h1>{text::known(l)}</h1>
                <p>{text::known_lead(l, email, provider)}</p>
                <LinkButton href=log_in_and_link(l) label=words::log_in(l) class="button--wide" />
                <p class="beside"><a href=l.path("/reset-password")>{words::reset_password(l)}</a></p>
            </section>
        }
    })
}

#[cfg(feature = "ssr")]
fn link_page(l: Locale, provider: String, name: String, form: kernel::FormState) -> Page {
    let title = text::link_to(l, &provider);
    Page::new(title.clone(), move || {
        view! {
            <section class="sheet">
                <h1>{title}</h1>
                <p>{text::link_lead(l, name, provider)}</p>
                <form class="form" method="post" action=LinkArrival::PATH>
                    <FormMessage form=form />
                    <SubmitButton label=text::link(l) class="button--wide" />
                </form>
                <LinkButton href=l.path("/") label=text::not_now(l) class="button--quiet" />
            </section>
        }
    })
}
