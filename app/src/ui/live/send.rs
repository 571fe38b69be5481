//! Sends forms without leaving the page, so that a refusal stays in the form and in its open dialog.

use super::{ask, closest, presence};
use crate::{
    Failure,
    ui::{ProblemBody, browser},
};
use leptos::{ev, prelude::*, task::spawn_local, web_sys};
use mintmark::{Code, Problem};
use wasm_bindgen::{JsCast, JsValue};

pub fn start() {
    window_event_listener(ev::submit, |event| {
        let Some(form) = closest(&event, "form[data-send]").and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) else {
            return;
        };
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        if form.has_attribute("data-sending") {
            return;
        }
        let button = event.submitter();
        busy(&form, button.as_ref(), true);
        spawn_local(async move {
            match send(&form, button.as_ref()).await {
                Ok(_) if form.has_attribute("data-step-up") => {
                    busy(&form, button.as_ref(), false);
                    clear(&form);
                    presence::proved();
                }
                Ok(response) if form.has_attribute("data-answers") => {
                    let text = ask::text(&response).await.unwrap_or_default();
                    busy(&form, button.as_ref(), false);
                    clear(&form);
                    ask::answered(&form, text);
                }
                Ok(response) => follow(&form, redirect(&response)),
                Err(Failure(problem)) => {
                    busy(&form, button.as_ref(), false);
                    clear(&form);
                    if problem.code != Code::StepUpRequired || !presence::ask(again(&form, button)) {
                        show(&form, problem);
                    }
                }
            }
        });
    });
    window_event_listener(ev::input, |event| {
        if let Some(field) = closest(&event, "form[data-send] [aria-invalid='true']") {
            let _ = field.remove_attribute("aria-invalid");
            explain(&field, "");
        }
    });
}

/// Posts it as the browser would.
async fn send(form: &web_sys::HtmlFormElement, button: Option<&web_sys::HtmlElement>) -> Result<web_sys::Response, Failure> {
    let body = (|| {
        let data = web_sys::FormData::new_with_form(form)?;
        if let Some((button, name)) = button.and_then(|button| Some((button, button.get_attribute("name")?))) {
            data.append_with_str(&name, &button.get_attribute("value").unwrap_or_default())?;
        }
        web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data)
    })()
    .map_err(|_: JsValue| Failure::new(Code::InvalidField, "A value is missing or wrong."))?;
    ask::post(&form.get_attribute("action").unwrap_or_default(), &body).await
}

/// Where a redirect leads.
fn redirect(response: &web_sys::Response) -> Option<String> {
    let redirected = response.headers().has("serverfnredirect").unwrap_or_default();
    response.headers().get("location").ok().flatten().filter(|_| redirected)
}

/// What was done is said on the page that comes next.
fn follow(form: &web_sys::HtmlFormElement, redirect: Option<String>) {
    if let Some(done) = form.get_attribute("data-done") {
        browser::say_later(&done);
    }
    match redirect.or_else(|| form.get_attribute("data-then")) {
        Some(path) => browser::go(&path),
        None => browser::reload(),
    }
}

fn busy(form: &web_sys::HtmlFormElement, button: Option<&web_sys::HtmlElement>, on: bool) {
    let _ = if on { form.set_attribute("data-sending", "") } else { form.remove_attribute("data-sending") };
    if let Some(button) = button {
        let _ = if on { button.set_attribute("aria-busy", "true") } else { button.remove_attribute("aria-busy") };
    }
}

/// Sends the form once more, as it then stands.
fn again(form: &web_sys::HtmlFormElement, button: Option<web_sys::HtmlElement>) -> impl FnOnce() + 'static {
    let form = form.clone();
    move || {
        let _ = match &button {
            Some(button) => form.request_submit_with_submitter(Some(button)),
            None => form.request_submit(),
        };
    }
}

/// Takes away what an earlier attempt left.
fn clear(form: &web_sys::HtmlFormElement) {
    if let Some(place) = form.query_selector("[data-problem]").ok().flatten() {
        place.set_inner_html("");
    }
}

/// At the field that is to blame; else in the form's own place for it.
fn show(form: &web_sys::HtmlFormElement, problem: Problem) {
    let field = problem.field.as_ref().and_then(|name| {
        let name = name.replace(['"', '\\'], "");
        form.query_selector(&format!("[name=\"{name}\"]:not([type=hidden]), [name=\"{name}[]\"]:not([type=hidden])")).ok()?
    });
    let place = form.query_selector("[data-problem]").ok().flatten().and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(field) = &field {
        let _ = field.set_attribute("aria-invalid", "true");
        explain(field, &problem.message);
    }
    let Some(place) = place else { return };
    place.set_inner_html("");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    } else {
        leptos::mount::mount_to(place.clone(), move || view! { <ProblemBody problem/> }).forget();
        let _ = place.focus();
    }
}

fn explain(field: &web_sys::Element, message: &str) {
    if let Some(error) = document().get_element_by_id(&format!("{}-error", field.id())) {
        error.set_text_content(Some(message));
    }
}
