//! What tokens are worth, and their ends, on a real database of each engine (N7 to N9, N19, ID6, ID7).

use super::{CheckReason, IntrospectionBatch, TokenCheck, TokenRevocation};
use crate::{
    Code, Op, ProductId, Role, Secret,
    bridge::BridgeAlgorithm,
    on_each_engine,
    session::NewApiSession,
    testing::{Fixture, Fresh, PASSWORD, bridge_token},
    time::{HOUR, MINUTE},
    user::Visitor,
    verification_secret::CreatedVerificationSecret,
};
use serde_json::{Value, json};

/// A token of every kind, all alive.
struct Scene {
    acme: Fixture,
    product: ProductId,
    secret: CreatedVerificationSecret,
    dashboard: String,
    widget: String,
    session: String,
    identity: String,
}

async fn dashboard(acme: &Fixture, email: &str) -> String {
    let asked = NewApiSession { email: email.to_owned(), password: Secret::new(PASSWORD.to_owned()), code: None, tenant: None };
    acme.core.mint_session(&asked, &Visitor::default()).await.expect("a session").token.reveal().to_owned()
}

async fn scene(fresh: &Fresh) -> Scene {
    let acme = fresh.tenant("acme").await;
    let (owner, product) = (acme.owner().await, acme.product().await);
    let organization = acme.organization("here").await;
    let (embed, secret) = (acme.embed_key(&product).await, acme.verification_secret(&product).await);
    let member = acme.member(Role::Viewer).await.email;
    let bridge = acme.bridge_key(&product, BridgeAlgorithm::Hs256).await;
    let started = acme.exchange(&embed, bridge_token(&bridge, &acme.vouches("u-1"))).await.expect("a session");
    Scene {
        dashboard: dashboard(&acme, &member).await,
        widget: acme.token(&owner, &organization).await.token.reveal().to_owned(),
        session: started.token.reveal().to_owned(),
        identity: acme.identity(&product, &secret.secret, "u-1").await.expect("a token").token.reveal().to_owned(),
        acme,
        product,
        secret,
    }
}

impl Scene {
    fn all(&self) -> [(&'static str, &str); 4] {
        [("dashboard", &self.dashboard), ("widget", &self.widget), ("session", &self.session), ("identity", &self.identity)]
    }

    /// A backend of this role.
    async fn backend(&self, role: Role) -> Op {
        let key = self.acme.api_key(role, None).await;
        self.acme.key_op(&key).await
    }

    /// The kinds that this backend finds active.
    async fn active(&self, op: &Op) -> Vec<&'static str> {
        let mut active = Vec::new();
        for (kind, token) in self.all() {
            let told = op.introspect(token).await.expect("answers");
            if told.active {
                assert_eq!(told.claims["kind"], kind);
                active.push(kind);
            } else {
                assert_eq!(serde_json::to_value(told).expect("JSON"), json!({ "active": false }), "RFC 7662, section 2.2");
            }
        }
        active
    }

    async fn check(&self, token: &str) -> TokenCheck {
        self.acme.core.check_token(token).await.expect("answers")
    }
}

fn reason(check: &TokenCheck) -> Option<CheckReason> {
    assert!(check.payload.is_none() && check.user.is_none() && !check.valid, "{check:?}");
    check.reason
}

fn of(token: &str) -> TokenRevocation {
    TokenRevocation { token: Some(Secret::new(token.to_owned())), ..TokenRevocation::default() }
}

fn code<T>(done: crate::Result<T>) -> Option<Code> {
    done.err().map(|error| error.code())
}

