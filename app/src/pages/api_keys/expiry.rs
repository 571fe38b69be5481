//! How long a key shall work: a span, a date, or no end.

use crate::ui::{Choice, Only, SelectField, TextField};
use leptos::prelude::*;

const DATE: &str = "date";

/// Sends `expires` (days, empty for none) and, where a date is wanted, `until`, which wins.
#[component]
pub(super) fn ExpiryField(#[prop(default = "Works for")] label: &'static str) -> impl IntoView {
    let choices = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), (DATE, "Until a date"), ("", "No end")]
        .map(|(value, label)| Choice::new(value, label))
        .to_vec();
    view! {
        <SelectField name="expires" label choices value="90"/>
        <Only named="expires" is=[DATE.to_owned()]>
            <TextField name="until" label="Until" kind="date" hint="It stops when this day begins, UTC."/>
        </Only>
        <Only named="expires" is=[String::new()]>
            <p class="field__hint">"Nobody will be reminded of it. A key with an end is one that somebody looks at."</p>
        </Only>
    }
}
