//! Links for our sign-in window, on a real database of each engine: only the window that asked redeems them.

use super::{NewMagicLink, NewSignInLink, Redemption};
use crate::{
    Code, EmbedKeyId, ProductId, Secret,
    customer::NewCustomer,
    db::args,
    embed_key::EmbedCall,
    on_each_engine,
    product::ProductChange,
    testing::{Fixture, Fresh, PAGE, Window},
};
use tokio::task::JoinSet;

const ADA: &str = "ada@customer.example";

struct Shop {
    acme: Fixture,
    product: ProductId,
    key: EmbedKeyId,
}

impl Shop {
    async fn open(fresh: &Fresh) -> Self {
        let acme = fresh.tenant("acme").await;
        let product = acme.product().await;
        let key = acme.embed_key(&product).await.id;
        acme.let_sign_in(&product).await;
        let asked = NewCustomer { email: Some(ADA.to_owned()), email_verified: true, ..NewCustomer::default() };
        acme.owner().await.create_customer(asked).await.expect("written");
        Self { acme, product, key }
    }

    async fn change(&self, change: ProductChange) {
        self.acme.owner().await.update_product(&self.product, change).await.expect("changed");
    }
}

fn off() -> ProductChange {
    ProductChange { sign_in: Some(false), ..ProductChange::default() }
}

