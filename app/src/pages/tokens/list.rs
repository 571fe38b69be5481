//! Widget tokens: what is alive, or the full history, by filters that live in the address.

use super::{
    filter,
    mint::{MintDialog, Start},
    table::{Shown, TokenTable},
};
use crate::{
    Answer, access,
    api::{
        organizations::organization_choices,
        tokens::{list_tokens, mint_command, token_lives},
    },
    pages::{list_address::ListAddress, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Button, Choice, EmptyState, FilterBar, Glyph, LinkButton, NoMatch, PageHeader, Pager, SelectField, Variant},
};
use leptos::prelude::*;
use mintmark::{
    Page, Permission, Reach,
    organization::OrganizationSummary,
    token::{Lives, Scope, TokenFilter, TokenStatus, WidgetToken},
};

/// `/t/:tenant/tokens`
#[component]
pub fn TokensPage() -> impl IntoView {
    let standing = standing();
    let address = ListAddress::here(standing.path("tokens"));
    let answer = load(standing.slug(), filter::read(&address), address.get("cursor"));
    loaded_or_ask("Widget tokens", standing.slug(), answer, move |list| view! { <List standing address list/> })
}

/// All that the page is made of.
struct List {
    tokens: Page<WidgetToken>,
    organizations: Vec<OrganizationSummary>,
    lives: Lives,
    filter: TokenFilter,
    command: String,
}

async fn load(tenant: String, filter: TokenFilter, cursor: Option<String>) -> Answer<List> {
    Ok(List {
        tokens: list_tokens(tenant.clone(), filter.clone(), cursor).await?,
        organizations: organization_choices(tenant.clone()).await?,
        lives: token_lives(tenant.clone()).await?,
        command: mint_command(tenant).await?,
        filter,
    })
}

#[component]
fn List(standing: Standing, address: ListAddress, list: List) -> impl IntoView {
    let List { tokens, organizations, lives, filter, command } = list;
    let (tenant, base, roles, me) = (standing.slug(), standing.path("tokens"), &standing.roles, standing.user.id.to_string());
    let may = |permission: Permission| {
        if roles.hold_somewhere(permission) { None } else { access::refusal(roles, permission, Reach::Tenant) }
    };
    let (mint_refused, revoke_refused) = (may(Permission::MintTokens), may(Permission::RevokeTokens));
    let chips = filter::chips(&address, &filter, &organizations);
    let filtered = !chips.is_empty();
    let (newer, older) = address.pages(tokens.next_cursor.as_deref());
    let start = Start::new(&tenant, &organizations, roles, lives);
    let revoke_many = ListAddress::of(
        &format!("{base}/revoke"),
        &[
            ("organization_id", &address.get("organization").unwrap_or_default()),
            ("origin", &address.get("origin").unwrap_or_default()),
            ("minted_by", &address.get("minted_by").unwrap_or_default()),
            ("signing_key_id", &address.get("key").unwrap_or_default()),
        ],
    );
    let opener = {
        let refused = mint_refused.clone();
        move || view! { <Button variant=Variant::Primary icon=Glyph::Plus opens="mint" disabled_because=refused>"Mint token"</Button> }
    };
    let first = opener.clone();
    let nothing_at_all = tokens.data.is_empty() && !filtered && newer.is_none();
    let bulk = revoke_refused.clone();
    let summary = summary(&tokens, &filter, newer.is_some());
    let shown = Shown { organizations: organizations.clone(), me: me.clone() };
    view! {
        <PageHeader
            title="Widget tokens"
            description="Short-lived credentials that your pages carry for one organization, from named origins only."
            actions=move || view! {
                {(!nothing_at_all).then(|| view! { <LinkButton href=revoke_many disabled_because=bulk>"Revoke many"</LinkButton> })}
                {(!nothing_at_all).then(opener)}
            }
        />
        {(!nothing_at_all).then(|| view! { <Filters base=base.clone() address=address.clone() organizations chips me/> })}
        {if nothing_at_all {
            view! {
                <EmptyState
                    title="No live widget tokens"
                    text="A token lets one page set up one organization's single sign-on or directory for an hour at most; mint the first here, or from your backend at render time."
                    action=move || view! {
                        {first()}
                        <LinkButton href=format!("{base}?include_revoked=true") variant=Variant::Ghost>"Show expired and revoked"</LinkButton>
                    }
                    command
                />
            }.into_any()
        } else if tokens.data.is_empty() {
            view! { <NoMatch what="tokens" clear=base/> }.into_any()
        } else {
            view! {
                <TokenTable tenant tokens=tokens.data shown revoke_refused/>
                <Pager newer older summary/>
            }.into_any()
        }}
        {mint_refused.is_none().then(|| view! { <MintDialog start/> })}
    }
}

