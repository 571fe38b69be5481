//! Conversations on a real database of each engine (W16 to W22, ID5).

mod bounds;

use super::{
    ConversationChange, ConversationFilter, ConversationStatus, MOST, MOST_A_MINUTE, NewAnswer, NewVisitorMessage, SaidMessage, Speaker,
};
use crate::{
    Code, ConversationId, Core, Limit, Op, ProductId, Result, Role, Secret,
    audit::{Action, HistoryFilter},
    bridge::BridgeAlgorithm,
    customer::CustomerChange,
    db::args,
    embed_key::{EmbedCall, EmbedKey, KeyMode, NewEmbedKey},
    identity::{LASTS, NewIdentity},
    on_each_engine,
    product::{NewDomain, NewProduct, ProductChange},
    testing::{Fixture, Fresh, PAGE, bridge_token},
    time::{DAY, MINUTE, SECOND},
    verification_secret::CreatedVerificationSecret,
};
use serde_json::{Value, json};

/// A product with a page that may write to it and a backend that says who its users are.
struct Scene {
    acme: Fixture,
    product: ProductId,
    key: EmbedKey,
    secret: CreatedVerificationSecret,
}

async fn scene(fresh: &Fresh) -> Scene {
    let acme = fresh.tenant("acme").await;
    let product = acme.product().await;
    let key = acme.embed_key(&product).await;
    acme.domain(&product).await;
    let secret = acme.verification_secret(&product).await;
    Scene { acme, product, key, secret }
}

/// A page with this embed key writes.
async fn write(core: &Core, key: &EmbedKey, bearer: Option<&str>, token: Option<&str>, text: &str) -> Result<SaidMessage> {
    let door = core.conversation_door(EmbedCall { key: key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() }).await?;
    let conversation_token = token.map(|token| Secret::new(token.to_owned()));
    door.say(bearer, &NewVisitorMessage { text: text.to_owned(), conversation_token, conversation_id: None }).await
}

/// What a page with this embed key reads: who wrote what.
async fn read(core: &Core, key: &EmbedKey, token: &str) -> Result<Vec<(Speaker, Option<String>, String)>> {
    let door = core.conversation_door(EmbedCall { key: key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() }).await?;
    Ok(door.messages(token, None).await?.data.into_iter().map(|message| (message.speaker, message.name, message.text)).collect())
}

impl Scene {
    async fn says(&self, bearer: Option<&str>, token: Option<&str>, text: &str) -> Result<SaidMessage> {
        write(&self.acme.core, &self.key, bearer, token, text).await
    }

    /// Begins a conversation; answers its id and its secret.
    async fn begins(&self, bearer: Option<&str>) -> (ConversationId, String) {
        let said = self.says(bearer, None, "Hello").await.expect("heard");
        (said.conversation_id, said.conversation_token.expect("shown once").reveal().to_owned())
    }

    async fn identity(&self, user: &str, name: &str) -> String {
        let asked = NewIdentity {
            product_id: self.product.to_string(),
            verification_secret: Secret::new(self.secret.secret.reveal().to_owned()),
            user_id: user.to_owned(),
            name: Some(name.to_owned()),
            metadata: Some(serde_json::from_value(json!({ "plan": "team" })).expect("an object")),
        };
        self.acme.identity_of(asked).await.expect("a token").token.reveal().to_owned()
    }

    async fn thread(&self, id: &ConversationId) -> Result<Vec<(Speaker, Option<String>, Value)>> {
        let thread = self.acme.owner().await.thread(&self.product, id, None).await?;
        Ok(thread.data.into_iter().map(|message| (message.speaker, message.name, json!(message.metadata))).collect())
    }

    /// Actor and action of each event about a conversation, oldest first.
    async fn told(&self) -> Vec<(String, String)> {
        let events = self.acme.owner().await.history(&HistoryFilter::default(), Limit::MOST, None).await.expect("history").data;
        let about = events.into_iter().rev().filter(|event| event.action.as_str().starts_with("conversation."));
        about.map(|event| (event.actor.kind, event.action.to_string())).collect()
    }

    /// Why calls were refused, as history has it.
    async fn refused(&self) -> Vec<String> {
        self.acme.core.flush_refusals().await.expect("written");
        let filter = HistoryFilter { action: Some(Action::EmbedRequestRefused.to_string()), ..HistoryFilter::default() };
        let owner = self.acme.op(&self.acme.sign_in(&self.acme.owner.email).await).await;
        let events = owner.history(&filter, Limit::MOST, None).await.expect("history").data;
        let mut why: Vec<_> = events.iter().map(|event| event.metadata["why"].as_str().unwrap_or_default().to_owned()).collect();
        why.sort();
        why
    }

