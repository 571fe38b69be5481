//! A visitor's message: begins a conversation, or goes on with the one whose secret the page has.

use super::{
    Door, LONGEST, NewVisitorMessage, SaidMessage, Speaker, VisitorMessage,
    door::PREFIX,
    speaker::Voice,
    store::{self, Found, NewConversation, NewMessage},
};
use crate::{
    Code, ConversationId, ConversationMessageId, Error, Result, Secret, Time, Who,
    audit::{Action, Event},
    secret::{Digest, generate_secret, looks_like_secret},
    text,
    time::{MINUTE, SECOND},
};

/// How often what somebody else changed meanwhile is looked at anew.
const TRIES: usize = 4;

impl Door {
    /// Text, token and conversation are judged in this order, and nothing is kept of a message that one of them refuses. Who a
    /// conversation belongs to is decided once: by the first customer who is known in it.
    pub async fn say(&self, bearer: Option<&str>, said: &NewVisitorMessage) -> Result<SaidMessage> {
        let text = text::message("text", &said.text, LONGEST)?;
        let voice = self.voice(bearer).await?;
        let Some(token) = &said.conversation_token else {
            return if said.conversation_id.is_some() { Err(not_found()) } else { self.begin(voice, text).await };
        };
        for _ in 1..TRIES {
            match self.go_on(token, said.conversation_id.as_deref(), &voice, &text).await {
                // Somebody wrote at the same time: look again.
                Err(error) if error.code() == Code::Conflict => {}
                done => return done,
            }
        }
        self.go_on(token, said.conversation_id.as_deref(), &voice, &text).await.map_err(|error| match error.code() {
            Code::Conflict => Error::unavailable().because(error),
            _ => error,
        })
    }

    /// The conversation that this secret opens for pages of this product and mode; every other one was never there.
    pub(super) async fn found(&self, token: &str) -> Result<Found> {
        if !looks_like_secret(PREFIX, token) {
            return Err(not_found());
        }
        let (entrance, now) = (&self.entrance, self.core.now());
        let hash = Digest::of(token.as_bytes()).to_hex();
        store::by_token(self.core.db(), &entrance.tenant_id, &entrance.product_id, entrance.mode, &hash, now).await?.ok_or_else(not_found)
    }

    async fn begin(&self, voice: Voice, text: String) -> Result<SaidMessage> {
        let Self { core, entrance, key, .. } = self;
        let token = generate_secret(PREFIX);
        let mut tx = core.begin(Who::Anonymous, Some(entrance.tenant_id.clone()), self.from.clone());
        let (id, message) = (ConversationId::new(tx.now()), ConversationMessageId::new(tx.now()));
        tx.write(store::insert(&NewConversation {
            id: &id,
            tenant: &entrance.tenant_id,
            product: &entrance.product_id,
            embed_key: key,
            origin: &self.origin,
            mode: entrance.mode,
            token_hash: Digest::of(token.reveal().as_bytes()).to_hex(),
            message: NewMessage::of(&message, &voice, &text, tx.now()),
        }));
        tx.write(store::insert_message(&id, &NewMessage::of(&message, &voice, &text, tx.now())));
        let event = Event::new(Action::ConversationStarted)
            .target(&id)
            .with("product", entrance.product_id.as_str())
            .with("embed_key", key.as_str())
            .with("mode", entrance.mode.as_str())
            .with("identity", voice.speaker.as_str());
        let at = tx.now();
        tx.by(who(&voice)).commit(event).await?;
        core.uses().embed_key_used(key, core.now());
        Ok(said(id, message, &voice, text, at, Some(token)))
    }

    /// A message is bookkeeping; that a conversation gets its customer, or opens again, is history.
    async fn go_on(&self, token: &Secret, named: Option<&str>, voice: &Voice, text: &str) -> Result<SaidMessage> {
        let Self { core, key, .. } = self;
        let found = self.found(token.reveal()).await?;
        if named.is_some_and(|named| named != found.id.as_str()) {
            return Err(not_found());
        }
        let mut tx = core.begin(who(voice), Some(self.entrance.tenant_id.clone()), self.from.clone());
        let at = tx.now();
        allowed(&found, voice, at)?;
        let id = ConversationMessageId::new(at);
        let message = NewMessage::of(&id, voice, text, at);
        let writes = [store::go_on(&found.id, &message), store::insert_message(&found.id, &message)];
        let is_new = voice.customer.is_some() && found.customer_id.is_none();
        if is_new || found.is_closed() {
            tx.write_all(writes);
            let action = if is_new { Action::ConversationIdentified } else { Action::ConversationReopened };
            let event = Event::new(action).target(&found.id).with("product", self.entrance.product_id.as_str());
            tx.commit(event.with("reopened", found.is_closed())).await?;
        } else {
            core.keep_in_turn(&self.entrance.tenant_id, writes.into()).await?;
        }
        core.uses().embed_key_used(key, core.now());
        Ok(said(found.id, id, voice, text.to_owned(), at, None))
    }
}

/// What a write checks again.
fn allowed(found: &Found, voice: &Voice, now: Time) -> Result<()> {
    if voice.customer.as_ref().is_some_and(|customer| found.customer_id.as_ref().is_some_and(|owner| owner != customer)) {
        return Err(Error::new(Code::ConversationTaken, "This conversation is another customer's. Begin a new one without its token."));
    }
    if found.messages >= super::MOST {
        return Err(Error::new(Code::ConversationFull, "This conversation has a thousand messages. Begin a new one without its token."));
    }
    if let Some(at) = found.twentieth_at
        && now.since(at) < MINUTE
    {
        let seconds = u64::try_from((MINUTE - now.since(at) + SECOND - 1) / SECOND).unwrap_or(1);
        let message = format!("At most 20 messages a minute. Try again in {seconds} seconds.");
        return Err(Error::new(Code::RateLimited, message).retry_after(seconds));
    }
    Ok(())
}

fn who(voice: &Voice) -> Who {
    voice.customer.clone().map_or(Who::Anonymous, |id| Who::Customer { id })
}

fn said(
    conversation_id: ConversationId,
    id: ConversationMessageId,
    voice: &Voice,
    text: String,
    created_at: Time,
    conversation_token: Option<Secret>,
) -> SaidMessage {
    let identity: Speaker = voice.speaker;
    let message = VisitorMessage { id, speaker: identity, name: voice.name.clone(), text, created_at };
    SaidMessage { conversation_id, identity, message, conversation_token }
}

/// One answer for what never was, what has ended and what is somebody else's.
pub(super) fn not_found() -> Error {
    Error::not_found("conversation")
}
