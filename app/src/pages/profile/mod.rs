//! One's own pages: name and password, sessions, the second factor, what one may do.

mod device;
mod permissions;
mod second_factor;
mod sessions;

pub use permissions::PermissionsPage;
pub use second_factor::SecondFactorPage;

use crate::{
    api::{ChangePassword, RenameSelf, list_own_sessions, profile},
    standing::{Standing, standing},
    ui::{
        Actions, Badge, Button, Card, Fact, Facts, Hidden, Hints, LinkButton, PageHeader, PasswordField, ServerForm, Stack, Tab, Tabs,
        TextField, Tone, Username, Variant, When, loaded,
    },
};
use leptos::prelude::*;
use mintmark::user::Profile;
use sessions::Sessions;

/// `/t/<slug>/profile`. The account is the same in every tenant; only the frame around it differs.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let standing = standing();
    let slug = standing.slug();
    let answer = async move { Ok((profile(slug.clone()).await?, list_own_sessions(slug).await?)) };
    view! {
        <PageHeader title="Your profile" description="Your account, in every tenant that you belong to."/>
        <ProfileTabs standing=standing.clone() current=""/>
        {loaded(answer, move |(profile, sessions)| {
            let (slug, factor) = (standing.slug(), standing.path("profile/second-factor"));
            view! {
                <Name slug=slug.clone() profile=profile.clone()/>
                <Password slug=slug.clone() profile=profile.clone()/>
                <SecondFactor profile factor/>
                <Sessions slug sessions/>
            }
        })}
    }
}

/// The two halves of one's own pages.
#[component]
fn ProfileTabs(standing: Standing, current: &'static str) -> impl IntoView {
    view! {
        <Tabs label="Your profile">
            <Tab href=standing.path("profile") current=current.is_empty()>"Account"</Tab>
            <Tab href=standing.path("profile/permissions") current=current == "permissions">"Your permissions"</Tab>
        </Tabs>
    }
}

#[component]
fn Name(slug: String, profile: Profile) -> impl IntoView {
    let action = ServerAction::<RenameSelf>::new();
    view! {
        <Card title="Who you are" description="History shows your name beside what you do.">
            <Stack>
                <Facts>
                    <Fact label="E-mail">{profile.user.email}</Fact>
                    <Fact label="Account since"><When at=profile.created_at full=true/></Fact>
                </Facts>
                <div class="narrow">
                    <ServerForm action inline=true done="Name changed">
                        <Hidden name="tenant" value=slug/>
                        <TextField name="name" label="Name" value=profile.user.name autocomplete="name" maxlength=120/>
                        <Actions><Button submit=true>"Save name"</Button></Actions>
                    </ServerForm>
                </div>
            </Stack>
        </Card>
    }
}

#[component]
fn Password(slug: String, profile: Profile) -> impl IntoView {
    let action = ServerAction::<ChangePassword>::new();
    let (least, rule) = if profile.second_factor {
        (8, "At least 8 characters beside your second factor; 15 or more let you turn it off again.")
    } else {
        (15, "At least 15 characters. A few unrelated words are easy to remember and hard to guess.")
    };
    view! {
        <Card title="Password" description="A new password signs out every other session.">
            <div class="narrow"><ServerForm action done="Password changed">
                <Hidden name="tenant" value=slug/>
                <Username email=profile.user.email/>
                <PasswordField name="current_password" label="Present password"/>
                <PasswordField name="new_password" label="New password" new=true hint=rule/>
                <Hints form="change_password" password="new_password" least/>
                <Actions><Button submit=true>"Change password"</Button></Actions>
            </ServerForm></div>
        </Card>
    }
}

#[component]
fn SecondFactor(profile: Profile, factor: String) -> impl IntoView {
    let left = profile.recovery_codes_left;
    let state = match (profile.second_factor, left) {
        (true, 0) => view! { <Badge tone=Tone::Warn>"On, no recovery codes left"</Badge> }.into_any(),
        (true, 1) => view! { <Badge tone=Tone::Warn>"On, 1 recovery code left"</Badge> }.into_any(),
        (true, left) => view! { <Badge tone=Tone::Good>{format!("On, {left} recovery codes left")}</Badge> }.into_any(),
        (false, _) => view! { <Badge>"Off"</Badge> }.into_any(),
    };
    let (words, variant) = if profile.second_factor { ("Manage", Variant::Secondary) } else { ("Turn on", Variant::Primary) };
    view! {
        <Card title="Second factor" description="A code of your authenticator beside the password, so that a stolen password is not enough.">
            <div class="line">
                <div>{state}</div>
                <LinkButton href=factor variant>{words}</LinkButton>
            </div>
        </Card>
    }
}