    async fn count(&self, table: &'static str) -> i64 {
        let sql = match table {
            "message" => "select count(*) from conversation_message",
            _ => "select count(*) from conversation",
        };
        let (count,): (i64,) = self.acme.core.db().one(sql, args![]).await.expect("a count");
        count
    }
}

fn code<T>(done: Result<T>) -> Option<Code> {
    done.err().map(|error| error.code())
}

fn answer(text: &str) -> NewAnswer {
    NewAnswer { text: text.to_owned() }
}

async fn close(op: &Op, product: &ProductId, id: &ConversationId) -> ConversationStatus {
    let change = ConversationChange { status: ConversationStatus::Closed };
    op.update_conversation(product, id, &change).await.expect("closed").status
}

on_each_engine! {
    /// W17, W20 to W22, ID5: anonymous, then known, then expired in the middle, then known again; each message says who it was from.
    async fn a_conversation_goes_on_whoever_is_known_in_it(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let ada = scene.identity("u-1", "Ada").await;
        let known = scene.says(Some(&ada), Some(&token), "It is me").await.expect("heard");
        assert_eq!((known.identity, known.message.name.as_deref(), &known.conversation_id), (Speaker::Known, Some("Ada"), &id));
        assert!(known.conversation_token.is_none(), "shown once");
        fresh.clock.advance(LASTS + SECOND);
        let expired = scene.says(Some(&ada), Some(&token), "Still me").await.expect("heard");
        assert_eq!((expired.identity, expired.message.name), (Speaker::Expired, None));
        let renamed = scene.identity("u-1", "Ada L.").await;
        assert_eq!(scene.says(Some(&renamed), Some(&token), "Here").await.expect("heard").identity, Speaker::Known);

        let plan = json!({ "plan": "team" });
        let named = |name: &str| (Speaker::Known, Some(name.to_owned()), plan.clone());
        let nobody = |speaker| (speaker, None, json!({}));
        assert_eq!(scene.thread(&id).await.expect("there"), [nobody(Speaker::Anonymous), named("Ada"), nobody(Speaker::Expired), named("Ada L.")]);
        let texts: Vec<_> = read(&fresh.core, &scene.key, &token).await.expect("read").into_iter().map(|(.., text)| text).collect();
        assert_eq!(texts, ["Hello", "It is me", "Still me", "Here"]);
        let listed = scene.acme.owner().await.conversations(&scene.product, &ConversationFilter::default(), Limit::MOST, None).await.expect("a list").data;
        assert_eq!((listed.len(), listed[0].name.as_deref(), listed[0].messages, listed[0].last_text.as_str(), listed[0].waits()), (1, Some("Ada L."), 4, "Here", true));
        let told = scene.told().await;
        let told: Vec<_> = told.iter().map(|(who, what)| (who.as_str(), what.as_str())).collect();
        assert_eq!(told, [("anonymous", "conversation.started"), ("customer", "conversation.identified")], "W22: whom history names");
        assert_eq!(scene.refused().await, Vec::<String>::new());
    }

    /// Of a secret only its hash is kept, and what was written is in no history.
    async fn neither_the_secret_nor_a_word_is_anywhere_else(fresh) {
        let scene = scene(&fresh).await;
        let said = scene.says(None, None, "quokka-word").await.expect("heard");
        let token = said.conversation_token.expect("shown once");
        scene.acme.owner().await.answer_conversation(&scene.product, &said.conversation_id, &answer("wombat-word")).await.expect("answered");
        let rows: Vec<(String,)> = fresh.core.db().all("select body from audit_event", args![]).await.expect("rows");
        let rows = format!("{rows:?}");
        for word in ["quokka-word", "wombat-word", token.reveal()] {
            assert!(!rows.contains(word), "{word}");
        }
        let kept: Vec<(String,)> = fresh.core.db().all("select token_hash from conversation", args![]).await.expect("rows");
        assert!(kept.len() == 1 && kept[0].0.len() == 64 && !kept[0].0.contains(&token.reveal()[13..40]));
    }

    /// A session of the product speaks as well, and an ended one does not.
    async fn a_session_says_who_it_is(fresh) {
        let scene = scene(&fresh).await;
        let bridge = scene.acme.bridge_key(&scene.product, BridgeAlgorithm::Hs256).await;
        let mut claims = scene.acme.vouches("u-1");
        claims["name"] = json!("Grace");
        let session = scene.acme.exchange(&scene.key, bridge_token(&bridge, &claims)).await.expect("a session");
        let (_, token) = scene.begins(Some(session.token.reveal())).await;
        let said = scene.says(Some(session.token.reveal()), Some(&token), "Again").await.expect("heard");
        assert_eq!((said.identity, said.message.name.as_deref()), (Speaker::Known, Some("Grace")));
        let ended = scene.acme.exchange(&scene.key, bridge_token(&bridge, &scene.acme.vouches("u-1"))).await.expect("a session");
        scene.acme.visit(&ended.token).await.expect("alive").end().await.expect("ended");
        assert_eq!(code(scene.says(Some(ended.token.reveal()), Some(&token), "Gone").await), Some(Code::SessionRevoked));
        fresh.clock.advance(crate::customer_session::LASTS + SECOND);
        let said = scene.says(Some(session.token.reveal()), Some(&token), "Later").await.expect("heard");
        assert_eq!(said.identity, Speaker::Expired);
        assert_eq!(scene.refused().await, ["revoked"]);
    }

    /// F6: what somebody tries out is not what customers live with.
    async fn a_session_of_one_mode_says_nothing_in_the_other(fresh) {
        let scene = scene(&fresh).await;
        let owner = scene.acme.owner().await;
        let (name, origins) = ("Test".to_owned(), vec![PAGE.to_owned()]);
        let test = owner.create_embed_key(&scene.product, NewEmbedKey { name, origins, mode: KeyMode::Test, allow_development_origins: None }).await.expect("a key");
        let bridge = scene.acme.bridge_key(&scene.product, BridgeAlgorithm::Hs256).await;
        let session = async |key| scene.acme.exchange(key, bridge_token(&bridge, &scene.acme.vouches("u-1"))).await.expect("a session").token;
        let (live, tried) = (session(&scene.key).await, session(&test).await);
        let says = async |key, bearer: &crate::Secret| code(write(&fresh.core, key, Some(bearer.reveal()), None, "Hello").await);
        assert_eq!((says(&scene.key, &live).await, says(&test, &tried).await), (None, None));
        assert_eq!((says(&scene.key, &tried).await, says(&test, &live).await), (Some(Code::InvalidToken), Some(Code::InvalidToken)));
        assert_eq!(scene.refused().await, ["foreign", "foreign"]);
        assert_eq!(scene.count("conversation").await, 2);
    }

    /// W18, ID5: what is no token of this product's is refused, told, and never anonymous.
    async fn a_forged_a_foreign_and_a_revoked_identity_write_nothing(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let ada = scene.identity("u-1", "Ada").await;
        let (message, signature) = ada.rsplit_once('.').expect("three parts");
        let forged = format!("{message}.{}{}", if signature.starts_with('A') { 'B' } else { 'A' }, &signature[1..]);
        let other = scene.acme.owner().await.create_product(NewProduct { name: "Other".to_owned(), ..NewProduct::default() }).await.expect("made").id;
        scene.acme.domain(&other).await;
        let sibling = scene.acme.identity(&other, &scene.acme.verification_secret(&other).await.secret, "u-1").await.expect("a token");
        let theirs = fresh.tenant("other").await;
        let product = theirs.product().await;
        theirs.domain(&product).await;
        let foreign = theirs.identity(&product, &theirs.verification_secret(&product).await.secret, "u-1").await.expect("a token");
        for wrong in [forged.as_str(), "x", sibling.token.reveal(), foreign.token.reveal()] {
            for token in [None, Some(token.as_str())] {
                assert_eq!(code(scene.says(Some(wrong), token, "Hello").await), Some(Code::InvalidToken), "{wrong}");
            }
        }
        let customer = scene.acme.owner().await.customers(&crate::customer::CustomerFilter::default(), Limit::MOST, None).await.expect("a list").data.remove(0).id;
        let ban = |banned| CustomerChange { banned: Some(banned), ..CustomerChange::default() };
        scene.acme.owner().await.update_customer(&customer, ban(true)).await.expect("banned");
        assert_eq!(code(scene.says(Some(&ada), Some(&token), "Hello").await), Some(Code::InvalidToken));
        scene.acme.owner().await.update_customer(&customer, ban(false)).await.expect("let in");
        assert!(scene.says(Some(&ada), Some(&token), "Hello").await.is_ok(), "read anew on every message");
        scene.acme.owner().await.revoke_verification_secret(&scene.product, &scene.secret.verification_secret.id, None).await.expect("revoked");
        assert_eq!(code(scene.says(Some(&ada), Some(&token), "Hello").await), Some(Code::InvalidToken));
        // Past its time it is still no token of this product's.
        fresh.clock.advance(LASTS + SECOND);
        assert_eq!(code(scene.says(Some(sibling.token.reveal()), Some(&token), "Hello").await), Some(Code::InvalidToken));
        assert_eq!(scene.thread(&id).await.expect("there").len(), 2);
        assert_eq!((scene.count("conversation").await, scene.refused().await), (1, vec!["foreign".to_owned(), "forged".into(), "revoked".into()]));
    }

    /// W19: an identity counts only on a registered domain, whatever the embed key lets in.
    async fn an_identity_is_for_registered_domains(fresh) {
        let scene = scene(&fresh).await;
        let ada = scene.identity("u-1", "Ada").await;
        let owner = scene.acme.owner().await;
        let domain = owner.domains(&scene.product).await.expect("a list").remove(0);
        owner.remove_domain(&scene.product, &domain.id).await.expect("removed");
        assert_eq!(code(scene.says(Some(&ada), None, "Hello").await), Some(Code::EmbedOriginNotAllowed));
        assert!(scene.says(None, None, "Hello").await.is_ok());
        let (name, origins) = ("Test".to_owned(), vec![PAGE.to_owned()]);
        let test = owner.create_embed_key(&scene.product, NewEmbedKey { name, origins, mode: KeyMode::Test, allow_development_origins: None }).await.expect("a key");
        assert!(write(&fresh.core, &test, Some(&ada), None, "Hello").await.is_ok(), "a test page is on its key's list, and that is enough");
        owner.add_domain(&scene.product, &NewDomain { origin: PAGE.to_owned() }).await.expect("registered");
        assert!(scene.says(Some(&ada), None, "Hello").await.is_ok());
    }

    /// AZ2: another conversation's secret, product, mode or tenant is the same as one that never was; so is a right id without a secret.
    async fn whoever_has_not_the_secret_finds_nothing(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let owner = scene.acme.owner().await;
        let other = owner.create_product(NewProduct { name: "Other".to_owned(), ..NewProduct::default() }).await.expect("made").id;
        let (name, origins) = ("Test".to_owned(), vec![PAGE.to_owned()]);
        let test = owner.create_embed_key(&scene.product, NewEmbedKey { name, origins, mode: KeyMode::Test, allow_development_origins: None }).await.expect("a key");
        let theirs = fresh.tenant("other").await;
        let foreign = theirs.embed_key(&theirs.product().await).await;
        let mut said = Vec::new();
        for key in [&scene.acme.embed_key(&other).await, &test, &foreign] {
            said.push(write(&fresh.core, key, None, Some(&token), "Hello").await.err().expect("refused").problem());
            said.push(read(&fresh.core, key, &token).await.expect_err("refused").problem());
        }
        let never = crate::secret::generate_secret("conversation_");
        said.push(scene.says(None, Some(never.reveal()), "Hello").await.err().expect("refused").problem());
        said.push(scene.says(None, Some(id.as_str()), "Hello").await.err().expect("refused").problem());
        said.push(read(&fresh.core, &scene.key, never.reveal()).await.expect_err("refused").problem());
        let door = fresh.core.conversation_door(EmbedCall { key: scene.key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() }).await.expect("in");
        for conversation_token in [None, Some(token.as_str())] {
            let wrong = if conversation_token.is_some() { ConversationId::new(fresh.core.now()) } else { id.clone() };
            let conversation_token = conversation_token.map(|token| Secret::new(token.to_owned()));
            let asked = NewVisitorMessage { text: "Hello".to_owned(), conversation_token, conversation_id: Some(wrong.to_string()) };
            said.push(door.say(None, &asked).await.err().expect("refused").problem());
        }
        said.dedup();
        assert_eq!((said.len(), said[0].code), (1, Code::NotFound), "{said:?}");
        assert_eq!(code(theirs.owner().await.thread(&scene.product, &id, None).await), Some(Code::NotFound));
        assert_eq!(code(owner.thread(&other, &id, None).await), Some(Code::NotFound));
        assert!(scene.says(None, Some(&token), "Hello").await.is_ok());
        // Another embed key of the same product goes on with it.
        assert!(write(&fresh.core, &scene.acme.embed_key(&scene.product).await, None, Some(&token), "Hello").await.is_ok());
        assert_eq!(scene.count("message").await, 3);
    }

    /// A shared computer: a second customer is told to begin anew, and reads nothing into the first one's.
    async fn a_conversation_has_one_customer(fresh) {
        let scene = scene(&fresh).await;
        let (ada, bob) = (scene.identity("u-1", "Ada").await, scene.identity("u-2", "Bob").await);
        let (id, token) = scene.begins(Some(&ada)).await;
        assert_eq!(code(scene.says(Some(&bob), Some(&token), "Hello").await), Some(Code::ConversationTaken));
        assert!(scene.says(None, Some(&token), "Who am I").await.is_ok());
        assert_eq!(scene.thread(&id).await.expect("there").len(), 2);
        let (anew, _) = scene.begins(Some(&bob)).await;
        assert_ne!(anew, id);
        // Of two who claim an anonymous one at once, one gets it.
        let (_, token) = scene.begins(None).await;
        let (first, second) = tokio::join!(scene.says(Some(&ada), Some(&token), "A"), scene.says(Some(&bob), Some(&token), "B"));
        let mut codes = [code(first), code(second)];
        codes.sort_by_key(Option::is_some);
        assert_eq!(codes, [None, Some(Code::ConversationTaken)]);
    }

    async fn an_answer_reaches_the_page_and_names_nobody_there(fresh) {
        let scene = scene(&fresh).await;
        let (id, token) = scene.begins(None).await;
        let owner = scene.acme.owner().await;
        let answered = owner.answer_conversation(&scene.product, &id, &answer("Hi,\r\nhow can I help?")).await.expect("answered");
        assert_eq!((answered.name.as_deref(), answered.author_id.as_deref()), (Some("Olive Owner"), Some(scene.acme.owner.id.as_str())));
        let key = scene.acme.api_key(Role::Admin, None).await;
        scene.acme.key_op(&key).await.answer_conversation(&scene.product, &id, &answer("And?")).await.expect("answered");
        let page = read(&fresh.core, &scene.key, &token).await.expect("read");
        assert_eq!(page[1..], [(Speaker::Team, None, "Hi,\nhow can I help?".to_owned()), (Speaker::Team, None, "And?".to_owned())]);
        let door = fresh.core.conversation_door(EmbedCall { key: scene.key.id.as_str(), origin: Some(PAGE), ..EmbedCall::default() }).await.expect("in");
        let rest = door.messages(&token, Some(&answered.id)).await.expect("read");
        assert_eq!((rest.data.len(), rest.has_more, rest.status), (1, false, ConversationStatus::Open));
        let listed = |status| ConversationFilter { status: Some(status), ..ConversationFilter::default() };
        assert_eq!(close(&owner, &scene.product, &id).await, ConversationStatus::Closed);
        close(&owner, &scene.product, &id).await;
        assert!(owner.conversations(&scene.product, &listed(ConversationStatus::Open), Limit::MOST, None).await.expect("a list").data.is_empty());
        scene.says(None, Some(&token), "One more thing").await.expect("heard");
        let open = owner.conversations(&scene.product, &listed(ConversationStatus::Open), Limit::MOST, None).await.expect("a list").data;
        assert!(open.len() == 1 && open[0].waits());
        owner.delete_conversation(&scene.product, &id).await.expect("erased");
        assert_eq!((scene.count("conversation").await, scene.count("message").await), (0, 0));
        assert_eq!(code(read(&fresh.core, &scene.key, &token).await), Some(Code::NotFound));
        let told: Vec<_> = scene.told().await.into_iter().map(|(who, what)| format!("{who} {}", what.trim_start_matches("conversation."))).collect();
        assert_eq!(told, ["anonymous started", "user answered", "api_key answered", "user closed", "anonymous reopened", "user erased"]);
    }

    async fn viewers_read_nothing_and_members_answer_nothing(fresh) {
        let scene = scene(&fresh).await;
        let (id, _) = scene.begins(None).await;
        for (role, reads, answers) in [(Role::Viewer, false, false), (Role::Member, true, false), (Role::Admin, true, true)] {
            let op = scene.acme.op(&scene.acme.member(role).await).await;
            let refused = |may: bool| if may { None } else { Some(Code::InsufficientRole) };
            assert_eq!(code(op.conversations(&scene.product, &ConversationFilter::default(), Limit::MOST, None).await), refused(reads), "{role}");
            assert_eq!(code(op.thread(&scene.product, &id, None).await), refused(reads), "{role}");
            assert_eq!(code(op.answer_conversation(&scene.product, &id, &answer("Hi")).await), refused(answers), "{role}");
            assert_eq!(code(op.update_conversation(&scene.product, &id, &ConversationChange { status: ConversationStatus::Open }).await), refused(answers), "{role}");
            if !answers {
                assert_eq!(code(op.delete_conversation(&scene.product, &id).await), refused(false), "{role}");
            }
        }
    }
}
