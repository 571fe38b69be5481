//! Asks a server function from the browser, with as little code as that takes: a form body there, JSON back.

use super::window;
use js_sys::{JSON, Reflect, futures::JsFuture};
use mintmark::Code;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

/// A refusal as far as a page shows it; the same words as the HTTP API's.
pub struct Refusal {
    /// Of the answer.
    pub status: u16,
    /// A stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// Which field is to blame.
    pub field: Option<String>,
    /// By which the log knows it.
    pub request_id: Option<String>,
}

impl Refusal {
    /// One that the browser itself found.
    pub fn new(code: Code, message: &str) -> Self {
        Self { status: code.status(), code: code.as_str().to_owned(), message: message.to_owned(), field: None, request_id: None }
    }

    /// The server's own, or `None` if that is none.
    fn read(status: u16, answer: &JsValue) -> Option<Self> {
        Some(Self {
            status,
            code: text_of(answer, "code")?,
            message: text_of(answer, "message")?,
            field: text_of(answer, "field"),
            request_id: text_of(answer, "request_id"),
        })
    }

    /// Whether it is this one.
    pub fn is(&self, code: Code) -> bool {
        self.code == code.as_str()
    }
}

/// Posts these fields; the answer is a text.
pub async fn ask(url: &str, fields: &[(&str, String)]) -> Result<String, Refusal> {
    let body = UrlSearchParams::new().map_err(|_| unreadable())?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let response = post(url, &body).await?;
    json(&response).await.and_then(|text| text.as_string()).ok_or_else(unreadable)
}

/// Posts a body as a form would. `Ok` only for a 2xx.
pub async fn post(url: &str, body: &UrlSearchParams) -> Result<Response, Refusal> {
    let response: Response = async {
        let headers = Headers::new()?;
        headers.set("accept", "application/json")?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(body.as_ref());
        JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.dyn_into()
    }
    .await
    .map_err(|_: JsValue| Refusal::new(Code::Unavailable, "The server cannot be reached. Check the connection and try again."))?;
    if response.ok() {
        return Ok(response);
    }
    Err(json(&response).await.and_then(|answer| Refusal::read(response.status(), &answer)).unwrap_or_else(unreadable))
}

/// The body of an answer, read by the browser's own parser.
pub async fn json(response: &Response) -> Option<JsValue> {
    JSON::parse(&JsFuture::from(response.text().ok()?).await.ok()?.as_string()?).ok()
}

/// A text within such an answer.
pub fn text_of(answer: &JsValue, name: &str) -> Option<String> {
    Reflect::get(answer, &name.into()).ok()?.as_string()
}

/// Something was answered that no server of ours says.
pub fn unreadable() -> Refusal {
    Refusal::new(Code::Internal, "The server's answer could not be read. Reload the page to see what holds.")
}