on_each_engine! {
    /// N7, N8, N9, ID6
    async fn a_bearer_learns_of_its_own_token_and_nothing_of_other_kinds(fresh) {
        let scene = scene(&fresh).await;
        let check = scene.check(&scene.session).await;
        let (payload, user) = (check.payload.clone().expect("said"), check.user.clone().expect("somebody"));
        assert_eq!((check.valid, check.reason, &payload["type"], &payload["product_id"]), (true, None, &json!("access"), &json!(scene.product)));
        assert_eq!(payload["sub"], user["id"]);
        assert!(payload["exp"].is_i64() && payload["iat"].is_i64());
        assert_eq!(Value::Object(user), json!({ "id": payload["sub"], "email": null, "display_name": null, "avatar_url": null, "email_verified": false }));
        let camel = serde_json::to_value(check.in_camel_case()).expect("JSON");
        assert_eq!((&camel["payload"]["projectId"], &camel["user"]["emailVerified"]), (&json!(scene.product), &json!(false)));
        assert!(camel["payload"].get("product_id").is_none() && camel["user"].as_object().expect("somebody").contains_key("displayName"));

        let check = scene.check(&scene.identity).await;
        let payload = check.payload.expect("said");
        assert_eq!((check.valid, &payload["type"], &payload["sub"], &check.user.expect("somebody")["id"]), (true, &json!("identity"), &json!("u-1"), &json!("u-1")));
        for wrong in [&scene.dashboard, &scene.widget] {
            assert_eq!(reason(&scene.check(wrong).await), Some(CheckReason::WrongKind));
        }
        let (message, _) = scene.session.rsplit_once('.').expect("three parts");
        for wrong in ["", "x", "e30.e30.e30", "sk_live_x", &format!("{message}.AAAA"), &format!("{}A", scene.session)] {
            assert_eq!(reason(&scene.check(wrong).await), Some(CheckReason::InvalidToken), "{wrong}");
        }
    }

    /// N19: revocation, bans and deletions show at once; `reason` is no finer than the signature has earned.
    async fn a_check_sees_what_ended_at_once(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let id = scene.check(&scene.session).await.payload.expect("said")["sub"].as_str().expect("an id").parse().expect("an id");
        let ban = |banned| crate::customer::CustomerChange { banned: Some(banned), ..Default::default() };
        owner.update_customer(&id, ban(true)).await.expect("banned");
        for token in [&scene.session, &scene.identity] {
            assert_eq!(reason(&scene.check(token).await), Some(CheckReason::Revoked));
        }
        owner.update_customer(&id, ban(false)).await.expect("let in");
        assert_eq!(reason(&scene.check(&scene.session).await), Some(CheckReason::Revoked), "its session ended");
        assert!(scene.check(&scene.identity).await.valid);
        fresh.clock.advance(HOUR);
        for token in [&scene.session, &scene.identity] {
            assert_eq!(reason(&scene.check(token).await), Some(CheckReason::Expired));
        }
        for token in [&scene.dashboard, &scene.widget] {
            assert_eq!(reason(&scene.check(token).await), Some(CheckReason::WrongKind));
        }
    }

    /// ID7: RFC 7662 with an API key; what the key may not see is not active, and a person is no client.
    async fn a_backend_learns_of_every_kind_that_its_key_may_see(fresh) {
        let scene = scene(&fresh).await;
        let everything = ["dashboard", "widget", "session", "identity"];
        for role in [Role::Viewer, Role::Admin] {
            assert_eq!(scene.active(&scene.backend(role).await).await, everything, "{role}");
        }
        let backend = scene.backend(Role::Viewer).await;
        let told = serde_json::to_value(backend.introspect(&scene.widget).await.expect("answers")).expect("JSON");
        assert_eq!((&told["active"], &told["token_type"], &told["scope"]), (&json!(true), &json!("Bearer"), &json!("sso_connection")));
        assert!(told["exp"].is_i64() && told["iss"] == "http://127.0.0.1:3000/t/acme");

        let (here, elsewhere) = (scene.acme.owner().await.organizations(crate::Limit::MOST, None).await.expect("a list").data.remove(0).organization.id, scene.acme.organization("elsewhere").await);
        for (organization, sees) in [(&here, &["widget"][..]), (&elsewhere, &[])] {
            let key = scene.acme.api_key(Role::Admin, Some(organization)).await;
            assert_eq!(scene.active(&scene.acme.key_op(&key).await).await, sees);
        }
        let other = fresh.tenant("other").await;
        let key = other.api_key(Role::Admin, None).await;
        assert_eq!(scene.active(&other.key_op(&key).await).await, Vec::<&str>::new());
        assert_eq!(code(scene.acme.owner().await.introspect(&scene.widget).await), Some(Code::InsufficientRole));

        let batch = |tokens: Vec<&str>| IntrospectionBatch { tokens: tokens.into_iter().map(|token| Secret::new(token.to_owned())).collect() };
        let told = backend.introspect_batch(&batch(vec!["x", &scene.identity, &scene.widget])).await.expect("answers").data;
        assert_eq!(told.iter().map(|one| one.active).collect::<Vec<_>>(), [false, true, true]);
        for wrong in [vec![], vec!["x"; 101]] {
            assert_eq!(code(backend.introspect_batch(&batch(wrong)).await), Some(Code::InvalidField));
        }
        assert_eq!(backend.introspect_batch(&batch(vec!["x"; 100])).await.expect("answers").data.len(), 100);
    }

    /// ID7: RFC 7009. A revoked token is dead where it was good; again, and of anything unknown, it changes nothing.
    async fn a_backend_ends_a_token_of_every_kind(fresh) {
        let scene = scene(&fresh).await;
        let (viewer, backend) = (scene.backend(Role::Viewer).await, scene.backend(Role::Admin).await);
        let mut left = vec!["dashboard", "widget", "session", "identity"];
        for (kind, token) in scene.all() {
            assert_eq!(code(viewer.revoke_by_token(of(token)).await), Some(Code::InsufficientRole), "{kind}");
            assert_eq!(scene.active(&viewer).await, left);
            assert_eq!(backend.revoke_by_token(of(token)).await.expect("answers").revoked, 1, "{kind}");
            left.retain(|other| *other != kind);
            assert_eq!(scene.active(&viewer).await, left);
            assert_eq!(backend.revoke_by_token(of(token)).await.expect("again").revoked, 0, "{kind}");
        }
        for unknown in ["x", "", "e30.e30.e30"] {
            assert_eq!(backend.revoke_by_token(of(unknown)).await.expect("no error").revoked, 0);
        }
        assert_eq!(code(backend.revoke_by_token(TokenRevocation::default()).await), Some(Code::MissingField));
        assert_eq!(code(scene.acme.owner().await.revoke_by_token(of("x")).await), Some(Code::InsufficientRole));
        // Only an owner ends an owner's session.
        let owners = dashboard(&scene.acme, &scene.acme.owner.email).await;
        assert_eq!(code(backend.revoke_by_token(of(&owners)).await), Some(Code::InsufficientRole));
        let other = fresh.tenant("other").await;
        let key = other.api_key(Role::Admin, None).await;
        assert_eq!(other.key_op(&key).await.revoke_by_token(of(&owners)).await.expect("no error").revoked, 0);
        assert!(viewer.introspect(&owners).await.expect("answers").active);
    }

    /// Issue 5: identity tokens by `jti`, user, product or secret, asked together.
    async fn identity_tokens_are_refused_by_what_they_came_through(fresh) {
        let scene = scene(&fresh).await;
        let backend = scene.backend(Role::Admin).await;
        let other = scene.acme.verification_secret(&scene.product).await;
        let buy = async |secret: &CreatedVerificationSecret, user: &str| {
            let issued = scene.acme.identity(&scene.product, &secret.secret, user).await.expect("a token");
            (issued.id.to_string(), issued.token.reveal().to_owned())
        };
        let by = |jti: Option<&str>, user: Option<&str>, secret: Option<&str>| TokenRevocation {
            jti: jti.map(Into::into),
            user_id: user.map(Into::into),
            verification_secret_id: secret.map(Into::into),
            reason: Some("signed out".into()),
            ..TokenRevocation::default()
        };
        let revoked = async |asked| backend.revoke_by_token(asked).await.map(|done| done.revoked).map_err(|error| (error.code(), error.problem().field));
        let (one, two) = (buy(&scene.secret, "a").await, buy(&scene.secret, "a").await);
        let (three, four) = (buy(&other, "a").await, buy(&other, "b").await);
        assert_eq!(revoked(by(Some(&one.0), Some("b"), None)).await, Ok(0), "together");
        assert_eq!(revoked(by(Some(&one.0), None, None)).await, Ok(1));
        assert!(!scene.check(&one.1).await.valid && scene.check(&two.1).await.valid);
        assert_eq!(revoked(by(None, Some("a"), Some(other.verification_secret.id.as_str()))).await, Ok(1));
        assert!(!scene.check(&three.1).await.valid && scene.check(&two.1).await.valid && scene.check(&four.1).await.valid);
        assert_eq!(revoked(by(None, Some("a"), None)).await, Ok(1));
        assert_eq!(revoked(by(None, Some("nobody"), None)).await, Ok(0));
        assert_eq!(revoked(by(None, None, Some(other.verification_secret.id.as_str()))).await, Ok(1));
        let of_product = TokenRevocation { product_id: Some(scene.product.to_string()), ..TokenRevocation::default() };
        assert_eq!(revoked(of_product).await, Ok(1), "the scene's own");
        for asked in [by(Some("x"), None, None), by(None, None, Some("vs_x"))] {
            assert_eq!(revoked(asked).await.map_err(|(code, _)| code), Err(Code::InvalidField));
        }
        assert_eq!(revoked(TokenRevocation { token: Some(Secret::new("x".into())), ..by(Some(&one.0), None, None) }).await, Err((Code::InvalidField, Some("token".into()))));
        assert_eq!(code(scene.backend(Role::Viewer).await.revoke_by_token(by(None, Some("nobody"), None)).await), Some(Code::InsufficientRole));
        let theirs = fresh.tenant("other").await;
        let five = buy(&other, "c").await;
        let key = theirs.api_key(Role::Admin, None).await;
        for asked in [by(Some(&five.0), None, None), by(None, Some("c"), None), by(None, None, Some(other.verification_secret.id.as_str()))] {
            assert_eq!(theirs.key_op(&key).await.revoke_by_token(asked).await.expect("no error").revoked, 0);
        }
        assert!(scene.check(&five.1).await.valid, "another tenant's are none of theirs");
    }

    /// A refreshed session's earlier token is judged by its own time.
    async fn each_token_of_a_session_has_its_own_time(fresh) {
        let scene = scene(&fresh).await;
        fresh.clock.advance(30 * MINUTE);
        let session = Secret::new(scene.session.clone());
        let refreshed = scene.acme.visit(&session).await.expect("alive").refresh().await.expect("refreshed");
        fresh.clock.advance(31 * MINUTE);
        assert_eq!(reason(&scene.check(&scene.session).await), Some(CheckReason::Expired));
        assert!(scene.check(refreshed.token.reveal()).await.valid);
    }
}
