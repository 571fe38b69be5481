//! `/t/<slug>/profile/second-factor`: turning it on with a picture, its recovery codes, turning it off.

use super::recovery_codes::RecoveryCodes;
use crate::{
    api::{BeginSecondFactor, ConfirmSecondFactor, DisableSecondFactor, Enrolment, RenewRecoveryCodes, profile},
    standing::standing,
    ui::{
        Actions, Button, Card, CopyButton, Crumb, DangerDialog, Fact, Facts, Hidden, IslandForm, Notice, PageHeader, Stack, Status,
        TextField, Tone, Variant, loaded,
    },
};
use leptos::prelude::*;
use mintmark::user::Profile;

/// What is shown here once is a secret, so turning it on needs the browser's scripts; turning it off does not.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let place = standing();
    let back = place.path("profile");
    view! {
        <PageHeader
            title="Second factor"
            description="Beside your password, a code that your authenticator shows and that changes every 30 seconds."
            crumbs=[Crumb::new("Your profile", back.clone())]
        />
        {loaded(profile(place.slug()), move |profile| {
            if profile.second_factor {
                view! { <On slug=place.slug() profile then=back/> }.into_any()
            } else {
                view! { <TurnOn tenant=place.slug()/> }.into_any()
            }
        })}
    }
}

#[component]
fn On(slug: String, profile: Profile, then: String) -> impl IntoView {
    let kept = profile
        .short_password
        .then(|| "Your password is shorter than 15 characters, which only a second factor makes good enough. Change it first.".to_owned());
    let action = ServerAction::<DisableSecondFactor>::new();
    let values = [("tenant", slug.clone())];
    let left = profile.recovery_codes_left;
    view! {
        <Card title="Your authenticator">
            <Stack>
            <Facts>
                <Fact label="State"><Status tone=Tone::Good>"On"</Status></Fact>
                <Fact label="Recovery codes left">{left.to_string()}</Fact>
            </Facts>
            {(left < 3).then(|| view! { <Notice tone=Tone::Warn>"Without recovery codes and without your phone, only a reset lets you in again."</Notice> })}
            <div class="line">
                <RenewCodes tenant=slug/>
                <Button opens="disable" disabled_because=kept>"Turn off"</Button>
            </div>
            </Stack>
        </Card>
        <DangerDialog
            id="disable" action title="Turn off second factor" verb="Turn off" values then done="Second factor off"
            consequence="From now on your password alone lets anybody in who has it. Your recovery codes stop working."
        />
    }
}

/// New recovery codes in place of the old ones.
#[island]
fn RenewCodes(tenant: String) -> impl IntoView {
    let action = ServerAction::<RenewRecoveryCodes>::new();
    let codes = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(Ok(new)) = action.value().get() {
            codes.set(Some(new));
        }
    });
    view! {
        <IslandForm action>
            <Hidden name="tenant" value=tenant/>
            <Actions><Button submit=true>"New recovery codes"</Button></Actions>
        </IslandForm>
        <RecoveryCodes codes/>
    }
}

/// The steps, one after the other.
#[island]
fn TurnOn(tenant: String) -> impl IntoView {
    let begin = ServerAction::<BeginSecondFactor>::new();
    let offer = Memo::new(move |_| begin.value().get().and_then(Result::ok));
    let codes = RwSignal::new(None);
    view! {
        <Card title="Turn it on" description="You need an app that shows such codes on your phone, or a password manager that does.">
            {move || {
                let tenant = tenant.clone();
                match offer.get() {
                    Some(offer) => view! { <Scan offer tenant codes/> }.into_any(),
                    None => view! { <Begin begin tenant/> }.into_any(),
                }
            }}
        </Card>
        <RecoveryCodes codes/>
    }
}

#[component]
fn Begin(begin: ServerAction<BeginSecondFactor>, tenant: String) -> impl IntoView {
    view! {
        <IslandForm action=begin>
            <Hidden name="tenant" value=tenant/>
            <Actions><Button submit=true variant=Variant::Primary>"Show the picture to scan"</Button></Actions>
        </IslandForm>
        <noscript><Notice>"This needs the browser's scripts, because what is shown here may stand in no address and no history."</Notice></noscript>
    }
}

#[component]
fn Scan(offer: Enrolment, tenant: String, codes: RwSignal<Option<Vec<String>>>) -> impl IntoView {
    let confirm = ServerAction::<ConfirmSecondFactor>::new();
    Effect::new(move |_| {
        if let Some(Ok(new)) = confirm.value().get() {
            codes.set(Some(new));
        }
    });
    let typed = offer.secret.replace(' ', "");
    view! {
        <div class="enrol">
            <div class="enrol__picture" role="img" aria-label="QR code with the secret for your authenticator" inner_html=offer.picture></div>
            <div class="enrol__words">
                <p>"Scan the picture with your authenticator, or type this secret into it:"</p>
                <p class="enrol__secret"><code>{offer.secret}</code><CopyButton text=typed label="Copy secret"/></p>
                <IslandForm action=confirm>
                    <Hidden name="tenant" value=tenant/>
                    <TextField name="code" label="Code that it shows now" autocomplete="one-time-code" inputmode="numeric" placeholder="123 456" mono=true maxlength=7/>
                    <Actions><Button submit=true variant=Variant::Primary>"Turn on"</Button></Actions>
                </IslandForm>
            </div>
        </div>
    }
}
