//! A labelled field with its hint and its error, for mouse, keyboard and screen reader.

use crate::TextArea;
use kernel::FormState;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    #[default]
    Text,
    Email,
    Phone,
    Password,
    NewPassword,
    /// Digits of an amount or a count.
    Number,
    Date,
    Month,
    Search,
    Area {
        rows: u32,
    },
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Password | Self::NewPassword => "password",
            Self::Date => "date",
            Self::Month => "month",
            Self::Search => "search",
            Self::Text | Self::Number | Self::Area { .. } => "text",
        }
    }

    const fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Phone => Some("tel"),
            Self::Password => Some("current-password"),
            Self::NewPassword => Some("new-password"),
            _ => None,
        }
    }

    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            _ => None,
        }
    }
}

/// Label, control, hint and error of one field. What was typed wins over `value`.
#[component]
pub fn Field(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional)] kind: FieldKind,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<u32>,
    /// A word behind the control, such as 원.
    #[prop(optional, into)]
    unit: String,
    #[prop(optional, into)] autocomplete: Option<String>,
    /// Tells apart fields of one name in several forms of a page.
    #[prop(optional, into)]
    id_prefix: String,
) -> impl IntoView {
    let id = format!("field-{id_prefix}{name}");
    let fault = form.fault(&name);
    let invalid = fault.is_some();
    let value = form.value_or(&name, &value);
    let described_by = described_by(&id, !hint.is_empty(), invalid);
    let control = match kind {
        FieldKind::Area { rows } => view! {
            <TextArea
                name=name.clone()
                id=id.clone()
                value=value
                rows=rows
                maxlength=maxlength.unwrap_or(100_000)
                described_by=described_by.unwrap_or_default()
                invalid=invalid
            />
        }
        .into_any(),
        kind => {
            let autocomplete = autocomplete.or_else(|| kind.autocomplete().map(ToOwned::to_owned));
            view! {
                <input
                    class="input"
                    type=kind.input_type()
                    id=id.clone()
                    name=name.clone()
                    value=(!matches!(kind, FieldKind::Password | FieldKind::NewPassword)).then_some(value)
                    required=required
                    maxlength=maxlength
                    autocomplete=autocomplete
                    inputmode=kind.inputmode()
                    aria-describedby=described_by
                    aria-invalid=invalid.then_some("true")
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="field" class:field--invalid=invalid>
            <label class="field__label" for=id.clone()>{label}</label>
            <Hint id=id.clone() hint=hint />
            <div class="field__control">
                {control} {(!unit.is_empty()).then(|| view! { <span class="field__unit">{unit}</span> })}
            </div>
            <FieldError id=id fault=fault />
        </div>
    }
}

/// One of the options of a [`SelectField`]: value and label.
pub type Choice = (String, String);

/// A choice of few, or of many in named groups.
#[component]
pub fn SelectField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional)] choices: Vec<Choice>,
    #[prop(optional)] groups: Vec<(String, Vec<Choice>)>,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] autocomplete: Option<String>,
    /// Tells apart fields of one name in several forms of a page.
    #[prop(optional, into)]
    id_prefix: String,
) -> impl IntoView {
    let id = format!("field-{id_prefix}{name}");
    let fault = form.fault(&name);
    let invalid = fault.is_some();
    let chosen = form.value_or(&name, &value);
    let described_by = described_by(&id, !hint.is_empty(), invalid);
    let options = |choices: Vec<Choice>| {
        let option = |(value, label): Choice| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        };
        choices.into_iter().map(option).collect_view()
    };
    let options = view! {
        {options(choices)}
        {groups
            .into_iter()
            .map(|(label, choices)| view! { <optgroup label=label>{options(choices)}</optgroup> })
            .collect_view()}
    };
    view! {
        <div class="field" class:field--invalid=invalid>
            <label class="field__label" for=id.clone()>{label}</label>
            <Hint id=id.clone() hint=hint />
            <select
                class="input input--select"
                id=id.clone()
                name=name
                required=required
                autocomplete=autocomplete
                aria-describedby=described_by
                aria-invalid=invalid.then_some("true")
            >
                {options}
            </select>
            <FieldError id=id fault=fault />
        </div>
    }
}

/// A box to tick; sends `true`.
#[component]
pub fn TickField(
    form: FormState,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] required: bool,
    /// Whether it is ticked before anything was sent.
    #[prop(optional)]
    checked: bool,
    /// Tells apart fields of one name in several forms of a page.
    #[prop(optional, into)]
    id_prefix: String,
) -> impl IntoView {
    let id = format!("field-{id_prefix}{name}");
    let fault = form.fault(&name);
    let invalid = fault.is_some();
    let checked = if form.was_sent() { form.typed(&name) == Some("true") } else { checked };
    view! {
        <div class="field field--tick" class:field--invalid=invalid>
            <input
                type="checkbox"
                class="tick"
                id=id.clone()
                name=name.clone()
                value="true"
                required=required
                checked=checked
                aria-describedby=described_by(&id, false, invalid)
                aria-invalid=invalid.then_some("true")
            />
            <label class="field__label" for=id.clone()>{label}</label>
            <FieldError id=id fault=fault />
        </div>
    }
}

#[component]
fn Hint(id: String, hint: String) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> })
}

#[component]
fn FieldError(id: String, fault: Option<String>) -> impl IntoView {
    fault.map(|fault| view! { <p class="field__error" role="alert" id=format!("{id}-error")>{fault}</p> })
}

fn described_by(id: &str, hint: bool, fault: bool) -> Option<String> {
    let parts = [hint.then(|| format!("{id}-hint")), fault.then(|| format!("{id}-error"))];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}
