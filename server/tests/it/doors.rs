//! The doors of the dashboard over HTTP: set-up, sign-in, links, and where they lead (SE8, SE9, X6).

use crate::{app::TestApp, browser::Browser};
use mintmark::{
    Role, Secret,
    invitation::NewInvitation,
    on_each_engine,
    testing::{Engine, PASSWORD, fresh},
};

const OWNER: &str = "owner@acme.example";

fn set_up_form<'a>(token: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("token", token), ("tenant_name", "Acme Widgets"), ("slug", ""), ("name", "Ada"), ("email", email), ("password", PASSWORD)]
}

/// Whatever may be in an address, and what a browser would make another site of.
const ELSEWHERE: [&str; 10] = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:evil.example",
    "/sign-in?return_to=//evil.example",
    "",
];

on_each_engine! {
    /// SE9: one link, one owner; whoever comes second is told so.
    async fn the_set_up_link_makes_one_owner_and_signs_them_in(fresh) {
        let link = fresh.core.issue_set_up_link().await.expect("a link").expect("nobody owns it");
        let token = link.token.reveal().to_owned();
        let app = TestApp::start(fresh).await;
        let (mut one, mut two) = (Browser::new(&app), Browser::new(&app));
        let page = format!("/set-up?token={token}");
        assert_eq!(one.open(&page).await.status, 200);
        assert_eq!(one.open("/set-up?token=setup_nonsense").await.status, 404);
        assert_eq!(one.open("/set-up").await.status, 404);
        let (first, second) = (set_up_form(&token, "one@acme.example"), set_up_form(&token, "two@acme.example"));
        let (first, second) = tokio::join!(one.send("set_up", &first), two.send("set_up", &second));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 410], "{} {}", first.text(), second.text());
        let (won, winner, loser) = if first.status == 200 { (first, &mut one, &mut two) } else { (second, &mut two, &mut one) };
        assert_eq!(won.header("location"), Some("/t/acme-widgets"));
        assert_eq!(winner.open("/t/acme-widgets").await.status, 200);
        assert_eq!(loser.open("/t/acme-widgets").await.status, 302);
        let used = loser.open(&page).await;
        assert_eq!(used.status, 410);
        assert!(used.text().contains("/sign-in") && !used.text().contains(&token), "it says what to do, without the secret");
        assert!(app.fresh.core.issue_set_up_link().await.expect("asks").is_none());
    }

    /// Nobody but whoever has the address sees a tenant, and whoever must sign in comes back to where they were.
    async fn who_is_not_signed_in_signs_in_and_comes_back(fresh) {
        fresh.tenant("acme").await;
        fresh.tenant("other").await;
        let app = TestApp::start(fresh).await;
        let mut browser = Browser::new(&app);
        let away = browser.open("/t/acme/profile?a=1&b=2").await;
        assert_eq!((away.status, away.header("location")), (302, Some("/sign-in?return_to=/t/acme/profile%3Fa%3D1%26b%3D2")));
        assert_eq!(browser.open("/").await.header("location"), Some("/sign-in"));
        assert!(browser.open("/sign-in?return_to=/t/acme/profile%3Fa%3D1").await.text().contains("value=\"/t/acme/profile?a=1\""));
        let form = [("email", OWNER), ("password", PASSWORD), ("return_to", "/t/acme/profile?a=1")];
        let answer = browser.submit("sign_in", &form).await;
        assert_eq!((answer.status, answer.header("location")), (302, Some("/t/acme/profile?a=1")));
        assert_eq!(browser.open("/t/acme/profile").await.status, 200);
        assert_eq!(browser.open("/").await.header("location"), Some("/t/acme"));
        assert_eq!(browser.open("/sign-in?return_to=/t/acme/profile").await.header("location"), Some("/t/acme/profile"));
        for hidden in ["/t/other", "/t/other/profile", "/t/nowhere", "/t/Acme'--"] {
            let answer = browser.open(hidden).await;
            assert_eq!(answer.status, 404, "{hidden}");
            assert!(answer.text().contains("Not found"), "{hidden}");
        }
    }

    /// An invitation brings in a new person, a known one with their password, and nobody twice.
    async fn an_invitation_is_accepted_once_by_whom_it_is_for(fresh) {
        let acme = fresh.tenant("acme").await;
        fresh.tenant("other").await;
        let invite = async |email: &str| {
            let asked = NewInvitation { email: email.to_owned(), role: Role::Member, organization_id: None };
            let url = acme.owner().await.create_invitation(asked).await.expect("an invitation").url;
            url.reveal().rsplit("token=").next().unwrap_or_default().to_owned()
        };
        let (fresh_token, known_token) = (invite("new@acme.example").await, invite("owner@other.example").await);
        let app = TestApp::start(fresh).await;
        let mut browser = Browser::new(&app);
        let page = browser.open(&format!("/invitation?token={fresh_token}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("new@acme.example") && page.text().contains("Olive Owner"));
        let weak = browser.send("accept_invitation", &[("token", &fresh_token), ("name", "Nora New"), ("password", "password")]).await;
        weak.refused(422, "weak_password");
        let form = [("token", fresh_token.as_str()), ("name", "Nora New"), ("password", PASSWORD)];
        assert_eq!(browser.send("accept_invitation", &form).await.header("location"), Some("/t/acme"));
        assert_eq!(browser.open("/t/acme").await.status, 200);
        browser.send("accept_invitation", &form).await.refused(410, "link_consumed");
        assert_eq!(browser.open(&format!("/invitation?token={fresh_token}")).await.status, 410);

        let mut known = Browser::new(&app);
        assert!(known.open(&format!("/invitation?token={known_token}")).await.text().contains("You have an account here already"));
        let wrong = [("token", known_token.as_str()), ("name", "Eve"), ("password", "another otter plays backgammon")];
        known.send("accept_invitation", &wrong).await.refused(401, "invalid_credentials");
        let right = [("token", known_token.as_str()), ("password", PASSWORD)];
        assert_eq!(known.send("accept_invitation", &right).await.status, 200);
        assert_eq!(known.open("/t/acme").await.status, 200);
        assert!(known.open("/t/acme").await.text().contains("Tenant acme, switch"), "somebody of two tenants can switch");
    }

    /// A reset link sets a password, once; sessions and the old password are dead.
    async fn a_reset_link_ends_what_was_and_works_once(fresh) {
        fresh.tenant("acme").await;
        let token = fresh.core.issue_reset(OWNER).await.expect("a link").token.reveal().to_owned();
        let app = TestApp::start(fresh).await;
        let mut before = Browser::new(&app);
        before.send("sign_in", &[("email", OWNER), ("password", PASSWORD)]).await;
        let mut browser = Browser::new(&app);
        assert!(browser.open(&format!("/reset?token={token}")).await.text().contains(OWNER));
        let form = [("token", token.as_str()), ("password", "quartz heron sings baritone")];
        assert_eq!(browser.submit("reset_account", &form).await.header("location"), Some("/sign-in?reset=done"));
        assert_eq!(before.open("/t/acme").await.status, 302, "every session has ended");
        browser.send("sign_in", &[("email", OWNER), ("password", PASSWORD)]).await.refused(401, "invalid_credentials");
        assert_eq!(browser.open(&format!("/reset?token={token}")).await.status, 410);
        browser.send("reset_account", &form).await.refused(410, "link_consumed");
    }
}

/// X6: a page of ours or the overview, never another site, with scripts and without.
#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let fresh = fresh(Engine::Sqlite).await;
    fresh.tenant("acme").await;
    let app = TestApp::with(fresh, |config| config.sign_in_limit = 1_000).await;
    let mut signed_in = Browser::new(&app);
    signed_in.send("sign_in", &[("email", OWNER), ("password", PASSWORD)]).await;
    for elsewhere in ELSEWHERE {
        let form = [("email", OWNER), ("password", PASSWORD), ("return_to", elsewhere)];
        for answer in [Browser::new(&app).send("sign_in", &form).await, Browser::new(&app).submit("sign_in", &form).await] {
            assert_eq!(answer.header("location"), Some("/t/acme"), "{elsewhere:?}");
        }
        let encoded: String = url::form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
        let page = Browser::new(&app).open(&format!("/sign-in?return_to={encoded}")).await;
        assert!(!page.text().contains("evil.example"), "{elsewhere:?}");
        let gone = signed_in.open(&format!("/sign-in?return_to={encoded}")).await;
        assert_eq!(gone.header("location"), Some("/t/acme"), "{elsewhere:?}");
        let confirm = [("tenant", "acme"), ("password", PASSWORD), ("return_to", elsewhere)];
        let location = signed_in.submit("confirm_with_password", &confirm).await.header("location").map(ToOwned::to_owned);
        assert!(
            location.as_deref().is_none_or(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains("evil")),
            "{elsewhere:?}: {location:?}"
        );
    }
}

