//! Rules that no linter has.

use std::{
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Every file of ours below these folders, with its path from the root.
fn files(folders: &[&str], ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "node_modules" && name != "target" && name != "output" && name != "dist" {
                    walk(&path, ending, found);
                }
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&Path::new(ROOT).join(folder), ending, &mut found);
    }
    found.sort();
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("reads");
        (path.strip_prefix(ROOT).expect("below the root").display().to_string(), text)
    };
    found.into_iter().map(named).collect()
}

const CRATES: [&str; 4] = ["src", "app", "server", "assets"];

fn rust() -> Vec<(String, String)> {
    let files = files(&CRATES, "rs");
    assert!(files.len() > 20, "the rules look at something");
    files
}

/// Fails with every offender at once.
#[track_caller]
fn none(offenders: &[String], rule: &str) {
    assert!(offenders.is_empty(), "{rule}\n  {}", offenders.join("\n  "));
}

#[test]
fn each_file_says_first_what_it_is_for() {
    let silent = rust().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect::<Vec<_>>();
    none(&silent, "a file starts with one sentence in //!");
}

#[test]
fn sql_is_written_where_stores_are() {
    let statement = |line: &str| {
        let Some(at) = line.find('"') else { return false };
        let text = line[at + 1..].trim_start().to_ascii_lowercase();
        let verb = |start: &str, then: &str| text.starts_with(start) && text.contains(then);
        verb("select ", " from ")
            || verb("insert into ", "")
            || verb("update ", " set ")
            || verb("delete from ", "")
            || text.starts_with("pragma ")
    };
    // The audit chain is written by the writer alone, the log of uses is bookkeeping beside the nouns, psql is fed a restore, and a
    // select that is put together may be counted.
    let homes = [
        "store.rs",
        "db.rs",
        "db/embedded.rs",
        "db/whole.rs",
        "select.rs",
        "writer/apply.rs",
        "audit/append.rs",
        "use_log.rs",
        "backup/postgres.rs",
        "tests.rs",
        "testing.rs",
        "testing/meanwhile.rs",
    ];
    let at_home = |path: &str| homes.iter().any(|home| path.ends_with(home)) || path.contains("/tests/");
    let mut strays = Vec::new();
    for (path, text) in rust().iter().filter(|(path, _)| !at_home(path)) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//") && statement(line));
        strays.extend(lines.map(|(at, _)| format!("{path}:{}", at + 1)));
    }
    none(&strays, "SQL stands in store.rs, db.rs and writer/apply.rs");
}

#[test]
fn server_functions_live_in_one_folder() {
    let strays = rust()
        .into_iter()
        .filter(|(path, text)| !path.starts_with("app/src/api/") && text.lines().any(|line| line.trim_start().starts_with("#[server")))
        .map(|(path, _)| path)
        .collect::<Vec<_>>();
    none(&strays, "#[server] stands in app/src/api only");
}

#[test]
fn no_file_is_longer_than_one_can_hold_in_mind() {
    let mut long = Vec::new();
    for (path, text) in ["rs", "ts", "css", "mjs"]
        .into_iter()
        .flat_map(|ending| files(&["src", "app", "server", "assets", "style", "sdk", "end2end"], ending))
    {
        let lines = text.lines().count();
        let most = if path.starts_with("style/") { 800 } else { 400 };
        if lines > most {
            long.push(format!("{path}: {lines} lines"));
        }
    }
    none(&long, "no file has more than 400 lines (a style sheet: 800)");
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let nothing = ["utils", "util", "helpers", "helper", "common", "types", "manager", "service", "misc"];
    let strays = ["rs", "ts", "css", "mjs", "js"]
        .into_iter()
        .flat_map(|ending| files(&["src", "app", "server", "assets", "style", "sdk", "end2end"], ending))
        .map(|(path, _)| path)
        .filter(|path| path.split('/').any(|part| nothing.contains(&part.split('.').next().unwrap_or_default())))
        .collect::<Vec<_>>();
    none(&strays, "a file is named after what is in it");
}