on_each_engine! {
    async fn whoever_asked_in_a_window_is_signed_in_there(fresh) {
        let shop = Shop::open(&fresh).await;
        let window = Window::open(&shop.key);
        let token = window.ask(&fresh.core, ADA).await.expect("a mail");
        let started = window.redeem(&fresh.core, &token).await.expect("signed in");
        assert_eq!(started.customer.email.as_deref(), Some(ADA));
        assert_eq!(window.redeem(&fresh.core, &token).await.err().map(|error| error.code()), Some(Code::LinkConsumed));
        let kept: Vec<(String,)> = fresh.core.db().all("select token_hash || challenge from magic_link", args![]).await.expect("rows");
        assert!(!kept.is_empty() && !kept.iter().any(|(text,)| text.contains(&window.verifier) || text.contains(&token)));
    }

    /// A link that somebody else asked for signs nobody in, whoever opens it and wherever.
    async fn no_other_window_and_no_page_redeems_it_nor_uses_it_up(fresh) {
        let shop = Shop::open(&fresh).await;
        let (mine, another) = (Window::open(&shop.key), Window::open(&shop.key));
        let token = mine.ask(&fresh.core, ADA).await.expect("a mail");
        assert_eq!(another.redeem(&fresh.core, &token).await.err().map(|error| error.code()), Some(Code::InvalidToken));
        let at_a_page = Redemption { token: Secret::new(token.clone()) };
        assert_eq!(fresh.core.redeem_magic_link(&at_a_page, mine.call()).await.err().map(|error| error.code()), Some(Code::InvalidToken));
        let (said, kept) = (mine.challenge.clone(), Window { verifier: mine.challenge.clone(), ..Window::open(&shop.key) });
        assert_eq!(kept.redeem(&fresh.core, &token).await.err().map(|error| error.code()), Some(Code::InvalidToken), "{said} is no verifier");
        mine.redeem(&fresh.core, &token).await.expect("nothing was used up");

        let asked = NewMagicLink { email: ADA.to_owned(), return_url: format!("{PAGE}/") };
        fresh.core.request_magic_link(&asked, "192.0.2.1", mine.call()).await.expect("accepted");
        fresh.core.answer_link_requests().await.expect("answered");
        let text = fresh.core.take_mail().await.expect("answers").expect("a mail").text;
        let (_, rest) = text.split_once("mintmark_magic_token=").expect("a link");
        let of_a_page = rest.split(char::is_whitespace).next().expect("a token");
        assert_eq!(mine.redeem(&fresh.core, of_a_page).await.err().map(|error| error.code()), Some(Code::InvalidToken), "a page's is no window's");
    }

    async fn the_switch_is_off_at_first_and_counts_at_every_step(fresh) {
        let shop = Shop::open(&fresh).await;
        let sibling = crate::product::NewProduct { name: "Chat".to_owned(), ..Default::default() };
        let sibling = shop.acme.owner().await.create_product(sibling).await.expect("made");
        assert!(!sibling.sign_in);
        let closed = Window::open(&shop.acme.embed_key(&sibling.id).await.id);
        assert_eq!(fresh.core.sign_in_popup(closed.call()).await.err().map(|error| error.code()), Some(Code::SignInOff));

        let window = Window::open(&shop.key);
        fresh.core.sign_in_popup(window.call()).await.expect("opens");
        let token = window.ask(&fresh.core, ADA).await.expect("a mail");
        let wanted = NewSignInLink { email: ADA.to_owned(), challenge: window.challenge.clone() };
        fresh.core.request_sign_in_link(&wanted, "192.0.2.2", window.call()).await.expect("accepted");
        shop.change(off()).await;
        fresh.core.answer_link_requests().await.expect("answered");
        assert!(fresh.core.take_mail().await.expect("answers").is_none(), "nobody is written to any more");
        assert_eq!(fresh.core.request_sign_in_link(&wanted, "192.0.2.2", window.call()).await.err().map(|error| error.code()), Some(Code::SignInOff));
        assert_eq!(window.redeem(&fresh.core, &token).await.err().map(|error| error.code()), Some(Code::SignInOff));
    }

    /// OR2, OR5: as with whatever else names an embed key.
    async fn a_page_that_is_not_on_the_list_opens_nothing(fresh) {
        let shop = Shop::open(&fresh).await;
        let from = async |key: &str, origin| {
            let call = EmbedCall { key, origin, ..EmbedCall::default() };
            fresh.core.sign_in_popup(call).await.map(|popup| popup.origin).map_err(|error| error.code())
        };
        assert_eq!(from(shop.key.as_str(), Some(PAGE)).await.as_deref(), Ok(PAGE));
        for elsewhere in [None, Some(""), Some("*"), Some("null"), Some("https://evil.example"), Some("https://app.customer.example/"), Some("https://app.customer.example.evil")] {
            assert_eq!(from(shop.key.as_str(), elsewhere).await, Err(Code::EmbedOriginNotAllowed), "{elsewhere:?}");
        }
        for key in ["", "*", "pk_live_000000000000000000000000"] {
            assert_eq!(from(key, Some(PAGE)).await, Err(Code::InvalidEmbedKey), "{key}");
        }
        shop.acme.owner().await.disable_embed_key(&shop.product, &shop.key, None).await.expect("disabled");
        assert_eq!(from(shop.key.as_str(), Some(PAGE)).await, Err(Code::InvalidEmbedKey));
    }

    async fn a_challenge_is_a_hash_and_nothing_else(fresh) {
        let shop = Shop::open(&fresh).await;
        let window = Window::open(&shop.key);
        for challenge in [String::new(), "0".repeat(63), "0".repeat(65), "A".repeat(64), format!("{}\"", "0".repeat(63)), "é".repeat(32)] {
            let wanted = NewSignInLink { email: ADA.to_owned(), challenge };
            let refused = fresh.core.request_sign_in_link(&wanted, "192.0.2.1", window.call()).await.err().map(|error| error.problem());
            assert_eq!(refused.and_then(|problem| problem.field).as_deref(), Some("challenge"));
        }
    }

    async fn of_twenty_who_redeem_in_one_window_one_is_signed_in(fresh) {
        let shop = std::sync::Arc::new(Shop::open(&fresh).await);
        let window = std::sync::Arc::new(Window::open(&shop.key));
        let token = window.ask(&fresh.core, ADA).await.expect("a mail");
        let mut redeeming = JoinSet::new();
        for _ in 0..20 {
            let (core, window, token) = (fresh.core.clone(), window.clone(), token.clone());
            redeeming.spawn(async move { window.redeem(&core, &token).await.map(drop).map_err(|error| error.code()) });
        }
        let outcomes = redeeming.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(Code::LinkConsumed))), "{outcomes:?}");
    }
}
