//! One route on the page: what it takes, what it answers, what it refuses.

use super::{prose, shape, text};
use serde_json::Value;
use std::fmt::Write;

/// A route and its method, as the description has them.
pub(super) struct Operation<'a> {
    method: String,
    path: &'a str,
    said: &'a Value,
}

/// The routes of one tag, in the order of their paths.
pub(super) fn of<'a>(api: &'a Value, tag: &'a Value) -> Vec<Operation<'a>> {
    let paths = api["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, said)| Operation { method: method.to_uppercase(), path, said })
    });
    all.filter(|operation| operation.said["tags"][0] == *tag).collect()
}

impl Operation<'_> {
    fn id(&self) -> &str {
        self.said["operationId"].as_str().unwrap_or_default()
    }

    /// The line in the list of routes.
    pub(super) fn link(&self, page: &mut String) {
        let Self { method, path, .. } = self;
        let _ = write!(page, "<li><a href=\"#{}\"><b class=\"{method}\">{method}</b> <span>{path}</span></a></li>", self.id());
    }

    /// Everything about it.
    pub(super) fn section(&self, api: &Value, page: &mut String) {
        let Self { method, path, said } = self;
        let id = self.id();
        let _ = write!(
            page,
            "<article id=\"{id}\"><h3><b class=\"{method}\">{method}</b> <code>{path}</code></h3><p>{}</p>",
            prose(&said["summary"])
        );
        if said["description"].is_string() {
            let _ = write!(page, "<p>{}</p>", prose(&said["description"]));
        }
        let scheme = said["security"][0].as_object().and_then(|schemes| schemes.keys().next());
        let _ = match scheme {
            Some(scheme) => write!(page, "<p class=\"quiet\">Needs a <a href=\"#{scheme}\">{}</a>.</p>", scheme.replace('_', " ")),
            None => write!(page, "<p class=\"quiet\">Needs no credential.</p>"),
        };
        self.parameters(page);
        if let Some(schema) = said["requestBody"]["content"]["application/json"].get("schema") {
            let optional = if said["requestBody"]["required"] == true { "" } else { ", may be left out" };
            let _ = write!(page, "<h4>Body{optional}</h4>");
            shape::fields(api, schema, page);
        }
        self.answers(api, page);
        page.push_str("</article>");
    }

    fn parameters(&self, page: &mut String) {
        let Some(parameters) = self.said["parameters"].as_array().filter(|parameters| !parameters.is_empty()) else { return };
        page.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let required = if parameter["required"] == true { ", required" } else { "" };
            let _ = write!(
                page,
                "<div><dt><code>{}</code> <span class=\"quiet\">{}, {}{required}</span></dt><dd>{}</dd></div>",
                text(&parameter["name"]),
                text(&parameter["in"]),
                shape::label(&parameter["schema"]),
                prose(&parameter["description"])
            );
        }
        page.push_str("</dl>");
    }

    fn answers(&self, api: &Value, page: &mut String) {
        let answers = self.said["responses"].as_object().into_iter().flatten();
        let (good, refused): (Vec<_>, Vec<_>) = answers.partition(|(status, _)| status.starts_with(['2', '3']));
        for (status, answer) in good {
            let _ = write!(page, "<h4>Answer {status}</h4><p>{}</p>", prose(&answer["description"]));
            if let Some(schema) = answer["content"]["application/json"].get("schema") {
                shape::fields(api, schema, page);
            }
        }
        if refused.is_empty() {
            return;
        }
        page.push_str("<details><summary>Refusals</summary><dl>");
        for (status, answer) in refused {
            let _ = write!(page, "<div><dt><code>{status}</code></dt><dd>{}</dd></div>", prose(&answer["description"]));
        }
        page.push_str("</dl></details>");
    }
}
