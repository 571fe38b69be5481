//! Icons drawn for a 16-pixel grid with one stroke; they take the colour of the text beside them.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($(#[$doc:meta])* $name:ident $path:literal;)+) => {
        /// What an [`Icon`] shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Glyph { $($(#[$doc])* $name,)+ }

        impl Glyph {
            /// Every one, for the gallery.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }
        }
    };
}

glyphs! {
    /// The overview.
    Overview "M2.75 2.75h4v5h-4zM9.25 2.75h4v3h-4zM9.25 8.25h4v5h-4zM2.75 10.25h4v3h-4z";
    /// A minted token: a coin with its mark.
    Token "M8 14.25A6.25 6.25 0 1 0 8 1.75a6.25 6.25 0 0 0 0 12.5zM5.25 10V7.4a1.37 1.37 0 0 1 2.75 0V10M8 7.4a1.37 1.37 0 0 1 2.75 0V10";
    /// A signing key.
    Key "M6 13.25a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM8.4 7.6l4.85-4.85M11.25 4.75l2 2M9.5 6.5l1.25 1.25";
    /// An origin in the web.
    Globe "M8 14.25A6.25 6.25 0 1 0 8 1.75a6.25 6.25 0 0 0 0 12.5zM1.75 8h12.5M8 1.75c2 1.8 2.75 4 2.75 6.25S10 12.45 8 14.25C6 12.45 5.25 10.25 5.25 8S6 3.55 8 1.75z";
    /// An organization.
    Building "M3.25 14.25V2.75h6v11.5M9.25 6.25h3.5v8M1.75 14.25h12.5M5.25 5.5h2M5.25 8h2M5.25 10.5h2";
    /// What is embedded in a page.
    Embed "M2.75 3.25h10.5v9.5H2.75zM2.75 6h10.5M6.5 8l-1.5 1.5L6.5 11M9.5 8l1.5 1.5L9.5 11";
    /// Members.
    Users "M6 7.75a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.75 13.25c.2-2.2 1.9-3.5 4.25-3.5s4.05 1.3 4.25 3.5M10.5 2.95a2.5 2.5 0 0 1 0 4.6M12 10c1.4.5 2.15 1.7 2.25 3.25";
    /// One person.
    User "M8 7.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.75 13.75c.3-2.4 2.35-3.75 5.25-3.75s4.95 1.35 5.25 3.75";
    /// A tenant's backend.
    Terminal "M2.75 4.25l3.5 3.5-3.5 3.5M8 12.25h5.25";
    /// History.
    History "M2.25 2.75v3h3M2.6 5.75a5.75 5.75 0 1 1-.35 3.5M8 4.75V8l2.25 1.5";
    /// Settings.
    Settings "M1.75 4.75h6.5M11.75 4.75h2.5M1.75 11.25h2.5M7.75 11.25h6.5M10 6.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM6 13a1.75 1.75 0 1 0 0-3.5A1.75 1.75 0 0 0 6 13z";
    /// What keeps something safe.
    Shield "M8 14.25c3.25-1.1 5.25-3.2 5.25-6.5v-4L8 1.75 2.75 3.75v4c0 3.3 2 5.4 5.25 6.5z";
    /// Not allowed.
    Lock "M3.75 7.25h8.5v6.5h-8.5zM5.5 7.25V5a2.5 2.5 0 0 1 5 0v2.25";
    /// A manual.
    Book "M2.75 3.25c2-.6 3.75-.4 5.25.75 1.5-1.15 3.25-1.35 5.25-.75v9.5c-2-.6-3.75-.4-5.25.75-1.5-1.15-3.25-1.35-5.25-.75zM8 4v9.5";
    /// Search.
    Search "M7 11.75a4.75 4.75 0 1 0 0-9.5 4.75 4.75 0 0 0 0 9.5zM10.5 10.5l3.25 3.25";
    /// Copy.
    Copy "M5.75 5.75h7.5v7.5h-7.5zM10.25 5.75v-3h-7.5v7.5h3";
    /// Done.
    Check "M3 8.5l3.25 3.25L13 4.75";
    /// Close, remove.
    Cross "M3.75 3.75l8.5 8.5M12.25 3.75l-8.5 8.5";
    /// Add.
    Plus "M8 3.25v9.5M3.25 8h9.5";
    /// More actions.
    More "M3.5 8h.01M8 8h.01M12.5 8h.01";
    /// Opens downwards.
    ChevronDown "M4 6.25l4 4 4-4";
    /// A choice of several.
    ChevronUpDown "M5 6l3-3 3 3M5 10l3 3 3-3";
    /// Leads on.
    ChevronRight "M6.25 4l4 4-4 4";
    /// Newer, back.
    ArrowLeft "M13.25 8H2.75M6.75 4l-4 4 4 4";
    /// Older, on.
    ArrowRight "M2.75 8h10.5M9.25 4l4 4-4 4";
    /// One place up.
    ArrowUp "M8 12.75v-9.5M4 7.25l4-4 4 4";
    /// One place down.
    ArrowDown "M8 3.25v9.5M4 8.75l4 4 4-4";
    /// Leaves the dashboard.
    External "M6.25 3.25h-3.5v10h10v-3.5M9.25 2.75h4v4M13 3L7.5 8.5";
    /// A warning.
    Warning "M8 2.25l6.25 11.25H1.75zM8 6.5v3M8 11.5h.01";
    /// A danger.
    Danger "M5.5 1.75h5l3.75 3.75v5l-3.75 3.75h-5L1.75 10.5v-5zM8 4.75V8.5M8 11h.01";
    /// Something to know.
    Info "M8 14.25A6.25 6.25 0 1 0 8 1.75a6.25 6.25 0 0 0 0 12.5zM8 7.5v3.5M8 5h.01";
    /// Something went well.
    Success "M8 14.25A6.25 6.25 0 1 0 8 1.75a6.25 6.25 0 0 0 0 12.5zM5.25 8.25l2 2 3.5-4";
    /// Light.
    Sun "M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM8 1.25v1M8 13.75v1M1.25 8h1M13.75 8h1M3.25 3.25l.7.7M12.05 12.05l.7.7M12.75 3.25l-.7.7M3.95 12.05l-.7.7";
    /// Dark.
    Moon "M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75z";
    /// As the system has it.
    Monitor "M1.75 2.75h12.5v8.5H1.75zM5.75 14.25h4.5M8 11.25v3";
    /// Opens the navigation.
    Bars "M2.25 4.75h11.5M2.25 8h11.5M2.25 11.25h11.5";
    /// Show.
    Eye "M1.25 8C2.75 5 5.1 3.5 8 3.5S13.25 5 14.75 8c-1.5 3-3.85 4.5-6.75 4.5S2.75 11 1.25 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z";
    /// Hide.
    EyeOff "M2.25 2.25l11.5 11.5M6.3 3.7A7 7 0 0 1 8 3.5c2.9 0 5.25 1.5 6.75 4.5a9.6 9.6 0 0 1-1.9 2.6M4.2 4.9A8.6 8.6 0 0 0 1.25 8c1.5 3 3.85 4.5 6.75 4.5 1.3 0 2.5-.3 3.55-.9M6.6 6.6a2 2 0 0 0 2.8 2.8";
    /// Download.
    Download "M8 2.25v7.5M4.75 6.75L8 10l3.25-3.25M2.75 13.25h10.5";
    /// Rotate, retry.
    Rotate "M13.75 2.75v3.5h-3.5M13.4 6.25A5.75 5.75 0 1 0 13.75 8";
    /// Delete, revoke.
    Trash "M2.75 4.25h10.5M6.25 4.25v-2h3.5v2M4 4.25l.6 9.5h6.8l.6-9.5M6.75 7v4M9.25 7v4";
    /// An invitation.
    Mail "M1.75 3.75h12.5v8.5H1.75zM2 4l6 4.75L14 4";
    /// Sign out.
    SignOut "M6.25 2.75h-3.5v10.5h3.5M9.75 4.75L13 8l-3.25 3.25M13 8H6.25";
    /// Filters.
    Filter "M2.25 4h11.5M4.5 8h7M6.75 12h2.5";
    /// Change.
    Pencil "M9.75 4.25l2 2M2.75 13.25l.6-2.6 7.4-7.4a1.41 1.41 0 0 1 2 2l-7.4 7.4z";
}

/// Draws one. It is always decoration: the words beside it, or the label of its button, carry the meaning.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
