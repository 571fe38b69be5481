//! Parts of a form that belong to one choice: shown and sent while it is chosen, hidden and left out otherwise.

use super::{all, chosen, first, form_of, mark, on, within};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement};

pub fn start() {
    // The browser may have brought back what was chosen before.
    for part in all("[data-when]") {
        if let Some(form) = part.closest("form").ok().flatten().and_then(|form| form.dyn_into().ok()) {
            refresh(&form);
        }
    }
    on("change", |event: Event| {
        if let Some(form) = form_of(&event) {
            refresh(&form);
        }
    });
}

fn refresh(form: &HtmlFormElement) {
    for part in within(form, "[data-when]") {
        let value = chosen(form, &part.get_attribute("data-when").unwrap_or_default()).pop().unwrap_or_default();
        let fits = part.get_attribute("data-is").unwrap_or_default().contains(&format!("|{value}|"));
        mark(&part, "hidden", !fits);
        mark(&part, "disabled", !fits);
    }
    // Parts that ask the same thing keep its answer.
    for gone in within(form, "[data-when]:disabled input:checked").filter_map(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        let twin = format!("input[name='{}'][value='{}']:enabled", gone.name(), gone.value());
        if let Some(twin) = first::<HtmlInputElement>(form, &twin) {
            twin.set_checked(true);
        }
    }
}
