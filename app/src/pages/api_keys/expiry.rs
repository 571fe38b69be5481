//! How long a key shall work: a span, a date, or no end.

use crate::ui::{Choice, SelectField, TextField};
use leptos::prelude::*;

const DATE: &str = "date";

/// Sends `expires` (days, empty for none) and `until` (a date, which wins). For islands: the date shows when it is wanted.
#[component]
pub(super) fn ExpiryField(#[prop(default = "Works for")] label: &'static str) -> impl IntoView {
    let chosen = RwSignal::new("90".to_owned());
    let choices = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), (DATE, "Until a date"), ("", "No end")]
        .map(|(value, label)| Choice::new(value, label))
        .to_vec();
    let date = move || {
        (chosen.get() == DATE)
            .then(|| view! { <TextField name="until" label="Until" kind="date" hint="It stops when this day begins, UTC."/> })
    };
    let endless = move || {
        chosen
            .with(String::is_empty)
            .then(|| view! { <p class="field__hint">"Nobody will be reminded of it. A key with an end is one that somebody looks at."</p> })
    };
    view! {
        <SelectField name="expires" label choices value="90" bind=chosen/>
        {date}
        {endless}
    }
}
