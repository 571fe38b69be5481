//! `Browser`: what a person's browser keeps and sends, without running anything.

use crate::app::{Answer, TestApp};
use std::collections::BTreeMap;

/// A jar of cookies in front of one server.
pub struct Browser<'a> {
    app: &'a TestApp,
    pub jar: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    /// One that was never here.
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, jar: BTreeMap::new() }
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> Answer {
        let call = self.app.get(path).header("accept", "text/html").header("sec-fetch-site", "none").header("cookie", &self.cookies());
        let answer = call.await;
        self.keep(&answer);
        answer
    }

    /// Sends a form as the page's script does: the answer is the value or the error.
    pub async fn send(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.post("application/json", function, fields).await
    }

    /// Sends a form as a browser without scripts does: the answer is a redirect.
    pub async fn submit(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.post("text/html", function, fields).await
    }

    /// Sends a form to a path that is no server function.
    pub async fn submit_to(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_to("text/html", path, fields).await
    }

    async fn post(&mut self, accept: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_to(accept, &format!("/api/{function}"), fields).await
    }

    async fn post_to(&mut self, accept: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = self.app.post(path).header("accept", accept).header("sec-fetch-site", "same-origin");
        let answer = call.header("cookie", &self.cookies()).text("application/x-www-form-urlencoded", &body).await;
        self.keep(&answer);
        answer
    }

    /// As its `Cookie` header.
    pub fn cookies(&self) -> String {
        self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers("set-cookie") {
            let (name, rest) = line.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() || line.to_ascii_lowercase().contains("max-age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
