//! The form's HTML: what is asked, in the order in which one decides.

use super::{
    Life, Start,
    origins::{AddInPlace, Boxes},
};
use crate::{
    api::tokens::MintToken,
    pages::tokens::filter,
    ui::{Actions, Button, CheckboxGroup, Choice, Field, Glyph, Hidden, Notice, SelectField, ServerForm, TextField, Tone, Variant},
    words::{joined, span},
};
use leptos::prelude::*;
use mintmark::token::Scope;

/// The dialog's id, and what every field's id starts with.
pub const MINT: &str = "mint";

/// The panel that shows the token.
pub(super) const MINTED: &str = "minted";

/// Fields, the sentence, the button. Without scripts the button stays asleep.
#[component]
pub fn MintForm(start: Start) -> impl IntoView {
    let Start { tenant, organizations, origins_refused, life, organization, scope, origins, allowlist, in_dialog } = start;
    if organizations.is_empty() {
        return view! {
            <Notice title="No organization to mint for">
                "A token belongs to one of your customers' organizations. "
                <a href=format!("/t/{tenant}/organizations/new")>"Create the first one"</a>
                "."
            </Notice>
        }
        .into_any();
    }
    let choices = [Choice::new("", "Choose an organization")]
        .into_iter()
        .take(usize::from(organizations.len() > 1))
        .chain(organizations.iter().map(|(id, name)| Choice::new(id.clone(), name.clone())))
        .collect::<Vec<_>>();
    let scopes = Scope::ALL
        .iter()
        .map(|scope| Choice::new(scope.as_str(), filter::scope_name(*scope)).hint(format!("It can {}.", scope.describe())))
        .collect::<Vec<_>>();
    let name = organizations.iter().find(|(id, _)| *id == organization).map(|(_, name)| name.clone());
    let sentence = Said { scope: scope.clone(), organization: name, origins: origins.clone(), minutes: life.default };
    view! {
        <noscript>
            <Notice tone=Tone::Warn title="Minting needs scripts">
                "The token is shown once and never again. Without scripts it would have to travel in an address or stay in the browser's history. Mint from your backend instead, or allow scripts for this site."
            </Notice>
        </noscript>
        <ServerForm action={ServerAction::<MintToken>::new()} scope=MINT answers=MINTED>
            <Hidden name="tenant" value=tenant/>
            <SelectField name="organization_id" label="Organization" choices value=organization/>
            <CheckboxGroup name="scope[]" label="What it may do" choices=scopes values=scope/>
            <fieldset class="field origins">
                <legend class="field__label">"From where"</legend>
                <p class="field__hint">"Pages of these origins may use it; any other page is refused."</p>
                <div class="origins__boxes" data-mint="boxes"><Boxes allowlist ticked=origins/></div>
                <AddInPlace refused=origins_refused/>
            </fieldset>
            <LifeField life/>
            <TextField name="label" label="Label" optional=true maxlength=120_u32 placeholder="Onboarding call with Acme" hint="For people who read the list later."/>
            <div class="mint-foot">
                <Sentence said=sentence/>
                <Actions>
                    <Button submit=true variant=Variant::Primary icon=Glyph::Token>"Mint token"</Button>
                    {in_dialog.then(|| view! { <Button closes=MINT>"Cancel"</Button> })}
                </Actions>
            </div>
        </ServerForm>
    }
    .into_any()
}

/// A slider and a number that follow each other, with the clamp said.
#[component]
fn LifeField(life: Life) -> impl IntoView {
    let hint = format!(
        "From {} to {}, the most that this tenant allows; {} unless chosen.",
        span(life.least),
        span(life.most),
        span(life.default)
    );
    let [least, most, default] = [life.least, life.most, life.default].map(|minutes| minutes.to_string());
    view! {
        <Field name="minutes" label="Life" hint>
            <div class="life">
                <input class="life__slider" type="range" min=least.clone() max=most.clone() step="1" value=default.clone() aria-label="Life in minutes" data-mint="slider"/>
                <span class="input-group input-group--short life__number">
                    <input
                        class="input input--number"
                        type="number"
                        inputmode="numeric"
                        step="1"
                        id="f-mint-minutes"
                        name="minutes"
                        value=default
                        required=true
                        autocomplete="off"
                        aria-describedby="f-mint-minutes-hint life-clamp"
                        data-mint="minutes"
                        data-least=least
                        data-most=most
                    />
                    <span class="input-group__unit">"min"</span>
                </span>
            </div>
            <p class="life__clamp" id="life-clamp" role="status" data-mint="clamp"></p>
        </Field>
    }
}

/// What is chosen, for the sentence.
struct Said {
    scope: Vec<String>,
    organization: Option<String>,
    origins: Vec<String>,
    minutes: i64,
}

/// "This token can set up single sign-on for Acme from https://app.acme.com until 14:32 (30 min)." What is not chosen
/// yet is said in place. The reader's clock is the browser's, so the server says for how long.
#[component]
fn Sentence(said: Said) -> impl IntoView {
    let can: Vec<_> = Scope::ALL
        .iter()
        .filter(|scope| said.scope.iter().any(|one| one == scope.as_str()))
        .map(|scope| scope.describe().to_owned())
        .collect();
    let word = |slot: &'static str, chosen: Option<String>, missing: &'static str| {
        let absent = chosen.is_none().then_some("");
        view! { <strong class="mint-sentence__word" data-say=slot data-missing=missing data-absent=absent>{chosen.unwrap_or_else(|| missing.to_owned())}</strong> }
    };
    view! {
        <p class="mint-sentence" role="status">
            "This token can " {word("may", joined(&can), "do nothing yet")} " for " {word("organization", said.organization, "no organization yet")} " from "
            {word("origins", joined(&said.origins), "no origin yet")} " " {word("until", Some(format!("for {}", span(said.minutes))), "for no time yet")} "."
        </p>
    }
}
