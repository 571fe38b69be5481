//! Compiles the crate anew when the site's files or the SDK's change: the macro that embeds them cannot say that it depends on a folder.

fn main() {
    // Absent before the first build of them; the macro wants a folder, even an empty one.
    for folder in ["../target/site", "../target/sdk"] {
        let _ = std::fs::create_dir_all(folder);
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
