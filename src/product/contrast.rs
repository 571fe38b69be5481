//! Whether what a product's widgets say can be read: contrast as WCAG 2.2 counts it (1.4.3).

use super::{Appearance, Mode};

/// The least for text.
pub const READABLE: f64 = 4.5;

/// Background and text of widgets where a product says nothing.
const LIGHT: (&str, &str) = ("#ffffff", "#16201c");
/// The same in the dark.
const DARK: (&str, &str) = ("#101614", "#e6ece9");

/// Two colours that stand on each other, and how far they are apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// What is read: "Text on the background".
    pub what: &'static str,
    /// From 1 to 21.
    pub ratio: f64,
}

impl Contrast {
    /// Whether everybody can read it.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.ratio >= READABLE
    }
}

impl Appearance {
    /// What is written on the accent: black or white, whichever is read better.
    #[must_use]
    pub fn on_accent(&self) -> &'static str {
        let accent = self.accent.as_deref().unwrap_or(LIGHT.0);
        if ratio("#ffffff", accent) >= ratio("#000000", accent) { "#ffffff" } else { "#000000" }
    }

    /// Text and links on the background, and what is written on a button: black or white, whichever is read better. Only what the
    /// product itself says is judged, and where light or dark is the visitor's choice, the worse of the two.
    #[must_use]
    pub fn contrasts(&self) -> Vec<Contrast> {
        let schemes: &[(&str, &str)] = match self.mode {
            Some(Mode::Light) => &[LIGHT],
            Some(Mode::Dark) => &[DARK],
            Some(Mode::Auto) | None => &[LIGHT, DARK],
        };
        let worst = |of: &dyn Fn(&str, &str) -> f64| {
            let each = schemes
                .iter()
                .map(|(background, text)| of(self.background.as_deref().unwrap_or(background), self.text.as_deref().unwrap_or(text)));
            each.fold(f64::INFINITY, f64::min)
        };
        let mut found = Vec::new();
        if self.text.is_some() || self.background.is_some() {
            let ratio = worst(&|background, text| ratio(text, background));
            found.push(Contrast { what: "Text on the background", ratio });
        }
        if let Some(accent) = &self.accent {
            let ratio_of_links = worst(&|background, _| ratio(accent, background));
            found.push(Contrast { what: "Links on the background", ratio: ratio_of_links });
            let on_button = ratio("#ffffff", accent).max(ratio("#000000", accent));
            found.push(Contrast { what: "The words on a button", ratio: on_button });
        }
        found
    }
}

/// From 1, the same, to 21, black on white.
fn ratio(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Of `#rrggbb`, from 0 to 1; anything else is black.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = colour.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or_default();
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_counted_as_wcag_counts_it() {
        let close = |one: f64, other: f64| (one - other).abs() < 0.01;
        assert!(close(ratio("#000000", "#ffffff"), 21.0));
        assert!(close(ratio("#777777", "#ffffff"), 4.48), "the well-known grey that just fails");
        assert!(close(ratio("#767676", "#ffffff"), 4.54), "and the one that just passes");
        assert!(close(ratio("#1a6b4f", "#1a6b4f"), 1.0));
    }

    #[test]
    fn only_what_is_said_is_judged() {
        assert_eq!(Appearance::default().contrasts(), []);
        let pale = Appearance { accent: Some("#ffe08a".into()), ..Appearance::default() };
        let found = pale.contrasts();
        assert_eq!(
            found.iter().map(|contrast| (contrast.what, contrast.is_enough())).collect::<Vec<_>>(),
            [("Links on the background", false), ("The words on a button", true),]
        );
        let dark = Appearance { mode: Some(Mode::Dark), ..pale };
        assert!(dark.contrasts().iter().all(Contrast::is_enough), "what is pale is read in the dark");
        let grey = Appearance { text: Some("#999999".into()), ..Appearance::default() };
        assert!(!grey.contrasts()[0].is_enough());
    }
}
