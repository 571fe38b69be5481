//! Which events a list or an export shows, as a query string or a form says it.

use super::{Action, Outcome};
use crate::{Error, OrganizationId, Result, Time, time::DAY};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{fmt::Display, str::FromStr};

/// All conditions hold at once; an absent one, or one that a form left empty, holds for every event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct HistoryFilter {
    /// Actions by comma, each either whole or a noun with its dot: `widget_token.,origin.added`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The same, left out.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub not_action: Option<String>,
    /// `usr_...` or `apik_...`.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<String>,
    /// The id of what the event is about.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    /// Events of this organization; those of the tenant as a whole are left out.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
    /// Done or refused.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// From this moment on; a date alone is its first moment in UTC.
    #[serde(deserialize_with = "from_moment", skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// Before this moment; a date alone includes that day.
    #[serde(deserialize_with = "to_moment", skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
}

/// Which refusals of pages are shown: all conditions hold at once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RefusalFilter {
    /// Only for this reason.
    pub reason: Option<crate::Code>,
    /// Only of this token, embed key or session.
    pub target_id: Option<String>,
    /// Only from pages of this origin, to the letter.
    pub origin: Option<String>,
    /// Of the last so many hours.
    pub hours: Option<u32>,
}

/// Calls that were refused alike, in one minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCalls {
    /// When the last of them was told.
    pub at: Time,
    /// The code of the refusal.
    pub reason: String,
    /// How many.
    pub calls: u64,
}

crate::text_enum! {
    /// The form of an export.
    pub enum ExportFormat("an export format") {
        /// RFC 4180 with a header, for spreadsheets.
        Csv = "csv",
        /// One stored event a line, exactly as it was hashed.
        Jsonl = "jsonl",
    }
}

impl ExportFormat {
    /// For the `Content-Type` header.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

impl HistoryFilter {
    /// Whether it holds for every event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Action {
    /// The noun before the dot.
    #[must_use]
    pub fn noun(self) -> &'static str {
        self.as_str().split_once('.').map_or("", |(noun, _)| noun)
    }

    /// Whether it changes what a JWKS lists.
    #[cfg(feature = "db")]
    pub(crate) fn changes_keys(self) -> bool {
        matches!(
            self,
            Self::KeyCreated
                | Self::KeyPromoted
                | Self::KeysRotated
                | Self::KeyRetired
                | Self::KeyRevoked
                | Self::TenantCreated
                | Self::TenantRestored
                | Self::SetUpCompleted
        )
    }

    /// Whether it may change what `GET /embed/v1/config` answers.
    #[cfg(feature = "db")]
    pub(crate) fn changes_config(self) -> bool {
        matches!(self.noun(), "product" | "embed_key" | "offering" | "tenant")
    }

    /// The actions that a filter names; 422 when it names one that does not exist, so that a typo never hides history.
    pub fn named(field: &'static str, text: &str) -> Result<Vec<Self>> {
        let mut named = Vec::new();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let before = named.len();
            let noun = word.strip_suffix('.').or_else(|| word.strip_suffix(".*"));
            named.extend(Self::ALL.iter().filter(|action| action.as_str() == word || Some(action.noun()) == noun));
            if named.len() == before {
                return Err(Error::invalid(field, format!("No action is called {word:?}.")));
            }
        }
        named.sort_unstable();
        named.dedup();
        Ok(named)
    }
}

fn present<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    text.map(str::parse).transpose().map_err(D::Error::custom)
}

fn from_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    moment(deserializer, 0)
}

fn to_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    moment(deserializer, DAY)
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D, into_the_day: i64) -> Result<Option<Time>, D::Error> {
    let Some(text) = present::<D, String>(deserializer)? else { return Ok(None) };
    if text.len() == "2026-05-23".len() {
        let start = format!("{text}T00:00:00Z").parse::<Time>().map_err(D::Error::custom)?;
        return Ok(Some(start.plus(into_the_day)));
    }
    text.parse().map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_with_its_dot_names_all_its_actions() {
        let named = Action::named("action", "widget_token., origin.added").expect("actions");
        assert_eq!(named, [Action::OriginAdded, Action::TokenMinted, Action::TokenRevoked, Action::TokensRevoked]);
        assert_eq!(Action::named("action", "widget_token.*").expect("actions").len(), 3);
        assert!(Action::named("action", "widget_tokens.").is_err());
        assert!(Action::named("action", "widget_token.minted,typo").is_err());
    }

    #[test]
    fn fields_that_a_form_left_empty_are_no_conditions() {
        let filter: HistoryFilter =
            serde_json::from_str(r#"{"action":"","actor_id":" ","organization_id":"","outcome":"","from":"","to":""}"#).expect("a filter");
        assert!(filter.is_empty());
        assert_eq!(serde_json::to_string(&filter).expect("text"), "{}");
    }

    #[test]
    fn a_date_alone_is_the_whole_day() {
        let filter: HistoryFilter = serde_json::from_str(r#"{"from":"2026-05-23","to":"2026-05-23"}"#).expect("a filter");
        assert_eq!(filter.from.map(|time| time.to_string()).as_deref(), Some("2026-05-23T00:00:00Z"));
        assert_eq!(filter.to.map(|time| time.to_string()).as_deref(), Some("2026-05-24T00:00:00Z"));
        assert!(serde_json::from_str::<HistoryFilter>(r#"{"from":"yesterday!"}"#).is_err());
    }
}
