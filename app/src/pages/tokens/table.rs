//! The table of tokens, whose rows can be ticked and revoked together.

use super::filter::{self, Scopes};
use crate::{
    pages::list_address::ListAddress,
    ui::{Button, Cell, Id, Row, RowLink, Size, Status, Table, Tone, When},
};
use leptos::prelude::*;
use mintmark::{
    Time,
    organization::OrganizationSummary,
    token::{TokenStatus, WidgetToken},
};

/// What the rows need to know of the page around them.
#[derive(Clone)]
pub struct Shown {
    /// For names.
    pub organizations: Vec<OrganizationSummary>,
    /// The reader's own id.
    pub me: String,
}

/// A form around the rows: what is ticked goes to the page that says what would stop. Needs no script.
#[component]
pub fn TokenTable(tenant: String, tokens: Vec<WidgetToken>, shown: Shown, revoke_refused: Option<String>) -> impl IntoView {
    let columns = vec![
        "Token".into(),
        "Status".into(),
        "Organization".into(),
        "Access".into(),
        "Minted by".into(),
        "Last used".into(),
        "Expires".into(),
    ];
    let may_revoke = revoke_refused.is_none();
    let action = format!("/t/{tenant}/tokens/revoke");
    let rows =
        tokens.into_iter().map(|token| view! { <TokenRow tenant=tenant.clone() token shown=shown.clone() may_revoke/> }).collect_view();
    view! {
        <form class="selection" method="get" action=action>
            <Table caption="Widget tokens" columns>{rows}</Table>
            {may_revoke.then(|| view! {
                <div class="selection__bar">
                    <p class="selection__count">" selected"</p>
                    <Button submit=true size=Size::Small variant=crate::ui::Variant::Danger>"Revoke selected"</Button>
                </div>
            })}
        </form>
    }
}

#[component]
fn TokenRow(tenant: String, token: WidgetToken, shown: Shown, may_revoke: bool) -> impl IntoView {
    let list = format!("/t/{tenant}/tokens");
    let live = token.status == TokenStatus::Active;
    let organization = filter::name_of(&shown.organizations, token.organization_id.as_str());
    let name = token.label.clone().unwrap_or_else(|| "No label".to_owned());
    let by_minter = ListAddress::of(&list, &[("minted_by", &token.minted_by)]);
    let minter = if token.minted_by == shown.me { "You".to_owned() } else { token.minted_by_name.clone() };
    let by_organization = format!("/t/{tenant}/organizations/{}", token.organization_id);
    let (first, more) = (token.origins.first().map(ToString::to_string).unwrap_or_default(), token.origins.len().saturating_sub(1));
    let all_origins = token.origins.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let (id, href, ends, unnamed) = (token.id.to_string(), format!("{list}/{}", token.id), ended(&token), token.label.is_none());
    let tick = (may_revoke && live).then(|| {
        view! { <input class="tick__box selection__box" type="checkbox" name="token" value=token.id.to_string() aria-label=format!("Select {name}, {}", token.id)/> }
    });
    view! {
        <Row muted=!live>
            <Cell label="Token">
                <div class="token-name">
                    <span class="token-name__tick">{tick}</span>
                    <div class="token-name__words">
                        <RowLink href><span class:token-name__none=unnamed>{name}</span></RowLink>
                        <Id value=id/>
                    </div>
                </div>
            </Cell>
            <Cell label="Status"><TokenState status=token.status/></Cell>
            <Cell label="Organization"><a class="quiet-link clamped" href=by_organization>{organization}</a></Cell>
            <Cell label="Access">
                <div class="reach">
                    <Scopes scope=token.scope.clone()/>
                    <span class="origin" data-tip=(more > 0).then_some(all_origins)>
                        <code class="origin__text">{first}</code>
                        {(more > 0).then(|| view! { <span class="origin__more">{format!("+{more}")}</span> })}
                    </span>
                </div>
            </Cell>
            <Cell label="Minted by"><a class="quiet-link" href=by_minter>{minter}</a></Cell>
            <Cell label="Last used"><When at=token.last_used_at quiet=true/></Cell>
            <Cell label=if live { "Expires" } else { "Ended" }><When at=ends quiet=true/></Cell>
        </Row>
    }
}

/// When it ends, or ended.
pub fn ended(token: &WidgetToken) -> Time {
    token.revoked_at.map_or(token.expires_at, |revoked| revoked.min(token.expires_at))
}

/// The word and shape of a token's status.
#[component]
pub fn TokenState(status: TokenStatus) -> impl IntoView {
    let tone = match status {
        TokenStatus::Active => Tone::Good,
        TokenStatus::Expired => Tone::Neutral,
        TokenStatus::Revoked => Tone::Danger,
    };
    view! { <Status tone>{filter::word(status)}</Status> }
}
