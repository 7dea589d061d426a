//! What a member wants to be told, and how.

use crate::AccountError;
use leptos::prelude::*;
use std::collections::BTreeMap;
#[cfg(feature = "ssr")]
use {
    super::{
        Kind,
        kinds::{ALL, Way},
        list, store, text,
    },
    kernel::{FormState, NotificationId, Refusal, Viewer, db::Db, undeliverable},
    leptos::server_fn::ServerFn,
    ui::{BackLink, FormMessage, Notice, Page, PageRequest, SubmitButton, TickField},
};

/// Whoever is logged in, their own settings. A box that is not sent is not ticked; what is always sent
/// has none.
#[server]
pub async fn save_notifications(
    #[server(flatten)] ticked: BTreeMap<String, String>,
) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let now = db.now();
    let is_ticked =
        |way: &str, kind: &Kind| ticked.get(&field(way, kind)).is_some_and(|value| value == "true");
    let mut tx = db.pool.begin().await?;
    for kind in ALL.iter().filter(|kind| [kind.mail, kind.product, kind.sms].into_iter().any(Way::is_free)) {
        let choice = store::Choice {
            kind,
            mail: is_ticked("mail", kind),
            product: is_ticked("product", kind),
            sms: is_ticked("sms", kind),
        };
        store::choose(&mut tx, member.id, choice, now).await?;
    }
    tx.commit().await?;
    ui::lead_to("/account/notifications?saved=1#settings");
    Ok(())
}

/// Whoever is logged in, their own list, up to the newest that they saw.
#[server]
pub async fn read_notifications(#[server(default)] newest: String) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let newest: NotificationId = newest.parse().map_err(|_| Refusal::Malformed)?;
    store::read(&db.pool, member.id, newest, db.now()).await?;
    ui::lead_to("/account/notifications");
    Ok(())
}

#[cfg(feature = "ssr")]
fn field(way: &str, kind: &Kind) -> String {
    format!("{way}_{}", kind.key)
}

#[cfg(feature = "ssr")]
pub async fn notifications_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.clone();
    let told = store::newest(&req.db.pool, member.id).await?;
    let mut chosen = store::chosen(&req.db.pool, member.id).await?;
    let has_phone = crate::store::phone(&req.db, member.id).await?.is_some();
    let email = crate::store::email(&req.db.pool, member.id).await?;
    let trouble = undeliverable::trouble_of(&req.db.pool, &email).await?;
    let form = req.form::<AccountError>(SaveNotifications::PATH);
    let read_form = req.form::<AccountError>(ReadNotifications::PATH);
    let saved = req.query("saved").is_some() && !form.was_sent();
    Ok(Page::new(text::notifications(l), move || {
        let kinds = ALL
            .iter()
            .map(|kind| {
                let wants = chosen.remove(kind.key).unwrap_or_default();
                view! { <KindFields form=form.clone() kind=kind wants=wants /> }
            })
            .collect_view();
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account") label=crate::text::my_account(l) />
                <div class="page-head">
                    <h1>{text::notifications(l)}</h1>
                    <a class="more" href="#settings">{text::settings(l)}</a>
                </div>
                <FormMessage form=read_form />
                {list::list(l, member.zone, told)}
                <h2 id="settings">{text::settings(l)}</h2>
                <p class="quiet">{text::settings_lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {trouble.map(|trouble| view! { <Notice tone="bad" text=crate::account::told_of(l, trouble) /> })}
                <form class="form" method="post" action=SaveNotifications::PATH aria-labelledby="settings">
                    <FormMessage form=form />
                    {kinds}
                    {(!has_phone).then(|| view! { <p class="quiet">{text::no_phone(l)}</p> })}
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
#[component]
fn KindFields(form: FormState, kind: &'static Kind, wants: store::Wants) -> impl IntoView {
    let l = ui::use_locale();
    let ways = [
        ("mail", text::by_mail(l), kind.mail, wants.mail),
        ("product", text::in_product(l), kind.product, wants.product),
        ("sms", text::by_sms(l), kind.sms, wants.sms),
    ];
    let always: Vec<_> =
        ways.iter().filter(|(_, _, way, _)| *way == Way::Always).map(|(_, label, ..)| *label).collect();
    let about = format!("about-{}", kind.key);
    let hint = about.clone();
    let ticks = ways
        .into_iter()
        .filter(|(_, _, way, _)| way.is_free())
        .map(|(name, label, way, chosen)| {
            view! { <TickField form=form.clone() name=field(name, kind) label=label checked=way.decide(chosen) /> }
        })
        .collect_view();
    view! {
        <fieldset class="kind" aria-describedby=about>
            <legend>{kind.name(l)}</legend>
            <p class="field__hint" id=hint>{kind.about(l)}</p>
            {(!always.is_empty()).then(|| view! { <p class="kind__always">{text::always(l, always.join(", "))}</p> })}
            <div class="kind__ways">{ticks}</div>
        </fieldset>
    }
}
