//! The tenant's own settings, and the end of everything that it has issued.

use super::restricted::loaded_or_ask;
use crate::{
    api::{
        overview::HideChecklist,
        settings::{RenameTenant, RevokeEverything, SetRetention, SetTokenLives, TenantSettings, show_settings},
    },
    standing::{Standing, standing},
    ui::{
        Actions, Button, Card, CopyButton, DangerDialog, Fact, Facts, Hidden, Id, NumberField, PageHeader, Reason, Section, ServerForm,
        Stack, TextField, Variant, When, live_count,
    },
};
use leptos::prelude::*;
use mintmark::{
    Permission, Reach,
    tenant::{EverythingAlive, LEAST_RETENTION, Tenant},
    token::{LONGEST_LIFE, SHORTEST_LIFE},
};

/// `/t/:tenant/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let standing = standing();
    let tenant = standing.slug();
    loaded_or_ask("Settings", tenant.clone(), show_settings(tenant), move |settings| view! { <Settings standing settings/> })
}

#[component]
fn Settings(standing: Standing, settings: TenantSettings) -> impl IntoView {
    let TenantSettings { tenant, issuer, alive } = settings;
    let refused = standing.refusal(Permission::UpdateTenant, Reach::Tenant);
    let whole = tenant.clone();
    view! {
        <PageHeader title="Settings" description="What holds for every organization of this tenant. Each change is told in history, with what was before."/>
        <Stack>
            <Identity tenant=tenant.clone() issuer refused=refused.clone()/>
            <Lives tenant=tenant.clone() refused=refused.clone()/>
            <Retention tenant=tenant.clone() refused=refused.clone()/>
            <ChecklistSwitch tenant=tenant.clone() refused/>
        </Stack>
        <Everything standing tenant=whole alive/>
    }
}

/// Name, and what never changes.
#[component]
fn Identity(tenant: Tenant, issuer: String, refused: Option<String>) -> impl IntoView {
    let rename = ServerAction::<RenameTenant>::new();
    let Tenant { id, slug, name, created_at, .. } = tenant;
    let own = slug.clone();
    let jwks = format!("{issuer}/.well-known/jwks.json");
    view! {
        <Card title="Tenant">
            <Stack>
                <ServerForm action=rename done="Tenant renamed">
                    <Hidden name="tenant" value=own/>
                    <TextField name="name" label="Name" hint="What people call it. Nothing that was issued depends on it." value=name maxlength=120 autocomplete="organization"/>
                    <Actions><Button submit=true disabled_because=refused>"Save name"</Button></Actions>
                </ServerForm>
                <Facts>
                    <Fact label="Slug, never changes"><code>{slug}</code></Fact>
                    <Fact label="Id"><Id value=id.to_string() whole=true/></Fact>
                    <Fact label="Since"><When at=created_at/></Fact>
                    <Fact label="Issuer of its tokens"><span class="with-copy"><code>{issuer.clone()}</code><CopyButton text=issuer label="Copy issuer"/></span></Fact>
                    <Fact label="Its published keys"><span class="with-copy"><code>{jwks.clone()}</code><CopyButton text=jwks label="Copy address of the keys"/></span></Fact>
                </Facts>
            </Stack>
        </Card>
    }
}

/// Default and longest life.
#[component]
fn Lives(tenant: Tenant, refused: Option<String>) -> impl IntoView {
    let action = ServerAction::<SetTokenLives>::new();
    view! {
        <Card
            title="Life of widget tokens"
            description="Whoever asks for more gets the longest, whoever asks for less than a minute gets a minute; nobody is refused for it. Tokens that are alive keep theirs."
        >
            <ServerForm action done="Lives saved">
                <Hidden name="tenant" value=tenant.slug/>
                <NumberField
                    name="default_ttl_seconds" label="Unless asked otherwise" unit="seconds"
                    hint=format!("At present {}. At most the longest life.", duration(tenant.default_ttl_seconds))
                    value=tenant.default_ttl_seconds min=SHORTEST_LIFE max=LONGEST_LIFE
                />
                <NumberField
                    name="max_ttl_seconds" label="At the longest" unit="seconds"
                    hint=format!("At present {}. Between {} and {}, which no setting exceeds.", duration(tenant.max_ttl_seconds), duration(SHORTEST_LIFE), duration(LONGEST_LIFE))
                    value=tenant.max_ttl_seconds min=SHORTEST_LIFE max=LONGEST_LIFE
                />
                <Actions><Button submit=true disabled_because=refused>"Save lives"</Button></Actions>
            </ServerForm>
        </Card>
    }
}

/// How long what is over is kept.
#[component]
fn Retention(tenant: Tenant, refused: Option<String>) -> impl IntoView {
    let action = ServerAction::<SetRetention>::new();
    view! {
        <Card
            title="Retention"
            description="For how long history and dead tokens are kept. What is older is purged behind a signed checkpoint, so that the rest can still be verified; the purge cannot be taken back."
        >
            <ServerForm action done="Retention saved">
                <Hidden name="tenant" value=tenant.slug/>
                <NumberField name="retention_days" label="Keep for" unit="days" hint=format!("At least {LEAST_RETENTION} days.") value=tenant.retention_days min=LEAST_RETENTION max=36_500/>
                <Actions><Button submit=true disabled_because=refused>"Save retention"</Button></Actions>
            </ServerForm>
        </Card>
    }
}