#[test]
fn the_paths_that_the_architecture_names_exist() {
    let Ok(text) = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")) else { return };
    let paths = text.split('`').skip(1).step_by(2).filter(|path| {
        let tree =
            ["src/", "app/", "server/", "migrations/", "style/", "sdk/", "end2end/", "scripts/", "assets/", "docs/", "deploy/", "demo/"];
        tree.iter().any(|root| path.starts_with(root)) && !path.contains([' ', '*', '{', '<', '('])
    });
    let missing = paths.filter(|path| !Path::new(ROOT).join(path).exists()).map(ToOwned::to_owned).collect::<Vec<_>>();
    none(&missing, "ARCHITECTURE.md names files that are there");
}

#[test]
fn the_tests_that_the_architecture_names_exist() {
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).expect("reads");
    let is_test = |name: &&str| name.matches('_').count() > 2 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let named: Vec<_> = text.split('`').skip(1).step_by(2).filter(is_test).collect();
    assert!(named.len() > 20, "the page names tests");
    let rust = rust();
    let there = |name: &str| rust.iter().any(|(_, text)| text.contains(&format!("fn {name}(")));
    let missing = named.into_iter().filter(|name| !there(name)).map(ToOwned::to_owned).collect::<Vec<_>>();
    none(&missing, "ARCHITECTURE.md names tests that are there");
    assert!(text.lines().count() <= 200, "ARCHITECTURE.md can be read at one sitting");
}

#[test]
fn each_dependency_says_what_for() {
    let text = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).expect("reads");
    let table = text.split("[workspace.dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("the table");
    let ours = ["mintmark", "app", "assets", "server"];
    let silent = table
        .lines()
        .filter(|line| line.contains(" = ") && !line.trim_start().starts_with('#') && !line.contains("# "))
        .filter(|line| !ours.contains(&line.split(' ').next().unwrap_or_default()))
        .map(ToOwned::to_owned)
        .collect::<Vec<_>>();
    none(&silent, "a dependency has a comment saying what for");
    let mut loose = Vec::new();
    for member in CRATES.iter().filter(|member| **member != "src") {
        let text = fs::read_to_string(Path::new(ROOT).join(member).join("Cargo.toml")).expect("reads");
        loose.extend(text.lines().filter(|line| line.contains("version = \"")).map(|line| format!("{member}: {line}")));
    }
    none(&loose, "versions stand in the root's Cargo.toml only");
}

#[test]
fn no_line_ends_in_spaces() {
    let mut strays = Vec::new();
    let endings = ["rs", "toml", "md", "css", "ts", "mjs", "sql"];
    for (path, text) in
        endings.into_iter().flat_map(|ending| files(&["src", "app", "server", "assets", "migrations", "style", "sdk", "end2end"], ending))
    {
        let lines = text.lines().enumerate().filter(|(_, line)| line.ends_with([' ', '\t']));
        strays.extend(lines.map(|(at, _)| format!("{path}:{}", at + 1)));
    }
    none(&strays, "no line ends in white space");
}

/// A40: the page `/docs/security` names no test that is not there.
#[test]
fn the_tests_that_the_security_page_names_exist() {
    let rust = rust();
    let journeys = files(&["end2end"], "mjs");
    let there = |name: &str| {
        let (function, journey) = (format!("fn {name}("), format!("test(\"{name}\""));
        rust.iter().any(|(_, text)| text.contains(&function)) || journeys.iter().any(|(_, text)| text.contains(&journey))
    };
    let named: Vec<_> = app::pages::security::named_tests().collect();
    assert!(named.len() > 60, "the page names tests");
    let missing = named.into_iter().filter(|name| !there(name)).map(ToOwned::to_owned).collect::<Vec<_>>();
    none(&missing, "the security page names tests that are there");
}
