//! Identity tokens on a real database of each engine (W1 to W8, W17 to W19, ID1 to ID5).

use super::{AnonymousReason, LASTS, NewIdentity};
use crate::{
    Code, Limit, ProductId, Result, Secret,
    audit::{Action, HistoryFilter},
    customer::{CustomerChange, FirstSeenBy, Metadata},
    customer_session::CustomerCall,
    db::args,
    key::{KeyRevocation, Rotation},
    on_each_engine,
    secret::generate_secret,
    testing::{Fixture, Fresh, PAGE},
    time::{HOUR, SECOND},
    verification_secret::CreatedVerificationSecret,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A product with a secret, and `PAGE` among its domains.
struct Scene {
    acme: Fixture,
    product: ProductId,
    secret: CreatedVerificationSecret,
}

async fn scene(fresh: &Fresh) -> Scene {
    let acme = fresh.tenant("acme").await;
    let product = acme.product().await;
    acme.domain(&product).await;
    let secret = acme.verification_secret(&product).await;
    Scene { acme, product, secret }
}

impl Scene {
    fn asked(&self, said: &Value) -> std::result::Result<NewIdentity, serde_json::Error> {
        let mut body = json!({ "product_id": self.product, "verification_secret": self.secret.secret.reveal(), "user_id": "u-1" });
        body.as_object_mut().expect("an object").extend(said.as_object().expect("an object").clone());
        serde_json::from_value(body)
    }

    async fn says(&self, said: Value) -> std::result::Result<Value, (Code, Option<String>)> {
        let issued = self.acme.identity_of(self.asked(&said).expect("an identity")).await;
        issued.map(|issued| claims(issued.token.reveal())).map_err(|error| (error.code(), error.problem().field))
    }

    async fn token(&self) -> String {
        let issued = self.acme.identity(&self.product, &self.secret.secret, "u-1").await.expect("a token");
        issued.token.reveal().to_owned()
    }

    /// Why calls were refused, as history has it.
    async fn refused(&self) -> Vec<Value> {
        let core = &self.acme.core;
        core.flush_refusals().await.expect("written");
        let action = Action::EmbedRequestRefused.as_str();
        let rows: Vec<(String,)> = core.db().all("select body from audit_event where action = $1", args![action]).await.expect("rows");
        rows.iter().map(|(body,)| serde_json::from_str::<Value>(body).expect("JSON")["metadata"]["why"].clone()).collect()
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

fn code<T>(done: Result<T>) -> Option<Code> {
    done.err().map(|error| error.code())
}

on_each_engine! {
    /// W3, W8, ID3: what a token says, and that nothing which the backend notes of its user becomes a claim of ours.
    async fn a_token_says_whom_the_backend_named_for_fifteen_minutes(fresh) {
        let scene = scene(&fresh).await;
        let notes = json!({ "sub": "admin", "iss": "x", "exp": 9_999_999_999_i64, "kind": "dashboard", "role": "owner", "tenant_id": "ten_x", "plan": { "seats": [1] } });
        let said = scene.says(json!({ "user_id": " ü-1 ", "name": "Ada", "metadata": notes })).await.expect("a token");
        let now = fresh.core.now().seconds();
        assert_eq!(said["sub"], " ü-1 ", "byte for byte");
        assert_eq!((&said["kind"], &said["aud"], &said["product_id"]), (&json!("identity"), &json!(scene.product), &json!(scene.product)));
        assert_eq!((&said["name"], &said["metadata"], &said["tenant_id"]), (&json!("Ada"), &notes, &json!(scene.acme.tenant)));
        assert_eq!((said["iat"].as_i64(), said["exp"].as_i64()), (Some(now), Some(now + 900)));
        assert_eq!(said["iss"], "http://127.0.0.1:3000/t/acme");
        assert!(said["jti"].as_str().is_some_and(|id| id.starts_with("idt_")));
        let id = said["customer_id"].as_str().expect("an id").parse().expect("an id");
        let customer = scene.acme.owner().await.customer(&id).await.expect("written down");
        assert_eq!((customer.external_id.as_deref(), customer.name.as_deref(), customer.first_seen_by), (Some(" ü-1 "), Some("Ada"), FirstSeenBy::Api));
        let again = scene.says(json!({ "user_id": " ü-1 " })).await.expect("a token");
        assert_eq!((&again["customer_id"], again.get("name"), again.get("metadata")), (&said["customer_id"], None, None));
    }

    /// W2: the names of the seed's own samples.
    async fn camel_case_is_understood_and_an_unknown_name_is_not(fresh) {
        let scene = scene(&fresh).await;
        let asked: NewIdentity = serde_json::from_value(json!({
            "productId": scene.product, "verificationSecret": scene.secret.secret.reveal(), "userId": "u", "name": "", "metadata": null,
        })).expect("understood");
        scene.acme.identity_of(asked).await.expect("a token");
        assert!(scene.asked(&json!({ "userID": "u" })).is_err());
    }

    /// ID3, ID4
    async fn what_cannot_stand_in_a_token_is_named(fresh) {
        let scene = scene(&fresh).await;
        let field = |name: &str| Err((Code::InvalidField, Some(name.to_owned())));
        for user in ["", "  ", "a\nb", "a\u{0}", &"x".repeat(256)] {
            assert_eq!(scene.says(json!({ "user_id": user })).await, field("user_id"), "{user:?}");
        }
        for user in [json!(7), json!(true), json!(["u"]), json!({}), json!(null)] {
            assert!(scene.asked(&json!({ "user_id": user })).is_err(), "{user}");
        }
        assert_eq!(scene.says(json!({ "name": "x".repeat(121) })).await, field("name"));
        for metadata in [json!({ "a": { "b": { "c": {} } } }), json!({ "a": [[[]]] }), json!({ "a": "x".repeat(2_048) })] {
            assert_eq!(scene.says(json!({ "metadata": metadata })).await, field("metadata"), "{metadata}");
        }
        for metadata in [json!([]), json!("x"), json!(7)] {
            assert!(scene.asked(&json!({ "metadata": metadata })).is_err(), "{metadata}");
        }
        assert!(scene.says(json!({ "metadata": { "a": { "b": [1] } }, "user_id": "ü".repeat(255) })).await.is_ok());
        let rows: (i64,) = fresh.core.db().one("select count(*) from identity_token", args![]).await.expect("a count");
        assert_eq!(rows, (1,), "nothing of a refusal is kept");
    }

    /// ID1: one refusal, whatever was wrong; the tenant's own history says which, and of nobody else's secret.
    async fn whatever_is_wrong_with_a_secret_is_one_refusal(fresh) {
        let scene = scene(&fresh).await;
        let other = fresh.tenant("other").await;
        let theirs = other.verification_secret(&other.product().await).await;
        let owner = scene.acme.owner().await;
        let revoked = scene.acme.verification_secret(&scene.product).await;
        owner.revoke_verification_secret(&scene.product, &revoked.verification_secret.id, None).await.expect("revoked");
        let typo = format!("{}x", scene.secret.secret.reveal());
        let never = "prod_0123456789abcdef01234567".to_owned();
        let product = scene.product.to_string();
        let right = scene.secret.secret.reveal().to_owned();
        let mut said = Vec::new();
        for (product, secret) in [
            (&product, generate_secret("vs_").reveal().to_owned()),
            (&product, theirs.secret.reveal().to_owned()),
            (&product, revoked.secret.reveal().to_owned()),
            (&product, typo),
            (&product, String::new()),
            (&product, generate_secret("sk_live_").reveal().to_owned()),
            (&never, right.clone()),
            (&"acme".to_owned(), right),
        ] {
            let asked = NewIdentity { product_id: product.clone(), verification_secret: Secret::new(secret), user_id: "u".into(), name: None, metadata: None };
            said.push(scene.acme.identity_of(asked).await.err().expect("refused").problem());
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!((said[0].code, said[0].field.as_deref()), (Code::InvalidCredentials, None));
        fresh.core.flush_refusals().await.expect("written");
        let filter = HistoryFilter { action: Some(Action::VerificationSecretRefused.to_string()), ..HistoryFilter::default() };
        let told = owner.history(&filter, Limit::MOST, None).await.expect("history").data;
        let mut told: Vec<_> = told.iter().map(|event| (event.metadata["why"].clone(), event.metadata.get("secret").cloned(), event.metadata["count"].clone())).collect();
        told.sort_by_key(|(why, ..)| why.to_string());
        assert_eq!(told, [(json!("revoked"), Some(json!(revoked.verification_secret.id)), json!(1)), (json!("unknown"), None, json!(5))]);
        assert!(other.owner().await.history(&filter, Limit::MOST, None).await.expect("history").data.is_empty());
    }

    /// JW16: at first sight of a user, however many ask at once, one customer is written down.
    async fn a_user_seen_by_many_at_once_is_one_customer(fresh) {
        let scene = scene(&fresh).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (core, asked) = (fresh.core.clone(), scene.asked(&json!({ "name": "Ada" })).expect("an identity"));
            tasks.spawn(async move { core.buyer(&asked, crate::Origination::default()).await?.issue().await });
        }
        let ids: std::collections::BTreeSet<_> =
            tasks.join_all().await.into_iter().map(|issued| claims(issued.expect("a token").token.reveal())["customer_id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
    }

    /// W17, ID5: once expired, a token is nobody's, and says so.
    async fn an_expired_token_is_anonymous_and_says_so(fresh) {
        let scene = scene(&fresh).await;
        let said = json!({ "name": "Ada", "metadata": { "plan": "team" } });
        let issued = scene.acme.identity_of(scene.asked(&said).expect("an identity")).await.expect("a token");
        let token = issued.token.reveal();
        let me = scene.acme.identity_me(token).await.expect("known");
        let customer = me.customer.expect("somebody");
        assert_eq!((me.anonymous, me.reason, customer.external_id.as_deref(), customer.name.as_deref()), (false, None, Some("u-1"), Some("Ada")));
        assert_eq!((me.metadata.map(|Metadata(notes)| Value::Object(notes)), me.expires_at), (Some(json!({ "plan": "team" })), issued.expires_at));
        fresh.clock.advance(issued.expires_at.since(fresh.core.now()) - 1);
        assert!(!scene.acme.identity_me(token).await.expect("still").anonymous);
        fresh.clock.advance(1);
        for hours in [0, 2] {
            fresh.clock.advance(hours * HOUR);
            fresh.core.sweep().await.expect("swept");
            let me = scene.acme.identity_me(token).await.expect("no error");
            assert_eq!((me.anonymous, me.reason, me.customer, me.metadata), (true, Some(AnonymousReason::IdentityExpired), None, None));
        }
        let rows: (i64,) = fresh.core.db().one("select count(*) from identity_token", args![]).await.expect("a count");
        assert_eq!(rows, (0,), "its row is gone");
        assert_eq!(scene.refused().await, Vec::<Value>::new(), "and nobody was refused");
    }

    /// W18, ID5: what is no token of ours is refused, and history hears of it.
    async fn a_forged_a_foreign_and_a_dead_token_are_refused_and_told(fresh) {
        let scene = scene(&fresh).await;
        let token = scene.token().await;
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let flipped = format!("{message}.{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
        assert_eq!(code(scene.acme.identity_me(&flipped).await), Some(Code::InvalidToken));
        assert_eq!(scene.refused().await, [json!("forged")]);
        // Of another tenant, with our product's name in it: its own key signs, and no row is found.
        let other = fresh.tenant("other").await;
        let theirs = other.product().await;
        other.domain(&theirs).await;
        let bought = other.identity(&theirs, &other.verification_secret(&theirs).await.secret, "u-1").await.expect("a token");
        let moved = format!("update identity_token set product_id = '{}' where id = '{}'", scene.product, bought.id);
        assert!(other.identity_me(bought.token.reveal()).await.is_ok());
        fresh.sql(moved).await.expect("moved");
        assert_eq!(code(other.identity_me(bought.token.reveal()).await), Some(Code::InvalidToken), "its audience is not its row's product");
        // A session's and a member's token are other kinds.
        for wrong in ["", "e30.e30.e30", "idt_0123456789abcdef01234567"] {
            assert_eq!(code(scene.acme.identity_me(wrong).await), Some(Code::InvalidToken), "{wrong}");
        }
        fresh.clock.advance(SECOND);
        let key = scene.acme.owner().await.signing_keys().await.expect("keys").into_iter().find(|key| key.state == crate::key::KeyState::Active).expect("active").id;
        fresh.clock.advance(6 * crate::time::MINUTE);
        let late = scene.token().await;
        let owner = scene.acme.op(&scene.acme.sign_in(&scene.acme.owner.email).await).await;
        owner.rotate_signing_keys(Rotation { force: true, reason: Some("test".into()) }).await.expect("rotated");
        assert!(scene.acme.identity_me(&late).await.is_ok(), "a retiring key is good");
        assert_eq!(code(owner.retire_signing_key(&key).await), Some(Code::KeyInUse));
        owner.revoke_signing_key(&key, KeyRevocation::default()).await.expect("revoked");
        assert_eq!(code(scene.acme.identity_me(&late).await), Some(Code::InvalidToken));
        fresh.clock.advance(LASTS);
        assert_eq!(code(scene.acme.identity_me(&late).await), Some(Code::InvalidToken), "nobody knows who signed with a key that leaked");
    }

    /// Contract, section 5: what a token came through takes it along.
    async fn a_token_ends_with_its_customer_and_its_product(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let token = scene.token().await;
        let id = claims(&token)["customer_id"].as_str().expect("an id").parse().expect("an id");
        let ban = |banned| CustomerChange { banned: Some(banned), ..CustomerChange::default() };
        owner.update_customer(&id, ban(true)).await.expect("banned");
        assert_eq!(code(scene.acme.identity_me(&token).await), Some(Code::InvalidToken));
        assert_eq!(scene.says(json!({})).await.map_err(|(code, _)| code), Err(Code::CustomerBanned));
        owner.update_customer(&id, ban(false)).await.expect("let in");
        assert!(scene.acme.identity_me(&token).await.is_ok());
        owner.delete_customer(&id, None).await.expect("deleted");
        assert_eq!(code(scene.acme.identity_me(&token).await), Some(Code::InvalidToken));
        let somebody_new = scene.token().await;
        assert_ne!(claims(&somebody_new)["customer_id"], json!(id));
        owner.delete_product(&scene.product).await.expect("deleted");
        assert_eq!(code(scene.acme.identity_me(&somebody_new).await), Some(Code::InvalidToken));
        assert_eq!(scene.says(json!({})).await.map_err(|(code, _)| code), Err(Code::InvalidCredentials));
        fresh.clock.advance(LASTS);
        assert_eq!(code(scene.acme.identity_me(&somebody_new).await), Some(Code::InvalidToken), "nor is it anonymous");
    }

    /// W19: only pages of a registered domain, before and after the expiry.
    async fn only_pages_of_a_registered_domain_are_answered(fresh) {
        let scene = scene(&fresh).await;
        let token = scene.token().await;
        let from = |origin: Option<&'static str>| {
            let (core, token) = (fresh.core.clone(), token.clone());
            async move {
                let call = CustomerCall { bearer: Some(&token), origin, ..CustomerCall::default() };
                core.identity_me(call).await.map(|me| me.anonymous).map_err(|error| error.code())
            }
        };
        for expired in [false, true] {
            assert_eq!(from(Some(PAGE)).await, Ok(expired));
            for origin in [None, Some("null"), Some("https://evil.example"), Some("https://app.customer.example:444"), Some("https://app.customer.example.evil.example")] {
                assert_eq!(from(origin).await, Err(Code::EmbedOriginNotAllowed), "{origin:?}");
            }
            assert_eq!(scene.refused().await.len(), 1 + usize::from(expired), "once a minute");
            fresh.clock.advance(LASTS);
        }
    }

    async fn the_database_itself_refuses_a_longer_life_and_a_revival(fresh) {
        let scene = scene(&fresh).await;
        scene.token().await;
        assert!(fresh.sql("update identity_token set expires_at = created_at + 900001").await.is_err());
        fresh.sql("update identity_token set revoked_at = 1").await.expect("revoked");
        assert!(fresh.sql("update identity_token set revoked_at = null").await.is_err());
    }
}
