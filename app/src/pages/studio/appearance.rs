//! How a product's widgets look: a few values, checked for contrast, served to pages with the config.

use super::{
    frame::{Around, ProductFrame},
    preview_frame::{PreviewFrame, Sight},
};
use crate::{
    api::{
        preview::{Preview, show_preview},
        studio::SaveAppearance,
    },
    ui::{Actions, Button, Card, Choice, Hidden, Notice, RadioGroup, ServerForm, Stack, TextField, Tone, Variant, loaded},
};
use leptos::prelude::*;
use mintmark::{
    Permission,
    product::{Appearance, Contrast, Mode, READABLE},
};

const ABOUT: &str = "Pages are told these with GET /embed/v1/config, within a minute. What stays empty is left to the widgets.";

/// `/t/:tenant/studio/:product/appearance`
#[component]
pub fn AppearancePage() -> impl IntoView {
    view! { <ProductFrame current="/appearance" page=|around| view! { <Looks around/> }/> }
}

#[component]
fn Looks(around: Around) -> impl IntoView {
    let looks = around.product.appearance.clone();
    let (base, answer) = (around.base(), show_preview(around.tenant.clone(), around.product.id.to_string()));
    let form = match around.refusal(Permission::ManageProducts) {
        Some(reason) => view! { <Notice>{reason}</Notice> }.into_any(),
        None => view! { <Edit around looks=looks.clone()/> }.into_any(),
    };
    view! {
        <Readable contrasts=looks.contrasts()/>
        <div class="looks">
            <div data-previews=""><Card title="Appearance" description=ABOUT>{form}</Card></div>
            {loaded(answer, move |preview| view! { <Beside base preview/> })}
        </div>
    }
}

/// The published offerings as they look now, and with scripts as they would look with what is typed.
#[component]
fn Beside(base: String, preview: Preview) -> impl IntoView {
    let tab = format!("{base}/preview");
    let shown = match (preview.origin, preview.key) {
        (None, _) => view! {
            <p class="quiet">"This installation has no preview: MINTMARK_PREVIEW_LISTEN gives it one."</p>
        }
        .into_any(),
        (Some(_), None) => view! {
            <p class="quiet">"The preview has no embed key yet: make it under " <a href=tab>"Preview"</a> "."</p>
        }
        .into_any(),
        (Some(origin), Some(key)) => view! {
            <Stack>
                <PreviewFrame origin key sight=Sight::default()/>
                <p class="quiet">"The published offerings, with what is typed and not yet saved. All elements stand under " <a href=tab>"Preview"</a> "."</p>
            </Stack>
        }
        .into_any(),
    };
    view! { <Card title="Preview">{shown}</Card> }
}

/// What not everybody can read; nothing where all is well.
#[component]
fn Readable(contrasts: Vec<Contrast>) -> impl IntoView {
    let poor: Vec<_> = contrasts.into_iter().filter(|contrast| !contrast.is_enough()).collect();
    if poor.is_empty() {
        return ().into_any();
    }
    let lines = poor.into_iter().map(|Contrast { what, ratio }| view! { <p>{format!("{what}: {ratio:.1} to 1.")}</p> }).collect_view();
    view! {
        <Notice tone=Tone::Warn title="Not everybody can read this">
            <p>{format!("Words want a contrast of {READABLE} to 1 at least.")}</p>
            {lines}
        </Notice>
    }
    .into_any()
}

#[component]
fn Edit(around: Around, looks: Appearance) -> impl IntoView {
    let modes =
        vec![Choice::new("auto", "As the visitor's system is"), Choice::new("light", "Always light"), Choice::new("dark", "Always dark")];
    let mode = looks.mode.unwrap_or(Mode::Auto).as_str();
    let colour = |name: &'static str, label: &'static str, hint: &'static str, value: Option<String>| {
        view! { <TextField name label hint value=value.unwrap_or_default() mono=true optional=true maxlength=7_u32 pattern="#[0-9a-fA-F]{6}" placeholder="#1a6b4f"/> }
    };
    view! {
        <ServerForm action={ServerAction::<SaveAppearance>::new()} done="Appearance saved">
            <Hidden name="tenant" value=around.tenant/>
            <Hidden name="product" value=around.product.id.to_string()/>
            <RadioGroup name="mode" label="Light or dark" choices=modes value=mode/>
            {colour("accent", "Accent", "Of buttons and links: # and six hexadecimal digits.", looks.accent)}
            {colour("background", "Background", "Behind everything.", looks.background)}
            {colour("text", "Text", "Of what is read.", looks.text)}
            <TextField name="radius" label="Corners" hint="How round they are, in pixels: 0 to 32." inputmode="numeric" pattern="[0-9]{1,2}" maxlength=2_u32 optional=true value=looks.radius.map(|radius| radius.to_string()).unwrap_or_default()/>
            <TextField name="font" label="Font" hint="Names, the preferred one first: Inter, Helvetica Neue. The page must have it." maxlength=120_u32 optional=true value=looks.font.unwrap_or_default()/>
            <Actions><Button submit=true variant=Variant::Primary>"Save changes"</Button></Actions>
        </ServerForm>
    }
}
