//! The mode chooser: two questions, and the way that fits. The style sheet shows what belongs to the answers, so it works
//! without scripts.

use super::frame::Around;
use crate::{
    ui::{Card, Choice, Glyph, Icon, RadioGroup},
    ways::Way,
};
use leptos::prelude::*;

/// The questions, with the recommendation below them.
#[component]
pub(super) fn ModeChooser(around: Around) -> impl IntoView {
    let who = vec![
        Choice::new("nobody", "No").hint("Prices, plans, a status: everybody sees the same."),
        Choice::new("somebody", "Yes").hint("Their invoices, their members, their conversation."),
    ];
    let by = vec![
        Choice::new("backend", "Our own backend").hint("It knows who is signed in when it renders the page."),
        Choice::new("window", "Nobody: the page has no sign-in").hint("It shall get one, and the visitor stays where they are."),
        Choice::new("none", "Nobody yet").hint("They may leave for their mail and come back to the page by its link."),
    ];
    let base = around.base();
    view! {
        <Card title="Which way in?" description="Two questions. All four ways can be used side by side, on different pages.">
            <form class="chooser">
                <RadioGroup name="who" label="Does the page show something of its visitor's own?" choices=who/>
                <div class="chooser__second"><RadioGroup name="by" label="Who signs your visitors in?" choices=by/></div>
                <div class="chooser__ways" role="status">
                    {Way::ALL.into_iter().map(|way| view! { <Recommended way base=base.clone()/> }).collect_view()}
                </div>
            </form>
        </Card>
    }
}

#[component]
fn Recommended(way: Way, base: String) -> impl IntoView {
    let (why, then, href) = match way {
        Way::Anonymous => (
            "Nobody has to be known. The page carries an embed key, which is public, and is shown what is published. It needs no backend.",
            "Copy the snippet below",
            "#snippet".to_owned(),
        ),
        Way::Bridge => (
            "Your backend knows already who it is. It signs that into a token of five minutes; nobody signs in twice, and no password comes here.",
            "Set up the Auth Bridge",
            format!("{base}/bridge"),
        ),
        Way::MagicLink => (
            "Nobody else can vouch for your visitors. They type an address, click the link in their mail and are back in the page. It needs no backend.",
            "Set up magic links",
            format!("{base}/magic-links"),
        ),
        Way::SignIn => (
            "The page opens a window of this Mintmark. Its visitor signs in there, and the page has a session without being left. It needs no backend.",
            "Switch the sign-in window on",
            format!("{base}/sign-in"),
        ),
    };
    view! {
        <div class="chooser__way" data-way=way.as_str()>
            <Icon glyph=Glyph::Check/>
            <div>
                <p class="chooser__name">{way.name()}</p>
                <p>{why}</p>
                <p><a href=href>{then}</a></p>
            </div>
        </div>
    }
}
