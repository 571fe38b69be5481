//! One conversation: its messages as they were written, who its customer is, and the answer.

use super::{
    conversations::{mode_badge, state, title},
    frame::{Around, load},
};
use crate::{
    Answer,
    api::conversations::{AnswerConversation, DeleteConversation, SetConversationStatus, show_conversation},
    pages::{address, query, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{
        Actions, Badge, Button, Card, DangerDialog, Fact, Facts, Hidden, Id, LinkButton, Notice, PageHeader, ServerForm, TextArea, Tone,
        Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    conversation::{Conversation, ConversationStatus, LONGEST, Message, Speaker, Thread},
};
use serde_json::Value;

const ERASE: &str = "erase-conversation";

/// `/t/:tenant/studio/:product/conversations/:conversation`
#[component]
pub fn ConversationPage() -> impl IntoView {
    let standing = standing();
    let both = both(standing.clone(), address("product"), address("conversation"), query("before"));
    loaded_or_ask("Conversation", standing.slug(), both, |(around, thread)| view! { <Parts around thread/> })
}

async fn both(standing: Standing, product: String, conversation: String, before: Option<String>) -> Answer<(Around, Thread)> {
    let around = load(standing, product.clone()).await?;
    let thread = show_conversation(around.tenant.clone(), product, conversation, before).await?;
    Ok((around, thread))
}

fn values(around: &Around, conversation: &Conversation) -> Vec<(&'static str, String)> {
    vec![("tenant", around.tenant.clone()), ("product", around.product.id.to_string()), ("conversation", conversation.id.to_string())]
}

fn hidden(around: &Around, conversation: &Conversation) -> impl IntoView + use<> {
    values(around, conversation).into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view()
}

#[component]
fn Parts(around: Around, thread: Thread) -> impl IntoView {
    let Thread { conversation, data, has_earlier } = thread;
    let refused = around.refusal(Permission::ManageConversations);
    let (now, badge) = (state(&conversation), mode_badge(conversation.mode));
    let here = format!("{}/conversations/{}", around.base(), conversation.id);
    let earlier = data.first().filter(|_| has_earlier).map(|first| format!("{here}?before={}", first.id));
    let back = query("before").is_some();
    let actions = {
        let (around, conversation, refused, here) = (around.clone(), conversation.clone(), refused.clone(), here.clone());
        move || {
            view! {
                <LinkButton href=here>{if back { "Latest messages" } else { "Look again" }}</LinkButton>
                <Progress around conversation refused=refused.clone()/>
                <Button variant=Variant::Danger opens=ERASE disabled_because=refused>"Erase"</Button>
            }
        }
    };
    let answer = match refused.clone() {
        Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
        None => view! { <Reply around=around.clone() conversation=conversation.clone()/> }.into_any(),
    };
    let notes = data.iter().rev().find(|message| message.speaker == Speaker::Known).map(|message| message.metadata.0.clone());
    view! {
        <PageHeader title=title(&conversation) crumbs=around.crumbs("conversations", "Conversations") beside=move || view! { {now} {badge} } actions/>
        <div class="conversation">
            <div class="conversation__talk">
                {earlier.map(|href| view! { <p class="conversation__earlier"><a href=href>"Earlier messages"</a></p> })}
                <ol class="talk" role="list">{data.into_iter().map(|message| view! { <Said message/> }).collect_view()}</ol>
                {answer}
            </div>
            <About around=around.clone() conversation=conversation.clone() notes=notes.unwrap_or_default()/>
        </div>
        {refused.is_none().then(|| view! {
            <DangerDialog
                id=ERASE
                action={ServerAction::<DeleteConversation>::new()}
                title="Erase conversation"
                consequence=format!("{} are erased at once and for good. The page that has them open begins anew with its next message.", counted(conversation.messages))
                verb="Erase conversation"
                values=values(&around, &conversation)
                done="Conversation erased"
            />
        })}
    }
}

fn counted(messages: i64) -> String {
    if messages == 1 { "1 message".to_owned() } else { format!("{messages} messages") }
}

/// One message. What somebody wrote is text and nothing else: no links, its own direction, its own lines (WB4).
#[component]
fn Said(message: Message) -> impl IntoView {
    let (name, mark) = match message.speaker {
        Speaker::Team => (message.name.unwrap_or_else(|| "Team".to_owned()), None),
        Speaker::Known => (message.name.unwrap_or_else(|| "Customer without a name".to_owned()), None),
        Speaker::Anonymous => ("Anonymous".to_owned(), None),
        Speaker::Expired => ("Anonymous".to_owned(), Some("since the page's identity token expired")),
    };
    view! {
        <li class="talk__message" data-from=message.speaker.as_str()>
            <p class="talk__head">
                <bdi class="talk__name">{name}</bdi>
                {mark.map(|mark| view! { <span class="talk__mark">{mark}</span> })}
                <When at=message.created_at/>
            </p>
            <p class="talk__text" dir="auto">{message.text}</p>
        </li>
    }
}

#[component]
fn Reply(around: Around, conversation: Conversation) -> impl IntoView {
    let hint = match conversation.status {
        ConversationStatus::Open => "The page reads it the next time it asks, without your name.",
        ConversationStatus::Closed => "Sending opens the conversation again.",
    };
    view! {
        <ServerForm action={ServerAction::<AnswerConversation>::new()} done="Answer sent">
            {hidden(&around, &conversation)}
            <TextArea name="text" label="Answer" hint maxlength=u32::try_from(LONGEST).unwrap_or(u32::MAX)/>
            <Actions><Button submit=true variant=Variant::Primary>"Send answer"</Button></Actions>
        </ServerForm>
    }
}

/// Closes it, or opens it again.
#[component]
fn Progress(around: Around, conversation: Conversation, refused: Option<String>) -> impl IntoView {
    let (to, verb, done) = match conversation.status {
        ConversationStatus::Open => (ConversationStatus::Closed, "Close", "Conversation closed"),
        ConversationStatus::Closed => (ConversationStatus::Open, "Open again", "Conversation opened again"),
    };
    view! {
        <ServerForm action={ServerAction::<SetConversationStatus>::new()} done>
            {hidden(&around, &conversation)}
            <Hidden name="status" value=to.as_str()/>
            <Button submit=true disabled_because=refused>{verb}</Button>
        </ServerForm>
    }
}

/// Whom one talks to, as far as it was proved.
#[component]
fn About(around: Around, conversation: Conversation, notes: serde_json::Map<String, Value>) -> impl IntoView {
    let customer = match conversation.customer_id {
        Some(id) => {
            let href = format!("/t/{}/customers/{id}", around.tenant);
            view! { <Fact label="Customer"><Id value=id.to_string() href/></Fact> }.into_any()
        }
        None => view! { <Fact label="Customer"><Badge tone=Tone::Neutral>"not known"</Badge></Fact> }.into_any(),
    };
    let has_notes = !notes.is_empty();
    let notes = notes
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            view! { <Fact label=name><bdi class="anywhere">{value}</bdi></Fact> }
        })
        .collect_view();
    view! {
        <aside class="conversation__about" aria-label="About this conversation">
            <Card>
                <Facts>
                    {customer}
                    <Fact label="Page"><code class="origin__whole">{conversation.origin}</code></Fact>
                    <Fact label="Began"><When at=conversation.created_at/></Fact>
                    <Fact label="Messages">{conversation.messages}</Fact>
                    <Fact label="Erased by itself"><When at=conversation.ends_at/></Fact>
                </Facts>
            </Card>
            {has_notes.then(|| view! { <Card title="From your backend" description="What the latest identity token here says."><Facts>{notes}</Facts></Card> })}
        </aside>
    }
}
