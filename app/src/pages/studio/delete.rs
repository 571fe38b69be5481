//! The end of a product.

use super::frame::Around;
use crate::{
    api::studio::DeleteProduct,
    ui::{Button, Card, DangerDialog, Variant},
};
use leptos::prelude::*;
use mintmark::Permission;

/// Says what would stop, and asks for the name.
#[component]
pub(super) fn DeleteProductSection(around: Around) -> impl IntoView {
    let refused = around.refusal(Permission::ManageProducts);
    let may = refused.is_none();
    let Around { tenant, product, .. } = around;
    view! {
        <Card title="Delete product" description="Pages that carry one of its embed keys are refused at their next call. Its history stays.">
            <Button variant=Variant::Danger opens="delete-product" disabled_because=refused>"Delete product"</Button>
        </Card>
        {may.then(|| view! {
            <DangerDialog
                id="delete-product"
                action={ServerAction::<DeleteProduct>::new()}
                title="Delete product"
                consequence="Every page that carries one of its embed keys shows nothing from its next call on. It cannot be brought back."
                verb="Delete product"
                values=vec![("tenant", tenant), ("product", product.id.to_string())]
                phrase=product.name
                done="Product deleted"
            />
        })}
    }
}
