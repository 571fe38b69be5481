//! The mint form: keeps the sentence and the boxes right while one chooses, and adds origins in place.

use super::{ask::ask, chosen, document, first, form_of, mark, on, origin, set_text, toast};
use crate::words::{joined, span};
use js_sys::futures::spawn_local;
use mintmark::token::Scope;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, KeyboardEvent};

/// One such form stands in a page.
pub fn start() {
    let minutes = document().query_selector("[data-mint='minutes']").ok().flatten();
    let Some(form) = minutes.and_then(|field| field.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()) else { return };
    let organization = RefCell::new(organization_of(&form));
    if first::<Element>(&form, "[name='origins[]']").is_none() && !organization.borrow().is_empty() {
        boxes(&form, None);
    }
    refresh(&form);
    let ours = form.clone();
    on("input", move |event: Event| {
        let Some(form) = form_of(&event).filter(|form| *form == ours) else { return };
        follow(&form, &event);
        if is(&event, "new") {
            if let (Some(place), Some(input)) = (part(&form, "probe"), field(&form, "new")) {
                origin::judge(
                    place,
                    input.into(),
                    url(&form, "data-judge"),
                    origin_question(&form).into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                );
            }
            return;
        }
        let now = organization_of(&form);
        if organization.replace(now.clone()) != now {
            boxes(&form, Some(Vec::new()));
        }
        refresh(&form);
    });
    on("keydown", move |event: KeyboardEvent| {
        if event.key() == "Enter"
            && is(&event, "new")
            && let Some(form) = form_of(&event)
        {
            event.prevent_default();
            add(&form);
        }
    });
    on("click", move |event: Event| {
        if super::closest(&event, "[data-mint='add'] button").is_some()
            && let Some(form) = form_of(&event)
        {
            add(&form);
        }
    });
}

fn organization_of(form: &HtmlFormElement) -> String {
    chosen(form, "organization_id").pop().unwrap_or_default()
}

/// Where the form asks one of its questions.
fn url(form: &HtmlFormElement, name: &str) -> Option<String> {
    part(form, "adder")?.get_attribute(name)
}

fn is(event: &Event, part: &str) -> bool {
    event.target().and_then(|target| target.dyn_into::<Element>().ok()?.get_attribute("data-mint")).as_deref() == Some(part)
}

fn part(form: &HtmlFormElement, name: &str) -> Option<Element> {
    first(form, &format!("[data-mint='{name}']"))
}

fn field(form: &HtmlFormElement, name: &str) -> Option<HtmlInputElement> {
    part(form, name)?.dyn_into().ok()
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
    let named = first::<Element>(form, "[name='organization_id'] option:checked").and_then(|option| option.text_content());
    let organization = named.filter(|_| !organization_of(form).is_empty());
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
    if let Some(button) = first::<Element>(form, "button[type='submit']") {
        mark(&button, "disabled", !complete);
    }
}

/// One word of the sentence.
fn say(form: &HtmlFormElement, slot: &str, chosen: Option<String>) {
    let Some(word) = first::<Element>(form, &format!("[data-say='{slot}']")) else { return };
    mark(&word, "data-absent", chosen.is_none());
    let text = chosen.or_else(|| word.get_attribute("data-missing")).unwrap_or_default();
    set_text(&word, &text);
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
        ("organization", organization_of(form)),
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
        let html = ask(&url(&form, "data-boxes").unwrap_or_default(), &question).await;
        // Somebody may have chosen another one meanwhile.
        if organization_of(&form) == asked_for {
            if let Some(place) = part(&form, "boxes") {
                origin::show(&place, html);
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
        match ask(&url(&form, "data-add").unwrap_or_default(), &question).await {
            Ok(stored) => {
                input.set_value("");
                place.set_inner_html("");
                toast::say("Origin added");
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
            Err(problem) => origin::show(&place, Err(problem)),
        }
        let _ = form.remove_attribute("data-adding");
    });
}
