//! A page writes, a backend answers, the page reads it: as they meet it over the wire (W16 to W22, OR4).

use crate::{
    app::{Answer, Call},
    house::{Caller, House, PAGE, data},
};
use mintmark::{on_each_engine, testing::Engine, testing::fresh};
use serde_json::{Value, json};
use std::num::NonZeroU32;

/// A product of acme's that pages of `PAGE` may write to, and whose users are named there.
struct Chat {
    path: String,
    id: String,
    key: String,
    secret: String,
}

impl Chat {
    async fn new(house: &House) -> Self {
        let id =
            house.backend("POST", "/v1/products").json(&json!({ "name": "Chat" })).await.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/v1/products/{id}");
        assert_eq!(house.backend("POST", &format!("{path}/domains")).json(&json!({ "origin": PAGE })).await.status, 201);
        let asked = json!({ "name": "Website", "origins": [PAGE], "mode": "live" });
        let key = text(&house.backend("POST", &format!("{path}/embed-keys")).json(&asked).await, "id");
        let secret = text(&house.backend("POST", &format!("{path}/verification-secrets")).await, "secret");
        Self { path, id, key, secret }
    }

    fn says(&self, house: &House, body: &Value) -> Call {
        house.app.post(&format!("/embed/v1/messages?key={}", self.key)).header("origin", PAGE).json(body)
    }

    fn reads(&self, house: &House, token: &str, more: &str) -> Call {
        house.app.get(&format!("/embed/v1/messages?key={}{more}", self.key)).header("origin", PAGE).bearer(token)
    }

    /// Begins a conversation; answers its id and its token.
    async fn begin(&self, house: &House) -> (String, String) {
        let answer = self.says(house, &json!({ "text": "Hello" })).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        (text(&answer, "conversation_id"), text(&answer, "conversation_token"))
    }

    async fn identity(&self, house: &House) -> String {
        let body = json!({ "product_id": self.id, "verification_secret": self.secret, "user_id": "u-1", "name": "Ada", "metadata": { "plan": "team" } });
        text(&house.app.post("/v1/auth/user-token").json(&body).await, "token")
    }
}

fn text(answer: &Answer, name: &str) -> String {
    answer.json()[name].as_str().unwrap_or_else(|| panic!("{name} in {}", answer.text())).to_owned()
}