/// The overview's checklist, put away or brought back.
#[component]
fn ChecklistSwitch(tenant: Tenant, refused: Option<String>) -> impl IntoView {
    let action = ServerAction::<HideChecklist>::new();
    let hidden = tenant.checklist_hidden_at.is_some();
    let (words, done, say) = if hidden {
        ("Show the checklist again", "Checklist is back on the overview", "The overview's checklist is put away for everybody.")
    } else {
        ("Hide the checklist", "Checklist put away", "The overview shows everybody what is left to do at the start.")
    };
    view! {
        <Card title="Checklist" description=say>
            <ServerForm action done>
                <Hidden name="tenant" value=tenant.slug/>
                <Hidden name="hide" value=(!hidden).to_string()/>
                <Actions><Button submit=true disabled_because=refused>{words}</Button></Actions>
            </ServerForm>
        </Card>
    }
}

/// What ends, what stays, and the button.
#[component]
fn Everything(standing: Standing, tenant: Tenant, alive: EverythingAlive) -> impl IntoView {
    let refused = standing.refusal(Permission::RevokeEverything, Reach::Tenant);
    let action = ServerAction::<RevokeEverything>::new();
    let consequence = consequence(alive);
    let open = refused.clone();
    let keys = standing.path("keys");
    view! {
        <Section
            title="Revoke everything"
            description="For the day on which you no longer know who holds what: a stolen backup, a lost laptop, a leaked log. Only an owner may."
        >
            <Card>
                <Stack>
                    <div class="ends">
                        <div>
                            <h3 class="ends__title">"Ends at once"</h3>
                            <ul class="ends__list">
                                {parts(alive).map(|(count, what)| view! { <li><strong>{live_count(count)}</strong>" "{what}</li> }).collect_view()}
                                <li>"Links that reset an account"</li>
                            </ul>
                        </div>
                        <div>
                            <h3 class="ends__title">"Stays"</h3>
                            <ul class="ends__list">
                                <li>"Your own session, in which you press the button"</li>
                                <li>"Members, their roles, passwords and second factors: they sign in again"</li>
                                <li>"Organizations, origins and settings"</li>
                                <li>"Signing keys, which go on signing new tokens; if a private key may have leaked, "<a href=keys>"revoke it too"</a></li>
                                <li>"History"</li>
                            </ul>
                        </div>
                    </div>
                    <Actions><Button variant=Variant::Danger opens="revoke-everything" disabled_because=open>"Revoke everything"</Button></Actions>
                </Stack>
            </Card>
        </Section>
        {refused.is_none().then(|| view! {
            <DangerDialog
                id="revoke-everything"
                action
                title="Revoke everything"
                verb="Revoke everything"
                done="Everything was revoked"
                consequence
                values=[("tenant", tenant.slug)]
                phrase=tenant.name
                reason=Reason::Optional
            >
                <p>"Your own session, members with their roles, organizations, origins, signing keys and history stay."</p>
            </DangerDialog>
        })}
    }
}

/// What is alive, by its kind.
fn parts(alive: EverythingAlive) -> impl Iterator<Item = (i64, &'static str)> {
    [
        (alive.tokens, "live widget token", "live widget tokens"),
        (alive.api_keys, "API key", "API keys"),
        (alive.sessions, "other session of a member", "other sessions of members"),
        (alive.invitations, "open invitation", "open invitations"),
        (alive.bridge_keys, "bridge key", "bridge keys"),
        (alive.verification_secrets, "verification secret", "verification secrets"),
        (alive.customer_sessions, "session of a customer", "sessions of customers"),
        (alive.identity_tokens, "identity token", "identity tokens"),
    ]
    .into_iter()
    .map(|(count, one, many)| (count, if count == 1 { one } else { many }))
}

/// The first sentence of the dialog: of each kind as many as there are, those that are none left out.
fn consequence(alive: EverythingAlive) -> String {
    let ending: Vec<String> =
        parts(alive).filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", live_count(count))).collect();
    let ends = match ending.as_slice() {
        [] => "Nothing is alive that would end".to_owned(),
        [one] if one.starts_with("1 ") => format!("{one} ends at once"),
        [one] => format!("{one} end at once"),
        [some @ .., last] => format!("{} and {last} end at once", some.join(", ")),
    };
    format!("{ends}. Nothing that was issued before this moment is accepted again.")
}

fn number(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// "30 minutes", "1 minute 30 seconds".
fn duration(seconds: i64) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (60, 0) => "an hour".to_owned(),
        (0, rest) => number(rest, "second", "seconds"),
        (minutes, 0) => number(minutes, "minute", "minutes"),
        (minutes, rest) => format!("{} {}", number(minutes, "minute", "minutes"), number(rest, "second", "seconds")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lives_are_read_as_people_say_them() {
        assert_eq!(
            [60, 90, 1_800, 3_600, 61].map(duration),
            ["1 minute", "1 minute 30 seconds", "30 minutes", "an hour", "1 minute 1 second"]
        );
    }

    #[test]
    fn the_consequence_counts_each_kind() {
        let told = |tokens, api_keys| consequence(EverythingAlive { tokens, api_keys, ..EverythingAlive::default() });
        assert!(told(12, 1).starts_with("12 live widget tokens and 1 API key end at once."), "{}", told(12, 1));
        assert!(told(1, 0).starts_with("1 live widget token ends at once."));
        assert!(told(0, 0).starts_with("Nothing is alive that would end."));
    }
}
