//! One widget token: everything of its row, its life drawn, its own history, its end.

use super::{filter::Scopes, life_line::LifeLine, story::Story, table::TokenState};
use crate::{
    Answer,
    api::{
        organizations::show_organization,
        tokens::{RevokeToken, show_token, token_history},
    },
    pages::{address, inspector::inspector_path, list_address::ListAddress, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Button, Card, Crumb, DangerDialog, Fact, Facts, Glyph, Id, LinkButton, Notice, PageHeader, Reason, Variant, When},
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    audit::AuditEvent,
    token::{TokenStatus, WidgetToken},
};

/// `/t/:tenant/tokens/:token`
#[component]
pub fn TokenPage() -> impl IntoView {
    let standing = standing();
    loaded_or_ask("Widget token", standing.slug(), load(standing, address("token")), move |one| view! { <Detail one/> })
}

struct One {
    token: WidgetToken,
    organization: String,
    standing: Standing,
    history: Result<Vec<AuditEvent>, String>,
}

async fn load(standing: Standing, token: String) -> Answer<One> {
    let tenant = standing.slug();
    let token = show_token(tenant.clone(), token).await?;
    let id = token.organization_id.clone();
    // A token outlives its organization's deletion by its history.
    let organization = show_organization(tenant.clone(), id.to_string()).await.map_or_else(|_| id.to_string(), |found| found.name);
    let history = match standing.refusal(Permission::ReadAudit, &id) {
        Some(reason) => Err(reason),
        None => Ok(token_history(tenant, token.id.to_string()).await?.data),
    };
    Ok(One { token, organization, standing, history })
}

#[component]
fn Detail(one: One) -> impl IntoView {
    let One { token, organization, standing, history } = one;
    let (tenant, list) = (standing.slug(), standing.path("tokens"));
    let live = token.status == TokenStatus::Active;
    let refused = standing.refusal(Permission::RevokeTokens, &token.organization_id);
    let mint_refused = standing.refusal(Permission::MintTokens, &token.organization_id);
    let again = again(&list, &token);
    let inspect = inspector_path(&standing, token.id.as_str(), token.origins.first().map_or("", |origin| origin.as_str()), "");
    let status = token.status;
    let revocable = live && refused.is_none();
    let (values, drawn) = (vec![("tenant", tenant.clone()), ("token", token.id.to_string())], token.clone());
    let title = token.label.clone().unwrap_or_else(|| "Widget token".to_owned());
    view! {
        <PageHeader
            title
            crumbs=vec![Crumb::new("Widget tokens", list)]
            beside=move || view! { <TokenState status/> }
            actions=move || view! {
                <LinkButton href=inspect>"Inspect"</LinkButton>
                <LinkButton href=again disabled_because=mint_refused>"Mint another like it"</LinkButton>
                {live.then(|| view! { <Button variant=Variant::Danger opens="revoke" disabled_because=refused>"Revoke token"</Button> })}
            }
        />
        <Card><LifeLine token=drawn/></Card>
        <Card title="Token"><Row tenant token organization/></Card>
        <Card title="History" description="Everything that happened to this token: who minted it, what was refused and why, what ended it.">
            {match history {
                Ok(events) => view! { <Story events/> }.into_any(),
                Err(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
            }}
        </Card>
        {revocable.then(|| view! {
            <DangerDialog
                id="revoke"
                action={ServerAction::<RevokeToken>::new()}
                title="Revoke token"
                consequence="The next call that carries this token is refused. Pages that hold it stop working until they get another one."
                verb="Revoke token"
                values
                reason=Reason::Optional
                done="Token revoked"
            />
        })}
    }
}

/// The mint page with the same choices.
fn again(list: &str, token: &WidgetToken) -> String {
    let mut values = vec![("organization", token.organization_id.as_str())];
    values.extend(token.scope.iter().map(|scope| ("scope", scope.as_str())));
    values.extend(token.origins.iter().map(|origin| ("origin", origin.as_str())));
    ListAddress::of(&format!("{list}/new"), &values)
}

#[component]
fn Row(tenant: String, token: WidgetToken, organization: String) -> impl IntoView {
    let origins =
        token.origins.iter().map(|origin| view! { <li><code class="origin__whole">{origin.to_string()}</code></li> }).collect_view();
    let revoked = token.revoked_at.map(|at| {
        let by = token.revoked_by_name.clone().unwrap_or_else(|| "somebody".to_owned());
        view! {
            <Fact label="Revoked"><When at full=true/>" by "{by}</Fact>
            <Fact label="Reason">{token.revoke_reason.clone().unwrap_or_else(|| "none given".to_owned())}</Fact>
        }
    });
    let minted_by = format!("/t/{tenant}/tokens?minted_by={}", token.minted_by);
    view! {
        <Facts>
            <Fact label="Id"><Id value=token.id.to_string() whole=true/></Fact>
            <Fact label="Organization"><a href=format!("/t/{tenant}/organizations/{}", token.organization_id)>{organization}</a></Fact>
            <Fact label="What it may do"><Scopes scope=token.scope.clone()/></Fact>
            <Fact label="Minted by"><a href=minted_by>{token.minted_by_name.clone()}</a></Fact>
            <Fact label="Minted"><When at=token.created_at full=true/></Fact>
            <Fact label="Expires"><When at=token.expires_at full=true/></Fact>
            <Fact label="Last used">
                <When at=token.last_used_at/>
                {token.last_used_origin.clone().map(|origin| view! { "from " <code class="origin__whole">{origin}</code> })}
            </Fact>
            <Fact label="Signed by"><Id value=token.signing_key_id.to_string()/></Fact>
            {revoked}
        </Facts>
        <div class="origin-block">
            <h3 class="facts__label">"From where"</h3>
            <ul class="origin-list" role="list">{origins}</ul>
        </div>
        <p class="fine-print"><crate::ui::Icon glyph=Glyph::Lock/>"The token's text is stored nowhere, so nobody can look it up here."</p>
    }
}
