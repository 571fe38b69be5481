//! What stands where nothing is.

use crate::ui::{AuthFrame, LinkButton, Size, Variant};
use leptos::prelude::*;

/// Answers 404. The same for what never was and for what belongs to somebody else.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    crate::error::answer_with(mintmark::Code::NotFound);
    view! {
        <AuthFrame title="Not found" description="There is no such page, or it is not yours to see.">
            <LinkButton href="/" variant=Variant::Primary size=Size::Wide>"Go to the overview"</LinkButton>
        </AuthFrame>
    }
}
