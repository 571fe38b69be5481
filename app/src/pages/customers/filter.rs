//! What the list of customers shows, as its address says it.

use super::way;
use crate::{pages::list_address::ListAddress, ui::ActiveFilter};
use mintmark::{customer::CustomerFilter, embed_key::KeyMode};

/// Reads the filter from the query; a value that cannot be meant is as good as absent.
pub fn read(address: &ListAddress) -> CustomerFilter {
    CustomerFilter {
        mode: address.get("mode").and_then(|mode| mode.parse().ok()),
        first_seen_by: address.get("way").and_then(|way| way.parse().ok()),
        organization_id: address.get("organization").and_then(|id| id.parse().ok()),
        banned: address.get("state").and_then(|state| match state.as_str() {
            "banned" => Some(true),
            "allowed" => Some(false),
            _ => None,
        }),
        search: address.get("q"),
        ..CustomerFilter::default()
    }
}

/// Whether the list shows the other world.
pub fn is_test(filter: &CustomerFilter) -> bool {
    filter.mode == Some(KeyMode::Test)
}

/// A chip for each filter that is on, with the address without it. The world is no filter: it has its banner.
pub fn chips(address: &ListAddress, filter: &CustomerFilter) -> Vec<ActiveFilter> {
    let mut chips = Vec::new();
    let mut chip = |label: &str, name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            chips.push(ActiveFilter { label: label.to_owned(), value, without: address.with(name, None) });
        }
    };
    chip("Search", "q", filter.search.clone());
    chip("First seen by", "way", filter.first_seen_by.map(|seen| way(seen).to_lowercase()));
    chip("Organization", "organization", filter.organization_id.as_ref().map(ToString::to_string));
    chip("State", "state", filter.banned.map(|banned| if banned { "banned" } else { "not banned" }.to_owned()));
    chips
}