#[component]
fn Filters(
    base: String,
    address: ListAddress,
    organizations: Vec<OrganizationSummary>,
    chips: Vec<crate::ui::ActiveFilter>,
    me: String,
) -> impl IntoView {
    let any = |label: &str| Choice::new("", label);
    let organization_choices = [any("Organization")]
        .into_iter()
        .chain(organizations.iter().map(|summary| Choice::new(summary.organization.id.to_string(), summary.organization.name.clone())))
        .collect::<Vec<_>>();
    let statuses = [any("Status")]
        .into_iter()
        .chain(TokenStatus::ALL.iter().map(|status| Choice::new(status.as_str(), filter::word(*status))))
        .collect::<Vec<_>>();
    let scopes = [any("Scope")]
        .into_iter()
        .chain(Scope::ALL.iter().map(|scope| Choice::new(scope.as_str(), filter::scope_name(*scope))))
        .collect::<Vec<_>>();
    let minter = address.get("minted_by");
    let mut minters = vec![any("Minted by"), Choice::new(me.clone(), "Me")];
    minters.extend(minter.clone().filter(|minter| *minter != me).map(|minter| Choice::new(minter.clone(), minter)));
    let origin = address.get("origin");
    view! {
        <FilterBar action=base search="Search by label or whole id" query=address.get("q").unwrap_or_default() active=chips>
            <SelectField name="organization" label="Organization" choices=organization_choices value=address.get("organization").unwrap_or_default()/>
            <SelectField name="status" label="Status" choices=statuses value=address.get("status").unwrap_or_default()/>
            <SelectField name="scope" label="Scope" choices=scopes value=address.get("scope").unwrap_or_default()/>
            <SelectField name="minted_by" label="Minted by" choices=minters value=minter.unwrap_or_default()/>
            <input class="input input--mono filter-bar__origin" type="text" name="origin" value=origin placeholder="https://origin" aria-label="Origin" autocomplete="off" spellcheck="false" inputmode="url"/>
            <label class="filter-bar__tick">
                <input class="tick__box" type="checkbox" name="include_revoked" value="true" checked=address.get("include_revoked").is_some()/>
                "Include revoked"
            </label>
            {address.get("key").map(|key| view! { <input type="hidden" name="key" value=key/> })}
        </FilterBar>
    }
}

/// "Newest 50 live tokens", "3 tokens".
fn summary(tokens: &Page<WidgetToken>, filter: &TokenFilter, later: bool) -> String {
    let count = tokens.data.len();
    let what = match (filter.status, filter.include_revoked) {
        (None, true) => "token",
        (status, _) => match status.unwrap_or(TokenStatus::Active) {
            TokenStatus::Active => "live token",
            TokenStatus::Expired => "expired token",
            TokenStatus::Revoked => "revoked token",
        },
    };
    let many = if count == 1 { "" } else { "s" };
    match (later, tokens.next_cursor.is_some()) {
        (false, true) => format!("Newest {count} {what}s"),
        (false, false) => format!("{count} {what}{many}"),
        (true, true) => format!("{count} older {what}s"),
        (true, false) => format!("Oldest {count} {what}{many}"),
    }
}
