//! Dialogs on the browser's own element: opened by a button's `opens`, without script; focus goes back to the opener.

use super::{
    Actions, Button, Glyph, Hidden, IconButton, TextArea, TextField, Tone, Variant,
    form::{Posting, posted},
};
use crate::Failure;
use leptos::{prelude::*, server_fn::ServerFn};

/// One task in front of the page.
#[component]
pub fn Dialog(
    /// Unique in the page; a button's `opens` names it.
    #[prop(into)]
    id: String,
    /// A verb and a noun: "Mint widget token".
    #[prop(into)]
    title: String,
    /// One sentence under the title.
    #[prop(optional, into)]
    description: Option<String>,
    /// Room for forms with snippets or previews.
    #[prop(optional)]
    wide: bool,
    /// Neither Escape nor a press beside it closes it, and it has no cross: only its own buttons do.
    #[prop(optional)]
    locked: bool,
    /// It stands open in the page from the start; `Live` makes it modal.
    #[prop(optional)]
    open: bool,
    /// A form with [`Actions`](super::Actions), or content and [`DialogActions`].
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let cross = (!locked).then(|| view! { <IconButton label="Close" icon=Glyph::Cross closes=id.clone()/> });
    view! {
        <dialog
            class="dialog"
            class:dialog--wide=wide
            id=id
            closedby=if locked { "none" } else { "closerequest" }
            aria-labelledby=labelled_by
            data-locked=locked.then_some("")
            data-open=open.then_some("")
            open=open
        >
            <div class="dialog__head">
                <div>
                    <h2 class="dialog__title" id=title_id>{title}</h2>
                    {description.map(|text| view! { <p class="dialog__description">{text}</p> })}
                </div>
                {cross}
            </div>
            <div class="dialog__body">{children()}</div>
            // What is outside of a modal dialog is neither seen nor heard, so what is said meanwhile is said in here.
            <div class="toasts" role="status" aria-live="polite"></div>
        </dialog>
    }
}

/// The row of buttons at the foot of a dialog without a form.
#[component]
pub fn DialogActions(children: Children) -> impl IntoView {
    view! { <div class="form__actions">{children()}</div> }
}

/// Whether a [`DangerDialog`] asks why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reason {
    /// It does not.
    #[default]
    None,
    /// It may be left empty.
    Optional,
    /// It goes to the history and may not be empty.
    Required,
}

/// Before something ends: the consequence first, then as much friction as it deserves. It stays open on a refusal.
#[component]
pub fn DangerDialog<F>(
    /// Unique in the page; the opener's `opens`.
    #[prop(into)]
    id: String,
    /// The server function that does it. Its arguments besides `reason: Option<String>` come as `values`.
    action: ServerAction<F>,
    /// A verb and a noun: "Revoke signing key".
    #[prop(into)]
    title: String,
    /// The first sentence: "12 live tokens will stop at their next call."
    #[prop(into)]
    consequence: String,
    /// The confirming button repeats the title's verb: "Revoke key".
    #[prop(into)]
    verb: String,
    /// Hidden arguments: `[("tenant", slug), ("id", id.to_string())]`.
    #[prop(into)]
    values: Vec<(&'static str, String)>,
    /// Whether it asks why, as `reason`.
    #[prop(optional)]
    reason: Reason,
    /// What must be typed before the button works, normally the thing's name; sent as `confirm`.
    #[prop(optional, into)]
    phrase: Option<String>,
    /// It can be taken back: the button is not red.
    #[prop(optional)]
    mild: bool,
    /// Where success leads; the present page by default.
    #[prop(optional, into)]
    then: Option<String>,
    /// What is announced after success: "Key revoked".
    #[prop(optional, into)]
    done: Option<String>,
    /// More fields, such as a checkbox that declines a further effect.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView
where
    F: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
{
    // A form without scripts brought the refusal back in the address: only the dialog with these values opens.
    let refused = action.value().with_untracked(|answer| matches!(answer, Some(Err(_))));
    let tone = if mild { Tone::Warn } else { Tone::Danger };
    let hidden = values.into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view();
    let closes = id.clone();
    let fields = Box::new(move || {
        view! {
            {hidden}
            <p class="dialog__consequence" data-tone=tone.as_str()>{consequence}</p>
            {children.map(|children| children())}
            {(reason != Reason::None).then(|| view! {
                <TextArea name="reason" label="Reason" hint="Kept in the history." optional=reason == Reason::Optional maxlength=500/>
            })}
            {phrase.map(|phrase| view! {
                <TextField name="confirm" label=format!("Type {phrase} to go on") pattern=exactly(&phrase) mono=true/>
            })}
            <Actions>
                <Button submit=true variant=if mild { Variant::Primary } else { Variant::Danger }>{verb}</Button>
                <Button closes=closes>"Cancel"</Button>
            </Actions>
        }
        .into_any()
    });
    let form = posted(action, Posting { scope: Some(id.clone()), then, done, inline: false, step_up: false, answers: None }, fields);
    view! { <Dialog id title open=refused>{form}</Dialog> }
}

/// A pattern that only this text fits, in the syntax of the attribute.
fn exactly(text: &str) -> String {
    text.chars().flat_map(|c| if r"^$\.*+?()[]{}|/".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::exactly;

    #[test]
    fn a_phrase_is_no_pattern() {
        assert_eq!(exactly("acme"), "acme");
        assert_eq!(exactly("a.b (c)"), r"a\.b \(c\)");
    }
}
