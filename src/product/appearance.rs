//! How a product's widgets look: a handful of values that a style sheet takes as they stand, so each has one strict form.

use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// Light or dark.
    pub enum Mode("a mode") {
        /// As the visitor's system is.
        Auto = "auto",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}

/// The looks. What is absent is left to the widgets; the API refuses what it does not know of them, and says where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "db", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Appearance {
    /// Light or dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Of buttons and links: `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Behind everything: `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Of text: `#rrggbb`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of corners, 0 to 32 pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<i64>,
    /// Names of fonts, the preferred one first: letters, digits, spaces, hyphens and commas, at most 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<String>,
    /// A picture of the tenant's, for mail: an https address of at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl TryFrom<String> for Appearance {
    type Error = serde_json::Error;
    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

#[cfg(feature = "db")]
impl Appearance {
    /// The stored form.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Refuses what is no colour, length or font; colours become lower case.
    pub(crate) fn checked(mut self) -> crate::Result<Self> {
        for (field, colour) in
            [("appearance.accent", &mut self.accent), ("appearance.background", &mut self.background), ("appearance.text", &mut self.text)]
        {
            if let Some(colour) = colour {
                colour.make_ascii_lowercase();
                let digits = colour.strip_prefix('#').unwrap_or_default();
                if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(crate::Error::invalid(field, "A colour is # and six hexadecimal digits, such as #1a6b4f."));
                }
            }
        }
        if self.radius.is_some_and(|radius| !(0..=32).contains(&radius)) {
            return Err(crate::Error::invalid("appearance.radius", "Corners are round by 0 to 32 pixels."));
        }
        let plain = |font: &String| {
            (1..=120).contains(&font.len()) && font.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b','))
        };
        if self.font.as_ref().is_some_and(|font| !plain(font)) {
            return Err(crate::Error::invalid("appearance.font", "Fonts are named by letters, digits, spaces, hyphens and commas."));
        }
        if let Some(logo) = &mut self.logo {
            let refused = || crate::Error::invalid("appearance.logo", "A logo is an https address of at most 500 characters.");
            let plain = |url: &url::Url| {
                let named = url.host().is_some_and(|host| crate::origin::stray(&host).is_none());
                url.scheme() == "https" && named && url.username().is_empty() && url.password().is_none()
            };
            let url = url::Url::parse(logo).ok().filter(plain);
            *logo = url.map(String::from).filter(|url| url.len() <= 500).ok_or_else(refused)?;
        }
        Ok(self)
    }
}

#[cfg(all(test, feature = "db"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_into_a_style_sheet_but_colours_lengths_and_names() {
        let said = |accent: Option<&str>, radius, font: Option<&str>| {
            let looks = Appearance { accent: accent.map(Into::into), radius, font: font.map(Into::into), ..Appearance::default() };
            looks.checked().map_err(|error| error.problem().field.unwrap_or_default())
        };
        assert_eq!(
            said(Some("#1A6B4F"), Some(8), Some("Inter, Helvetica Neue")).ok().and_then(|looks| looks.accent).as_deref(),
            Some("#1a6b4f")
        );
        for accent in ["", "red", "#fff", "#1a6b4f;", "#1a6b4g", "url(x)", "#1a6b4fff"] {
            assert_eq!(said(Some(accent), None, None), Err("appearance.accent".to_owned()), "{accent}");
        }
        for radius in [-1, 33, i64::MAX] {
            assert_eq!(said(None, Some(radius), None), Err("appearance.radius".to_owned()));
        }
        for font in ["", "a;b", "url(x)", "\"Inter\"", "a}b", &"x".repeat(121)] {
            assert_eq!(said(None, None, Some(font)), Err("appearance.font".to_owned()), "{font}");
        }
    }

    #[test]
    fn a_logo_is_a_short_https_address_that_names_nobody() {
        let said = |logo: &str| Appearance { logo: Some(logo.to_owned()), ..Appearance::default() }.checked().map(|looks| looks.logo);
        let longest = format!("https://acme.example/{}", "x".repeat(479));
        for fine in ["https://acme.example/logo.png", &longest] {
            assert_eq!(said(fine).ok().flatten().as_deref(), Some(fine));
        }
        for wrong in [
            "http://acme.example/logo.png",
            "javascript:alert(1)",
            "data:image/png;base64,AA",
            "/logo.png",
            "https://u:p@acme.example/logo.png",
            "https://u@acme.example/logo.png",
            "https://:p@acme.example/logo.png",
            "https://\u{ff0a}.acme.example/logo.png",
            "https://acme.example;sandbox/logo.png",
            &format!("{longest}x"),
        ] {
            assert!(said(wrong).is_err(), "{wrong}");
        }
    }
}
