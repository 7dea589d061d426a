//! One's own account: the way to pledges, projects and the public page.

#![cfg(feature = "ssr")]

use crate::{
    AccountError, LogOut, ResendConfirmation, SetPhone, phone_number::show_phone, phone_of, store, text,
};
use kernel::{
    Locale, Refusal,
    undeliverable::{self, Trouble},
};
use leptos::{prelude::*, server_fn::ServerFn};
use pictures::Portrait;
use ui::{Field, FieldKind, FormMessage, Notice, Page, PageRequest, SubmitButton};

/// What a member is told whose mails come back.
pub fn told_of(l: Locale, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Complained => text::mail_complained(l),
        Trouble::Bounced | Trouble::Delayed => text::mail_bounced(l),
    }
}

pub async fn account_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.clone();
    let form = req.form::<AccountError>(ResendConfirmation::PATH);
    let phone_form = req.form::<AccountError>(SetPhone::PATH);
    let phone = phone_of(&req.db, member.id).await?.map(|number| show_phone(&number)).unwrap_or_default();
    let email = store::email(&req.db.pool, member.id).await?;
    let trouble = undeliverable::trouble_of(&req.db.pool, &email).await?;
    let sent = req.query("sent").is_some();
    let saved = req.query("saved").is_some() && req.typed.is_none();
    let links = [
        ("/account/pledges".to_owned(), text::my_pledges(l)),
        ("/studio".to_owned(), text::my_projects(l)),
        ("/account/profile".to_owned(), text::profile(l)),
        ("/account/addresses".to_owned(), text::addresses(l)),
        ("/account/notifications".to_owned(), text::notifications(l)),
        ("/account/security".to_owned(), text::security(l)),
        (format!("/people/{}", member.handle), text::public_page(l)),
    ];
    Ok(Page::new(text::my_account(l), move || {
        let links = links
            .into_iter()
            .map(|(path, label)| view! { <li><a class="row-link" href=l.path(&path)>{label}</a></li> })
            .collect_view();
        view! {
            <section class="sheet">
                <header class="account-head">
                    <Portrait name=member.name.clone() picture=member.picture class="person__initial" size=56 />
                    <div>
                        <h1>{member.name.clone()}</h1>
                        <p class="quiet">{text::handle(l)} ": " {member.handle.clone()}</p>
                        <p class="quiet">{email}</p>
                    </div>
                </header>
                <FormMessage form=form />
                {sent.then(|| view! { <Notice tone="good" text=text::sent_again(l) /> })}
                {(!member.confirmed && !sent && trouble.is_none()).then(|| view! {
                    <div class="notice notice--plain">
                        <p>{text::not_confirmed(l)}</p>
                        <form method="post" action=ResendConfirmation::PATH>
                            <SubmitButton label=text::send_again(l) class="button--quiet" />
                        </form>
                    </div>
                })}
                {trouble.map(|trouble| view! {
                    <div class="notice notice--bad">
                        <p>{told_of(l, trouble)}</p>
                        <form method="post" action=ResendConfirmation::PATH>
                            <SubmitButton label=text::send_again(l) class="button--quiet" />
                        </form>
                    </div>
                })}
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                <ul class="row-links">{links}</ul>
                <form class="form" method="post" action=SetPhone::PATH>
                    <FormMessage form=phone_form.clone() />
                    <Field form=phone_form name="phone" label=text::phone(l) hint=text::phone_hint(l) value=phone
                        kind=FieldKind::Phone maxlength=30 />
                    <SubmitButton label=text::save(l) class="button--quiet" />
                </form>
                <div class="ways account-end">
                    <form method="post" action=LogOut::PATH>
                        <SubmitButton label=text::log_out(l) class="button--quiet" />
                    </form>
                    <a class="more" href=l.path("/account/close")>{text::close(l)}</a>
                </div>
            </section>
        }
    }))
}
