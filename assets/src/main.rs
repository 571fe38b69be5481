//! Builds the folder that the server embeds: `assets WASM STYLE OUT` writes wasm and its glue, the style sheet and
//! whatever else lies in STYLE into OUT, under names that carry a hash of the content, compressed, with a manifest.
//!
//! It is a program of ours and not three tools, because `wasm-bindgen`'s library compiles in a third of the time of
//! its command line, is held in step with the crate by one Cargo.lock, and leaves nothing to install.

mod compress;
mod css;
mod site;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use site::Site;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [wasm, style, out] = arguments.as_slice() else {
        eprintln!("assets: wants three arguments: the wasm file, the style folder, the folder to write.");
        return ExitCode::from(2);
    };
    match build(wasm, style, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("assets: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(wasm: &Path, style: &Path, out: &Path) -> Outcome<()> {
    let stamp_file = out.with_extension("stamp");
    let stamp = inputs(wasm, style)?;
    if out.join("manifest.json").exists() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    let mut site = Site::default();
    add_wasm(&mut site, wasm, &out.with_extension("bindgen"))?;
    add_style(&mut site, style)?;

    // Written beside and moved into place, so that a server that reads the folder meanwhile never sees half of it.
    let fresh = out.with_extension("new");
    let _ = fs::remove_dir_all(&fresh);
    site.write(&fresh)?;
    let _ = fs::remove_dir_all(out);
    fs::rename(&fresh, out)?;
    fs::write(stamp_file, stamp)?;
    Ok(())
}

/// What the result depends on, as one hash: every input's name and content, and this program itself.
fn inputs(wasm: &Path, style: &Path) -> Outcome<String> {
    let mut all = fs::read(std::env::current_exe()?)?;
    all.extend(fs::read(wasm).map_err(|error| format!("cannot read {}: {error}", wasm.display()))?);
    for name in files(style)? {
        all.extend(name.as_bytes());
        all.extend(fs::read(style.join(&name))?);
    }
    Ok(site::hash(&all))
}

/// The module and its glue share one hash, `app.HASH.js` and `app.HASH_bg.wasm`, so that Leptos' own hydration
/// script finds both from the output name `app.HASH` (entry `app` of the manifest).
fn add_wasm(site: &mut Site, wasm: &Path, scratch: &Path) -> Outcome<()> {
    let _ = fs::remove_dir_all(scratch);
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(wasm)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .omit_default_module_path(false)
                .out_name("app")
                .remove_name_section(true)
                .remove_producers_section(true)
                .generate(scratch)
        })
        .map_err(|error| format!("wasm-bindgen could not read {}: {error:#}", wasm.display()))?;
    if scratch.join("snippets").exists() {
        return Err("a crate brings JavaScript of its own (wasm_bindgen's inline_js or module): teach add_wasm to hash it.".into());
    }
    let module = fs::read(scratch.join("app_bg.wasm"))?;
    let glue = fs::read_to_string(scratch.join("app.js"))?;
    if !glue.contains("'app_bg.wasm'") {
        return Err("wasm-bindgen's glue no longer names 'app_bg.wasm': look how it finds the module now.".into());
    }
    let output = format!("app.{}", site::hash(&[module.as_slice(), glue.as_bytes()].concat()));
    let glue = glue.replace("'app_bg.wasm'", &format!("'{output}_bg.wasm'"));
    site.name("app", &output);
    site.add_as("app.js", format!("{output}.js"), glue.into_bytes());
    site.add_as("app_bg.wasm", format!("{output}_bg.wasm"), module);
    fs::remove_dir_all(scratch)?;
    Ok(())
}

/// `main.css` with what it imports as one file; everything that is no style sheet as it is.
fn add_style(site: &mut Site, style: &Path) -> Outcome<()> {
    for name in files(style)? {
        if !matches!(Path::new(&name).extension().and_then(|end| end.to_str()), Some("css" | "md" | "txt")) {
            site.add(&name, fs::read(style.join(&name))?);
        }
    }
    if style.join("main.css").exists() {
        let sheet = css::squeeze(&css::flatten(style, "main.css")?);
        let sheet = css::rename_urls(&sheet, |name| site.hashed(name).map(str::to_owned))?;
        site.add("main.css", sheet.into_bytes());
    }
    Ok(())
}

/// All files below a folder, as sorted relative names with `/`; none if it does not exist.
fn files(folder: &Path) -> Outcome<Vec<String>> {
    fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Outcome<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    if folder.exists() {
        walk(folder, "", &mut found)?;
    }
    found.sort();
    Ok(found)
}
