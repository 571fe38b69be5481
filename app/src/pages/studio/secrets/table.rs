//! The secrets of a product, with what each is worth and when it was last used.

use super::{end, mask, rotate};
use crate::ui::{Button, Cell, Column, Glyph, Row, RowActions, Size, Status, Table, Tone, Variant, When};
use leptos::prelude::*;
use mintmark::verification_secret::{VerificationSecret, VerificationSecretStatus};

#[component]
pub(super) fn SecretTable(secrets: Vec<VerificationSecret>, refused: Option<String>) -> impl IntoView {
    let rows = secrets.into_iter().map(|secret| view! { <One secret refused=refused.clone()/> }).collect_view();
    let columns = vec!["Secret".into(), "State".into(), "Last used".into(), "Created".into(), Column::actions()];
    view! { <Table caption="Verification secrets" columns>{rows}</Table> }
}

#[component]
fn One(secret: VerificationSecret, refused: Option<String>) -> impl IntoView {
    let (known_by, state) = (mask(&secret), state(&secret));
    let (rotate_id, revoke_id, release_id) = (rotate::dialog_of(&secret), end::revoke_id(&secret), end::release_id(&secret));
    let (rotates, ends, is_held) = (rotate::can(&secret), end::can(&secret), secret.status == VerificationSecretStatus::Held);
    let why = secret.revoke_reason.map(|reason| view! { <span class="two-lines__second">{reason}</span> });
    let (first, second) = (refused.clone(), refused.clone());
    view! {
        <Row muted=!ends>
            <Cell label="Secret"><span class="two-lines"><span>{secret.name}</span> <code class="two-lines__second">{known_by}</code> {why}</span></Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Last used"><When at=secret.last_used_at/></Cell>
            <Cell label="Created"><span>{secret.created_by_name} ", " <When at=secret.created_at/></span></Cell>
            <RowActions>
                {is_held.then(|| view! { <Button size=Size::Small opens=release_id disabled_because=first>"Release"</Button> })}
                {rotates.then(|| view! { <Button size=Size::Small icon=Glyph::Rotate opens=rotate_id disabled_because=second>"Rotate"</Button> })}
                {ends.then(|| view! { <Button size=Size::Small variant=Variant::Ghost opens=revoke_id disabled_because=refused>"Revoke"</Button> })}
            </RowActions>
        </Row>
    }
}

/// Whether it works, and if it was replaced, until when.
fn state(secret: &VerificationSecret) -> AnyView {
    let until = secret.expires_at;
    match secret.status {
        VerificationSecretStatus::Active if until.is_some() => {
            view! { <Status tone=Tone::Warn>"Ends " <When at=until quiet=true/></Status> }.into_any()
        }
        VerificationSecretStatus::Active => view! { <Status tone=Tone::Good>"Active"</Status> }.into_any(),
        VerificationSecretStatus::Expired => view! { <Status tone=Tone::Neutral>"Replaced"</Status> }.into_any(),
        VerificationSecretStatus::Held => view! { <Status tone=Tone::Warn>"Held"</Status> }.into_any(),
        VerificationSecretStatus::Revoked => view! { <Status tone=Tone::Danger>"Revoked"</Status> }.into_any(),
    }
}
