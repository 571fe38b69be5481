//! The pages in front of the dashboard: set-up, sign-in, what links lead to. They stand outside of any tenant.

mod code;
mod confirm;
mod home;
mod invitation;
mod reset;
mod set_up;
mod sign_in;
mod stale_link;

pub use code::CodePage;
pub use confirm::ConfirmPage;
pub use home::HomePage;
pub use invitation::InvitationPage;
pub use reset::ResetPage;
pub use set_up::SetUpPage;
pub use sign_in::SignInPage;

/// What the server's policy asks of a password (SE5).
const PASSWORD_RULE: &str = "At least 15 characters. A few unrelated words are easy to remember and hard to guess.";
