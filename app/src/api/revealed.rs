//! The answer of every server function that makes a secret which is seen once.

use mintmark::Secret;
use serde::{Deserialize, Serialize};

/// What a [`SecretOnce`](crate::ui::SecretOnce) shows. It goes to the form that asked, never into a page.
#[derive(Default, Serialize, Deserialize)]
pub struct Revealed {
    /// The one time that they are seen; most often it is one.
    #[serde(serialize_with = "mintmark::secret::reveal_all_once")]
    pub texts: Vec<Secret>,
    /// What to do with it, as HTML that names no secret.
    #[serde(default)]
    pub beside: String,
    /// The same secret to be scanned, as SVG.
    #[serde(default, serialize_with = "reveal_picture_once", skip_serializing_if = "Option::is_none")]
    pub picture: Option<Secret>,
    /// Where the form leads afterwards, unless it stands in a dialog over a list.
    #[serde(default)]
    pub then: Option<String>,
}

impl Revealed {
    /// One secret and what stands beside it.
    pub fn new(text: Secret, beside: String) -> Self {
        Self { texts: vec![text], beside, ..Self::default() }
    }
}

#[expect(clippy::ref_option, reason = "serde hands a field over by reference")]
fn reveal_picture_once<S: serde::Serializer>(picture: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    match picture {
        Some(picture) => serializer.serialize_some(picture.reveal()),
        None => serializer.serialize_none(),
    }
}
