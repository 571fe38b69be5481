//! An answer on the wire: whether it is whole, its status, and single fields of its JSON.

use crate::Failed;

/// An answer's status and where its body lies.
pub struct Answer<'a> {
    /// `200`.
    pub status: u16,
    /// The bytes of the body; with chunks as they came.
    pub body: &'a [u8],
}

/// The answer, once `bytes` holds all of it.
pub fn whole(bytes: &[u8]) -> Result<Option<Answer<'_>>, Failed> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(at) = head.parse(bytes)? else { return Ok(None) };
    let status = head.code.unwrap_or_default();
    let body = &bytes[at..];
    let value = |name: &str| head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value);
    let complete = if let Some(length) = value("content-length") {
        body.len() >= std::str::from_utf8(length)?.trim().parse()?
    } else if value("transfer-encoding").is_some() {
        body.ends_with(b"0\r\n\r\n")
    } else {
        matches!(status, 204 | 304)
    };
    Ok(complete.then_some(Answer { status, body }))
}

impl Answer<'_> {
    /// A text field of the JSON body, as it stands between its quotes.
    pub fn field(&self, name: &str) -> Option<&str> {
        let body = std::str::from_utf8(self.body).ok()?;
        let (_, after) = body.split_once(&format!("\"{name}\":"))?;
        after.trim_start().strip_prefix('"')?.split_once('"').map(|(value, _)| value)
    }
}
