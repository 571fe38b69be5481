//! The names under which the browser finds what the build made.

use leptos::prelude::use_context;

/// URL paths of the site's files. The server provides one through Leptos' context, with the content-hashed names of
/// its embedded files; without it the plain names of a development build hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// wasm-bindgen's module.
    pub js: String,
    /// What it loads.
    pub wasm: String,
    /// The one sheet.
    pub css: String,
    /// An SVG.
    pub favicon: String,
    /// The woff2 files that the first paint needs; the sheet names them too, so that a missing one costs a preload only.
    pub fonts: Vec<String>,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            js: "/pkg/app.js".to_owned(),
            wasm: "/pkg/app_bg.wasm".to_owned(),
            css: "/pkg/main.css".to_owned(),
            favicon: "/favicon.svg".to_owned(),
            fonts: Vec::new(),
        }
    }
}

impl Assets {
    /// Those of this request.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }
}
