//! JSON shapes on the page: the fields of an object, the values of a word, and what a type is called.

use super::{escape, prose};
use serde_json::Value;
use std::fmt::Write;

const ROOT: &str = "#/components/schemas/";

/// A named shape.
pub(super) fn section(api: &Value, name: &str, schema: &Value, page: &mut String) {
    let _ =
        write!(page, "<article id=\"shape-{name}\" class=\"shape\"><h3><code>{name}</code></h3><p>{}</p>", prose(&schema["description"]));
    if let Some(values) = schema["enum"].as_array() {
        let words: Vec<_> = values.iter().map(|value| format!("<code>{}</code>", escape(value.as_str().unwrap_or_default()))).collect();
        let _ = write!(page, "<p>One of {}.</p>", words.join(", "));
    } else if has_fields(schema) {
        fields(api, schema, page);
    } else {
        let _ = write!(page, "<p class=\"quiet\">{}</p>", label(schema));
    }
    page.push_str("</article>");
}

/// The fields of an object, or what else it is.
pub(super) fn fields(api: &Value, schema: &Value, page: &mut String) {
    let mut rows = String::new();
    collect(api, schema, &mut rows);
    if rows.is_empty() {
        let _ = write!(page, "<p class=\"quiet\">{}</p>", label(schema));
    } else {
        let _ = write!(page, "<dl>{rows}</dl>");
    }
}

fn has_fields(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["allOf"].is_array()
}

fn collect(api: &Value, schema: &Value, rows: &mut String) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(ROOT)) {
        return collect(api, &api["components"]["schemas"][name], rows);
    }
    // Parts of one object, or an object that may also be null.
    for part in ["allOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten() {
        collect(api, part, rows);
    }
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let must = if required.iter().any(|one| one == name) { "" } else { ", optional" };
        let _ = write!(
            rows,
            "<div><dt><code>{name}</code> <span class=\"quiet\">{}{must}</span></dt><dd>{}</dd></div>",
            label(field),
            prose(description(field))
        );
    }
}

/// A description may stand on the field, or on the one shape that is not null.
fn description(field: &Value) -> &Value {
    if field["description"].is_string() {
        return &field["description"];
    }
    let parts = field["oneOf"].as_array().into_iter().flatten();
    parts.map(|part| &part["description"]).find(|said| said.is_string()).unwrap_or(&Value::Null)
}

/// What a type is called.
pub(super) fn label(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(ROOT)) {
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for key in ["oneOf", "allOf"] {
        if let Some(parts) = schema[key].as_array() {
            return parts.iter().map(label).collect::<Vec<_>>().join(if key == "oneOf" { " or " } else { " and " });
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(|value| escape(value.as_str().unwrap_or_default())).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", label(&schema["items"])),
        Value::String(kind) if schema["format"] == "date-time" => format!("{} (RFC 3339)", escape(kind)),
        Value::String(kind) => escape(kind),
        Value::Array(kinds) => {
            let one = |kind: &Value| {
                if kind == "array" { format!("list of {}", label(&schema["items"])) } else { escape(kind.as_str().unwrap_or_default()) }
            };
            kinds.iter().map(one).collect::<Vec<_>>().join(" or ")
        }
        _ => "any JSON".to_owned(),
    }
}
