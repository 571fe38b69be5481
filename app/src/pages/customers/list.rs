//! The list of customers: live ones, or the test ones under a banner, by filters that live in the address.

use super::{
    create::{ID, NewCustomerDialog},
    filter, mode_badge, state, way,
};
use crate::{
    Answer,
    api::customers::{PurgeTestCustomers, list_customers},
    pages::{list_address::ListAddress, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{
        Actions, Button, Cell, Choice, Column, DangerDialog, EmptyState, FilterBar, Glyph, LinkButton, NoMatch, Notice, PageHeader, Pager,
        Row, RowLink, SelectField, Table, Tone, Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{
    Page, Permission, Reach,
    customer::{Customer, CustomerFilter, FirstSeenBy},
};

const ABOUT: &str = "The end users of your pages. They come by a bridge token or a magic link, or your backend writes them down.";

/// `/t/:tenant/customers`
#[component]
pub fn CustomersPage() -> impl IntoView {
    let standing = standing();
    let address = ListAddress::here(standing.path("customers"));
    let answer = load(standing.slug(), filter::read(&address), address.get("cursor"));
    loaded_or_ask("Customers", standing.slug(), answer, move |list| view! { <List standing address list/> })
}

/// All that the page is made of.
struct List {
    customers: Page<Customer>,
    tests: i64,
    filter: CustomerFilter,
}

async fn load(tenant: String, filter: CustomerFilter, cursor: Option<String>) -> Answer<List> {
    let (customers, tests) = list_customers(tenant, filter.clone(), cursor).await?;
    Ok(List { customers, tests, filter })
}

#[component]
fn List(standing: Standing, address: ListAddress, list: List) -> impl IntoView {
    let List { customers, tests, filter } = list;
    let (tenant, base) = (standing.slug(), standing.path("customers"));
    let refused = standing.refusal(Permission::ManageCustomers, Reach::Tenant);
    let (test, chips) = (filter::is_test(&filter), filter::chips(&address, &filter));
    let (newer, older) = address.pages(customers.next_cursor.as_deref());
    let nothing_at_all = customers.data.is_empty() && chips.is_empty() && newer.is_none();
    let paged = newer.is_some() || older.is_some();
    let opener = {
        let refused = refused.clone();
        move || view! { <Button icon=Glyph::Plus opens=ID disabled_because=refused>"Add customer"</Button> }
    };
    let studio = standing.path("studio");
    let clear = if test { ListAddress::of(&base, &[("mode", "test")]) } else { base.clone() };
    view! {
        <PageHeader title="Customers" description=ABOUT actions=opener/>
        {if test {
            view! { <TestBanner tenant=tenant.clone() live=base.clone() tests refused=refused.clone()/> }.into_any()
        } else {
            (tests > 0).then(|| {
                let href = ListAddress::of(&base, &[("mode", "test")]);
                view! { <Notice>"Customers who came through test keys are kept apart: " <a href=href>{counted(tests)}</a> "."</Notice> }
            }).into_any()
        }}
        {(!nothing_at_all).then(|| view! { <Filters base=base.clone() address=address.clone() chips/> })}
        {if nothing_at_all {
            view! {
                <EmptyState
                    title=if test { "No test customers" } else { "No customers yet" }
                    text="Somebody appears here when a page with one of your embed keys exchanges their first bridge token. The Auth Bridge of a product has what your backend needs for that."
                    icon=Glyph::User
                    action=move || view! { <LinkButton href=studio variant=Variant::Primary>"Open the Embed Studio"</LinkButton> }
                />
            }.into_any()
        } else if customers.data.is_empty() {
            view! { <NoMatch what="customers" clear=clear/> }.into_any()
        } else {
            view! {
                <CustomerTable base customers=customers.data/>
                {paged.then(|| view! { <Pager newer older/> })}
            }.into_any()
        }}
        {refused.is_none().then(|| view! { <NewCustomerDialog tenant test/> })}
    }
}

fn counted(tests: i64) -> String {
    match tests {
        1 => "1 test customer".to_owned(),
        1_000.. => "1,000 test customers or more".to_owned(),
        _ => format!("{tests} test customers"),
    }
}

/// Says whose world this is, and empties it.
#[component]
fn TestBanner(tenant: String, live: String, tests: i64, refused: Option<String>) -> impl IntoView {
    let may = refused.is_none();
    view! {
        <Notice tone=Tone::Warn title="Test customers">
            <p>"They came through test keys, never meet a live customer, and can be purged as often as you like. " <a href=live>"Back to live customers"</a></p>
            {(tests > 0).then(|| view! {
                <Actions><Button opens="purge-test-customers" disabled_because=refused>"Purge test customers"</Button></Actions>
            })}
        </Notice>
        {may.then(|| view! {
            <DangerDialog
                id="purge-test-customers"
                action={ServerAction::<PurgeTestCustomers>::new()}
                title="Purge test customers"
                consequence=format!("{} and their sessions are gone for good. No live customer is touched.", counted(tests))
                verb="Purge test customers"
                values=vec![("tenant", tenant)]
                done="Test customers purged"
            />
        })}
    }
}

#[component]
fn Filters(base: String, address: ListAddress, chips: Vec<crate::ui::ActiveFilter>) -> impl IntoView {
    let any = |label: &str| Choice::new("", label);
    let ways = [any("First seen by")]
        .into_iter()
        .chain(FirstSeenBy::ALL.iter().map(|seen| Choice::new(seen.as_str(), way(*seen))))
        .collect::<Vec<_>>();
    let states = vec![any("State"), Choice::new("allowed", "Not banned"), Choice::new("banned", "Banned")];
    let hidden = |name: &'static str| address.get(name).map(|value| view! { <input type="hidden" name=name value=value/> });
    let (mode, organization) = (hidden("mode"), hidden("organization"));
    view! {
        <FilterBar action=base search="Search by name, address, your id or ours" query=address.get("q").unwrap_or_default() active=chips>
            <SelectField name="way" label="First seen by" choices=ways value=address.get("way").unwrap_or_default()/>
            <SelectField name="state" label="State" choices=states value=address.get("state").unwrap_or_default()/>
            {mode}
            {organization}
        </FilterBar>
    }
}

#[component]
fn CustomerTable(base: String, customers: Vec<Customer>) -> impl IntoView {
    let columns: Vec<Column> =
        vec!["Customer".into(), "Your id".into(), "State".into(), "First seen by".into(), "First seen".into(), "Last session".into()];
    let rows = customers
        .into_iter()
        .map(|customer| {
            let (href, state, badge) = (format!("{base}/{}", customer.id), state(&customer), mode_badge(customer.mode));
            let second = customer.email.clone().filter(|email| email != customer.title());
            let title = customer.title().to_owned();
            view! {
                <Row muted=customer.banned_at.is_some()>
                    <Cell label="Customer">
                        <span class="two-lines">
                            <span><RowLink href>{title}</RowLink> " " {badge}</span>
                            {second.map(|email| view! { <span class="two-lines__second">{email}</span> })}
                        </span>
                    </Cell>
                    <Cell label="Your id">{customer.external_id.map(|id| view! { <code class="origin__whole">{id}</code> })}</Cell>
                    <Cell label="State">{state}</Cell>
                    <Cell label="First seen by">{way(customer.first_seen_by)}</Cell>
                    <Cell label="First seen"><When at=customer.created_at quiet=true/></Cell>
                    <Cell label="Last session"><When at=customer.last_session_at quiet=true/></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <Table caption="Customers" columns>{rows}</Table> }
}
