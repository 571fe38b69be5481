//! An event on its way into history, as the verb that did it states it.

use super::{Action, Outcome, Target};
use crate::OrganizationId;
use serde_json::{Map, Value};

/// An event as a verb states it; the writer adds who, where and when.
#[derive(Debug, Clone)]
pub struct Event {
    pub(crate) action: Action,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) target: Option<Target>,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) counted: Option<usize>,
}

impl Event {
    /// Something was done.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self { action, organization: None, target: None, outcome: Outcome::Success, reason: None, metadata: Map::new(), counted: None }
    }

    /// In this organization.
    #[must_use]
    pub fn organization(mut self, id: &OrganizationId) -> Self {
        self.organization = Some(id.clone());
        self
    }

    /// To this.
    #[must_use]
    pub fn target(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// For this reason; nothing when there is none.
    #[must_use]
    pub fn reason(mut self, reason: Option<impl Into<String>>) -> Self {
        self.reason = reason.map(Into::into);
        self
    }

    /// It was refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }

    /// One more thing worth knowing. Never a secret.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }

    /// What a value was and what it became; nothing when it stayed.
    #[must_use]
    pub fn changed<T: Into<Value> + PartialEq + Clone>(mut self, name: &str, before: &T, after: &T) -> Self {
        if before != after {
            for (side, value) in [("before", before), ("after", after)] {
                let entry = self.metadata.entry(side).or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(values) = entry {
                    values.insert(name.to_owned(), value.clone().into());
                }
            }
        }
        self
    }

    /// `metadata.count` becomes the rows that the statement at this place of the transaction wrote.
    #[must_use]
    pub fn counted(mut self, statement: usize) -> Self {
        self.counted = Some(statement);
        self
    }

    /// It is durable: counts it, of many refusals in one event each, under labels that name no id.
    pub(crate) fn count(&self) {
        let times = if self.outcome == Outcome::Refused { self.metadata.get("count").and_then(Value::as_u64) } else { None };
        metrics::counter!("mintmark_events_total", "action" => self.action.as_str(), "outcome" => self.outcome.as_str())
            .increment(times.unwrap_or(1));
    }
}
