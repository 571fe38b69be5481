//! Compiles the crate anew when the site's files change: the macro that embeds them cannot say that it depends on a folder.

fn main() {
    // Absent before the first build of the site; the macro wants a folder, even an empty one.
    let _ = std::fs::create_dir_all("../target/site");
    println!("cargo::rerun-if-changed=../target/site");
    println!("cargo::rerun-if-changed=build.rs");
}
