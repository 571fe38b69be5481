//! Asks a server function from the browser, with as little code as that takes: a form body there, text back.

use crate::Failure;
use js_sys::futures::JsFuture;
use leptos::{prelude::*, web_sys};
use mintmark::{Code, Problem};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// Posts these fields; the answer is read as JSON.
pub async fn ask<T: DeserializeOwned>(url: &str, fields: &[(&str, String)]) -> Result<T, Problem> {
    let body = web_sys::UrlSearchParams::new().map_err(|_| unreadable().0)?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let response = post(url, &body).await.map_err(|failure| failure.0)?;
    serde_json::from_str(&text(&response).await.unwrap_or_default()).map_err(|_| unreadable().0)
}

/// Posts a body as a form would. `Ok` only for a 2xx.
pub(super) async fn post(url: &str, body: &web_sys::UrlSearchParams) -> Result<web_sys::Response, Failure> {
    let unreachable = || Failure::new(Code::Unavailable, "The server cannot be reached. Check the connection and try again.");
    let response: web_sys::Response = async {
        let headers = web_sys::Headers::new()?;
        headers.set("accept", "application/json")?;
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(body.as_ref());
        JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.dyn_into::<web_sys::Response>()
    }
    .await
    .map_err(|_: JsValue| unreachable())?;
    if response.ok() {
        return Ok(response);
    }
    Err(text(&response).await.and_then(|text| serde_json::from_str::<Failure>(&text).ok()).unwrap_or_else(unreadable))
}

/// The body of an answer.
pub(super) async fn text(response: &web_sys::Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn unreadable() -> Failure {
    Failure::new(Code::Internal, "The server's answer could not be read. Reload the page to see what holds.")
}

type Heard = Box<dyn Fn(String)>;

thread_local! {
    /// Who shows the answers of which form.
    static LISTENERS: RefCell<Vec<(web_sys::HtmlFormElement, Heard)>> = const { RefCell::new(Vec::new()) };
}

/// Gives the answers of a form with `answers` to `heard`. They may hold secrets, so they pass no event of the document.
pub fn on_answer(form: &web_sys::HtmlFormElement, heard: impl Fn(String) + 'static) {
    LISTENERS.with_borrow_mut(|listeners| listeners.push((form.clone(), Box::new(heard))));
}

/// Hands an answer over.
pub(super) fn answered(form: &web_sys::HtmlFormElement, text: String) {
    LISTENERS.with_borrow(|listeners| {
        if let Some((_, heard)) = listeners.iter().find(|(listening, _)| listening == form) {
            heard(text);
        }
    });
}
