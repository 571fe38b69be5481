//! The fields of an offering.

use crate::ui::{Choice, SelectField, TextArea, TextField};
use leptos::prelude::*;
use mintmark::offering::{CURRENCIES, Interval, Offering, amount_text};

/// All of them but its status.
#[component]
pub(super) fn OfferingFields(#[prop(optional, into)] offering: Option<Offering>) -> impl IntoView {
    let new = offering.is_none();
    let currencies: Vec<_> = CURRENCIES.split_ascii_whitespace().map(|code| Choice::new(code, code)).collect();
    let intervals: Vec<_> = Interval::ALL.iter().map(|interval| Choice::new(interval.as_str(), often(*interval))).collect();
    let (name, description, amount, currency, interval, features, cta_url) = match offering {
        Some(Offering { name, description, price, features, cta_url, .. }) => {
            let amount = amount_text(price.amount, &price.currency);
            (
                name,
                description.unwrap_or_default(),
                amount,
                price.currency,
                price.interval,
                features.0.join("\n"),
                cta_url.unwrap_or_default(),
            )
        }
        None => (String::new(), String::new(), String::new(), "EUR".to_owned(), Interval::Month, String::new(), String::new()),
    };
    view! {
        <TextField name="name" label="Name" maxlength=120_u32 value=name placeholder="Team" autofocus=new/>
        <TextField name="description" label="Description" optional=true maxlength=500_u32 value=description placeholder="For teams of up to twenty"/>
        <TextField name="amount" label="Price" inputmode="decimal" maxlength=16_u32 value=amount placeholder="19.00" hint="With a point, in the currency's own digits: 19.00 EUR, 1900 JPY."/>
        <SelectField name="currency" label="Currency" choices=currencies value=currency/>
        <SelectField name="interval" label="Paid" choices=intervals value=interval.as_str()/>
        <TextArea name="features" label="Features" optional=true maxlength=4_000 value=features hint="One a line, at most 30."/>
        <TextField name="cta_url" label="Where its button leads" kind="url" optional=true mono=true maxlength=2000_u32 value=cta_url placeholder="https://example.com/buy"/>
    }
}

/// How often, as a choice.
pub(super) const fn often(interval: Interval) -> &'static str {
    match interval {
        Interval::Once => "Once",
        Interval::Day => "Every day",
        Interval::Week => "Every week",
        Interval::Month => "Every month",
        Interval::Year => "Every year",
    }
}
