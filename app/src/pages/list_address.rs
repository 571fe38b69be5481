//! Addresses of lists: filters and cursors live in the query, so that a list can be shared and Back works.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// A list's address: its path and what its query says. Empty values are as good as absent.
#[derive(Debug, Clone)]
pub struct ListAddress {
    path: String,
    query: ParamsMap,
}

impl ListAddress {
    /// That of the present page, under the path that the list has without a query.
    #[must_use]
    pub fn here(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: use_query_map().get_untracked() }
    }

    /// A value of the query, trimmed.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        Some(self.query.get(name)?.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Every value of that name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.query.get_all(name).unwrap_or_default()
    }

    /// The path with only these values.
    #[must_use]
    pub fn of(path: &str, values: &[(&'static str, &str)]) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            query.insert(*name, (*value).to_owned());
        }
        format!("{path}{}", query.to_query_string())
    }

    /// This address with one value changed; `None` leaves it out. A changed filter starts at the first page again.
    #[must_use]
    pub fn with(&self, name: &'static str, value: Option<&str>) -> String {
        let mut query = self.tidy();
        for gone in [name, "cursor", "trail"] {
            query.remove(gone);
        }
        if let Some(value) = value {
            query.insert(name, value.to_owned());
        }
        format!("{}{}", self.path, query.to_query_string())
    }

    /// Where the newer and the older page are. Cursors only lead on, so the way back is kept beside them.
    #[must_use]
    pub fn pages(&self, next: Option<&str>) -> (Option<String>, Option<String>) {
        let cursor = self.get("cursor");
        let trail: Vec<String> = self.get("trail").map(|trail| trail.split('~').map(str::to_owned).collect()).unwrap_or_default();
        let to = |cursor: Option<&str>, trail: &[String]| {
            let mut query = self.tidy();
            query.remove("cursor");
            query.remove("trail");
            if let Some(cursor) = cursor {
                query.insert("cursor", cursor.to_owned());
            }
            if !trail.is_empty() {
                query.insert("trail", trail.join("~"));
            }
            format!("{}{}", self.path, query.to_query_string())
        };
        let newer = cursor.as_ref().map(|_| match trail.split_last() {
            Some((before, rest)) => to(Some(before), rest),
            None => to(None, &[]),
        });
        let older = next.map(|next| {
            let mut trail = trail.clone();
            trail.extend(cursor.clone());
            let from = trail.len().saturating_sub(LONGEST_TRAIL);
            to(Some(next), &trail[from..])
        });
        (newer, older)
    }

    /// The query without its empty values, which a form sends for every filter that is off.
    fn tidy(&self) -> ParamsMap {
        let mut query = ParamsMap::new();
        for (name, value) in self.query.latest_values().filter(|(_, value)| !value.is_empty()) {
            query.insert(name.clone().into_owned(), value.to_owned());
        }
        query
    }
}

/// How many pages one can go back; an address has to fit.
const LONGEST_TRAIL: usize = 20;
