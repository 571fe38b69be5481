//! What is written to people about their passwords. No letter holds a password, and only those with a button hold a token.

use super::Purpose;
use crate::{
    Core, Secret,
    mail::{Brand, Button, Letter, MailKind},
};

/// Where a link leads: a page of Mintmark's own origin. The token stands after the hash, so that neither a server's log nor a Referer ever
/// holds it, and opening the address uses nothing up.
pub(super) fn address(core: &Core, purpose: Purpose, token: &Secret) -> String {
    let page = match purpose {
        Purpose::Verify => "verify",
        Purpose::Reset => "reset",
    };
    format!("{}/popup/{page}#{}", core.settings().public_url, token.reveal())
}

/// To somebody who signed up.
pub(super) fn verify(to: &str, href: String, brand: Brand) -> Letter {
    let tenant = &brand.tenant;
    Letter {
        kind: MailKind::SignUp,
        to: to.to_owned(),
        subject: format!("Confirm your address for {tenant}"),
        heading: "Confirm your address".to_owned(),
        lines: vec![format!(
            "Somebody signed up to {tenant} with your address. Confirm it with the password that you chose there. The link works once, for 24 hours."
        )],
        button: Some(Button { label: "Confirm".to_owned(), href }),
        note: "If that was not you, do nothing: without this link there is no account.".to_owned(),
        brand,
    }
}

/// To a customer whose address somebody signed up with.
pub(super) fn known(to: &str, href: String, brand: Brand) -> Letter {
    let tenant = &brand.tenant;
    Letter {
        kind: MailKind::SignUp,
        to: to.to_owned(),
        subject: format!("You have an account with {tenant}"),
        heading: "You have an account already".to_owned(),
        lines: vec![
            format!("Somebody tried to sign up to {tenant} with your address. Nothing was changed: sign in as you always do."),
            "If you know no password, set one with this link. It works once, for 15 minutes.".to_owned(),
        ],
        button: Some(Button { label: "Set a password".to_owned(), href }),
        note: "If that was not you, do nothing: your account stays as it is.".to_owned(),
        brand,
    }
}

/// To a customer who forgot their password, or never had one.
pub(super) fn reset(to: &str, href: String, brand: Brand) -> Letter {
    let tenant = &brand.tenant;
    Letter {
        kind: MailKind::PasswordReset,
        to: to.to_owned(),
        subject: format!("A new password for {tenant}"),
        heading: "Set a new password".to_owned(),
        lines: vec!["Somebody asked for this link in order to set a new password. It works once, for 15 minutes.".to_owned()],
        button: Some(Button { label: "Set a password".to_owned(), href }),
        note: "If that was not you, do nothing: your password stays as it is.".to_owned(),
        brand,
    }
}

/// To a customer whose password was set, whoever did it.
pub(super) fn changed(to: &str, brand: Brand) -> Letter {
    let tenant = &brand.tenant;
    Letter {
        kind: MailKind::PasswordChanged,
        to: to.to_owned(),
        subject: format!("Your password for {tenant} was changed"),
        heading: "Your password was changed".to_owned(),
        lines: vec![format!(
            "The password of your account with {tenant} was changed through a link in a mail to this address. Wherever you were signed in, you are signed out."
        )],
        button: None,
        note: "If that was not you, somebody else reads your mail. Secure your mailbox first, then set a new password.".to_owned(),
        brand,
    }
}
