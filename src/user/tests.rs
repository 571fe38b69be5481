//! Users on a real database of each engine.

mod account;
mod factor;
mod guessing;

use super::{Credentials, SignIn, SignedIn, Visitor};
use crate::{Code, Core, Result, Secret, testing::PASSWORD};

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(super) fn credentials(email: &str, password: &str, code: Option<&str>) -> Credentials {
    Credentials { email: email.to_owned(), password: secret(password), code: code.map(secret) }
}

/// Signs in with everything that is asked; none when a code is missing.
pub(super) async fn try_sign_in(core: &Core, asked: &Credentials, device: Option<&str>) -> Result<Option<SignedIn>> {
    match core.sign_in(asked, &Visitor { device, ..Visitor::default() }).await? {
        SignIn::Done(signed_in) => Ok(Some(*signed_in)),
        SignIn::SecondFactorRequired { .. } => Ok(None),
    }
}

/// How a guess from an unknown device fails.
pub(super) async fn guess(core: &Core, email: &str, device: Option<&str>) -> Code {
    let wrong = credentials(email, "not the password at all", None);
    try_sign_in(core, &wrong, device).await.err().map_or(Code::Internal, |error| error.code())
}

pub(super) fn right(email: &str) -> Credentials {
    credentials(email, PASSWORD, None)
}
