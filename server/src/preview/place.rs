//! Where the preview listens, and where browsers find it: always another origin than everything else.

use crate::{
    config::{BadSetting, PublicUrl},
    settings::Settings,
};
use std::net::SocketAddr;

/// The address on which whoever has configured nothing gets a preview.
const DEFAULT: ([u8; 4], u16) = ([127, 0, 0, 1], 3001);

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where the program listens for it.
    pub listen: SocketAddr,
    /// Where browsers find it.
    pub url: PublicUrl,
    /// Whether nobody named the address: where it is taken, there is no preview, and everything else starts.
    pub chosen_by_us: bool,
}

impl Place {
    /// What the settings say; nothing is said and nothing is named: on loopback, so that it is there for whoever tries things out.
    ///
    /// # Errors
    /// A URL without an address, none where one is needed, one that is plain HTTP where the public URL is not, and the public URL's own.
    pub fn resolve(settings: &Settings, public_url: &PublicUrl) -> Result<Option<Self>, BadSetting> {
        const SETTING: &str = "MINTMARK_PREVIEW_URL";
        let bad = |why: String| Err(BadSetting(why));
        let untouched = settings.listen.is_none() && settings.public_url.is_none();
        let (listen, chosen_by_us) = match settings.preview_listen {
            Some(listen) => (listen, false),
            None if settings.preview_url.is_some() => {
                return bad(format!(
                    "{SETTING} says where browsers find the preview, and MINTMARK_PREVIEW_LISTEN must say where it listens."
                ));
            }
            None if untouched => (SocketAddr::from(DEFAULT), true),
            None => return Ok(None),
        };
        let url = match &settings.preview_url {
            Some(text) => PublicUrl::parse(SETTING, text)?,
            None if listen.ip().is_loopback() && !public_url.is_https() => PublicUrl::parse(SETTING, &format!("http://{listen}"))?,
            None => return bad(format!("The preview on {listen} needs {SETTING}: the https address that browsers use for it.")),
        };
        if public_url.is_https() && !url.is_https() {
            return bad(format!("{SETTING} must be https, as MINTMARK_PUBLIC_URL is."));
        }
        // A port that the system has yet to choose is never the one that it chose before.
        if url.origin() == public_url.origin() && url.url().port() != Some(0) {
            return bad(format!("{SETTING} must be another origin than MINTMARK_PUBLIC_URL: another host, or another port."));
        }
        Ok(Some(Self { listen, url, chosen_by_us }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(public: Option<&str>, listen: Option<&str>, url: Option<&str>) -> Result<Option<String>, String> {
        let settings = Settings {
            public_url: public.map(Into::into),
            preview_listen: listen.map(|listen| listen.parse().expect("an address")),
            preview_url: url.map(Into::into),
            ..Settings::default()
        };
        let public_url = PublicUrl::resolve(public, ([127, 0, 0, 1], 3000).into()).expect("a URL");
        let place = Place::resolve(&settings, &public_url).map_err(|error| error.to_string())?;
        Ok(place.map(|place| format!("{} {}{}", place.listen, place.url, if place.chosen_by_us { " by us" } else { "" })))
    }

    #[test]
    fn whoever_says_nothing_has_one_on_loopback_and_whoever_says_where_they_are_must_ask() {
        let is = |place: &str| Ok(Some(place.to_owned()));
        assert_eq!(place(None, None, None), is("127.0.0.1:3001 http://127.0.0.1:3001 by us"));
        assert_eq!(place(Some("https://mint.example"), None, None), Ok(None));
        assert_eq!(place(Some("http://127.0.0.1:4000"), None, None), Ok(None));
        let listening = Settings { listen: Some(([127, 0, 0, 1], 4000).into()), ..Settings::default() };
        let public_url = PublicUrl::resolve(None, ([127, 0, 0, 1], 4000).into()).expect("a URL");
        assert_eq!(Place::resolve(&listening, &public_url), Ok(None));
        assert_eq!(place(None, Some("[::1]:5000"), None), is("[::1]:5000 http://[::1]:5000"));
        assert_eq!(
            place(Some("https://mint.example"), Some("127.0.0.1:3001"), Some("https://Preview.mint.example")),
            is("127.0.0.1:3001 https://preview.mint.example")
        );
        assert_eq!(
            place(Some("https://mint.example"), Some("0.0.0.0:3001"), Some("https://mint.example:8443")),
            is("0.0.0.0:3001 https://mint.example:8443")
        );
    }

    #[test]
    fn what_contradicts_itself_is_refused_with_the_settings_name() {
        for (public, listen, url, part) in [
            (None, None, Some("https://preview.example"), "MINTMARK_PREVIEW_LISTEN must say where it listens"),
            (Some("https://mint.example"), Some("127.0.0.1:3001"), None, "needs MINTMARK_PREVIEW_URL"),
            (None, Some("0.0.0.0:3001"), None, "needs MINTMARK_PREVIEW_URL"),
            (Some("https://mint.example"), Some("127.0.0.1:3001"), Some("http://127.0.0.1:3001"), "must be https, as"),
            (Some("https://mint.example"), Some("127.0.0.1:3001"), Some("http://preview.example"), "must be https"),
            (Some("https://mint.example"), Some("127.0.0.1:3001"), Some("https://mint.example:443"), "must be another origin"),
            (None, Some("127.0.0.1:3000"), None, "must be another origin"),
            (None, Some("127.0.0.1:3001"), Some("https://preview.example/path"), "scheme, host and port only"),
        ] {
            let refused = place(public, listen, url).expect_err(part);
            assert!(refused.contains(part) && refused.contains("MINTMARK_PREVIEW_"), "{refused}");
        }
    }

    #[test]
    fn ports_that_the_system_chooses_are_different_ones() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let settings = Settings { listen: Some(any), preview_listen: Some(any), ..Settings::default() };
        let public_url = PublicUrl::resolve(None, any).expect("a URL");
        assert!(Place::resolve(&settings, &public_url).expect("fits").is_some());
    }
}
