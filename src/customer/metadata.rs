//! What a tenant may note of a customer: a small, flat object (ID3).

use super::{MOST_METADATA, Metadata};
use crate::{Error, Result};
use serde_json::Value;

/// Levels of objects and lists, the outermost among them.
const DEEPEST: usize = 3;

/// Refuses what is larger than 2 KiB or deeper than three levels, and the character NUL, which no database of ours holds.
pub(crate) fn checked(metadata: Metadata) -> Result<Metadata> {
    let text = metadata.to_json();
    let fits = text.len() <= MOST_METADATA && !text.contains("\\u0000") && metadata.0.values().all(|value| depth(value) < DEEPEST);
    if fits { Ok(metadata) } else { Err(Error::invalid("metadata", "At most 2 KiB of JSON, three levels deep, without NUL.")) }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// ID3
    #[test]
    fn notes_are_small_and_flat() {
        let fits = |value: Value| checked(serde_json::from_value(value).expect("an object")).is_ok();
        assert!(fits(json!({})));
        assert!(fits(json!({ "plan": "team", "seats": { "used": [1, 2] } })));
        assert!(!fits(json!({ "a": { "b": { "c": {} } } })), "four levels");
        assert!(!fits(json!({ "a": "x".repeat(MOST_METADATA) })));
        assert!(!fits(json!({ "a": "\u{0}" })));
    }
}
