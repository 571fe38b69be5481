//! What the README says of the program is what the program says of itself.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn help() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mintmark")).arg("--help").env_clear().output().expect("runs");
    String::from_utf8(output.stdout).expect("is text")
}

/// The rows of a table whose first cell is code: what stands in it, and the whole row.
fn rows(text: &str, start: &str) -> Vec<(String, String)> {
    let start = format!("| `{start}");
    let code = |row: &str| row.split('`').nth(1).expect("the first cell is code").to_owned();
    text.lines().filter(|line| line.starts_with(&start)).map(|row| (code(row), row.to_owned())).collect()
}

/// Every setting as the program names it, with its default where that is one word.
fn settings(help: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut default = None;
    for line in help.lines().map(str::trim) {
        if let Some((_, said)) = line.split_once("[default: ") {
            default = Some(said.trim_end_matches(']').to_owned()).filter(|said| !said.contains(' '));
        }
        if let Some(name) = line.strip_prefix("[env: ").and_then(|rest| rest.strip_suffix(']')) {
            found.push((name.trim_end_matches('=').to_owned(), default.take()));
        }
    }
    found
}

#[test]
fn the_readme_names_every_setting_with_its_default() {
    let (readme, settings) = (read("README.md"), settings(&help()));
    // The file of settings is no setting of its own, and what tests and scripts read has a table further down.
    let documented: BTreeSet<_> = rows(&readme, "MINTMARK_").into_iter().collect();
    let apart = ["MINTMARK_TEST_POSTGRES", "MINTMARK_VECTORS"];
    let names: BTreeSet<_> = documented.iter().map(|(name, _)| name.as_str()).filter(|name| !apart.contains(name)).collect();
    let known: BTreeSet<_> = settings.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "MINTMARK_CONFIG").collect();
    assert_eq!(names, known);
    assert!(known.len() > 15 && readme.contains("MINTMARK_CONFIG"));
    let wrong = settings.iter().filter_map(|(name, default)| Some((name, default.as_ref()?))).filter(|(name, default)| {
        let row = documented.iter().find(|(documented, _)| documented == *name).map(|(_, row)| row.as_str());
        !row.is_some_and(|row| row.contains(&format!("| `{default}` |")) || row.contains(&format!("| {default} |")))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<(&String, &String)>::new());
}

#[test]
fn the_readme_names_every_command_and_no_other() {
    let help = help();
    let commands = help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list of commands");
    let known: BTreeSet<_> = commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help").collect();
    let readme = read("README.md");
    let rows = rows(&readme, "mintmark ");
    let documented: BTreeSet<_> = rows.iter().filter_map(|(command, _)| command.split(' ').nth(1)).collect();
    assert_eq!(documented, known);
}

/// What people read, by its path from the root.
fn documents() -> impl Iterator<Item = PathBuf> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).expect("reads").flatten().map(|entry| Path::new("docs").join(entry.file_name()));
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    docs.chain(["README.md", "SECURITY.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(PathBuf::from))
}

/// A block whose first line names a file after its language is that file, so that what people copy is what journeys run.
#[test]
fn code_that_the_documents_show_is_the_file_that_they_name() {
    let mut compared = 0;
    for document in documents() {
        let text = read(&document);
        for block in text.split("```").skip(1).step_by(2) {
            let (first, code) = block.split_once('\n').expect("a block has lines");
            let Some((_, file)) = first.split_once(' ') else { continue };
            assert_eq!(code, read(file), "{} shows {file}", document.display());
            compared += 1;
        }
    }
    assert!(compared >= 2);
}

#[test]
fn what_the_documents_link_to_is_there() {
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        words.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-').collect::<String>().replace(' ', "-")
    };
    for document in documents() {
        let text = read(&document);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { document.clone() } else { document.parent().expect("a folder").join(file) };
            assert!(Path::new(ROOT).join(&file).exists(), "{} links to {link}", document.display());
            let there = || read(&file).lines().any(|line| line.starts_with('#') && anchor(line) == place);
            assert!(place.is_empty() || there(), "{} links to {link}", document.display());
        }
    }
}

/// The service's settings are the program's, and its stop waits for longer than the program drains.
#[test]
fn what_deploy_ships_fits_the_program() {
    let help = help();
    let known: BTreeSet<_> = settings(&help).into_iter().map(|(name, _)| name).collect();
    let mut named = 0;
    for file in ["Dockerfile", "mintmark.service", "nginx.conf", "haproxy.cfg", "Caddyfile"] {
        let text = read(Path::new("deploy").join(file));
        let names = text.split(|c: char| !c.is_ascii_uppercase() && c != '_').filter(|word| word.starts_with("MINTMARK_"));
        for name in names {
            assert!(known.contains(name), "{file} names {name}");
            named += 1;
        }
    }
    assert!(named > 5);
    let service: toml::Table = read("deploy/mintmark.toml").parse().expect("is TOML");
    assert!(service.len() > 3);
    for key in service.keys() {
        assert!(known.contains(&format!("MINTMARK_{}", key.to_uppercase().replace('-', "_"))), "mintmark.toml names {key}");
    }
    let unit = read("deploy/mintmark.service");
    let stop = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")?.strip_suffix('s')).expect("how long a stop takes");
    let default = |name: &str| settings(&help).into_iter().find(|(known, _)| known == name).and_then(|(_, default)| default).expect(name);
    let drains = ["MINTMARK_DRAIN_DELAY", "MINTMARK_DRAIN_TIMEOUT"].map(|name| default(name).parse::<u64>().expect("a number"));
    assert!(stop.parse::<u64>().expect("a number") > drains.iter().sum());
}
