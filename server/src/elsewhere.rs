//! A widget token is refused everywhere but on `/widget/*`, before anything else looks at it (contract, section 5; JW8).

use crate::surface::Surface;
use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use mintmark::{Code, Error, Result};
use serde_json::Value;

/// No header of ours is longer; what is longer is not decoded at all.
const LONGEST_HEADER: usize = 2_048;

/// Takes whatever can be taken for base64url: this check only decides which refusal it will be.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Refuses without signature or database.
pub(crate) fn check(request: &Request, surface: Surface) -> Result<()> {
    if surface == Surface::Widget || request.method() == Method::OPTIONS || !bears_widget_token(request.headers()) {
        return Ok(());
    }
    Err(Error::new(
        Code::WidgetTokenNotAllowedHere,
        "A widget token works on /widget/ only. Call this with an API key or a dashboard token.",
    ))
}

fn bears_widget_token(headers: &HeaderMap) -> bool {
    headers.get_all(header::AUTHORIZATION).iter().any(|value| {
        let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.trim().split_once(' ')) else { return false };
        scheme.eq_ignore_ascii_case("bearer") && is_widget_token(token.trim())
    })
}

/// Judges by the unverified `typ`, in any case and with or without `application/` (RFC 7515, section 4.1.9).
fn is_widget_token(token: &str) -> bool {
    let Some((head, _)) = token.split_once('.') else { return false };
    if head.len() > LONGEST_HEADER {
        return false;
    }
    let Ok(json) = LENIENT.decode(head) else { return false };
    let Ok(Value::Object(head)) = serde_json::from_slice(&json) else { return false };
    let Some(Value::String(typ)) = head.get("typ") else { return false };
    let typ = typ.trim().to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "widget+jwt"
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};

    #[test]
    fn a_widget_token_is_known_by_its_header_however_it_is_written() {
        for head in [r#"{"typ":"widget+jwt"}"#, r#"{"alg":"none","typ":"WIDGET+JWT"}"#, r#"{"typ":"application/widget+jwt","kid":1}"#] {
            assert!(is_widget_token(&format!("{}.e30.x", BASE64_URL_SAFE_NO_PAD.encode(head))), "{head}");
            assert!(is_widget_token(&format!("{}.e30.x", BASE64_URL_SAFE.encode(head))), "{head}");
        }
        for head in [r#"{"typ":"session+jwt"}"#, r#"{"typ":["widget+jwt"]}"#, "{}", "[]", "widget+jwt"] {
            assert!(!is_widget_token(&format!("{}.e30.x", BASE64_URL_SAFE_NO_PAD.encode(head))), "{head}");
        }
        assert!(!is_widget_token("sk_live_x"));
        assert!(!is_widget_token(&format!("{}.e30.x", "e".repeat(100_000))));
    }
}
