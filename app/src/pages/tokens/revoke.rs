//! Ending many tokens: those that were ticked, or those that a filter fits. What would stop is said before.

use super::filter;
use crate::{
    Answer, Failure,
    api::{
        organizations::organization_choices,
        tokens::{RevokeMatchingTokens, RevokeSelectedTokens, bulk_filter, preview_revocation, show_token},
    },
    pages::list_address::ListAddress,
    standing::{Standing, standing},
    ui::{
        Actions, Button, Card, Choice, Crumb, Hidden, LinkButton, NoPermission, Notice, PageHeader, ProblemView, SelectField, ServerForm,
        TextArea, TextField, Tone, Variant, live_count, loaded,
    },
};
use leptos::prelude::*;
use mintmark::{
    Code, Permission, Reach,
    organization::OrganizationSummary,
    token::{TokenStatus, WidgetToken},
};

/// `/t/:tenant/tokens/revoke?token=...` for ticked ones, `?organization_id=&origin=&minted_by=&signing_key_id=` for a filter.
#[component]
pub fn RevokeTokensPage() -> impl IntoView {
    let standing = standing();
    let (tenant, list) = (standing.slug(), standing.path("tokens"));
    let address = ListAddress::here(format!("{list}/revoke"));
    let ticked = address.all("token");
    view! {
        <PageHeader title="Revoke tokens" description="The next call of each is refused. This cannot be taken back." crumbs=vec![Crumb::new("Widget tokens", list)]/>
        {if ticked.is_empty() {
            view! { <ByFilter standing address/> }.into_any()
        } else {
            view! { <Ticked tenant ticked/> }.into_any()
        }}
    }
}

#[component]
fn Ticked(tenant: String, ticked: Vec<String>) -> impl IntoView {
    let slug = tenant.clone();
    let found = async move {
        let mut found = Vec::new();
        for id in ticked.into_iter().take(200) {
            found.push(show_token(slug.clone(), id).await?);
        }
        Ok(found)
    };
    loaded(found, move |found: Vec<WidgetToken>| {
        let list = format!("/t/{tenant}/tokens");
        let live: Vec<_> = found.into_iter().filter(|token| token.status == TokenStatus::Active).collect();
        if live.is_empty() {
            return view! { <Notice>"None of these tokens is live any more: there is nothing to revoke."</Notice> }.into_any();
        }
        let rows = live
            .iter()
            .map(|token| {
                let name = token.label.clone().unwrap_or_else(|| "No label".to_owned());
                view! { <li class="doomed__token"><a href=format!("{list}/{}", token.id)>{name}</a> <code>{token.id.to_string()}</code></li> }
            })
            .collect_view();
        let hidden = live.iter().map(|token| view! { <Hidden name="tokens[]" value=token.id.to_string()/> }).collect_view();
        view! {
            <Card>
                <ServerForm action={ServerAction::<RevokeSelectedTokens>::new()} then=list.clone() done="Tokens revoked">
                    <Hidden name="tenant" value=tenant/>
                    {hidden}
                    <Consequence count=i64::try_from(live.len()).unwrap_or(i64::MAX)/>
                    <ul class="doomed" role="list">{rows}</ul>
                    <Confirm list/>
                </ServerForm>
            </Card>
        }
        .into_any()
    })
}

/// What the filter asks for, and what it would end.
struct Preview {
    organizations: Vec<OrganizationSummary>,
    /// None while no filter is set; the inner error belongs beside the filter.
    count: Option<Result<i64, Failure>>,
}

