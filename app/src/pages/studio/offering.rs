//! One offering: what it says, and whether pages see it.

use super::{
    frame::{Around, load},
    offering_form::OfferingFields,
    offerings::Step,
};
use crate::{
    Answer,
    api::studio::{ChangeOffering, show_offering},
    pages::{address, restricted::loaded_or_ask},
    standing::{Standing, standing},
    ui::{Actions, Button, Card, Fact, Facts, Hidden, Id, Notice, PageHeader, ServerForm, Status, Tone, Variant, When},
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    offering::{Offering, OfferingStatus},
};

/// `/t/:tenant/studio/:product/offerings/:offering`
#[component]
pub fn OfferingPage() -> impl IntoView {
    let standing = standing();
    loaded_or_ask("Offering", standing.slug(), both(standing, address("product"), address("offering")), |(around, offering)| {
        let refused = around.refusal(Permission::ManageOfferings);
        let shown = state(offering.status);
        let step = {
            let (around, offering, refused) = (around.clone(), offering.clone(), refused.clone());
            move || view! { <Step around offering refused/> }
        };
        let (id, created_at, updated_at) = (offering.id.to_string(), offering.created_at, offering.updated_at);
        let form = match refused {
            Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
            None => view! { <Edit around=around.clone() offering=offering.clone()/> }.into_any(),
        };
        view! {
            <PageHeader title=offering.name crumbs=around.crumbs("offerings", "Offerings") beside=move || shown actions=step/>
            <Card>
                <Facts>
                    <Fact label="Id"><Id value=id whole=true/></Fact>
                    <Fact label="Written"><When at=created_at/></Fact>
                    <Fact label="Changed"><When at=updated_at/></Fact>
                </Facts>
            </Card>
            <Card title="What it says">{form}</Card>
        }
    })
}

#[component]
fn Edit(around: Around, offering: Offering) -> impl IntoView {
    let (product, id) = (around.product.id.to_string(), offering.id.to_string());
    view! {
        <ServerForm action={ServerAction::<ChangeOffering>::new()} done="Offering saved">
            <Hidden name="tenant" value=around.tenant/>
            <Hidden name="product" value=product/>
            <Hidden name="offering" value=id/>
            <OfferingFields offering/>
            <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
        </ServerForm>
    }
}

async fn both(standing: Standing, product: String, offering: String) -> Answer<(Around, Offering)> {
    let around = load(standing, product.clone()).await?;
    let offering = show_offering(around.tenant.clone(), product, offering).await?;
    Ok((around, offering))
}

fn state(status: OfferingStatus) -> AnyView {
    match status {
        OfferingStatus::Draft => view! { <Status tone=Tone::Info>"Draft"</Status> }.into_any(),
        OfferingStatus::Published => view! { <Status tone=Tone::Good>"Published"</Status> }.into_any(),
        OfferingStatus::Archived => view! { <Status tone=Tone::Neutral>"Archived"</Status> }.into_any(),
    }
}
