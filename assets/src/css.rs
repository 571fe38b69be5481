//! Our own plain style sheets made one, small, and pointing at hashed names; no general CSS compiler.

use std::{fs, path::Path};

use crate::Outcome;

/// The sheet with each `@import "other.css";` or `@import "other.css" layer(name);` replaced by that file.
pub fn flatten(folder: &Path, name: &str) -> Outcome<String> {
    let text = fs::read_to_string(folder.join(name)).map_err(|error| format!("cannot read style sheet {name}: {error}"))?;
    let mut whole = String::new();
    for line in text.lines() {
        let Some(import) = line.trim().strip_prefix("@import ") else {
            whole.push_str(line);
            whole.push('\n');
            continue;
        };
        let (file, rest) = import
            .trim_start()
            .strip_prefix('"')
            .and_then(|rest| rest.split_once('"'))
            .ok_or_else(|| format!("{name}: write imports on one line as @import \"file.css\" layer(name);"))?;
        let inner = flatten(folder, file.trim_start_matches("./"))?;
        match rest.trim().trim_end_matches(';').trim() {
            "" => whole.push_str(&inner),
            layer if layer.starts_with("layer(") && layer.ends_with(')') => {
                whole.extend(["@layer ", &layer[6..layer.len() - 1], " {\n", &inner, "}\n"]);
            }
            other => return Err(format!("{name}: cannot import {file} with '{other}': only layer(name) is known.").into()),
        }
    }
    Ok(whole)
}

/// Without comments, indentation and the spaces that mean nothing. Strings stay as they are.
pub fn squeeze(sheet: &str) -> String {
    let mut small = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            space = true;
            continue;
        }
        if next.is_whitespace() {
            rest = rest.trim_start();
            space = true;
            continue;
        }
        // A space matters between words, before a colon (`a :hover`) and around `+` and `-` (calc); not at these.
        let idle = |c: char| matches!(c, '{' | '}' | ';' | ',');
        if space && !small.ends_with(|c| idle(c) || c == ':') && !small.is_empty() && !idle(next) {
            small.push(' ');
        }
        space = false;
        if next == '}' && small.ends_with(';') {
            small.pop();
        }
        let length = if matches!(next, '"' | '\'') { string_length(rest, next) } else { next.len_utf8() };
        small.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    small
}

/// The length of the string that starts here, quotes included; an escaped quote does not end it.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if !escaped && c == quote {
            return at + 1;
        }
        escaped = !escaped && c == '\\';
    }
    text.len()
}

/// Each `url(name)` under the name that `hashed` gives; one that it does not know is a mistake. Data and fragment
/// addresses stay.
pub fn rename_urls(sheet: &str, hashed: impl Fn(&str) -> Option<String>) -> Outcome<String> {
    let mut renamed = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("url(") {
        let (address, behind) = after.split_once(')').ok_or("the style sheet has a url( that does not end")?;
        let name = address.trim_matches(['"', '\'']);
        renamed.push_str(before);
        if name.starts_with("data:") || name.starts_with('#') {
            renamed.extend(["url(", address, ")"]);
        } else {
            let plain = name.trim_start_matches("./");
            let name = hashed(plain).ok_or_else(|| format!("the style sheet points at {plain}, which is not in the style folder."))?;
            renamed.extend(["url(", &name, ")"]);
        }
        rest = behind;
    }
    renamed.push_str(rest);
    Ok(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meaning_survives_squeezing() {
        for (wide, small) in [
            ("a  :hover { color : red ; }", "a :hover{color :red}"),
            ("/* why */ .a,\n.b > .c { margin: 0 -1px; width: calc(1px + 2px) }", ".a,.b > .c{margin:0 -1px;width:calc(1px + 2px)}"),
            ("a::after { content: \"  /* \\\" { ; \" }", "a::after{content:\"  /* \\\" { ; \"}"),
            ("@layer reset, tokens;\n@layer reset { * { margin: 0; } }", "@layer reset,tokens;@layer reset{*{margin:0}}"),
            ("@media (width >= 40rem) and (hover) { a { b: c } }", "@media (width >= 40rem) and (hover){a{b:c}}"),
        ] {
            assert_eq!(squeeze(wide), small);
        }
    }

    #[test]
    fn a_url_takes_its_hashed_name_and_an_unknown_one_is_refused() {
        let known = |name: &str| (name == "fonts/a.woff2").then(|| "fonts/a.1.woff2".to_owned());
        assert_eq!(rename_urls("x{src:url(\"./fonts/a.woff2\") y}", known).expect("known"), "x{src:url(fonts/a.1.woff2) y}");
        assert_eq!(rename_urls("x{mask:url(#m)}", known).expect("fragment"), "x{mask:url(#m)}");
        assert!(rename_urls("x{src:url(b.woff2)}", known).is_err());
    }
}
