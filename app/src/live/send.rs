//! Sends forms without leaving the page, so that a refusal stays in the form and in its open dialog.

use super::{
    all,
    ask::{self, Refusal},
    browser, closest, document, first, mark, on, presence, secret, set_text, toast,
};
use js_sys::futures::spawn_local;
use mintmark::Code;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlTemplateElement, Response, SubmitEvent, UrlSearchParams};

pub fn start() {
    // Forms whose answer only a script can show wait for it.
    for button in all("button[data-asleep]") {
        let _ = button.remove_attribute("disabled");
    }
    on("submit", |event: SubmitEvent| {
        let Some(form) = closest(&event, "form[data-send]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
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
            let answer = send(&form, button.as_ref()).await;
            match answer {
                Ok(response) if !form.has_attribute("data-step-up") && !form.has_attribute("data-answers") => {
                    follow(&form, redirect(&response));
                    return;
                }
                _ => busy(&form, button.as_ref(), false),
            }
            clear(&form);
            match answer {
                Ok(_) if form.has_attribute("data-step-up") => presence::proved(),
                Ok(response) => {
                    if !secret::show(&form, ask::json(&response).await) {
                        show(&form, &ask::unreadable());
                    }
                }
                Err(refusal) if refusal.is(Code::StepUpRequired) && presence::ask(again(&form, button)) => {}
                Err(refusal) => show(&form, &refusal),
            }
        });
    });
    on("input", |event: Event| {
        if let Some(field) = closest(&event, "form[data-send] [aria-invalid='true']") {
            let _ = field.remove_attribute("aria-invalid");
            explain(&field, "");
        }
    });
}

/// Posts it as the browser would.
async fn send(form: &HtmlFormElement, button: Option<&HtmlElement>) -> Result<Response, Refusal> {
    let body = (|| {
        let data = FormData::new_with_form(form)?;
        if let Some((button, name)) = button.and_then(|button| Some((button, button.get_attribute("name")?))) {
            data.append_with_str(&name, &button.get_attribute("value").unwrap_or_default())?;
        }
        UrlSearchParams::new_with_str_sequence_sequence(&data)
    })()
    .map_err(|_: JsValue| Refusal::new(Code::InvalidField, "A value is missing or wrong."))?;
    ask::post(&form.get_attribute("action").unwrap_or_default(), &body).await
}

/// Where a redirect leads.
fn redirect(response: &Response) -> Option<String> {
    let redirected = response.headers().has("serverfnredirect").unwrap_or_default();
    response.headers().get("location").ok().flatten().filter(|_| redirected)
}

/// Goes on after success: to the given path, else to the form's own, else the page is loaded anew. What was done is said
/// on the page that comes next.
pub fn follow(form: &HtmlFormElement, path: Option<String>) {
    if let Some(done) = form.get_attribute("data-done") {
        toast::say_later(&done);
    }
    match path.or_else(|| form.get_attribute("data-then")) {
        Some(path) => browser::go(&path),
        None => browser::reload(),
    }
}

fn busy(form: &HtmlFormElement, button: Option<&HtmlElement>, on: bool) {
    mark(form, "data-sending", on);
    if let Some(button) = button {
        let _ = if on { button.set_attribute("aria-busy", "true") } else { button.remove_attribute("aria-busy") };
    }
}

/// Sends the form once more, as it then stands.
fn again(form: &HtmlFormElement, button: Option<HtmlElement>) -> impl FnOnce() + 'static {
    let form = form.clone();
    move || {
        let _ = match &button {
            Some(button) => form.request_submit_with_submitter(Some(button)),
            None => form.request_submit(),
        };
    }
}

/// Takes away what an earlier attempt left.
fn clear(form: &HtmlFormElement) {
    if let Some(place) = first::<Element>(form, "[data-problem]") {
        place.set_inner_html("");
    }
}

/// At the field that is to blame; else in the form's own place for it.
fn show(form: &HtmlFormElement, refusal: &Refusal) {
    let field = refusal.field.as_ref().and_then(|name| {
        let name = name.replace(['"', '\\'], "");
        first::<HtmlElement>(form, &format!(":is([name=\"{name}\"], [name=\"{name}[]\"]):enabled:not([type=hidden])"))
    });
    if let Some(field) = field.filter(|field| explain(field, &refusal.message)) {
        let _ = field.set_attribute("aria-invalid", "true");
        let _ = field.focus();
    } else if let Some(place) = first::<HtmlElement>(form, "[data-problem]") {
        describe(&place, refusal);
        let _ = place.focus();
    }
}

/// Under the field, if there is a place for it.
fn explain(field: &Element, message: &str) -> bool {
    let place = field.closest(".field").ok().flatten().and_then(|around| first::<Element>(&around, ".field__error"));
    if let Some(place) = &place {
        set_text(place, message);
    }
    place.is_some()
}

/// Fills in the page's own template of a problem.
fn describe(place: &Element, refusal: &Refusal) {
    let Some(template) = document().get_element_by_id("problem").and_then(|found| found.dyn_into::<HtmlTemplateElement>().ok()) else {
        place.set_text_content(Some(&refusal.message));
        return;
    };
    place.set_inner_html(&template.inner_html());
    // A wrong password or a missing right explains itself; ids are for what only the log can explain.
    let unexplained = matches!(refusal.status, 404 | 409 | 410 | 500..);
    for (slot, text) in [
        ("message", Some(refusal.message.as_str())),
        ("sign-in", refusal.is(Code::SignInRequired).then_some("")),
        ("confirm", refusal.is(Code::StepUpRequired).then_some("")),
        ("code", unexplained.then_some(refusal.code.as_str())),
        ("details", unexplained.then_some("")),
        ("request", refusal.request_id.as_ref().map(|_| "")),
        ("id", refusal.request_id.as_deref()),
    ] {
        let Some(part) = first::<Element>(place, &format!("[data-slot='{slot}']")) else { continue };
        match text {
            None => part.remove(),
            Some("") => {}
            Some(text) => part.set_text_content(Some(text)),
        }
    }
}
