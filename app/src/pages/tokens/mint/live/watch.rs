//! What the form says, heard at the form itself.

use super::super::{form::MINT, joined, span};
use crate::{
    api::organizations::{AddOriginInPlace, OriginBoxes},
    pages::organizations::probe,
    ui::{ask, browser, on_answer},
};
use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement},
};
use mintmark::token::Scope;
use serde::Deserialize;
use wasm_bindgen::{JsCast, closure::Closure};

/// What a mint answers, as far as the form needs it.
#[derive(Deserialize)]
pub struct Minted {
    /// The JWT.
    pub token: String,
    /// HTML.
    pub steps: String,
    /// The new token's page, where the form is a page itself.
    #[serde(default)]
    pub page: Option<String>,
}

/// Listens for as long as the page lives.
pub fn start(shown: impl Fn(Minted) + 'static) {
    let Some(form) = document()
        .query_selector(&format!("form[data-answers={MINT}]"))
        .ok()
        .flatten()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    let organization = StoredValue::new(chosen(&form, "organization_id").pop().unwrap_or_default());
    if form.query_selector("[name='origins[]']").ok().flatten().is_none() && organization.with_value(|id| !id.is_empty()) {
        boxes(&form, None);
    }
    refresh(&form);
    let heard = form.clone();
    on(&form, "input", move |event: Event| {
        follow(&heard, &event);
        if is(&event, "new") {
            if let (Some(place), Some(input)) = (part(&heard, "probe"), field(&heard, "new")) {
                probe::judge(place, input, origin_question(&heard));
            }
            return;
        }
        let now = chosen(&heard, "organization_id").pop().unwrap_or_default();
        if organization.with_value(|before| *before != now) {
            organization.set_value(now);
            boxes(&heard, Some(Vec::new()));
        }
        refresh(&heard);
    });
    let heard = form.clone();
    on(&form, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Enter" && is(&event, "new") {
            event.prevent_default();
            add(&heard);
        }
    });
    let heard = form.clone();
    on(&form, "click", move |event: Event| {
        if event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("[data-mint='add'] button").ok()?).is_some() {
            add(&heard);
        }
    });
    let heard = form.clone();
    on_answer(&form, move |text| {
        if let Ok(mut minted) = serde_json::from_str::<Minted>(&text) {
            let in_dialog = document().get_element_by_id(MINT).is_some();
            minted.page = minted.page.filter(|_| !in_dialog);
            browser::close_dialog(MINT);
            heard.reset();
            shown(minted);
        }
    });
}

fn on<E: wasm_bindgen::convert::FromWasmAbi + 'static>(form: &HtmlFormElement, name: &str, act: impl FnMut(E) + 'static) {
    let act = Closure::<dyn FnMut(E)>::new(act);
    let _ = form.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    act.forget();
}

fn is(event: &Event, part: &str) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()?.get_attribute("data-mint")).as_deref() == Some(part)
}

fn part(form: &HtmlFormElement, name: &str) -> Option<Element> {
    form.query_selector(&format!("[data-mint='{name}']")).ok()?
}

fn field(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    part(form, name)?.dyn_into().ok()
}

fn chosen(form: &HtmlFormElement, name: &str) -> Vec<String> {
    let Ok(data) = FormData::new_with_form(form) else { return Vec::new() };
    data.get_all(name).iter().filter_map(|value| value.as_string()).collect()
}

/// The slider and the number follow each other.
fn follow(form: &HtmlFormElement, event: &Event) {
    let (Some(slider), Some(number)) = (field(form, "slider"), field(form, "minutes")) else { return };
    if is(event, "slider") {
        number.set_value(&slider.value());
    } else if is(event, "minutes") {
        slider.set_value(&number.value());
    }
}

