//! What parts promise in HTML, where no browser is needed to see it.

use super::{form::FormContext, *};
use leptos::{context::Provider, prelude::*};
use mintmark::{Code, Problem};

fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| view().into_view().to_html())
}

#[test]
fn a_refused_button_stays_reachable_and_can_do_nothing() {
    let html = html(|| view! { <Button submit=true opens="mint" disabled_because=Some("You are viewer.".to_owned())>"Mint"</Button> });
    assert!(html.contains("aria-disabled=\"true\"") && html.contains("aria-description=\"You are viewer.\""), "{html}");
    assert!(html.contains("type=\"button\"") && !html.contains("command") && !html.contains(" disabled"), "{html}");
}

#[test]
fn a_button_opens_a_dialog_without_a_script() {
    let html = html(|| view! { <Button opens="mint">"Mint"</Button> });
    assert!(html.contains("command=\"show-modal\"") && html.contains("commandfor=\"mint\""), "{html}");
}

#[test]
fn a_refused_link_leads_nowhere() {
    let html = html(|| view! { <LinkButton href="/secret" disabled_because=Some("No.".to_owned())>"Go"</LinkButton> });
    assert!(!html.contains("href") && html.contains("role=\"link\""), "{html}");
}

#[test]
fn a_field_shows_the_problem_that_names_it_and_no_other() {
    let problem = Problem {
        code: Code::InvalidOrigin,
        message: "No path.".to_owned(),
        request_id: None,
        field: Some("origin".to_owned()),
        retry_after: None,
    };
    let html = html(move || {
        let value = FormContext { scope: "add".to_owned(), problem: Some(problem), asleep: false };
        view! {
            <Provider value>
                <TextField name="origin" label="Origin" hint="As the browser sends it."/>
                <TextField name="name" label="Name"/>
            </Provider>
        }
    });
    assert!(html.contains("aria-describedby=\"f-add-origin-hint f-add-origin-error\""), "{html}");
    assert!(html.contains("<p id=\"f-add-origin-error\" class=\"field__error\">No path."), "{html}");
    assert_eq!(html.matches("aria-invalid=\"true\"").count(), 1, "{html}");
}

#[test]
fn what_a_person_typed_is_text() {
    let html = html(|| view! { <Row><Cell label="Name">{"<img src=x>".to_owned()}</Cell></Row> });
    assert!(!html.contains("<img"), "{html}");
}

#[test]
fn a_locked_dialog_has_no_cross_and_ignores_escape() {
    let html = html(|| view! { <Dialog id="secret" title="Shown once" locked=true>"x"</Dialog> });
    assert!(html.contains("closedby=\"none\"") && !html.contains("command=\"close\""), "{html}");
}

#[test]
fn no_part_needs_an_inline_style() {
    let html = html(|| {
        let series = vec![Series { name: "Minted".to_owned(), tone: Tone::Good }];
        let bars = vec![Bar { label: "00:00".to_owned(), values: vec![3] }];
        view! { <BarChart id="c" title="Mints" series bars/> }
    });
    assert!(!html.contains("style="), "the policy allows style sheets only: {html}");
}

#[test]
fn the_panel_of_a_secret_is_empty_and_cannot_be_left_by_accident() {
    let html = html(|| view! { <SecretOnce id="made" title="Made" what=Secrecy::Variable("KEY") warning="Once."/> });
    assert!(html.contains("closedby=\"none\"") && html.contains("data-secret=\"value\""), "{html}");
    let done = html.split("data-secret-do=\"done\"").nth(1).expect("a way out");
    assert!(done.starts_with(" disabled"), "only once it is stored: {html}");
}

#[test]
fn fields_of_a_choice_that_is_not_made_are_not_sent() {
    let html = html(|| view! { <Only named="expires" is=[String::new(), "date".to_owned()]>"x"</Only> });
    assert!(html.contains("data-is=\"||date|\"") && html.contains(" disabled") && html.contains(" hidden"), "{html}");
}
