//! One customer: what is said of them, their sessions, and how they are kept out or erased.

use super::{create::CustomerFields, mode_badge, roles::Roles, sessions::Sessions, state, way};
use crate::{
    Answer,
    api::{
        customers::{BanCustomer, ChangeCustomer, DeleteCustomer, RemoveCustomerPassword, UnbanCustomer, show_customer},
        roles::customer_roles,
    },
    pages::{address, restricted::loaded_or_ask},
    standing::standing,
    ui::{
        Actions, Badge, Button, Card, CodeBlock, Crumb, DangerDialog, Fact, Facts, Hidden, Id, Notice, PageHeader, Reason, ServerForm,
        Stack, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Page, Permission, Reach,
    customer::Customer,
    customer_session::CustomerSession,
    embed_key::KeyMode,
    role::{CustomerPlace, CustomerRole},
};

/// `/t/:tenant/customers/:customer`
#[component]
pub fn CustomerPage() -> impl IntoView {
    let standing = standing();
    let both = load(standing.slug(), address("customer"));
    loaded_or_ask("Customer", standing.slug(), both, move |((customer, sessions), (places, roles))| {
        let (tenant, list) = (standing.slug(), standing.path("customers"));
        let refused = standing.refusal(Permission::ManageCustomers, Reach::Tenant);
        let (now, badge) = (state(&customer), mode_badge(customer.mode));
        let list = if customer.mode == KeyMode::Test { format!("{list}?mode=test") } else { list };
        let form = match refused.clone() {
            Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
            None => view! { <Edit tenant=tenant.clone() customer=customer.clone()/> }.into_any(),
        };
        view! {
            <PageHeader title=customer.title().to_owned() crumbs=vec![Crumb::new("Customers", list)] beside=move || view! { {now} {badge} }/>
            {(customer.mode == KeyMode::Test).then(|| view! { <Notice tone=Tone::Warn title="A test customer">"They came through a test key and never meet a live customer."</Notice> })}
            <About organizations=standing.path("organizations") customer=customer.clone()/>
            <Sessions tenant=tenant.clone() customer=customer.clone() sessions refused=refused.clone()/>
            <Roles tenant=tenant.clone() places roles refused=refused.clone()/>
            <Card title="What is known" description="The next bridge token may say otherwise: your backend's latest word counts.">{form}</Card>
            <Password tenant=tenant.clone() customer=customer.clone() refused=refused.clone()/>
            <Ban tenant=tenant.clone() customer=customer.clone() refused=refused.clone()/>
            <Erase tenant customer refused/>
        }
    })
}

/// The customer with their sessions, and where they belong with the roles that can be given.
type Everything = ((Customer, Page<CustomerSession>), (Vec<CustomerPlace>, Vec<CustomerRole>));

async fn load(tenant: String, customer: String) -> Answer<Everything> {
    Ok((show_customer(tenant.clone(), customer.clone()).await?, customer_roles(tenant, customer).await?))
}

#[component]
fn Edit(tenant: String, customer: Customer) -> impl IntoView {
    view! {
        <ServerForm action={ServerAction::<ChangeCustomer>::new()} done="Customer saved">
            <Hidden name="tenant" value=tenant/>
            <Hidden name="customer" value=customer.id.to_string()/>
            <CustomerFields customer/>
            <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
        </ServerForm>
    }
}

#[component]
fn About(organizations: String, customer: Customer) -> impl IntoView {
    let email = customer.email.map(|email| {
        let badge = if customer.email_verified {
            view! { <Badge tone=Tone::Good>"verified"</Badge> }
        } else {
            view! { <Badge>"not verified"</Badge> }
        };
        view! { <span>{email} " " {badge}</span> }
    });
    let places = customer.organization_ids.0.into_iter().map(|id| {
        let href = format!("{organizations}/{id}");
        view! { <Id value=id.to_string() href/> }
    });
    let places = places.collect::<Vec<_>>();
    let notes = (!customer.metadata.0.is_empty()).then(|| serde_json::to_string_pretty(&customer.metadata.0).unwrap_or_default());
    view! {
        <Card>
            <Stack>
                <Facts>
                    <Fact label="Customer"><Id value=customer.id.to_string() whole=true/></Fact>
                    {customer.external_id.map(|id| view! { <Fact label="Your id"><code class="origin__whole">{id}</code></Fact> })}
                    {email.map(|email| view! { <Fact label="E-mail">{email}</Fact> })}
                    <Fact label="First seen"><span>{way(customer.first_seen_by)} ", " <When at=customer.created_at/></span></Fact>
                    <Fact label="Last session"><When at=customer.last_session_at/></Fact>
                    {customer.password_set_at.map(|at| view! { <Fact label="Password"><span>"Set " <When at/></span></Fact> })}
                    {(!places.is_empty()).then(|| view! { <Fact label="Organizations"><span class="two-lines">{places}</span></Fact> })}
                    {customer.banned_at.map(|at| view! { <Fact label="Banned"><When at/></Fact> })}
                    {customer.ban_reason.map(|reason| view! { <Fact label="Reason">{reason}</Fact> })}
                </Facts>
                {notes.map(|notes| view! { <CodeBlock code=notes label="Metadata"/> })}
            </Stack>
        </Card>
    }
}

/// Nothing for a customer without one.
#[component]
fn Password(tenant: String, customer: Customer, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    customer.password_set_at.map(|_| {
        view! {
            <Card title="Password" description="They chose it themselves, and nobody can read it. Without it they sign in by mail, and may set another.">
                <Button variant=Variant::Danger opens="remove-password" disabled_because=refused>"Remove password"</Button>
            </Card>
            {may.then(|| view! {
                <DangerDialog
                    id="remove-password"
                    action={ServerAction::<RemoveCustomerPassword>::new()}
                    title="Remove password"
                    consequence="The password opens nothing from now on. Sessions that are alive go on; end them above if somebody else knows it."
                    verb="Remove password"
                    values=vec![("tenant", tenant), ("customer", customer.id.to_string())]
                    reason=Reason::Optional
                    done="Password removed"
                />
            })}
        }
    })
}

#[component]
fn Ban(tenant: String, customer: Customer, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    if customer.banned_at.is_some() {
        return view! {
            <Card title="Lift the ban" description="Pages let them in again. What ended stays ended.">
                <ServerForm action={ServerAction::<UnbanCustomer>::new()} done="Ban lifted">
                    <Hidden name="tenant" value=tenant/>
                    <Hidden name="customer" value=customer.id.to_string()/>
                    <Button submit=true disabled_because=refused>"Lift the ban"</Button>
                </ServerForm>
            </Card>
        }
        .into_any();
    }
    let live = match customer.live_sessions {
        0 => "They are not signed in anywhere.".to_owned(),
        1 => "1 live session ends at its next call.".to_owned(),
        live => format!("{live} live sessions end at their next call."),
    };
    view! {
        <Card title="Ban" description="Ends their sessions, and no page opens another, whatever your backend signs.">
            <Button variant=Variant::Danger opens="ban-customer" disabled_because=refused>"Ban customer"</Button>
        </Card>
        {may.then(|| view! {
            <DangerDialog
                id="ban-customer"
                action={ServerAction::<BanCustomer>::new()}
                title="Ban customer"
                consequence=format!("{live} No page lets them in until the ban is lifted.")
                verb="Ban customer"
                values=vec![("tenant", tenant), ("customer", customer.id.to_string())]
                reason=Reason::Optional
                done="Customer banned"
            />
        })}
    }
    .into_any()
}

#[component]
fn Erase(tenant: String, customer: Customer, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    view! {
        <Card title="Erase" description="Id, address, name, notes, conversations and the addresses of their devices are deleted for good. History keeps an id that says nothing any more.">
            <Button variant=Variant::Danger opens="delete-customer" disabled_because=refused>"Erase customer"</Button>
        </Card>
        {may.then(|| view! {
            <DangerDialog
                id="delete-customer"
                action={ServerAction::<DeleteCustomer>::new()}
                title="Erase customer"
                consequence="All that tells who they are is deleted, with every conversation of theirs, and their sessions end. It cannot be taken back; if they come again, they are somebody new."
                verb="Erase customer"
                values=vec![("tenant", tenant), ("customer", customer.id.to_string())]
                reason=Reason::Optional
                phrase=customer.title().to_owned()
                done="Customer erased"
            />
        })}
    }
}
