//! In your backend. cargo add ureq --features json; cargo add serde_json

use std::{env::var, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let mut answer = ureq::post(format!("{}/v1/widget-tokens", var("MINTMARK_URL")?))
        .config()
        .http_status_as_error(false) // a refusal has a body that says why
        .build()
        .header("authorization", format!("Bearer {}", var("MINTMARK_API_KEY")?))
        .send_json(serde_json::json!({
            "organization_id": var("MINTMARK_ORGANIZATION")?,
            "scope": [var("MINTMARK_SCOPE")?],
            "origins": [var("MINTMARK_ORIGIN")?],
            "ttl_seconds": var("MINTMARK_TTL")?.parse::<u64>()?,
        }))?;
    let body: serde_json::Value = answer.body_mut().read_json()?;
    if answer.status() != 201 {
        return Err(format!("{}: {}", body["code"], body["message"]).into());
    }

    // Render it into the page; never keep it in the browser.
    println!("{}", body["token"].as_str().ok_or("no token")?);
    Ok(())
}
