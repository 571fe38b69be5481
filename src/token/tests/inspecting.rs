//! The inspector walks the guard's own steps, says what it may, and leaves no trace.

use super::{super::*, *};
use crate::{OrganizationId, Permission, Reach, Secret, on_each_engine, session::NewApiSession, testing::PASSWORD, user::Visitor};

const SSO: &str = "/widget/sso-connection/setup";

async fn look(op: &Op, token: &str, origin: &str, path: &str) -> Inspection {
    let text = Secret::new(token.to_owned());
    op.inspect(Shown::Text(&text), Imagined { origin, path }).await.expect("an answer")
}

/// The steps as one letter each, and the refusal: passed, refused, not judged, not reached.
fn told(found: &Inspection) -> (String, Option<Code>, String) {
    let (Inspection::Ours { walk, .. } | Inspection::Flawed { walk, .. }) = found else { return Default::default() };
    let (mut letters, mut code, mut why) = (String::new(), None, String::new());
    for step in walk {
        letters.push(match &step.verdict {
            Verdict::Passed(_) => 'p',
            Verdict::NotJudged => '?',
            Verdict::NotReached => '-',
            Verdict::Refused(refused, said) => {
                (code, why) = (Some(*refused), said.clone());
                'r'
            }
        });
    }
    (letters, code, why)
}

fn told_as(letters: &str, code: Code, why: &str) -> (String, Option<Code>, String) {
    (letters.to_owned(), Some(code), why.to_owned())
}

