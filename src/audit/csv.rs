//! History as CSV: quoted as RFC 4180 says, and harmless when a spreadsheet opens it (AU6).

use super::AuditEvent;

/// The first line.
pub(super) const HEADER: &str = "seq,id,at,action,actor_type,actor_id,actor_name,organization,target_type,target_id,outcome,reason,ip,\
                                 user_agent,request_id,metadata,hash\r\n";

/// One event, one record.
pub(super) fn record(event: &AuditEvent, into: &mut String) {
    let target = event.target.as_ref();
    let metadata = if event.metadata.is_empty() { String::new() } else { serde_json::Value::from(event.metadata.clone()).to_string() };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let cells = [
        event.seq.to_string(),
        event.id.to_string(),
        event.at.clone(),
        event.action.to_string(),
        event.actor.kind.clone(),
        text(&event.actor.id),
        text(&event.actor.name),
        event.organization.as_ref().map(ToString::to_string).unwrap_or_default(),
        target.map(|target| target.kind.clone()).unwrap_or_default(),
        target.map(|target| target.id.clone()).unwrap_or_default(),
        event.outcome.to_string(),
        text(&event.reason),
        text(&event.ip),
        text(&event.user_agent),
        text(&event.request_id),
        metadata,
        event.hash.clone(),
    ];
    for (at, value) in cells.iter().enumerate() {
        if at > 0 {
            into.push(',');
        }
        cell(value, into);
    }
    into.push_str("\r\n");
}

/// An apostrophe keeps a spreadsheet from reading a formula; NUL, which no reader agrees on, becomes its picture.
fn cell(value: &str, into: &mut String) {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    let quoted = formula || value.contains([',', '"', '\r', '\n', '\0']);
    if !quoted {
        into.push_str(value);
        return;
    }
    into.push('"');
    if formula {
        into.push('\'');
    }
    into.push_str(&value.replace('"', "\"\"").replace('\0', "\u{2400}"));
    into.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str) -> String {
        let mut text = String::new();
        cell(value, &mut text);
        text
    }

    /// AU6
    #[test]
    fn a_cell_that_starts_like_a_formula_is_text() {
        for start in ["=", "+", "-", "@", "\t", "\r", "＝"] {
            assert_eq!(written(&format!("{start}cmd|' /C calc'!A0")), format!("\"'{start}cmd|' /C calc'!A0\""));
        }
        assert_eq!(written("\0=1+1"), "\"'\u{2400}=1+1\"");
    }

    /// AU6
    #[test]
    fn commas_quotes_and_line_ends_stay_inside_their_cell() {
        assert_eq!(written("plain"), "plain");
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(written("one\r\ntwo"), "\"one\r\ntwo\"");
        // A quote closes nothing, so what follows cannot begin a formula in a cell of its own.
        assert_eq!(written("a\",=1+1"), "\"a\"\",=1+1\"");
    }
}