/// Sentence, clamp and button follow what is chosen.
fn refresh(form: &HtmlFormElement) {
    let scope = chosen(form, "scope[]");
    let origins = chosen(form, "origins[]");
    let can: Vec<_> =
        Scope::ALL.iter().filter(|one| scope.iter().any(|chosen| chosen == one.as_str())).map(|one| one.describe().to_owned()).collect();
    let named = chosen(form, "organization_id").pop().filter(|id| !id.is_empty());
    let organization = named.and_then(|_| form.query_selector("[name='organization_id'] option:checked").ok().flatten()?.text_content());
    let minutes = field(form, "minutes").and_then(|minutes| {
        let bound = |name: &str| minutes.get_attribute(name)?.parse::<i64>().ok();
        let wish: i64 = minutes.value().trim().parse().ok()?;
        let granted = wish.clamp(bound("data-least")?, bound("data-most")?);
        Some((wish, granted))
    });
    let complete = !can.is_empty() && !origins.is_empty() && organization.is_some() && minutes.is_some();
    say(form, "may", joined(&can));
    say(form, "organization", organization);
    say(form, "origins", joined(&origins));
    say(form, "until", minutes.map(|(_, minutes)| format!("until {} ({})", clock_in(minutes), span(minutes))));
    let clamp = minutes.filter(|(wish, granted)| wish != granted).map(|(wish, granted)| {
        let than = if wish > granted { "longer" } else { "shorter" };
        format!("It will live {}: {than} is not allowed here.", span(granted))
    });
    if let Some(place) = part(form, "clamp") {
        place.set_text_content(clamp.as_deref());
    }
    if let Some(slider) = field(form, "slider") {
        let _ = slider.set_attribute("aria-valuetext", &minutes.map(|(_, minutes)| span(minutes)).unwrap_or_default());
    }
    if let Ok(Some(button)) = form.query_selector("button[type='submit']") {
        let _ = if complete { button.remove_attribute("disabled") } else { button.set_attribute("disabled", "") };
    }
}

/// One word of the sentence.
fn say(form: &HtmlFormElement, slot: &str, chosen: Option<String>) {
    let Ok(Some(word)) = form.query_selector(&format!("[data-say='{slot}']")) else { return };
    let _ = if chosen.is_some() { word.remove_attribute("data-absent") } else { word.set_attribute("data-absent", "") };
    let text = chosen.or_else(|| word.get_attribute("data-missing")).unwrap_or_default();
    // A live region speaks when it is touched, so it is touched only when it changes.
    if word.text_content().as_deref() != Some(text.as_str()) {
        word.set_text_content(Some(&text));
    }
}

/// The reader's own clock: `14:32`.
fn clock_in(minutes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "minutes of an hour fit")]
    let date = js_sys::Date::new(&(js_sys::Date::now() + minutes as f64 * 60_000.0).into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

fn origin_question(form: &HtmlFormElement) -> Vec<(&'static str, String)> {
    vec![
        ("tenant", chosen(form, "tenant").pop().unwrap_or_default()),
        ("organization", chosen(form, "organization_id").pop().unwrap_or_default()),
        ("origin", field(form, "new").map(|field| field.value()).unwrap_or_default()),
    ]
}

/// The boxes of the chosen organization; what is ticked stays ticked unless other ones are given.
fn boxes(form: &HtmlFormElement, ticked: Option<Vec<String>>) {
    let mut question = origin_question(form);
    let asked_for = question[1].1.clone();
    question.truncate(2);
    question.extend(ticked.unwrap_or_else(|| chosen(form, "origins[]")).into_iter().map(|origin| ("ticked[]", origin)));
    let form = form.clone();
    spawn_local(async move {
        let html = ask::<String>(OriginBoxes::url(), &question).await;
        // Somebody may have chosen another one meanwhile.
        if chosen(&form, "organization_id").pop().as_ref() == Some(&asked_for) {
            if let Some(place) = part(&form, "boxes") {
                probe::show(&place, html);
            }
            refresh(&form);
        }
    });
}

/// Adds what was typed to the allowlist and ticks it.
fn add(form: &HtmlFormElement) {
    let (Some(input), Some(place)) = (field(form, "new"), part(form, "probe")) else { return };
    if input.value().trim().is_empty() || form.has_attribute("data-adding") {
        return;
    }
    let _ = form.set_attribute("data-adding", "");
    let question = origin_question(form);
    let form = form.clone();
    spawn_local(async move {
        match ask::<String>(AddOriginInPlace::url(), &question).await {
            Ok(stored) => {
                input.set_value("");
                place.set_inner_html("");
                browser::say("Origin added");
                let mut ticked = chosen(&form, "origins[]");
                ticked.push(stored);
                boxes(&form, Some(ticked));
                if let Some(adder) = part(&form, "adder") {
                    let _ = adder.remove_attribute("open");
                    if let Some(summary) = adder.first_element_child().and_then(|summary| summary.dyn_into::<HtmlElement>().ok()) {
                        let _ = summary.focus();
                    }
                }
            }
            Err(problem) => probe::show(&place, Err(problem)),
        }
        let _ = form.remove_attribute("data-adding");
    });
}