#[component]
fn ByFilter(standing: Standing, address: ListAddress) -> impl IntoView {
    let tenant = standing.slug();
    if !standing.roles.hold_somewhere(Permission::RevokeTokens) {
        let reason = standing.refusal(Permission::RevokeTokens, Reach::Tenant).unwrap_or_default();
        return view! { <NoPermission reason/> }.into_any();
    }
    let [organization, origin, minted_by, key] =
        ["organization_id", "origin", "minted_by", "signing_key_id"].map(|name| address.get(name).unwrap_or_default());
    let asked = (organization.clone(), origin.clone(), minted_by.clone(), key.clone());
    loaded(preview(tenant.clone(), asked), move |preview| {
        let Preview { organizations, count } = preview;
        let (list, me) = (standing.path("tokens"), standing.user.id.to_string());
        let action = format!("/t/{tenant}/tokens/revoke");
        let whole = standing.roles.tenant.is_some();
        let filters = Filters { organization: organization.clone(), origin: origin.clone(), minted_by: minted_by.clone(), key: key.clone() };
        let outcome = match count {
            None => view! { <Notice>"Choose what the tokens have in common: an organization, an origin, who minted them, or the key that signed them. Several are taken together."</Notice> }.into_any(),
            Some(Err(Failure(problem))) => view! { <ProblemView problem/> }.into_any(),
            Some(Ok(0)) => view! { <Notice>"No live token fits. There is nothing to revoke."</Notice> }.into_any(),
            Some(Ok(count)) => view! {
                <Card>
                    <ServerForm action={ServerAction::<RevokeMatchingTokens>::new()} then=list.clone() done="Tokens revoked">
                        <Hidden name="tenant" value=tenant.clone()/>
                        <Hidden name="organization_id" value=organization.clone()/>
                        <Hidden name="origin" value=origin/>
                        <Hidden name="minted_by" value=minted_by/>
                        <Hidden name="signing_key_id" value=key/>
                        <Consequence count/>
                        <Confirm list/>
                    </ServerForm>
                </Card>
            }
            .into_any(),
        };
        view! {
            <Card title="Which tokens">
                <FilterForm action filters organizations me whole/>
            </Card>
            {outcome}
        }
    })
    .into_any()
}

async fn preview(tenant: String, (organization, origin, minted_by, key): (String, String, String, String)) -> Answer<Preview> {
    let organizations = organization_choices(tenant.clone()).await?;
    let none = [&organization, &origin, &minted_by, &key].iter().all(|text| text.is_empty());
    let count = if none {
        None
    } else {
        let count = match bulk_filter(&organization, &origin, &minted_by, &key) {
            Ok(filter) => preview_revocation(tenant, filter).await,
            Err(failure) => Err(failure),
        };
        match count {
            Err(failure) if failure.code() == Code::SignInRequired => return Err(failure),
            count => Some(count),
        }
    };
    Ok(Preview { organizations, count })
}

struct Filters {
    organization: String,
    origin: String,
    minted_by: String,
    key: String,
}

#[component]
fn FilterForm(action: String, filters: Filters, organizations: Vec<OrganizationSummary>, me: String, whole: bool) -> impl IntoView {
    let all = whole.then(|| Choice::new("", "Every organization"));
    let choices: Vec<_> = all
        .into_iter()
        .chain(organizations.iter().map(|summary| {
            Choice::new(summary.organization.id.to_string(), filter::name_of(&organizations, summary.organization.id.as_str()))
        }))
        .collect();
    view! {
        <form class="form doomed-filter" method="get" action=action>
            <div class="doomed-filter__fields">
                <SelectField name="organization_id" label="Organization" choices value=filters.organization/>
                <TextField name="origin" label="Naming the origin" optional=true mono=true inputmode="url" placeholder="https://app.example.com" value=filters.origin/>
                <TextField name="minted_by" label="Minted by" optional=true mono=true placeholder="usr_... or apik_..." hint=format!("You are {me}.") value=filters.minted_by/>
                <TextField name="signing_key_id" label="Signed by" optional=true mono=true placeholder="key_..." value=filters.key/>
            </div>
            <Actions><Button submit=true>"Show what would stop"</Button></Actions>
        </form>
    }
}

#[component]
fn Consequence(count: i64) -> impl IntoView {
    let words = if count == 1 {
        "1 live token will stop at its next call.".to_owned()
    } else {
        format!("{} live tokens will stop at their next call.", live_count(count))
    };
    view! { <p class="dialog__consequence" data-tone=Tone::Danger.as_str()>{words}</p> }
}

#[component]
fn Confirm(list: String) -> impl IntoView {
    view! {
        <TextArea name="reason" label="Reason" hint="Kept in the history, for whoever asks later." optional=true maxlength=500/>
        <Actions>
            <Button submit=true variant=Variant::Danger>"Revoke tokens"</Button>
            <LinkButton href=list>"Cancel"</LinkButton>
        </Actions>
    }
}
