//! The preview's frame: shows at once what is chosen or typed beside it, and is as high as what stands in it.
//!
//! The frame is of another origin. It is told things at that origin only, and heard only as itself: by its window and its origin.

use super::{all, chosen, closest, document, first, on, window};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlIFrameElement, HtmlInputElement, MessageEvent, Url};

/// Pixels: below, a frame looks broken; above, whatever stands in it may scroll.
const HEIGHTS: (f64, f64) = (96.0, 4_000.0);

/// The fields of a product's looks, as they are named on both sides.
const LOOKS: [&str; 5] = ["accent", "background", "text", "radius", "font"];

pub fn start() {
    on("message", |event: MessageEvent| hear(&event));
    on("input", |event: Event| typed(&event));
    on("change", |event: Event| {
        typed(&event);
        choose(&event);
    });
    // A frame that was loaded before anybody listened has said what it says, and the browser may have brought back what was typed. While
    // its document can still be read from here, it is the empty one that every frame begins with.
    for frame in frames().filter(|frame| frame.content_document().is_none()) {
        dress(&frame);
    }
}

fn frames() -> impl Iterator<Item = HtmlIFrameElement> {
    all("iframe[data-preview]").filter_map(|frame| frame.dyn_into().ok())
}

fn hear(event: &MessageEvent) {
    let Some(frame) = frames().find(|frame| {
        let window = frame.content_window().map(JsValue::from);
        window.is_some() && window == event.source().map(JsValue::from) && frame.get_attribute("data-preview") == Some(event.origin())
    }) else {
        return;
    };
    let said = |name: &str| Reflect::get(&event.data(), &name.into()).unwrap_or_default();
    match said("type").as_string().as_deref() {
        Some("mintmark:preview-ready") => dress(&frame),
        Some("mintmark:preview-size") => {
            if let Some(height) = said("height").as_f64().filter(|height| height.is_finite()) {
                frame.set_height(&height.clamp(HEIGHTS.0, HEIGHTS.1).ceil().to_string());
            }
        }
        _ => {}
    }
}

/// Tells the frame everything that stands beside it.
fn dress(frame: &HtmlIFrameElement) {
    let said = Object::new();
    put(&said, "type", &"mintmark:preview".into());
    if let Some(looks) = first::<HtmlFormElement>(&body(), "[data-previews] form").and_then(|form| looks(&form)) {
        put(&said, "appearance", &looks);
    }
    if let Some(form) = first::<HtmlFormElement>(&body(), "form[data-preview-controls]") {
        for name in ["theme", "lang"] {
            if let Some(value) = chosen(&form, name).pop() {
                put(&said, name, &value.into());
            }
        }
    }
    if let (Some(window), Some(origin)) = (frame.content_window(), frame.get_attribute("data-preview")) {
        let _ = window.post_message(&said, &origin);
    }
}

/// Looks that are typed are shown as soon as they could be saved.
fn typed(event: &Event) {
    if closest(event, "[data-previews]").is_some() {
        frames().for_each(|frame| dress(&frame));
    }
}

/// None while one of them could not be saved: the frame keeps what it shows.
fn looks(form: &HtmlFormElement) -> Option<Object> {
    let looks = Object::new();
    if let Some(mode) = chosen(form, "mode").pop().filter(|mode| mode != "auto") {
        put(&looks, "mode", &mode.into());
    }
    for name in LOOKS {
        let input: HtmlInputElement = first(form, &format!("input[name='{name}']"))?;
        let value = input.value().trim().to_owned();
        if !input.validity().valid() {
            return None;
        }
        match (name, value.parse::<u8>()) {
            _ if value.is_empty() => {}
            ("radius", Ok(radius)) if radius <= 32 => put(&looks, name, &radius.into()),
            ("radius", _) => return None,
            _ => put(&looks, name, &value.into()),
        }
    }
    Some(looks)
}

/// Theme and language reach the frame, the width its box; the address says them all, so that it can be shared and links keep them.
fn choose(event: &Event) {
    let Some(form) = closest(event, "form[data-preview-controls]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    if let Some(width) = chosen(&form, "width").pop() {
        all(".preview").for_each(|place| drop(place.set_attribute("data-width", &width)));
    }
    frames().for_each(|frame| dress(&frame));
    let Ok(here) = window().location().href() else { return };
    let said: Vec<_> = ["theme", "lang", "width"].iter().filter_map(|name| Some((*name, chosen(&form, name).pop()?))).collect();
    // The element alone is as wide as its tab.
    for (selector, said) in [("a[data-keeps]", &said[..]), ("a[data-alone]", said.split_last().map_or(&[][..], |(_, rest)| rest))] {
        for link in all(selector) {
            if let Some(href) = with(&link.get_attribute("href").unwrap_or_default(), &here, said) {
                let _ = link.set_attribute("href", &href);
            }
        }
    }
    if let Some(address) = with(&here, &here, &said)
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// This address with these parameters.
fn with(address: &str, here: &str, said: &[(&str, String)]) -> Option<String> {
    let url = Url::new_with_base(address, here).ok()?;
    for (name, value) in said {
        url.search_params().set(name, value);
    }
    Some(url.href())
}

fn put(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

fn body() -> Element {
    document().body().map(HtmlElement::into).expect("a page has one")
}
