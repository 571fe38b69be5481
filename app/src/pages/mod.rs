//! One file per page. A page knows no SQL, cookie or header: it calls server functions and arranges parts.
//!
//! A page is a plain component, rendered on the server; it begins with a [`PageHeader`](crate::ui::PageHeader), which
//! also names the browser's tab. Data comes through [`loaded`](crate::ui::loaded), changes go through a
//! [`ServerForm`](crate::ui::ServerForm) or a [`DangerDialog`](crate::ui::DangerDialog); both work without scripts. Only
//! a form whose answer is a secret needs them: it `answers` a [`SecretOnce`](crate::ui::SecretOnce). Whatever a role may not do is passed [`refusal`](crate::access::refusal) as `disabled_because`. What wants proof of
//! presence says nothing of it: the form asks and is sent again by itself ([`StepUp`](crate::ui::StepUp)).
//!
//! A page of a tenant is a line below [`TenantFrame`] in the table of `table.rs` and, if it belongs in the sidebar, a line in
//! [`nav::PLACES`]; [`standing`](crate::standing::standing) tells it who looks, in which tenant, with which roles.
//!
//! ```ignore
//! #[component]
//! pub fn OriginsPage() -> impl IntoView {
//!     let standing = standing();
//!     let (slug, refused) = (standing.slug(), standing.refusal(Permission::ManageOrigins, Reach::Tenant));
//!     let add = ServerAction::<AddOrigin>::new();
//!     loaded(list_origins(slug.clone()), move |page| {
//!         let empty = page.origins.is_empty();
//!         let rows = page.origins.into_iter().map(|origin| {
//!             let remove = ServerAction::<RemoveOrigin>::new();
//!             let dialog = format!("remove-{}", origin.id);
//!             view! {
//!                 <Row>
//!                     <Cell label="Origin"><code>{origin.origin.clone()}</code></Cell>
//!                     <Cell label="Added"><When at=origin.created_at quiet=true/></Cell>
//!                     <RowActions>
//!                         <Button size=Size::Small variant=Variant::Ghost opens=dialog.clone() disabled_because=refused.clone()>"Remove"</Button>
//!                         <DangerDialog id=dialog action=remove title="Remove origin" verb="Remove origin" done="Origin removed"
//!                             consequence=format!("{} live tokens name it and stop at their next call.", origin.live_tokens)
//!                             values=[("tenant", slug.clone()), ("id", origin.id.to_string())] reason=Reason::Optional>
//!                             <Checkbox name="revoke" label="Revoke those tokens" checked=true/>
//!                         </DangerDialog>
//!                     </RowActions>
//!                 </Row>
//!             }
//!         }).collect_view();
//!         view! {
//!             <PageHeader title="Origins" description="Pages of these origins may carry this organization's tokens."/>
//!             <Card><ServerForm action=add done="Origin added">
//!                 <Hidden name="tenant" value=slug/>
//!                 <TextField name="origin" label="Origin" hint="Scheme, host and port, as the browser sends it." mono=true/>
//!                 <Actions><Button submit=true variant=Variant::Primary disabled_because=refused.clone()>"Add origin"</Button></Actions>
//!             </ServerForm></Card>
//!             {if empty {
//!                 view! { <EmptyState icon=Glyph::Globe title="No origins yet" text="Without one, no page can use a token."/> }.into_any()
//!             } else {
//!                 view! { <Table caption="Origins" columns=["Origin".into(), "Added".into(), Column::actions()]>{rows}</Table> }.into_any()
//!             }}
//!         }
//!     })
//! }
//! ```

pub mod api_keys;
pub mod customers;
mod door;
mod frame;
mod held;
pub mod history;
pub mod inspector;
pub mod keys;
pub mod list_address;
pub mod members;
pub mod nav;
mod not_found;
pub mod organizations;
mod outbox;
mod overview;
mod profile;
pub mod refusals;
mod restricted;
pub mod roles;
pub mod security;
pub mod settings;
pub mod studio;
pub mod tokens;

pub use door::{CodePage, ConfirmPage, HomePage, InvitationPage, ResetPage, SetUpPage, SignInPage};
pub use frame::TenantFrame;
pub use not_found::NotFoundPage;
pub use outbox::OutboxPage;
pub use overview::OverviewPage;
pub use profile::{PermissionsPage, ProfilePage, SecondFactorPage};

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A part of the page's path by its name in the table: `address("tenant")`.
pub(crate) fn address(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

/// A parameter of the page's query; an empty one is none.
pub(crate) fn query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name)).filter(|value| !value.is_empty())
}
