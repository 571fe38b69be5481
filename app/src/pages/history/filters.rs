//! What part of history is shown, as the address says it.

use super::words;
use crate::{
    Failure,
    api::history::KnownActor,
    pages::list_address::ListAddress,
    ui::{ActiveFilter, Choice, FilterBar, Glyph, Icon, SelectField, TextField},
};
use leptos::prelude::*;
use mintmark::{
    Code,
    audit::{Action, HistoryFilter, Outcome},
    organization::OrganizationSummary,
};
use serde_json::{Map, Value};

/// The filter's own names, which are those of the API and of the export.
pub const NAMES: [&str; 7] = ["action", "actor_id", "target_id", "organization_id", "outcome", "from", "to"];

/// Actions of the installation's own chain, which no tenant sees.
const ELSEWHERE: [&str; 2] = ["master_key", "clock"];

/// What the address asks for. What cannot be read is an error, so that a typo never hides history.
pub fn read(address: &ListAddress) -> Result<HistoryFilter, Failure> {
    let said: Map<String, Value> = NAMES.iter().filter_map(|name| Some(((*name).to_owned(), address.get(name)?.into()))).collect();
    serde_json::from_value(Value::Object(said))
        .map_err(|_| Failure::new(Code::InvalidField, "One of the filters in the address cannot be read."))
}

/// A chip for each condition that is on.
fn chips(address: &ListAddress, actors: &[KnownActor], organizations: &[OrganizationSummary]) -> Vec<ActiveFilter> {
    let mut chips = Vec::new();
    let mut chip = |label: &str, name: &'static str, shown: fn(String) -> String| {
        if let Some(value) = address.get(name) {
            chips.push((label.to_owned(), name, shown(value)));
        }
    };
    chip("Action", "action", |value| match value.strip_suffix('.') {
        Some(noun) => words::noun(noun),
        None => value.parse().map_or(value, words::choice),
    });
    chip("By", "actor_id", |id| id);
    chip("About", "target_id", |id| id);
    chip("Organization", "organization_id", |id| id);
    chip("Outcome", "outcome", |outcome| outcome);
    chip("From", "from", |from| from);
    chip("To", "to", |to| to);
    let named = |name: &str, value: String| match name {
        "actor_id" => actors.iter().find(|actor| actor.id == value).map_or(value, |actor| actor.name.clone()),
        "organization_id" => {
            organizations.iter().find(|one| one.organization.id.as_str() == value).map_or(value, |one| one.organization.name.clone())
        }
        _ => value,
    };
    chips
        .into_iter()
        .map(|(label, name, value)| ActiveFilter { label, value: named(name, value), without: address.with(name, None) })
        .collect()
}

/// The filters, and a chip for each that is on.
#[component]
pub fn HistoryFilters(
    base: String,
    address: ListAddress,
    actors: Vec<KnownActor>,
    organizations: Vec<OrganizationSummary>,
) -> impl IntoView {
    let active = chips(&address, &actors, &organizations);
    let any = |label: &str| Choice::new("", label);
    let mut who: Vec<_> =
        std::iter::once(any("Anybody")).chain(actors.into_iter().map(|actor| Choice::new(actor.id, actor.name))).collect();
    if let Some(other) = address.get("actor_id").filter(|id| !who.iter().any(|choice| choice.value == *id)) {
        who.push(Choice::new(other.clone(), other));
    }
    let where_ = std::iter::once(any("Everywhere"))
        .chain(organizations.into_iter().map(|one| Choice::new(one.organization.id.to_string(), one.organization.name)))
        .collect::<Vec<_>>();
    let outcomes =
        vec![any("Any outcome"), Choice::new(Outcome::Success.as_str(), "Done"), Choice::new(Outcome::Refused.as_str(), "Refused")];
    let [action, actor, target, organization, outcome, from, to] = NAMES.map(|name| address.get(name).unwrap_or_default());
    view! {
        <FilterBar action=base active>
            <ActionSelect value=action/>
            <SelectField name="actor_id" label="By whom" choices=who value=actor/>
            <SelectField name="organization_id" label="Organization" choices=where_ value=organization/>
            <SelectField name="outcome" label="Outcome" choices=outcomes value=outcome/>
            <TextField name="target_id" label="About, an id" placeholder="About: an id" value=target optional=true mono=true maxlength=64/>
            <Day name="from" label="From" value=from/>
            <Day name="to" label="To" value=to/>
        </FilterBar>
    }
}

/// Every action by its noun, and each noun as a whole.
#[component]
fn ActionSelect(value: String) -> impl IntoView {
    let mut nouns: Vec<&'static str> = Action::ALL.iter().map(|action| action.noun()).filter(|noun| !ELSEWHERE.contains(noun)).collect();
    nouns.sort_by_key(|noun| words::noun(noun));
    nouns.dedup();
    let option = |asked: &str, label: String| view! { <option value=asked.to_owned() selected=value == asked>{label}</option> };
    let groups = nouns
        .into_iter()
        .map(|noun| {
            let actions: Vec<Action> = Action::ALL.iter().copied().filter(|action| action.noun() == noun).collect();
            let whole = (actions.len() > 1).then(|| option(&format!("{noun}."), format!("{}: all", words::noun(noun))));
            view! {
                <optgroup label=words::noun(noun)>
                    {whole}
                    {actions.into_iter().map(|action| option(action.as_str(), words::choice(action))).collect_view()}
                </optgroup>
            }
        })
        .collect_view();
    // An address may name several actions, which no choice of this list does.
    let several = value.contains(',').then(|| option(&value, "Several actions".to_owned()));
    view! {
        <div class="field">
            <label class="field__label" for="f-action">"Action"</label>
            <span class="select">
                <select class="input select__control" id="f-action" name="action">
                    <option value="">"Every action"</option>
                    {several}
                    {groups}
                </select>
                <Icon glyph=Glyph::ChevronUpDown/>
            </span>
        </div>
    }
}

/// A day of UTC; an address may hold a moment instead, which stays as it is until another day is chosen.
#[component]
fn Day(name: &'static str, label: &'static str, value: String) -> impl IntoView {
    let day = value.len() == "2026-05-23".len() || value.is_empty();
    view! {
        <label class="day">
            <span class="day__label">{label}</span>
            <input class="input" type=if day { "date" } else { "text" } name=name value=value aria-label=format!("{label}, a day in UTC")/>
        </label>
    }
}
