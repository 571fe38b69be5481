//! A request whose path, headers and body have places for values: `{0}`, `{1}` are the columns of a line.

use crate::{Failed, message::Answer};
use serde::Deserialize;
use std::{fmt::Write, fs, path::PathBuf};

/// What is sent, again and again.
#[derive(Deserialize)]
pub struct Template {
    /// `127.0.0.1:3000`.
    pub address: std::net::SocketAddr,
    #[serde(default = "get")]
    method: String,
    path: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<String>,
    /// What a good answer's body holds. For those who refuse with a 200: introspection says `"active":true` of a live token.
    holds: Option<String>,
}

fn get() -> String {
    "GET".to_owned()
}

impl Template {
    /// The answer's status; 0 for a 200 whose body does not hold what it should.
    pub fn judge(&self, answer: &Answer) -> u16 {
        match &self.holds {
            Some(text) if answer.status == 200 && !String::from_utf8_lossy(answer.body).contains(text) => 0,
            _ => answer.status,
        }
    }

    /// The request's bytes for a line of tab-separated columns.
    pub fn request(&self, line: &str) -> Vec<u8> {
        let fill = |text: &str| {
            let mut text = text.to_owned();
            for (at, column) in line.split('\t').enumerate() {
                text = text.replace(&format!("{{{at}}}"), column);
            }
            text
        };
        let mut text = format!("{} {} HTTP/1.1\r\nhost: {}\r\n", self.method, fill(&self.path), self.address);
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {}\r\n", fill(value));
        }
        if let Some(body) = &self.body {
            let body = fill(body);
            let _ = write!(text, "content-length: {}\r\n\r\n{body}", body.len());
        } else {
            text.push_str("\r\n");
        }
        text.into_bytes()
    }
}

/// The lines of a file, or one empty line where there is none.
pub fn lines(file: Option<&PathBuf>) -> Result<Vec<String>, Failed> {
    let Some(file) = file else { return Ok(vec![String::new()]) };
    let lines: Vec<_> = fs::read_to_string(file)?.lines().map(ToOwned::to_owned).collect();
    if lines.is_empty() { Err(format!("{} is empty", file.display()).into()) } else { Ok(lines) }
}
