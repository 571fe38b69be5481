//! Who may do what: every HTTP route and every server function, by everybody (AZ1). One without a row fails.

mod functions;
pub mod routes;
pub mod targets;

use crate::{
    app::Call,
    house::{Caller, House},
};
use mintmark::on_each_engine;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use targets::Target;

/// One route on one kind of target. `cells` are the statuses in the order of `Caller::ALL`.
pub struct Row {
    pub route: &'static str,
    pub target: Target,
    pub query: &'static str,
    pub body: fn(&House) -> Option<Value>,
    pub cells: [u16; 9],
}

impl Row {
    /// Whether the route reads a form, as its RFC has it.
    pub fn reads_a_form(&self) -> bool {
        matches!(self.route, "POST /v1/introspect" | "POST /v1/revoke")
    }

    /// The call with this body, as the route reads it.
    pub fn send(&self, call: Call, body: &Value) -> Call {
        if !self.reads_a_form() {
            return call.json(body);
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pairs: Vec<_> = body.as_object().expect("an object").iter().map(|(name, value)| (name.as_str(), text(value))).collect();
        call.text("application/x-www-form-urlencoded", &form(&pairs))
    }
}

/// Pairs as a form writes them.
pub fn form<V: AsRef<str>>(pairs: &[(&str, V)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Every method and path that the description of the API names.
pub fn described() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for (path, item) in server::api::description().paths.paths {
        for (method, there) in [
            ("GET", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PATCH", item.patch.is_some()),
            ("PUT", item.put.is_some()),
            ("DELETE", item.delete.is_some()),
        ] {
            if there {
                routes.insert(format!("{method} {path}"));
            }
        }
    }
    routes
}

/// AZ1
#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<String> = routes::ROWS.iter().map(|row| row.route.to_owned()).collect();
    let described = described();
    assert!(described.len() > 40, "{described:?}");
    let without: Vec<_> = described.difference(&rows).collect();
    assert!(without.is_empty(), "a route needs a row in tests/it/access/routes.rs: {without:#?}");
    let stale: Vec<_> = rows.difference(&described).collect();
    assert!(stale.is_empty(), "these rows are no routes: {stale:#?}");
}

on_each_engine! {
    /// AZ1, AZ4, JW8, WB7: everybody knocks at every route.
    async fn every_cell_of_the_matrix_is_as_written(fresh) {
        let house = House::new(fresh).await;
        let mut known = BTreeMap::new();
        let mut wrong = Vec::new();
        for row in routes::ROWS {
            for (caller, expected) in Caller::ALL.into_iter().zip(row.cells) {
                let (method, template) = row.route.split_once(' ').expect("a method and a path");
                let path = row.target.path(&house, template).await + row.query;
                let mut call = house.app.call(method, &path);
                // No browser buys an identity token, whoever uses it.
                if row.route != "POST /v1/auth/user-token" {
                    call = call.header("origin", crate::house::PAGE);
                }
                if let Some(credential) = credential(&house, caller, row, &mut known).await {
                    call = call.bearer(&credential);
                }
                if caller != Caller::Stranger && path.starts_with("/v1/") {
                    call = call.header("x-mintmark-tenant", house.tenant(caller).as_str());
                }
                if let Some(body) = (row.body)(&house) {
                    call = row.send(call, &body);
                }
                let answer = call.await;
                if answer.status != expected {
                    wrong.push(format!("{} {path} as {caller:?}: {} and not {expected}: {}", row.route, answer.status, answer.text()));
                }
                let code = match (caller, path.starts_with("/widget")) {
                    (_, true) => "widget_token_required",
                    (Caller::WidgetToken, false) => "widget_token_not_allowed_here",
                    _ => "insufficient_role",
                };
                if answer.status == 403 && answer.code() != code {
                    wrong.push(format!("{} as {caller:?}: {} and not {code}", row.route, answer.code()));
                }
                // WB7
                if (path.starts_with("/v1/") || path.starts_with("/widget")) && answer.header("cache-control") != Some("no-store") {
                    wrong.push(format!("{} as {caller:?} may be cached", row.route));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// A person's token is bought once, but for the row that ends it.
async fn credential(house: &House, caller: Caller, row: &Row, known: &mut BTreeMap<usize, Option<String>>) -> Option<String> {
    let place = Caller::ALL.iter().position(|one| *one == caller).expect("one of all");
    if matches!(caller, Caller::WidgetToken) || row.route == "DELETE /v1/sessions/current" {
        return house.credential(caller).await;
    }
    if let Some(known) = known.get(&place) {
        return known.clone();
    }
    let credential = house.credential(caller).await;
    known.insert(place, credential.clone());
    credential
}

/// The fields that the description gives the body of a route; none for a route without a body.
pub fn body_fields(description: &Value, method: &str, template: &str) -> Option<BTreeSet<String>> {
    let operation = &description["paths"][template][method.to_lowercase()];
    let schema = reference(operation.get("requestBody")?)?;
    let properties = description["components"]["schemas"][schema]["properties"].as_object();
    Some(properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default())
}

fn reference(value: &Value) -> Option<String> {
    match value {
        Value::Object(map) => map
            .get("$ref")
            .and_then(Value::as_str)
            .map(|path| path.trim_start_matches("#/components/schemas/").to_owned())
            .or_else(|| map.values().find_map(reference)),
        Value::Array(list) => list.iter().find_map(reference),
        _ => None,
    }
}
