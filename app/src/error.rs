//! What a server function may answer instead of its value: a `Problem`, whose code survives the way to the browser.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use mintmark::{Code, Problem};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The error of every server function. Its body is exactly the `Problem` that the HTTP API answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(pub Problem);

/// What every server function returns.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    /// A failure that the browser itself found: the server was not reached, or its answer could not be read.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Problem { code, message: message.into(), request_id: None, field: None, retry_after: None })
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    /// The framework's own errors, none of whose texts may leave the house: they quote arguments and types.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let failure = match error {
            ServerFnErrorErr::Request(_) => {
                Self::new(Code::Unavailable, "The server cannot be reached. Check the connection and try again.")
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::new(Code::InvalidField, "The form and the server do not understand each other. Reload the page and try again.")
            }
            _ => Self::new(Code::Internal, "Something failed on our side. Try again; if it stays, the log has the details."),
        };
        on_server::answer_with(failure.code());
        failure
    }

    /// On the server an error is decoded only from the address of a page, where a form without scripts left it.
    /// Anybody can write such an address, so only the code and the field are believed; the sentence is ours.
    fn de(data: leptos::server_fn::Bytes) -> Self {
        let Ok(Self(problem)) = serde_json::from_slice::<Self>(&data) else {
            return Self::new(Code::Unparsable, sentence(Code::Unparsable));
        };
        Self(Problem { message: sentence(problem.code).to_owned(), request_id: None, retry_after: None, ..problem })
    }
}

/// One sentence per family of codes, for places where the message cannot be trusted or is not there.
#[must_use]
pub fn sentence(code: Code) -> &'static str {
    match code {
        Code::InvalidCredentials => "E-mail, password or code do not fit together.",
        Code::SecondFactorRequired => "Enter the code of your second factor as well.",
        Code::SignInRequired => "Sign in to go on.",
        Code::InsufficientRole => "Your role does not allow this.",
        Code::StepUpRequired => "Confirm that it is you: enter your password or a code again.",
        Code::NotFound => "There is nothing here that you may see.",
        Code::AlreadyExists => "This exists already.",
        Code::LastOwner => "A tenant keeps at least one owner.",
        Code::KeyTooYoung => "The next key has not been published for long enough.",
        Code::KeyInUse => "Live tokens are still signed by this key.",
        Code::LinkConsumed => "This link has been used already.",
        Code::LinkExpired => "This link has expired.",
        Code::WeakPassword => "This password is too easy to guess.",
        Code::InvalidOrigin => "This is not an origin.",
        Code::OriginNotAllowed => "The organization does not list this origin.",
        Code::RateLimited => "Too many attempts. Wait a moment and try again.",
        Code::Internal => "Something failed on our side.",
        Code::Unavailable => "The store cannot answer now. Try again shortly.",
        other => match other.status() {
            401 => "This credential is not accepted.",
            403 => "This is not allowed.",
            409 | 410 => "Something else happened first. Reload the page.",
            422 => "A value is missing or wrong.",
            _ => "The request could not be understood. Reload the page and try again.",
        },
    }
}

pub use on_server::answer_with;

/// The address of the present page, without what an earlier refusal left in it.
#[must_use]
pub fn own_page() -> Option<String> {
    on_server::own_page()
}

/// Answers the present page with a redirect to a path of ours.
pub fn answer_with_path(path: &str) {
    on_server::redirect(path);
}

/// Answers the present page with a redirect to `path`, which brings back here by `return_to`.
pub fn answer_with_redirect(path: &str) {
    on_server::redirect_and_return(path);
}

mod on_server {
    //! The one place where a core error becomes an HTTP answer of the dashboard.

    use super::{Code, Failure};
    use http::{
        HeaderValue, Method, StatusCode,
        header::{ACCEPT, LOCATION},
        request::Parts,
    };
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;
    use std::error::Error as _;

    impl From<mintmark::Error> for Failure {
        fn from(error: mintmark::Error) -> Self {
            let mut problem = error.problem();
            problem.request_id =
                use_context::<Parts>().and_then(|parts| Some(parts.headers.get("x-request-id")?.to_str().ok()?.to_owned()));
            if problem.code.status() >= 500 {
                tracing::error!(code = %problem.code, request_id = problem.request_id, cause = error.source().map(tracing::field::display), "failed");
            }
            answer_with(problem.code);
            Self(problem)
        }
    }

    /// See [`super::answer_with_path`]. Also for clients that say nothing of HTML, unlike the framework's own.
    pub fn redirect(path: &str) {
        if let (Some(response), Ok(location)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(path)) {
            response.insert_header(LOCATION, location);
            response.set_status(StatusCode::FOUND);
        }
    }

    /// See [`super::answer_with_redirect`].
    pub fn redirect_and_return(path: &str) {
        redirect(&crate::return_to::with_return(path, own_page().as_deref()));
    }

    /// See [`super::own_page`].
    pub fn own_page() -> Option<String> {
        let uri = use_context::<Parts>()?.uri;
        let said = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("__") && !pair.is_empty());
        let query = said.collect::<Vec<_>>().join("&");
        Some(if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) })
    }

    /// Sets the status of the present response from the code. A form posted without scripts keeps its redirect: the
    /// page it leads to shows the error.
    pub fn answer_with(code: Code) {
        let posted_by_browser = use_context::<Parts>().is_some_and(|parts| {
            parts.method == Method::POST
                && parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
        });
        if let (false, Some(response), Ok(status)) =
            (posted_by_browser, use_context::<ResponseOptions>(), StatusCode::from_u16(code.status()))
        {
            response.set_status(status);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_survives_the_network() {
        let failure = Failure(Problem { field: Some("origin".to_owned()), ..Failure::new(Code::InvalidOrigin, "No path, please.").0 });
        let sent = failure.ser();
        assert_eq!(serde_json::from_slice::<Failure>(&sent).expect("decodes"), failure);
    }

    #[test]
    fn a_sentence_in_an_address_is_never_shown() {
        let forged = Failure::new(Code::InsufficientRole, "Call +1 555 0100 and read out your password.");
        assert_eq!(Failure::de(forged.ser()).0.message, sentence(Code::InsufficientRole));
        assert_eq!(Failure::de("nonsense".into()).code(), Code::Unparsable);
    }
}
