//! The Preview tab: each element as a page of another origin shows it, and what such a page has to hold.

use super::{
    frame::{Around, ProductFrame},
    preview_frame::{PreviewFrame, Sight, Width, address},
};
use crate::{
    Sdk,
    api::preview::{CreatePreviewKey, Preview, show_preview},
    element::{Element, Language},
    pages::query,
    ui::{
        Button, Card, Choice, CodeBlock, EmptyState, Glyph, Hidden, LinkButton, Notice, SelectField, ServerForm, Stack, Tone, Variant,
        loaded,
    },
};
use leptos::prelude::*;
use mintmark::{Permission, embed_key::EmbedKey, product::Mode};

/// `/t/:tenant/studio/:product/preview`
#[component]
pub fn PreviewPage() -> impl IntoView {
    view! { <ProductFrame current="/preview" page=|around| view! { <Seen around/> }/> }
}

/// What the address says; whatever it does not say, or says wrong, is the first of each.
fn sight() -> Sight {
    let said = |name: &str| query(name).unwrap_or_default();
    let width = said("width");
    Sight {
        element: Element::named(&said("element")).unwrap_or(Element::Pricing),
        theme: said("theme").parse().unwrap_or(Mode::Auto),
        language: Language::named(&said("lang")).unwrap_or(Language::En),
        width: Width::ALL.into_iter().find(|known| known.as_str() == width).unwrap_or(Width::Full),
    }
}

#[component]
fn Seen(around: Around) -> impl IntoView {
    let answer = show_preview(around.tenant.clone(), around.product.id.to_string());
    loaded(answer, move |preview| {
        let sight = sight();
        let Preview { url, origin, key, carried, published, sdk } = preview;
        let shown = match (origin, key) {
            (None, _) => view! { <NoPreview/> }.into_any(),
            (Some(origin), None) => view! { <NoKey around=around.clone() origin/> }.into_any(),
            (Some(origin), Some(key)) => view! { <Shown around=around.clone() origin key sight published/> }.into_any(),
        };
        view! {
            <Elements base=around.base() sight/>
            {shown}
            <InYourPage around url carried sdk element=sight.element/>
        }
    })
}

/// Which element.
#[component]
fn Elements(base: String, sight: Sight) -> impl IntoView {
    let Sight { element: current, theme, language, width } = sight;
    let (theme, language, width) = (theme.as_str(), language.as_str(), width.as_str());
    let links = Element::ALL
        .into_iter()
        .map(|element| {
            let href = format!("{base}/preview?element={}&theme={theme}&lang={language}&width={width}", element.as_str());
            let here = (element == current).then_some("page");
            view! { <li><a class="segments__one" href=href data-keeps="" aria-current=here>{element.name()}</a></li> }
        })
        .collect_view();
    view! { <nav class="segments" aria-label="Element"><ul class="segments__list" role="list">{links}</ul></nav> }
}

#[component]
fn NoPreview() -> impl IntoView {
    view! {
        <EmptyState
            title="This installation has no preview"
            text="It wants an origin of its own. Whoever runs Mintmark gives it one with MINTMARK_PREVIEW_LISTEN, and MINTMARK_PREVIEW_URL behind a proxy."
            icon=Glyph::Embed
        />
    }
}

/// What the key is, before anybody makes it.
#[component]
fn NoKey(around: Around, origin: String) -> impl IntoView {
    let refused = around.refusal(Permission::ManageEmbedKeys);
    let (tenant, product) = (around.tenant.clone(), around.product.id.to_string());
    let text = format!(
        "It asks as every page does, with an embed key of this product: a test key whose only page is {origin}. It shows what is published, and lets in nobody else."
    );
    let action = move || {
        view! {
            <ServerForm action={ServerAction::<CreatePreviewKey>::new()} done="The preview has its key">
                <Hidden name="tenant" value=tenant/>
                <Hidden name="product" value=product/>
                <Button submit=true variant=Variant::Primary disabled_because=refused>"Make the preview's key"</Button>
            </ServerForm>
        }
    };
    view! { <EmptyState title="The preview has no embed key yet" text icon=Glyph::Embed action/> }
}

#[component]
fn Shown(around: Around, origin: String, key: EmbedKey, sight: Sight, published: usize) -> impl IntoView {
    let alone = address(&origin, &key, sight);
    let key_page = format!("{}/keys/{}", around.base(), key.id);
    view! {
        <Controls base=around.base() sight/>
        <PreviewFrame origin key sight/>
        <p class="preview__foot">
            <a href=alone target="_blank" rel="noopener" data-alone="">"Open it in a tab of its own"</a>
            <a href=key_page>"The preview's embed key"</a>
        </p>
        <Beside around element=sight.element published/>
    }
}