/// SE8: ten a minute from one address, whichever door is knocked at; a neighbour in another network is let in.
#[tokio::test]
async fn the_eleventh_attempt_of_a_minute_waits() {
    let fresh = fresh(Engine::Sqlite).await;
    fresh.tenant("acme").await;
    let app = TestApp::start(fresh).await;
    let mut browser = Browser::new(&app);
    for n in 0..10 {
        let email = format!("nobody{n}@acme.example");
        let (function, code) = if n % 2 == 0 { ("sign_in", "invalid_credentials") } else { ("finish_sign_in", "invalid_credentials") };
        browser.send(function, &[("email", &email), ("password", PASSWORD), ("code", "000000")]).await.refused(401, code);
    }
    for (function, form) in [
        ("sign_in", vec![("email", OWNER), ("password", PASSWORD)]),
        ("finish_sign_in", vec![("code", "000000")]),
        ("set_up", set_up_form("setup_x", "a@b.example")),
        ("accept_invitation", vec![("token", "invite_x")]),
        ("reset_account", vec![("token", "reset_x"), ("password", PASSWORD)]),
    ] {
        let answer = browser.send(function, &form).await;
        answer.refused(429, "rate_limited");
    }
}

/// The password was right a moment ago, and nothing but a cookie that scripts cannot read remembers it.
#[tokio::test]
async fn a_second_factor_is_asked_for_on_a_page_of_its_own() {
    let fresh = fresh(Engine::Sqlite).await;
    let acme = fresh.tenant("acme").await;
    let owner = acme.owner().await;
    let offer = owner.offer_second_factor().await.expect("an offer");
    let code = mintmark::testing::totp(offer.secret.reveal(), fresh.clock.now());
    let codes = owner.confirm_second_factor(&Secret::new(code)).await.expect("turned on").codes;
    let app = TestApp::start(fresh).await;
    let mut browser = Browser::new(&app);
    let form = [("email", OWNER), ("password", PASSWORD), ("return_to", "/t/acme/profile")];
    let answer = browser.submit("sign_in", &form).await;
    assert_eq!(answer.header("location"), Some("/sign-in/code?return_to=%2Ft%2Facme%2Fprofile"));
    let ticket = answer.headers("set-cookie").into_iter().find(|line| line.starts_with("mintmark-ticket=")).expect("a ticket").to_owned();
    assert!(ticket.contains("HttpOnly") && ticket.contains("SameSite=Lax") && ticket.contains("Max-Age=300"), "{ticket}");
    assert_eq!(browser.open("/t/acme").await.status, 302, "half way is not in");
    assert_eq!(browser.open("/sign-in/code?return_to=/t/acme/profile").await.status, 200);
    browser.send("finish_sign_in", &[("code", "aaaa-aaaa-aaaa-aaaa")]).await.refused(401, "invalid_credentials");
    let form = [("code", codes[0].reveal()), ("return_to", "/t/acme/profile")];
    assert_eq!(browser.submit("finish_sign_in", &form).await.header("location"), Some("/t/acme/profile"));
    assert!(!browser.jar.contains_key("mintmark-ticket"), "{:?}", browser.jar.keys());
    assert_eq!(browser.open("/t/acme/profile").await.status, 200);
}
