//! `/t/<slug>/profile/second-factor`: turning it on with a picture, its recovery codes, turning it off.

use crate::{
    api::{BeginSecondFactor, ConfirmSecondFactor, DisableSecondFactor, RenewRecoveryCodes, profile},
    standing::standing,
    ui::{
        Actions, Button, Card, Crumb, DangerDialog, Fact, Facts, Glyph, Hidden, Icon, NeedsScripts, Notice, PageHeader, Secrecy,
        SecretOnce, ServerForm, Stack, Status, TextField, Tone, Variant, loaded,
    },
};
use leptos::prelude::*;
use mintmark::user::Profile;

/// The panel of the secret for the authenticator.
const ENROLMENT: &str = "enrolment";

/// The panel of the recovery codes.
const CODES: &str = "recovery-codes";

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
#[component]
fn RenewCodes(tenant: String) -> impl IntoView {
    view! {
        <NeedsScripts>"New recovery codes are shown once, in this page and nowhere else."</NeedsScripts>
        <ServerForm action={ServerAction::<RenewRecoveryCodes>::new()} answers=CODES done="Recovery codes renewed">
            <Hidden name="tenant" value=tenant/>
            <Actions><Button submit=true>"New recovery codes"</Button></Actions>
        </ServerForm>
        <Codes/>
    }
}

/// The steps, one after the other: the second takes the place of the first.
#[component]
fn TurnOn(tenant: String) -> impl IntoView {
    let again = tenant.clone();
    view! {
        <Card title="Turn it on" description="You need an app that shows such codes on your phone, or a password manager that does.">
            <NeedsScripts>"What is shown here may stand in no address and no history."</NeedsScripts>
            <ServerForm action={ServerAction::<BeginSecondFactor>::new()} answers=ENROLMENT>
                <Hidden name="tenant" value=tenant/>
                <Actions><Button submit=true variant=Variant::Primary>"Show the picture to scan"</Button></Actions>
            </ServerForm>
            <Scan tenant=again/>
        </Card>
        <Codes/>
    }
}

/// Empty until a secret is offered.
#[component]
fn Scan(tenant: String) -> impl IntoView {
    view! {
        <div class="enrol" id=ENROLMENT data-secrets hidden>
            <div class="enrol__picture" role="img" aria-label="QR code with the secret for your authenticator" data-secret="picture"></div>
            <div class="enrol__words">
                <p>"Scan the picture with your authenticator, or type this secret into it:"</p>
                <p class="enrol__secret">
                    <code data-secret="value" data-shown=""></code>
                    <button class="copy" type="button" aria-label="Copy secret" data-tip="Copy secret" data-secret-do="copy" data-done="Secret copied">
                        <span class="copy__idle"><Icon glyph=Glyph::Copy/></span>
                        <span class="copy__done"><Icon glyph=Glyph::Check/></span>
                    </button>
                </p>
                <ServerForm action={ServerAction::<ConfirmSecondFactor>::new()} answers=CODES done="Second factor on">
                    <Hidden name="tenant" value=tenant/>
                    <TextField name="code" label="Code that it shows now" autocomplete="one-time-code" inputmode="numeric" placeholder="123 456" mono=true maxlength=7/>
                    <Actions><Button submit=true variant=Variant::Primary>"Turn on"</Button></Actions>
                </ServerForm>
            </div>
        </div>
    }
}

#[component]
fn Codes() -> impl IntoView {
    view! {
        <SecretOnce
            id=CODES
            title="Keep your recovery codes"
            what=Secrecy::Codes
            warning="Each of these codes stands in for your authenticator once. Keep them where your phone is not."
        />
    }
}
