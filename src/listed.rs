//! Lists that are stored as JSON text.

use serde::{Deserialize, Serialize};

/// A list that is stored as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Listed<T>(pub Vec<T>);

impl<T> TryFrom<String> for Listed<T>
where
    T: serde::de::DeserializeOwned,
{
    type Error = serde_json::Error;
    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

impl<T: Serialize> Listed<T> {
    /// The stored form.
    #[cfg(feature = "db")]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}