on_each_engine! {
    /// W16, W17, W20: what a page is told, and what a backend reads of it.
    async fn a_page_writes_and_is_answered(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let first = chat.says(&house, &json!({ "text": " Hello \r\n there " })).await;
        assert_eq!((first.status, first.header("access-control-allow-origin"), first.header("cache-control")), (201, Some(PAGE), Some("no-store")));
        let names: Vec<_> = first.json().as_object().expect("an object").keys().cloned().collect();
        assert_eq!(names, ["conversation_id", "conversation_token", "identity", "message"]);
        assert_eq!((&first.json()["identity"], &first.json()["message"]["text"], &first.json()["message"]["from"]), (&json!("anonymous"), &json!("Hello \n there"), &json!("anonymous")));
        let (id, token) = (text(&first, "conversation_id"), text(&first, "conversation_token"));
        assert!(id.starts_with("cnv_") && token.starts_with("conversation_"));

        let identity = chat.identity(&house).await;
        let goes_on = json!({ "text": "It is me", "conversation_token": token });
        let known = chat.says(&house, &goes_on).bearer(&identity).await;
        assert_eq!((known.status, &known.json()["identity"], &known.json()["message"]["name"], known.json().get("conversation_token")), (201, &json!("known"), &json!("Ada"), None));
        house.app.fresh.clock.advance(16 * 60_000);
        let expired = chat.says(&house, &goes_on).bearer(&identity).await;
        assert_eq!((expired.status, &expired.json()["identity"], &expired.json()["message"]["name"]), (201, &json!("expired"), &json!(null)));

        let path = format!("{}/conversations", chat.path);
        let listed = data(&house.backend("GET", &path).await);
        assert_eq!((listed.len(), &listed[0]["id"], &listed[0]["name"], &listed[0]["status"], &listed[0]["messages"], &listed[0]["origin"]), (1, &json!(id), &json!("Ada"), &json!("open"), &json!(3), &json!(PAGE)));
        for (query, entries) in [("?status=open&mode=live", 1), ("?status=closed", 0), ("?mode=test", 0), ("?customer_id=cus_000000000000000000000000", 0)] {
            assert_eq!(data(&house.backend("GET", &format!("{path}{query}")).await).len(), entries, "{query}");
        }
        let answered = house.backend("POST", &format!("{path}/{id}/messages")).json(&json!({ "text": "Hi Ada" })).await;
        assert_eq!((answered.status, &answered.json()["from"], &answered.json()["name"]), (201, &json!("team"), &json!("admin key")), "{}", answered.text());
        let thread = house.backend("GET", &format!("{path}/{id}")).await.json();
        let told: Vec<_> = thread["data"].as_array().expect("a list").iter().map(|message| (message["from"].clone(), message["metadata"].clone())).collect();
        assert_eq!(told, [(json!("anonymous"), json!({})), (json!("known"), json!({ "plan": "team" })), (json!("expired"), json!({})), (json!("team"), json!({}))]);

        let read = chat.reads(&house, &token, "").await;
        assert_eq!((read.status, read.header("access-control-allow-origin"), read.header("cache-control")), (200, Some(PAGE), Some("no-store")));
        let messages = data(&read);
        assert_eq!((messages.len(), &messages[3]["text"], &messages[3]["name"], messages[1].get("metadata")), (4, &json!("Hi Ada"), &json!(null), None));
        let after = format!("&after={}", messages[2]["id"].as_str().expect("an id"));
        assert_eq!(data(&chat.reads(&house, &token, &after).await), messages[3..]);
        let closed = house.backend("PATCH", &format!("{path}/{id}")).json(&json!({ "status": "closed" })).await;
        assert_eq!((closed.status, &closed.json()["status"]), (200, &json!("closed")));
        assert_eq!(chat.reads(&house, &token, "").await.json()["status"], "closed");
        let erased = house.backend("DELETE", &format!("{path}/{id}")).await;
        assert!(erased.status == 200 && erased.json()["deleted_at"].is_string() && erased.json()["last_text"] == "", "{}", erased.text());
        chat.reads(&house, &token, "").await.refused(404, "not_found");
        house.backend("GET", &format!("{path}/{id}")).await.refused(404, "not_found");
    }

    /// OR4: whatever the answer, a page can read why; and a preflight is told what the routes take.
    async fn every_refusal_can_be_read_by_the_page(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let (id, token) = chat.begin(&house).await;
        let preflight = house.app.call("OPTIONS", "/embed/v1/messages").header("origin", PAGE).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-methods"), preflight.header("access-control-allow-headers")), (204, Some("GET, POST"), Some("authorization, content-type")));
        let foreign = house.dashboard_token(house.email(Caller::Owner)).await;
        let asked = json!({ "text": "Hello" });
        for (call, status, code) in [
            (chat.says(&house, &asked).bearer("e30.e30.e30"), 401, "invalid_token"),
            (chat.says(&house, &asked).bearer(&foreign), 401, "invalid_token"),
            (chat.says(&house, &asked).header("authorization", "Basic eDp5"), 401, "missing_token"),
            (chat.says(&house, &json!({ "text": "Hello", "conversation_id": id })), 404, "not_found"),
            (chat.says(&house, &json!({ "text": "Hello", "conversation_token": id })), 404, "not_found"),
            (chat.says(&house, &json!({ "text": "" })), 422, "invalid_field"),
            (chat.says(&house, &json!({ "text": "x".repeat(4_001) })), 422, "invalid_field"),
            (chat.says(&house, &json!({})), 422, "missing_field"),
            (chat.says(&house, &json!({ "text": "x", "identity_token": "x" })), 422, "unknown_field"),
            (house.app.post(&format!("/embed/v1/messages?key={}", chat.key)).header("origin", PAGE).text("text/plain", "x"), 415, "unsupported_media_type"),
            (house.app.get(&format!("/embed/v1/messages?key={}", chat.key)).header("origin", PAGE), 401, "missing_token"),
            (chat.reads(&house, &id, ""), 401, "invalid_token"),
            (chat.reads(&house, &token, "&after=x"), 422, "invalid_field"),
            (chat.reads(&house, &token, &format!("&token={token}")), 422, "unknown_field"),
        ] {
            let answer = call.await;
            answer.refused(status, code);
            assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
        }
        // From a page that is not listed, even with the conversation's own token.
        let evil = "https://evil.example";
        let path = format!("/embed/v1/messages?key={}", chat.key);
        house.app.get(&path).header("origin", evil).bearer(&token).await.refused(403, "embed_origin_not_allowed");
        house.app.post(&path).header("origin", evil).json(&asked).await.refused(403, "embed_origin_not_allowed");
        house.app.post(&path).json(&asked).await.refused(403, "embed_origin_not_allowed");
        assert_eq!(data(&house.backend("GET", &format!("{}/conversations", chat.path)).await).len(), 1, "nothing of it was kept");
    }

    /// ID5: history names the page's key and why, once a minute, and never the token.
    async fn a_refused_identity_is_in_the_history(fresh) {
        let house = House::new(fresh).await;
        let chat = Chat::new(&house).await;
        let other = Chat::new(&house).await;
        let foreign = other.identity(&house).await;
        let forged = format!("{}.{}", &foreign[..foreign.rfind('.').expect("three parts")], "A".repeat(86));
        for wrong in [&foreign, &forged, &forged] {
            chat.says(&house, &json!({ "text": "Hello" })).bearer(wrong).await.refused(401, "invalid_token");
        }
        house.app.fresh.core.flush_refusals().await.expect("written");
        let told = data(&house.backend("GET", "/v1/audit-events?action=embed_request.refused").await);
        let mut why: Vec<_> = told.iter().map(|event| (event["metadata"]["why"].as_str().expect("said"), event["metadata"]["count"].as_i64(), &event["target"]["id"])).collect();
        why.sort_by_key(|(why, ..)| *why);
        let key = json!(chat.key);
        assert_eq!(why, [("foreign", Some(1), &key), ("forged", Some(2), &key)]);
        assert!(!told.iter().any(|event| event.to_string().contains(&foreign[..40])));
    }
}

/// DS6: of a client and to a product, with the time to wait; whoever reads is not counted.
#[tokio::test]
async fn a_client_and_a_product_have_limits_of_their_own() {
    let house = House::with(fresh(Engine::Sqlite).await, |config| config.client_message_limit = 2).await;
    let chat = Chat::new(&house).await;
    let (_, token) = chat.begin(&house).await;
    chat.begin(&house).await;
    let refused = chat.says(&house, &json!({ "text": "Hello" })).await;
    refused.refused(429, "rate_limited");
    assert!(refused.header("retry-after").is_some() && refused.header("access-control-allow-origin") == Some(PAGE));
    for _ in 0..5 {
        assert_eq!(chat.reads(&house, &token, "").await.status, 200);
    }
    let house = House::with(fresh(Engine::Sqlite).await, |config| config.product_message_limit = NonZeroU32::MIN).await;
    let (chat, other) = (Chat::new(&house).await, Chat::new(&house).await);
    chat.begin(&house).await;
    chat.says(&house, &json!({ "text": "Hello" })).await.refused(429, "rate_limited");
    other.begin(&house).await;
}
