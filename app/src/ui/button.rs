//! Buttons and links that look like them.

use super::{Glyph, Icon, form::FormContext};
use leptos::{either::Either, prelude::*};

/// How much a button weighs. At most one primary per view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The one thing that this view is for.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Within rows and toolbars.
    Ghost,
    /// Ends or destroys something; the dialog's confirming button.
    Danger,
}

impl Variant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button button--secondary",
            Self::Ghost => "button button--ghost",
            Self::Danger => "button button--danger",
        }
    }
}

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// For rows of tables and toolbars.
    Small,
    /// Everywhere else.
    #[default]
    Medium,
    /// As wide as its container: the one button of a sign-in form.
    Wide,
}

impl Size {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Wide => "wide",
        }
    }
}

/// Does something here. To go somewhere use [`LinkButton`].
#[component]
pub fn Button(
    /// The words: a verb and a noun.
    children: Children,
    /// How much it weighs.
    #[prop(optional)]
    variant: Variant,
    /// How large.
    #[prop(optional)]
    size: Size,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// The id of the [`Dialog`](super::Dialog) that it opens, without any script.
    #[prop(optional, into)]
    opens: Option<String>,
    /// The id of the dialog that it closes.
    #[prop(optional, into)]
    closes: Option<String>,
    /// Why it may not be used now; it stays reachable, so that the reason can be read. `None`: it may.
    #[prop(default = None, into)]
    disabled_because: Option<String>,
    /// Sent with the form.
    #[prop(optional, into)]
    name: Option<String>,
    /// Sent with the form.
    #[prop(optional, into)]
    value: Option<String>,
) -> impl IntoView {
    let refused = disabled_because.is_some();
    let asleep = submit && use_context::<FormContext>().is_some_and(|form| form.asleep);
    let (command, target) = match (opens, closes) {
        (Some(id), _) => (Some("show-modal"), Some(id)),
        (None, Some(id)) => (Some("close"), Some(id)),
        (None, None) => (None, None),
    };
    let allowed = move |value: Option<&'static str>| value.filter(|_| !refused);
    view! {
        <button
            class=variant.class()
            data-size=size.as_str()
            type=if submit && !refused { "submit" } else { "button" }
            command=allowed(command)
            commandfor=target.filter(|_| !refused)
            disabled=asleep
            data-asleep=asleep.then_some("")
            aria-disabled=refused.then_some("true")
            aria-description=disabled_because.clone()
            data-tip=disabled_because
            name=name
            value=value
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            <span class="button__text">{children()}</span>
        </button>
    }
}

/// A button that is only an icon; its label is read out and shown as a tip.
#[component]
pub fn IconButton(
    /// What it does, as a button would say it.
    #[prop(into)]
    label: String,
    /// The picture.
    icon: Glyph,
    /// The id of the dialog that it opens.
    #[prop(optional, into)]
    opens: Option<String>,
    /// The id of the dialog that it closes.
    #[prop(optional, into)]
    closes: Option<String>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Why it may not be used now.
    #[prop(default = None, into)]
    disabled_because: Option<String>,
) -> impl IntoView {
    let refused = disabled_because.is_some();
    let command = if opens.is_some() { Some("show-modal") } else { closes.is_some().then_some("close") };
    view! {
        <button
            class="button button--ghost button--icon"
            data-size="small"
            type=if submit && !refused { "submit" } else { "button" }
            aria-label=label.clone()
            command=command.filter(|_| !refused)
            commandfor=opens.or(closes).filter(|_| !refused)
            aria-disabled=refused.then_some("true")
            aria-description=disabled_because.clone()
            data-tip=disabled_because.unwrap_or(label)
        >
            <Icon glyph=icon/>
        </button>
    }
}

/// Goes somewhere, with the weight of a button.
#[component]
pub fn LinkButton(
    /// The words.
    children: Children,
    /// Where to.
    #[prop(into)]
    href: String,
    /// How much it weighs.
    #[prop(optional)]
    variant: Variant,
    /// How large.
    #[prop(optional)]
    size: Size,
    /// Before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Saves what the address answers instead of showing it.
    #[prop(optional)]
    download: bool,
    /// Why one may not go there.
    #[prop(default = None, into)]
    disabled_because: Option<String>,
) -> impl IntoView {
    let inner = view! {
        {icon.map(|glyph| view! { <Icon glyph/> })}
        <span class="button__text">{children()}</span>
    };
    match disabled_because {
        None => Either::Left(view! {
            <a class=variant.class() data-size=size.as_str() href=href download=download.then_some("")>{inner}</a>
        }),
        Some(reason) => Either::Right(view! {
            <a class=variant.class() data-size=size.as_str() role="link" tabindex="0" aria-disabled="true" aria-description=reason.clone() data-tip=reason>
                {inner}
            </a>
        }),
    }
}
