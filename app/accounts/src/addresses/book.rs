//! The page of the address book.

use super::form::AddressForm;
use crate::AccountError;
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{countries::countries, store, text},
    crate::phone_number::show_phone,
    kernel::{AddressId, FormState, Refusal, Viewer, db::Db},
    leptos::server_fn::ServerFn,
    ui::{
        BackLink, Field, FieldKind, FormMessage, Nothing, Notice, Page, PageRequest, SelectField,
        SubmitButton, Tag,
    },
};

/// Whoever is logged in, their own book.
#[server]
pub async fn add_address(#[server(flatten)] form: AddressForm) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let address = form.checked()?;
    if !store::add(&db, member.id, &address).await? {
        return Err(AccountError::TooManyAddresses);
    }
    to_book("?saved=1");
    Ok(())
}

/// Whoever is logged in, an address of their own book.
#[server]
pub async fn remove_address(#[server(default)] address: String) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let id: AddressId = address.parse().map_err(|_| Refusal::NotFound)?;
    if !store::remove(&db, member.id, id).await? {
        return Err(Refusal::NotFound.into());
    }
    to_book("");
    Ok(())
}

/// Whoever is logged in, an address of their own book.
#[server]
pub async fn set_default_address(#[server(default)] address: String) -> Result<(), AccountError> {
    let member = Viewer::require_member()?;
    let db = Db::current()?;
    let id: AddressId = address.parse().map_err(|_| Refusal::NotFound)?;
    if !store::set_default(&db, member.id, id).await? {
        return Err(Refusal::NotFound.into());
    }
    to_book("");
    Ok(())
}

#[cfg(feature = "ssr")]
fn to_book(query: &str) {
    ui::lead_to(&format!("/account/addresses{query}"));
}

/// `/account/addresses`; with `?abroad=1` the form for everywhere else.
#[cfg(feature = "ssr")]
pub async fn addresses_page(req: &PageRequest) -> Result<Page, Refusal> {
    let l = req.locale;
    let member = req.member()?.id;
    let kept = store::all(&req.db, member).await?;
    let form = req.form::<AccountError>(AddAddress::PATH);
    let abroad = req.query("abroad").is_some();
    let saved = req.query("saved").is_some() && req.typed.is_none();
    Ok(Page::new(text::addresses(l), move || {
        let empty = kept.is_empty();
        let rows = kept.into_iter().map(|kept| view! { <li><AddressRow kept=kept /></li> }).collect_view();
        let (other, other_label) = if abroad {
            ("/account/addresses", text::add_in_korea(l))
        } else {
            ("/account/addresses?abroad=1", text::add_abroad(l))
        };
        view! {
            <section class="sheet">
                <BackLink href=l.path("/account") label=crate::text::my_account(l) />
                <h1>{text::addresses(l)}</h1>
                <p class="quiet">{text::lead(l)}</p>
                {saved.then(|| view! { <Notice tone="good" text=text::saved(l) /> })}
                {if empty {
                    view! { <Nothing text=text::none_yet(l) /> }.into_any()
                } else {
                    view! { <ul class="addresses">{rows}</ul> }.into_any()
                }}
                <h2 id="add">{if abroad { text::add_abroad(l) } else { text::add(l) }}</h2>
                <form class="form" method="post" action=AddAddress::PATH aria-labelledby="add">
                    <AddressFields form=form abroad=abroad />
                    <SubmitButton label=text::save(l) class="button--wide" />
                </form>
                <a class="more" href=l.path(other)>{other_label}</a>
            </section>
        }
    }))
}

#[cfg(feature = "ssr")]
#[component]
fn AddressRow(kept: store::Kept) -> impl IntoView {
    let l = ui::use_locale();
    let id = kept.id.to_string();
    let lines = kept.address.lines(l).into_iter().map(|line| view! { <br /> {line} }).collect_view();
    view! {
        <article class="address">
            <p>
                <strong>{kept.address.recipient.clone()}</strong> " " {show_phone(&kept.address.phone)} " "
                {kept.is_default.then(|| view! { <Tag text=text::default(l) tone="good" /> })}
                {lines}
            </p>
            <div class="ways">
                {(!kept.is_default).then(|| view! {
                    <form method="post" action=SetDefaultAddress::PATH>
                        <input type="hidden" name="address" value=id.clone() />
                        <SubmitButton label=text::make_default(l) class="button--quiet" />
                    </form>
                })}
                <form method="post" action=RemoveAddress::PATH>
                    <input type="hidden" name="address" value=id />
                    <SubmitButton label=text::remove(l) class="button--danger" />
                </form>
            </div>
        </article>
    }
}

#[cfg(feature = "ssr")]
#[component]
fn AddressFields(form: FormState, abroad: bool) -> impl IntoView {
    let l = ui::use_locale();
    let head = view! {
        <FormMessage form=form.clone() />
        <Field form=form.clone() name="recipient" label=text::recipient(l) required=true maxlength=40 autocomplete="name" />
        <Field form=form.clone() name="phone" label=text::phone(l) hint=text::phone_hint(l) kind=FieldKind::Phone
            required=true maxlength=30 />
    };
    let rest = if abroad {
        let mut choices = vec![(String::new(), text::country_none(l).to_owned())];
        choices.extend(countries(l));
        view! {
            <Field form=form.clone() name="road" label=text::line1(l) required=true maxlength=120 autocomplete="address-line1" />
            <Field form=form.clone() name="detail" label=text::line2(l) maxlength=120 autocomplete="address-line2" />
            <div class="form__pair">
                <Field form=form.clone() name="city" label=text::city(l) required=true maxlength=120 autocomplete="address-level2" />
                <Field form=form.clone() name="region" label=text::region(l) maxlength=120 autocomplete="address-level1" />
            </div>
            <div class="form__pair">
                <Field form=form.clone() name="postcode" label=text::postcode_abroad(l) maxlength=12 autocomplete="postal-code" />
                <SelectField form=form name="country" label=text::country(l) choices=choices required=true
                    autocomplete="country" />
            </div>
        }
        .into_any()
    } else {
        view! {
            <Field form=form.clone() name="postcode" label=text::postcode(l) hint=text::postcode_hint(l)
                kind=FieldKind::Number required=true maxlength=5 autocomplete="postal-code" />
            <Field form=form.clone() name="road" label=text::road(l) required=true maxlength=120 autocomplete="address-line1" />
            <Field form=form name="detail" label=text::detail(l) hint=text::detail_hint(l) maxlength=120 autocomplete="address-line2" />
        }
        .into_any()
    };
    view! { {head} {rest} }
}
