//! One embed key: the pages that it lets in, its successor, and its end.

use super::{
    frame::{Around, load},
    key_form::{DevelopmentSwitch, KeyFields},
};
use crate::{
    Answer,
    api::studio::{ChangeEmbedKey, DisableEmbedKey, EnableEmbedKey, RotateEmbedKey, show_embed_key},
    pages::{address, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{
        Actions, Badge, Button, Card, Choice, DangerDialog, Fact, Facts, Glyph, Hidden, Id, Notice, PageHeader, RadioGroup, Reason,
        ServerForm, Status, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    embed_key::{EmbedKey, EmbedKeyStatus, KeyMode},
};

/// `/t/:tenant/studio/:product/keys/:key`
#[component]
pub fn EmbedKeyPage() -> impl IntoView {
    let standing = standing();
    loaded_or_ask("Embed key", standing.slug(), both(standing, address("product"), address("key")), |(around, key)| {
        let refused = around.refusal(Permission::ManageEmbedKeys);
        let (first, second) = (state(&key), mode_badge(&key));
        let beside = move || view! { {first} {second} };
        let active = key.status == EmbedKeyStatus::Active;
        let rotation = active && key.rotated_to.is_none();
        let form = match refused.clone() {
            Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
            None => view! { <Edit around=around.clone() key_=key.clone()/> }.into_any(),
        };
        let about = view! { <About key_=key.clone()/> };
        let rotation = rotation.then(|| {
            let (around, key_, refused) = (around.clone(), key.clone(), refused.clone());
            view! { <Rotate around key_ refused/> }
        });
        view! {
            <PageHeader title=key.name.clone() crumbs=around.crumbs("keys", "Embed keys") beside/>
            <Replaced around=around.clone() key_=key.clone()/>
            <Card>{about}</Card>
            <Card title="Who may carry it" description="Changes count at the next call of each page; browsers may keep an answer for a minute.">{form}</Card>
            {rotation}
            <End around key_=key refused/>
        }
    })
}

async fn both(standing: Standing, product: String, key: String) -> Answer<(Around, EmbedKey)> {
    let around = load(standing, product.clone()).await?;
    let key = show_embed_key(around.tenant.clone(), product, key).await?;
    Ok((around, key))
}

/// Whether it works, and if it was replaced, until when.
pub(super) fn state(key: &EmbedKey) -> AnyView {
    let until = key.expires_at;
    match key.status {
        EmbedKeyStatus::Active if until.is_some() => {
            view! { <Status tone=Tone::Warn>"Ends " <When at=until quiet=true/></Status> }.into_any()
        }
        EmbedKeyStatus::Active => view! { <Status tone=Tone::Good>"Active"</Status> }.into_any(),
        EmbedKeyStatus::Expired => view! { <Status tone=Tone::Neutral>"Replaced"</Status> }.into_any(),
        EmbedKeyStatus::Disabled => view! { <Status tone=Tone::Danger>"Disabled"</Status> }.into_any(),
    }
}

pub(super) fn mode_badge(key: &EmbedKey) -> AnyView {
    match key.mode {
        KeyMode::Live => view! { <Badge>"live"</Badge> }.into_any(),
        KeyMode::Test => view! { <Badge tone=Tone::Warn>"test"</Badge> }.into_any(),
    }
}

fn values(around: &Around, key: &EmbedKey) -> Vec<(&'static str, String)> {
    vec![("tenant", around.tenant.clone()), ("product", around.product.id.to_string()), ("key", key.id.to_string())]
}

fn hidden(around: &Around, key: &EmbedKey) -> impl IntoView + use<> {
    values(around, key).into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view()
}

#[component]
fn Replaced(around: Around, key_: EmbedKey) -> impl IntoView {
    let successor = key_.rotated_to?;
    let href = format!("{}/keys/{successor}", around.base());
    Some(view! { <Notice title="Replaced by a newer key">"It was followed by " <a href=href>"the new one"</a> "."</Notice> })
}

#[component]
fn About(key_: EmbedKey) -> impl IntoView {
    let EmbedKey { id, last_used_at, created_by_name, created_at, disabled_at, disable_reason, .. } = key_;
    view! {
        <Facts>
            <Fact label="Key"><Id value=id.to_string() whole=true/></Fact>
            <Fact label="Last used"><When at=last_used_at/></Fact>
            <Fact label="Created by"><span>{created_by_name} ", " <When at=created_at/></span></Fact>
            {disabled_at.map(|at| view! { <Fact label="Disabled"><When at/></Fact> })}
            {disable_reason.map(|reason| view! { <Fact label="Reason">{reason}</Fact> })}
        </Facts>
    }
}

#[component]
fn Edit(around: Around, key_: EmbedKey) -> impl IntoView {
    let (fields, on) = (hidden(&around, &key_), key_.allow_development_origins);
    view! {
        <ServerForm action={ServerAction::<ChangeEmbedKey>::new()} done="Embed key saved">
            {fields}
            <KeyFields key=key_/>
            <DevelopmentSwitch on/>
            <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
        </ServerForm>
    }
}

#[component]
fn Rotate(around: Around, key_: EmbedKey, refused: Option<String>) -> impl IntoView {
    let choices = vec![
        Choice::new("0", "Not at all").hint("Pages that carry it show nothing until they carry the new one."),
        Choice::new("86400", "24 hours").hint("For pages that you deploy yourself."),
        Choice::new("604800", "7 days").hint("For pages that somebody else deploys, and for what caches keep."),
        Choice::new("2592000", "30 days").hint("For pages that change seldom."),
    ];
    let form = match refused {
        Some(reason) => view! { <Button disabled_because=Some(reason)>"Rotate embed key"</Button> }.into_any(),
        None => view! {
            <ServerForm action={ServerAction::<RotateEmbedKey>::new()} done="Embed key rotated">
                {hidden(&around, &key_)}
                <RadioGroup name="overlap_seconds" label="The old key works on for" choices value="604800"/>
                <Actions><Button submit=true icon=Glyph::Rotate variant=Variant::Primary>"Rotate embed key"</Button></Actions>
            </ServerForm>
        }
        .into_any(),
    };
    view! {
        <Card title="Rotate" description="A new key of the same name, mode and origins. Both work until the old one's end.">{form}</Card>
    }
}

#[component]
fn End(around: Around, key_: EmbedKey, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    match key_.status {
        EmbedKeyStatus::Expired => ().into_any(),
        EmbedKeyStatus::Disabled => view! {
            <Card title="Enable" description="Pages that carry it are let in again.">
                <ServerForm action={ServerAction::<EnableEmbedKey>::new()} done="Embed key enabled">
                    {hidden(&around, &key_)}
                    <Button submit=true disabled_because=refused>"Enable embed key"</Button>
                </ServerForm>
            </Card>
        }
        .into_any(),
        EmbedKeyStatus::Active => view! {
            <Card title="Disable" description="Pages that carry it are refused at their next call. It can be enabled again.">
                <Button variant=Variant::Danger opens="disable-embed-key" disabled_because=refused>"Disable embed key"</Button>
            </Card>
            {may.then(|| view! {
                <DangerDialog
                    id="disable-embed-key"
                    action={ServerAction::<DisableEmbedKey>::new()}
                    title="Disable embed key"
                    consequence="Every page that carries this key shows nothing from its next call on."
                    verb="Disable embed key"
                    values=values(&around, &key_)
                    reason=Reason::Optional
                    done="Embed key disabled"
                />
            })}
        }
        .into_any(),
    }
}
