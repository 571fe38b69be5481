//! A product's conversations: who wrote what last, and whether somebody waits for an answer.

use super::frame::{Around, ProductFrame};
use crate::{
    api::{
        conversations::{KeepConversations, list_conversations},
        studio::ProductSetup,
    },
    pages::{list_address::ListAddress, restricted::loaded_or_ask_here},
    ui::{
        ActiveFilter, Badge, Button, Card, Cell, Choice, CodeBlock, Column, EmptyState, FilterBar, Glyph, Hidden, LinkButton, NoMatch,
        Pager, Row, RowLink, SelectField, ServerForm, Stack, Status, Table, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Page, Permission,
    conversation::{Conversation, ConversationFilter, ConversationStatus, KEPT_DAYS, Speaker},
    embed_key::KeyMode,
};

/// As they stand in `docs/snippets`, where a journey runs them.
const SNIPPET: &str = include_str!("../../../../docs/snippets/messages.html");
const IDENTIFY: &str = include_str!("../../../../docs/snippets/identify.html");

/// `/t/:tenant/studio/:product/conversations`
#[component]
pub fn ConversationsPage() -> impl IntoView {
    view! { <ProductFrame current="/conversations" page=|around| view! { <Inbox around/> }/> }
}

#[component]
fn Inbox(around: Around) -> impl IntoView {
    let base = format!("{}/conversations", around.base());
    let address = ListAddress::here(base.clone());
    let filter = ConversationFilter {
        status: address.get("status").and_then(|status| status.parse().ok()),
        mode: address.get("mode").and_then(|mode| mode.parse().ok()),
        customer_id: address.get("customer").and_then(|id| id.parse().ok()),
    };
    let answer = list_conversations(around.tenant.clone(), around.product.id.to_string(), filter.clone(), address.get("cursor"));
    loaded_or_ask_here(around.tenant.clone(), answer, move |(page, setup)| {
        let (newer, older) = address.pages(page.next_cursor.as_deref());
        let list = match setup {
            Some(setup) => view! { <First around=around.clone() setup/> }.into_any(),
            None => view! {
                <Filters base=base.clone() address=address.clone()/>
                {if page.data.is_empty() {
                    view! { <NoMatch what="conversations" clear=base.clone()/> }.into_any()
                } else {
                    view! { <Conversations base=base.clone() page/><Pager newer older/> }.into_any()
                }}
            }
            .into_any(),
        };
        view! {
            {list}
            <Kept around/>
        }
    })
}

#[component]
fn Filters(base: String, address: ListAddress) -> impl IntoView {
    let words = [("status", "State", [("open", "Open"), ("closed", "Closed")]), ("mode", "Mode", [("live", "Live"), ("test", "Test")])];
    let mut active: Vec<_> = words
        .iter()
        .filter_map(|(name, label, choices)| {
            let value = address.get(name)?;
            let value = choices.iter().find(|(choice, _)| *choice == value)?.1;
            Some(ActiveFilter { label: (*label).to_owned(), value: value.to_owned(), without: address.with(name, None) })
        })
        .collect();
    let customer = address.get("customer");
    active.extend(customer.clone().map(|value| ActiveFilter {
        label: "Customer".to_owned(),
        value,
        without: address.with("customer", None),
    }));
    let fields = words
        .iter()
        .map(|(name, label, choices)| {
            let choices: Vec<_> =
                [Choice::new("", *label)].into_iter().chain(choices.iter().map(|(value, word)| Choice::new(*value, *word))).collect();
            view! { <SelectField name=*name label=*label choices value=address.get(name).unwrap_or_default()/> }
        })
        .collect_view();
    view! {
        <FilterBar action=base active>
            {fields}
            {customer.map(|id| view! { <input type="hidden" name="customer" value=id/> })}
        </FilterBar>
    }
}

#[component]
fn Conversations(base: String, page: Page<Conversation>) -> impl IntoView {
    let columns: Vec<Column> = vec!["Conversation".into(), "State".into(), "Messages".into(), "Last message".into()];
    let rows = page
        .data
        .into_iter()
        .map(|conversation| {
            let (href, state, badge) = (format!("{base}/{}", conversation.id), state(&conversation), mode_badge(conversation.mode));
            let name = title(&conversation);
            let whose = (conversation.last_from == Speaker::Team).then(|| view! { <span class="excerpt__whose">"Team: "</span> });
            view! {
                <Row muted=conversation.status == ConversationStatus::Closed>
                    <Cell label="Conversation">
                        <span class="two-lines">
                            <span><RowLink href><bdi>{name}</bdi></RowLink> " " {badge}</span>
                            <span class="two-lines__second excerpt">{whose}<bdi>{conversation.last_text}</bdi></span>
                        </span>
                    </Cell>
                    <Cell label="State">{state}</Cell>
                    <Cell label="Messages">{conversation.messages}</Cell>
                    <Cell label="Last message"><When at=conversation.last_message_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Conversations, the newest message first" columns>{rows}</Table> }
}

/// What a conversation is called: its customer's name, or the word for nobody.
pub(super) fn title(conversation: &Conversation) -> String {
    match (&conversation.name, &conversation.customer_id) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => "Customer without a name".to_owned(),
        (None, None) => "Anonymous".to_owned(),
    }
}

/// Whether somebody waits.
pub(super) fn state(conversation: &Conversation) -> AnyView {
    match conversation.status {
        ConversationStatus::Closed => view! { <Status tone=Tone::Neutral>"Closed"</Status> }.into_any(),
        ConversationStatus::Open if conversation.waits() => view! { <Status tone=Tone::Warn>"Waits for an answer"</Status> }.into_any(),
        ConversationStatus::Open => view! { <Status tone=Tone::Good>"Answered"</Status> }.into_any(),
    }
}

/// Where a page for trying things out began it.
pub(super) fn mode_badge(mode: KeyMode) -> Option<AnyView> {
    (mode == KeyMode::Test).then(|| view! { <Badge tone=Tone::Warn>"test"</Badge> }.into_any())
}

/// Nobody has written yet: how a page does.
#[component]
fn First(around: Around, setup: ProductSetup) -> impl IntoView {
    let Some(key) = setup.key else {
        let (keys, refused) = (format!("{}/keys", around.base()), around.refusal(Permission::ManageEmbedKeys));
        return view! {
            <EmptyState
                title="No conversations yet"
                text="A page writes with an embed key, and only a page of the origins on its list."
                icon=Glyph::Mail
                action=move || view! { <LinkButton href=keys variant=Variant::Primary disabled_because=refused>"Create an embed key"</LinkButton> }
            />
        }
        .into_any();
    };
    let filled = |text: &str| text.replace("{{url}}", &setup.url).replace("{{key}}", key.id.as_str()).trim_end().to_owned();
    let (code, identify) = (filled(SNIPPET), filled(IDENTIFY));
    let security = format!("{}/security", around.base());
    view! {
        <EmptyState
            title="No conversations yet"
            text="Here you read what visitors write, and answer them. A message says who its user is when the page sends an identity token along; without one it is anonymous."
            icon=Glyph::Mail
            action=move || view! { <LinkButton href=security>"Say who your users are"</LinkButton> }
        />
        <Card title="Write the first one" description="A page that runs as it stands, on any origin of the embed key. What you answer here appears in it within five seconds.">
            <Stack>
                <CodeBlock code label="HTML"/>
                <CodeBlock code=identify label="And who writes, where your page knows it"/>
            </Stack>
        </Card>
    }
    .into_any()
}

#[component]
fn Kept(around: Around) -> impl IntoView {
    let days = around.product.conversation_days;
    let words = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    if around.refusal(Permission::ManageProducts).is_some() {
        return view! { <p class="quiet">{format!("Conversations are erased {} after their last message.", words(days))}</p> }.into_any();
    }
    let choices: Vec<_> = KEPT_DAYS.iter().map(|days| Choice::new(days.to_string(), words(*days))).collect();
    view! {
        <Card title="How long they are kept" description="After its last message. What is older than a shorter choice is erased at once.">
            <ServerForm action={ServerAction::<KeepConversations>::new()} done="Saved" inline=true>
                <Hidden name="tenant" value=around.tenant.clone()/>
                <Hidden name="product" value=around.product.id.to_string()/>
                <SelectField name="days" label="Keep them for" choices value=days.to_string()/>
                <Button submit=true>"Save"</Button>
            </ServerForm>
        </Card>
    }
    .into_any()
}
