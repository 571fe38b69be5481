//! The verdict on a list of origins while it is typed, as HTML that the browser puts under the field.

use crate::ui::{Glyph, Icon};
use leptos::prelude::*;
use mintmark::origin::Origin;

/// What is wrong with which line, and what each would be stored as; the list as a whole is judged last.
pub fn judged_list(typed: &str, development: bool) -> String {
    let lines: Vec<_> = typed.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(|(_, line)| !line.is_empty()).collect();
    let (mut refused, mut changed) = (Vec::new(), Vec::new());
    for (at, line) in &lines {
        match Origin::parse(line, development) {
            Ok(origin) if origin.as_str() != *line => changed.push(((*line).to_owned(), origin.to_string())),
            Ok(_) => {}
            Err(error) => refused.push(format!("Line {at}: {}", error.problem().message)),
        }
    }
    if refused.is_empty() {
        let texts: Vec<String> = lines.iter().map(|(_, line)| (*line).to_owned()).collect();
        match Origin::parse_list(&texts, development) {
            Ok(list) => return Right(RightProps { count: list.len(), changed }).to_html(),
            Err(error) => refused.push(error.problem().message),
        }
    }
    Wrong(WrongProps { refused }).to_html()
}

#[component]
fn Right(count: usize, changed: Vec<(String, String)>) -> impl IntoView {
    let counted =
        if count == 1 { "1 origin, matched letter for letter.".to_owned() } else { format!("{count} origins, matched letter for letter.") };
    view! {
        <p class="probe__note">{counted}</p>
        {(!changed.is_empty()).then(|| view! {
            <ul class="probe__examples" role="list">
                {changed.into_iter().map(|(line, stored)| view! {
                    <li class="probe__stored"><code>{line}</code> " is stored as " <code>{stored}</code></li>
                }).collect_view()}
            </ul>
        })}
    }
}

#[component]
fn Wrong(refused: Vec<String>) -> impl IntoView {
    refused.into_iter().map(|why| view! { <p class="probe__refused"><Icon glyph=Glyph::Danger/><span>{why}</span></p> }).collect_view()
}

#[cfg(test)]
mod tests {
    use super::judged_list;

    #[test]
    fn each_line_is_judged_and_then_the_list() {
        let html = judged_list("https://a.example\n\nhttps://b.example/\nhttp://c.example", false);
        assert!(html.contains("Line 3: A trailing slash") && html.contains("Line 4: Only https"), "{html}");
        let html = judged_list("https://A.example:443\nhttps://a.example", false);
        assert!(html.contains("1 origin, matched") && html.contains("is stored as"), "{html}");
        assert!(judged_list("http://localhost:3000", false).contains("Loopback"), "behind the switch");
        assert!(judged_list("http://localhost:3000", true).contains("1 origin"), "the switch is on");
        assert!(judged_list("", false).contains("Name at least one origin"));
        let many = (0..21).map(|at| format!("https://{at}.example")).collect::<Vec<_>>().join("\n");
        assert!(judged_list(&many, false).contains("At most 20"));
    }
}
