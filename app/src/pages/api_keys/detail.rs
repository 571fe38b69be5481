//! One API key: what it may do, who made it, when it was last used, and its two ends.

use super::{expiry_of, list::reach_of, mask, rotate::RotateApiKey, state};
use crate::{
    Answer,
    access::describe_role,
    api::{
        api_keys::{ReleaseApiKey, RevokeApiKey, show_api_key},
        organizations::organization_choices,
    },
    pages::{address, held::Held, restricted::loaded_or_ask},
    standing::standing,
    ui::{Badge, Button, Card, Crumb, DangerDialog, Fact, Facts, Id, Notice, Now, PageHeader, Reason, Tone, Variant, When, live_count},
    words::relative,
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach, Time,
    api_key::{ApiKey, ApiKeyStatus},
    organization::OrganizationSummary,
    time::DAY,
};

/// `/t/:tenant/api-keys/:key`
#[component]
pub fn ApiKeyPage() -> impl IntoView {
    let standing = standing();
    let (tenant, list) = (standing.slug(), standing.path("api-keys"));
    let refused = standing.refusal(Permission::ManageApiKeys, Reach::Tenant);
    let now = use_context::<Now>().map_or(Time::default(), |Now(now)| now);
    loaded_or_ask("API key", tenant.clone(), load(tenant.clone(), address("key")), move |(key, organizations)| {
        let beside = {
            let key = key.clone();
            move || view! { {state(&key)} <Badge tone=Tone::Warn>"Server only"</Badge> }
        };
        let works = key.status == ApiKeyStatus::Active;
        let ends = works || key.status == ApiKeyStatus::Held;
        let rotation = (works && key.rotated_to.is_none()).then(|| {
            let recent = key.last_used_at.filter(|at| now.since(*at) < DAY).map(|at| relative(at, now));
            let (tenant, list, id) = (tenant.clone(), list.clone(), key.id.to_string());
            match refused.clone() {
                None => view! { <RotateApiKey tenant key=id list recent/> }.into_any(),
                Some(reason) => view! { <Button disabled_because=Some(reason)>"Rotate API key"</Button> }.into_any(),
            }
        });
        let about = view! { <About key_=key.clone() organizations now/> };
        view! {
            <PageHeader title=key.name.clone() crumbs=vec![Crumb::new("API keys", list.clone())] beside/>
            {key.held_at.map(|at| {
                let values = vec![("tenant", tenant.clone()), ("key", key.id.to_string())];
                view! {
                    <Held
                        what="This API key"
                        look="See that it was not revoked or rotated since; revoke it if you are not sure."
                        at
                        standing=standing.clone()
                        action={ServerAction::<ReleaseApiKey>::new()}
                        values
                    />
                }
            })}
            <Replaced key=key.clone() list=list.clone() now/>
            <Card>{about}</Card>
            {rotation.map(|form| view! {
                <Card title="Rotate" description="A new key of the same name, role and reach. Both work until the old one's end; tokens that it minted live on.">{form}</Card>
            })}
            {ends.then(|| view! { <Revoke tenant key_=key list refused/> })}
        }
    })
}

async fn load(tenant: String, key: String) -> Answer<(ApiKey, Vec<OrganizationSummary>)> {
    Ok((show_api_key(tenant.clone(), key).await?, organization_choices(tenant).await?))
}

/// The old key of a rotation: who succeeds it, and whether something still uses it.
#[component]
fn Replaced(key: ApiKey, list: String, now: Time) -> impl IntoView {
    let successor = key.rotated_to.clone()?;
    let href = format!("{list}/{successor}");
    let used = key.last_used_at.filter(|_| key.status == ApiKeyStatus::Active).filter(|at| now.since(*at) < DAY);
    Some(view! {
        <Notice tone=if used.is_some() { Tone::Warn } else { Tone::Info } title="Replaced by a newer key">
            {match used {
                Some(at) => view! { "The old key was still used " <When at/> ": something has not taken up " }.into_any(),
                None => view! { "It was followed by " }.into_any(),
            }}
            <a href=href>"the new one"</a> "."
        </Notice>
    })
}

#[component]
fn About(key_: ApiKey, organizations: Vec<OrganizationSummary>, now: Time) -> impl IntoView {
    let key = key_;
    let (reaches, known_by, expiry) = (reach_of(&key, &organizations), mask(&key), expiry_of(&key, now));
    let ApiKey { id, role, last_used_at, live_tokens, created_by_name, created_at, revoked_at, revoke_reason, .. } = key;
    view! {
        <Facts>
            <Fact label="Key"><code>{known_by}</code></Fact>
            <Fact label="Id"><Id value=id.to_string()/></Fact>
            <Fact label="Role"><Badge>{role.as_str()}</Badge> <span>{describe_role(role)}</span></Fact>
            <Fact label="Reaches">{reaches}</Fact>
            <Fact label="Last used"><When at=last_used_at/></Fact>
            <Fact label="Live tokens that it minted">{live_count(live_tokens)}</Fact>
            <Fact label="Expires">{expiry}</Fact>
            <Fact label="Created by"><span>{created_by_name} ", " <When at=created_at/></span></Fact>
            {revoked_at.map(|at| view! { <Fact label="Revoked"><When at/></Fact> })}
            {revoke_reason.map(|reason| view! { <Fact label="Reason">{reason}</Fact> })}
        </Facts>
    }
}

#[component]
fn Revoke(tenant: String, key_: ApiKey, list: String, refused: Option<String>) -> impl IntoView {
    let key = key_;
    let stops = match key.live_tokens {
        0 => "The key stops at its next call. No live token was minted by it.".to_owned(),
        1 => "The key stops at its next call, and so does the 1 live token that it minted.".to_owned(),
        live => format!("The key stops at its next call, and so do the {} live tokens that it minted.", live_count(live)),
    };
    let may = refused.is_none();
    let values = vec![("tenant", tenant), ("key", key.id.to_string())];
    view! {
        <Card title="Revoke" description="For a key that leaked or is no longer needed. It ends at once, with the live tokens that it minted.">
            <Button variant=Variant::Danger opens="revoke-api-key" disabled_because=refused>"Revoke API key"</Button>
        </Card>
        {may.then(|| view! {
            <DangerDialog
                id="revoke-api-key"
                action={ServerAction::<RevokeApiKey>::new()}
                title="Revoke API key"
                consequence=stops
                verb="Revoke API key"
                values
                reason=Reason::Required
                phrase=key.last4
                then=list
                done="API key revoked"
            />
        })}
    }
}