/// Light or dark, language, width: at once with scripts, else by a button.
#[component]
fn Controls(base: String, sight: Sight) -> impl IntoView {
    let Sight { element, theme, language, width } = sight;
    let themes =
        vec![Choice::new("auto", "As the visitor's system is"), Choice::new("light", "Always light"), Choice::new("dark", "Always dark")];
    let languages: Vec<_> = Language::ALL.into_iter().map(|language| Choice::new(language.as_str(), language.name())).collect();
    let widths: Vec<_> = Width::ALL.into_iter().map(|width| Choice::new(width.as_str(), width.name())).collect();
    view! {
        <form class="preview__controls" method="get" action=format!("{base}/preview") data-preview-controls="">
            <input type="hidden" name="element" value=element.as_str()/>
            <SelectField name="theme" label="Light or dark" choices=themes value=theme.as_str()/>
            <SelectField name="lang" label="Language" choices=languages value=language.as_str()/>
            <SelectField name="width" label="Width" choices=widths value=width.as_str()/>
            <noscript><Button submit=true>"Show"</Button></noscript>
        </form>
    }
}

/// What is to be known of one element where it stands here.
#[component]
fn Beside(around: Around, element: Element, published: usize) -> impl IntoView {
    let base = around.base();
    match element {
        Element::Pricing if published == 0 => view! {
            <Notice tone=Tone::Warn title="Nothing is published yet">
                "Pages show an empty list until there is " <a href=format!("{base}/offerings")>"a published offering"</a> "."
            </Notice>
        }
        .into_any(),
        Element::SignIn | Element::UserButton if !around.product.sign_in => view! {
            <Notice tone=Tone::Warn title="The sign-in window is off">
                "Pages that open it are told so, until its switch under " <a href=format!("{base}/sign-in")>"Sign-in"</a> " is on."
            </Notice>
        }
        .into_any(),
        Element::SignIn | Element::UserButton => view! {
            <Notice>"In this frame the sign-in window finds nobody to answer. In a tab of its own it works, and makes a test customer."</Notice>
        }
        .into_any(),
        Element::Chat => view! {
            <Notice>
                "What you write here is a conversation like any other, marked as a test: it stands under "
                <a href=format!("{base}/conversations")>"Conversations"</a> "."
            </Notice>
        }
        .into_any(),
        Element::TokenSession => {
            view! { <Notice>"It shows what a widget token may do. The preview has none, so you see how it waits for one."</Notice> }.into_any()
        }
        Element::Pricing => ().into_any(),
    }
}

#[component]
fn InYourPage(around: Around, url: String, carried: Option<EmbedKey>, sdk: Option<Sdk>, element: Element) -> impl IntoView {
    let (keys, refused) = (format!("{}/keys", around.base()), around.refusal(Permission::ManageEmbedKeys));
    let security = format!("{}/security#policy", around.base());
    let Some(key) = carried else {
        return view! {
            <EmptyState
                title="No embed key for your pages yet"
                text="A page names this product by an embed key that lists the page's origin."
                icon=Glyph::Embed
                action=move || view! { <LinkButton href=keys variant=Variant::Primary disabled_because=refused>"Create an embed key"</LinkButton> }
            />
        }
        .into_any();
    };
    let key = key.id.to_string();
    let frame =
        if around.product.keep_signed_in && element != Element::TokenSession { format!("; frame-src {url}") } else { String::new() };
    let pinned = sdk.and_then(|sdk| element.pinned(&sdk, &url, &key));
    view! {
        <Card title="In your page" description="Runs as it stands, in any page of the key's origins. The attributes theme (auto, light, dark) and lang (en, de) say what you chose above.">
            <Stack>
                <CodeBlock code=element.snippet(&url, &key) label="HTML, always the newest version"/>
                {pinned.map(|code| view! { <CodeBlock code label="HTML, pinned to this version by its hashes"/> })}
                <CodeBlock code=format!("script-src {url}; connect-src {url}{frame}") label="What the page's Content-Security-Policy allows"/>
                <p class="quiet">
                    "Styles need nothing. " <a href=security>"The helper"</a> " adds this to a policy that you have."
                </p>
            </Stack>
        </Card>
    }
    .into_any()
}