on_each_engine! {
    /// Whatever is presented from wherever, the walk refuses with the guard's own code, or lets in what the guard lets in.
    async fn the_walk_and_the_guard_are_of_one_mind(fresh) {
        let ground = ground(&fresh).await;
        let (good, dead) = (ground.mint().await, ground.mint().await);
        ground.revoke(&dead).await;
        let mut forged = good.token.reveal().to_owned();
        forged.truncate(forged.len() - 4);
        forged.push_str("AAAA");
        for token in [good.token.reveal(), dead.token.reveal(), &forged] {
            for origin in [PAGE, "https://evil.com", "null", ""] {
                for path in ["/widget/session", SSO, "/widget/directory-sync"] {
                    let call = Presented { bearer: Some(token), origin: Some(origin).filter(|o| !o.is_empty()), ..Default::default() };
                    let guard = match ground.core.guard(call).await {
                        Ok(grant) => scope_of(path).and_then(|scope| grant.require(scope).err()),
                        Err(error) => Some(error),
                    };
                    let (_, walk, _) = told(&look(&ground.op, token, origin, path).await);
                    assert_eq!(walk, guard.map(|error| error.code()), "{origin} {path}");
                }
            }
        }
    }

    async fn each_step_says_why(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let token = minted.token.reveal();
        let found = look(&ground.op, token, PAGE, SSO).await;
        let Inspection::Ours { kind: Kind::Widget, key: Some(key), row: Row::Widget(row), .. } = &found else { panic!("{found:?}") };
        assert_eq!((&row.id, key.state.as_str()), (&minted.id, "active"));
        assert_eq!(told(&found).0, "pppppp");
        let from = |origin: &'static str, path: &'static str| async { told(&look(&ground.op, token, origin, path).await) };
        let mismatch = Code::WidgetOriginMismatch;
        assert_eq!(from("https://www.acme.com", SSO).await, told_as("ppppr-", mismatch, "`https://www.acme.com` is not `https://app.acme.com`."));
        assert_eq!(from("", SSO).await, told_as("ppppr-", mismatch, "The page says no origin; the token may be used from `https://app.acme.com`."));
        let needs = "The route needs `directory_sync`; the token holds `sso_connection`.";
        assert_eq!(from(PAGE, "/widget/directory-sync/users").await, told_as("pppppr", Code::WidgetScopeRequired, needs));
        let by_id = async || ground.op.inspect(Shown::Id(&minted.id), Imagined { origin: PAGE, path: SSO }).await.expect("an answer");
        assert_eq!(told(&by_id().await).0, "??pppp");
        let organization = ground.organization.id.clone();
        ground.op.delete_organization(&organization).await.expect("deleted");
        assert_eq!(told(&by_id().await).1, Some(Code::WidgetTokenRevoked));
        fresh.clock.advance(crate::time::HOUR);
        let (letters, code, _) = told(&look(&ground.op, token, PAGE, SSO).await);
        assert_eq!((letters.as_str(), code), ("pr----", Some(Code::WidgetTokenExpired)));
    }

    /// AZ2: of another tenant's token nothing is said, not even whether it is good; of one that nobody signed, neither.
    async fn a_foreign_token_is_not_of_this_tenant_and_nothing_more(fresh) {
        let (ours, theirs) = (ground(&fresh).await, another(&fresh, "other").await);
        let minted = theirs.mint().await;
        let good = minted.token.reveal();
        let mut forged = good.to_owned();
        forged.truncate(forged.len() - 4);
        forged.push_str("AAAA");
        assert_eq!(look(&ours.op, good, PAGE, SSO).await, Inspection::NotOfThisTenant);
        assert_eq!(look(&ours.op, &forged, PAGE, SSO).await, Inspection::NotOfThisTenant);
        theirs.revoke(&minted).await;
        assert_eq!(look(&ours.op, good, PAGE, SSO).await, Inspection::NotOfThisTenant);
        let by_id = ours.op.inspect(Shown::Id(&minted.id), Imagined::default()).await.err().map(|error| error.code());
        assert_eq!(by_id, Some(Code::NotFound));
        assert_eq!(look(&ours.op, "e30.e30.e30", PAGE, SSO).await, Inspection::NoToken(Flaw::Header));
        assert_eq!(look(&ours.op, "nothing", PAGE, SSO).await, Inspection::NoToken(Flaw::Form));
        let found = look(&theirs.op, &forged, PAGE, SSO).await;
        assert!(matches!(&found, Inspection::Flawed { key: Some(_), .. }), "{found:?}");
        assert_eq!(told(&found), told_as("pr----", Code::InvalidToken, "The key that its header names did not sign it. Somebody changed it, or made it up."));
    }

    async fn what_is_dead_is_told_with_what_ended_it(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let key = ground.op.token(&minted.id).await.expect("a row").signing_key_id;
        let look = async || {
            let found = look(&ground.op, minted.token.reveal(), PAGE, SSO).await;
            let Inspection::Ours { walk, .. } = &found else { panic!("{found:?}") };
            assert_eq!(walk.iter().map(|step| step.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
            told(&found)
        };
        for (table, id, column, value, why) in [
            ("signing_key", key.to_string(), "state", "'retired'", "The key that signed it is retired."),
            ("tenant", ground.tenant.to_string(), "not_before", "9000000000000", "Everything that was issued before was revoked."),
            ("tenant", ground.tenant.to_string(), "suspended_at", "1", "The tenant is suspended."),
            ("organization", ground.organization.id.to_string(), "deleted_at", "1", "Its organization was deleted."),
        ] {
            fresh.sql(format!("update {table} set {column} = {value} where id = '{id}'")).await.expect("ended");
            assert_eq!(look().await, told_as("pppr--", Code::WidgetTokenRevoked, why));
            let alive = match column { "state" => "'active'", "not_before" => "0", _ => "null" };
            fresh.sql(format!("update {table} set {column} = {alive} where id = '{id}'")).await.expect("taken back");
            assert_eq!(look().await.0, "pppppp", "{column}");
        }
        ground.revoke(&minted).await;
        assert_eq!(look().await, told_as("pppr--", Code::WidgetTokenRevoked, "It was revoked."));
        fresh.drop_triggers().await;
        fresh.sql(format!("delete from widget_token where id = '{}'", minted.id)).await.expect("gone");
        assert_eq!(look().await, told_as("pppr--", Code::WidgetTokenRevoked, "There is no such row any more."));
    }

    /// An organization out of reach is as absent here as in lists.
    async fn who_reaches_one_organization_sees_no_token_of_another(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        let only = |id: &OrganizationId| Roles { tenant: None, organizations: [(id.clone(), Role::Viewer)].into() };
        let as_one_of = |id: &OrganizationId| ground.core.act_as(Actor { roles: only(id), ..ground.op.actor().clone() });
        let sibling = ground.op.create_organization(NewOrganization { name: "Sibling".into(), ..Default::default() }).await.expect("made");
        let (near, far) = (as_one_of(&ground.organization.id), as_one_of(&sibling.id));
        let text = Secret::new(minted.token.reveal().to_owned());
        for shown in [Shown::Text(&text), Shown::Id(&minted.id)] {
            near.inspect(shown, Imagined::default()).await.map(drop).expect("within reach");
            assert_eq!(far.inspect(shown, Imagined::default()).await.err().map(|error| error.code()), Some(Code::NotFound));
        }
    }

    async fn tokens_of_other_kinds_are_named_with_their_row(fresh) {
        let acme = fresh.tenant("acme").await;
        let asked = NewApiSession { email: acme.owner.email.clone(), password: Secret::new(PASSWORD.to_owned()), code: None, tenant: None };
        let dashboard = fresh.core.mint_session(&asked, &Visitor::default()).await.expect("a token").token;
        let product = acme.product().await;
        let (embed, bridge) = (acme.embed_key(&product).await, acme.bridge_key(&product, crate::bridge::BridgeAlgorithm::Hs256).await);
        let started = acme.exchange(&embed, crate::testing::bridge_token(&bridge, &acme.vouches("u"))).await.expect("a session");
        let owner = acme.owner().await;
        let row = async |token: &Secret| match look(&owner, token.reveal(), PAGE, SSO).await {
            Inspection::Ours { row, walk, kind, .. } => {
                let found = Inspection::Ours { row: Row::Gone, walk, kind, key: None, expires_at: fresh.core.now() };
                assert_eq!(told(&found).1, Some(Code::WidgetTokenRequired));
                row
            }
            found => panic!("{found:?}"),
        };
        let customer = started.customer.id.clone();
        assert_eq!(row(&dashboard).await, Row::Dashboard { alive: true });
        assert_eq!(row(&started.token).await, Row::Session { customer: customer.clone(), refused: None });
        owner.revoke_customer_sessions(&customer, None).await.expect("ended");
        assert_eq!(row(&started.token).await, Row::Session { customer, refused: Some(Code::SessionRevoked) });
        let secret = acme.verification_secret(&product).await;
        let identity = acme.identity(&product, &secret.secret, "u").await.expect("a token").token;
        let named = row(&identity).await;
        assert!(matches!(&named, Row::Identity { alive: true, .. }), "{named:?}");
        owner.revoke_verification_secret(&product, &secret.verification_secret.id, None).await.expect("revoked");
        let named = row(&identity).await;
        assert!(matches!(&named, Row::Identity { alive: false, .. }), "{named:?}");
        let viewer = acme.core.act_as(Actor { roles: Roles { tenant: None, organizations: [(acme.organization("one").await, Role::Admin)].into() }, ..owner.actor().clone() });
        let found = look(&viewer, dashboard.reveal(), PAGE, SSO).await;
        assert!(matches!(found, Inspection::Ours { row: Row::Withheld(Permission::ReadMembers), .. }), "{found:?}");
        for token in [&started.token, &identity] {
            let found = look(&viewer, token.reveal(), PAGE, SSO).await;
            assert!(matches!(found, Inspection::Ours { row: Row::Withheld(Permission::ReadCustomers), .. }), "{found:?}");
        }
        assert!(!viewer.actor().roles.hold(Permission::ReadMembers, Reach::Tenant));
    }

    /// Looking is no use and no refusal: history, last uses and the memory of signatures stay as they were.
    async fn a_walk_leaves_no_trace(fresh) {
        let ground = ground(&fresh).await;
        let minted = ground.mint().await;
        fresh.core.flush_uses().await.expect("written");
        let events = async || {
            let (count,): (i64,) = ground.core.db().one("select count(*) from audit_event", args![]).await.expect("a count");
            count
        };
        let before = events().await;
        for origin in [PAGE, "https://evil.com"] {
            look(&ground.op, minted.token.reveal(), origin, SSO).await;
            ground.op.inspect(Shown::Id(&minted.id), Imagined { origin, path: "/widget/directory-sync" }).await.expect("an answer");
        }
        look(&ground.op, &minted.token.reveal().replacen('.', ".A", 1), PAGE, SSO).await;
        fresh.core.flush_refusals().await.expect("written");
        fresh.core.flush_uses().await.expect("written");
        assert_eq!(events().await, before);
        assert_eq!(ground.op.token(&minted.id).await.expect("a row").last_used_at, None);
        assert!(ground.core.remembered().get(&crate::secret::Digest::of(minted.token.reveal().as_bytes())).is_none());
    }
}
