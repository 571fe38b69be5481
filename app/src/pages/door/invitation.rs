//! `/invitation?token=`: becoming a member.

use super::{PASSWORD_RULE, stale_link::opened};
use crate::{
    api::{AcceptInvitation, invitation_link, whereabouts},
    pages::query,
    ui::{
        Actions, AuthFrame, Button, Fact, Facts, Hidden, Hints, Notice, PasswordField, ServerForm, Size, TextField, Tone, Username,
        Variant, When,
    },
};
use leptos::prelude::*;
use mintmark::{invitation::InvitationView, user::User};

/// A new person chooses name and password, a known one proves who they are, one who is signed in only says yes.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = query("token").unwrap_or_default();
    let asked = token.clone();
    let answer = async move { Ok((invitation_link(asked).await?, whereabouts().await?.user)) };
    opened(answer, "Ask whoever invited you for a new one; they can send it again from Members.", move |(invitation, user)| {
        let place = match &invitation.organization_name {
            Some(organization) => format!("{organization}, an organization of {}", invitation.tenant_name),
            None => invitation.tenant_name.clone(),
        };
        let (until, email, role) = (invitation.expires_at, invitation.email.clone(), invitation.role.to_string());
        view! {
            <AuthFrame title=format!("Join {}", invitation.tenant_name) description=format!("{} invites you to {place}.", invitation.invited_by_name)>
                <Facts>
                    <Fact label="For">{email}</Fact>
                    <Fact label="Role">{role}</Fact>
                    <Fact label="Valid until"><When at=until full=true/></Fact>
                </Facts>
                <Accept token invitation user/>
            </AuthFrame>
        }
    })
}

#[component]
fn Accept(token: String, invitation: InvitationView, user: Option<User>) -> impl IntoView {
    let oneself = user.as_ref().is_some_and(|user| user.email == invitation.email);
    let other = user.filter(|user| user.email != invitation.email).map(|user| {
        view! { <Notice tone=Tone::Warn>{format!("You are signed in as {}. Accepting signs you in as {}.", user.email, invitation.email)}</Notice> }
    });
    let email = invitation.email.clone();
    let fields = if oneself {
        ().into_any()
    } else if invitation.account_exists {
        view! {
            <p>"You have an account here already: enter its password."</p>
            <Username email/>
            <PasswordField name="password" label="Password"/>
            <TextField name="code" label="Code of your authenticator" hint="If your account has a second factor." optional=true autocomplete="one-time-code" mono=true maxlength=40/>
        }
        .into_any()
    } else {
        view! {
            <Username email/>
            <TextField name="name" label="Your name" autocomplete="name" maxlength=120 autofocus=true/>
            <PasswordField name="password" label="Choose a password" new=true hint=PASSWORD_RULE/>
            <Hints form="accept_invitation" password="password" least=15/>
        }
        .into_any()
    };
    view! {
        {other}
        <ServerForm action={ServerAction::<AcceptInvitation>::new()}>
            <Hidden name="token" value=token/>
            {fields}
            <Actions><Button submit=true variant=Variant::Primary size=Size::Wide>"Accept invitation"</Button></Actions>
        </ServerForm>
    }
}
