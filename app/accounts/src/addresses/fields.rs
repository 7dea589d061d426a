//! The fields of an address inside of another form: for Korea first, and for everywhere else.

use super::{countries::countries, text};
use kernel::FormState;
use leptos::prelude::*;
use ui::{Field, FieldKind, SelectField};

/// What [`super::AddressForm`] reads. No field is required by the browser: whether an address is needed, the form
/// around it decides.
#[component]
pub fn AddressInputs(form: FormState) -> impl IntoView {
    let l = ui::use_locale();
    let mut choices = vec![("KR".to_owned(), text::korea(l).to_owned())];
    choices.extend(countries(l));
    view! {
        <Field form=form.clone() name="recipient" label=text::recipient(l) maxlength=40 autocomplete="name" />
        <Field form=form.clone() name="phone" label=text::phone(l) hint=text::phone_hint(l) kind=FieldKind::Phone
            maxlength=30 />
        <SelectField form=form.clone() name="country" label=text::country(l) choices=choices value="KR"
            autocomplete="country" />
        <Field form=form.clone() name="postcode" label=text::postcode(l) hint=text::postcode_hint(l) maxlength=12
            autocomplete="postal-code" />
        <Field form=form.clone() name="road" label=text::road_or_line(l) maxlength=120 autocomplete="address-line1" />
        <Field form=form.clone() name="detail" label=text::detail(l) hint=text::detail_hint(l) maxlength=120
            autocomplete="address-line2" />
        <div class="form__pair">
            <Field form=form.clone() name="city" label=text::city_abroad(l) maxlength=120 autocomplete="address-level2" />
            <Field form=form name="region" label=text::region_abroad(l) maxlength=120 autocomplete="address-level1" />
        </div>
    }
}
