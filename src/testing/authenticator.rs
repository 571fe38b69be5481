//! What an authenticator shows.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot prepare what it tests has nothing to say but that")]

use crate::Time;
use totp_rs::Builder;

/// The code for this base32 secret at this moment.
#[must_use]
pub fn totp(secret: &str, at: Time) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().expect("builds");
    totp.generate(u64::try_from(at.seconds()).expect("after 1970")).to_string()
}
