//! Enums that are words: one table gives the wire form, the stored form, parsing and the list of all.

/// `text_enum!(pub enum State("a state") { Next = "next", })`.
macro_rules! text_enum {
    ($(#[doc = $about:literal])* pub enum $name:ident ($what:literal) { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every one, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As stored and sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;
            fn from_str(text: &str) -> Result<Self, crate::Error> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(crate::Error::new(crate::Code::InvalidField, concat!("Not ", $what, "; it is one of: ", $($text, " ",)+))),
                }
            }
        }

        // By hand, because the derive would name the variants as Rust does.
        #[cfg(feature = "db")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let words = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                words.description(Some([$($about),*].join("\n").trim())).enum_values(Some([$($text),+])).into()
            }
        }

        #[cfg(feature = "db")]
        impl utoipa::ToSchema for $name {}

        #[cfg(feature = "db")]
        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                crate::db::parsed(value)
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::Error;
            fn try_from(text: String) -> Result<Self, crate::Error> {
                text.parse()
            }
        }
    };
}
pub(crate) use text_enum;
