//! A switch of a product, in a card of its own: a form for whoever may turn it, a sentence for everybody else.

use super::frame::Around;
use crate::{
    error::Failure,
    ui::{Actions, Button, Card, Hidden, Notice, ServerForm, Switch, Variant},
};
use leptos::{prelude::*, server_fn::ServerFn};
use mintmark::Permission;

/// Its server function takes `tenant`, `product` and a field of `name`, which a switch that is off does not send.
#[component]
pub(super) fn SwitchCard<F>(
    /// The product, and who reads.
    around: Around,
    /// `ServerAction::<SwitchSignIn>::new()`.
    action: ServerAction<F>,
    /// What the card is about.
    title: &'static str,
    /// What that is.
    description: &'static str,
    /// As it is.
    on: bool,
    /// What it is for those who may not turn it: on, and off.
    said: [&'static str; 2],
    /// The argument of the server function.
    name: &'static str,
    /// What stands beside it.
    label: &'static str,
    /// What being off means, or what it costs to be on.
    hint: &'static str,
) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    let refused = around.refusal(Permission::ManageProducts);
    let Around { tenant, product, .. } = around;
    let [when_on, when_off] = said;
    view! {
        <Card title description>
            {match refused {
                Some(reason) => view! {
                    <p>{if on { when_on } else { when_off }}</p>
                    <Notice>{reason}</Notice>
                }.into_any(),
                None => view! {
                    <ServerForm action done="Saved">
                        <Hidden name="tenant" value=tenant/>
                        <Hidden name="product" value=product.id.to_string()/>
                        <Switch name label hint checked=on/>
                        <Actions><Button submit=true variant=Variant::Primary>"Save"</Button></Actions>
                    </ServerForm>
                }.into_any(),
            }}
        </Card>
    }
}
