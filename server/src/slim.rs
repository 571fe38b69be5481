//! Pages as they leave: without what the framework would need in the browser, and compressed.
//!
//! It renders on the server only (`app/src/live` acts in the browser). So nobody reads the marks between which it would find its
//! nodes, and every one of them would be a node that a browser makes and walks past: half of all nodes of a page. Nor does
//! anybody run the scripts that it puts behind the document, for which a browser stops reading until the sheet has come.

use crate::{encoded::accepts, error::Failure};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt;
use mintmark::Error;
use std::io::Write;

/// Below this a page fits into the first packets anyway.
const WORTH_IT: usize = 1_400;

const DOCUMENT_ENDS: &[u8] = b"</html>";

/// The answer for this browser. `uri` and `headers` are the request's.
pub(crate) async fn slim(response: Response, uri: &Uri, headers: &HeaderMap) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else {
        return Failure(Error::internal("a page could not be rendered to its end")).into_response();
    };
    let mut page = Bytes::from(without_marks(&body.to_bytes()));
    // A page has no secrets, but whoever chose words for its address and could see how long answers are would learn from
    // compression whether its other words are alike (BREACH). What an address may say stands in the query.
    let compressible = parts.status == StatusCode::OK && uri.query().is_none() && page.len() > WORTH_IT;
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if compressible
        && accepts(headers, "gzip")
        && let Ok(smaller) = gzipped(&page)
    {
        page = smaller;
        parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Response::from_parts(parts, Body::from(page))
}

fn gzipped(page: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(page.len() / 4), Compression::new(5));
    encoder.write_all(page)?;
    Ok(encoder.finish()?.into())
}

/// Leaves out comments, `<!>` among them, and what comes after the document. Text and attributes hold none: there `<` is `&lt;`. Scripts are left as they are.
fn without_marks(page: &[u8]) -> Vec<u8> {
    let mut slim = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        let (before, tag) = rest.split_at(at);
        slim.extend_from_slice(before);
        // How long what begins here is, and whether it stays.
        let (length, stays) = if tag.starts_with(b"<!>") {
            (3, false)
        } else if tag.starts_with(b"<!--") {
            (end(tag, b"-->"), false)
        } else if tag.starts_with(b"<script") {
            (end(tag, b"</script>"), true)
        } else if tag.starts_with(DOCUMENT_ENDS) {
            (DOCUMENT_ENDS.len(), true)
        } else {
            (1, true)
        };
        let (this, after) = tag.split_at(length);
        if stays {
            slim.extend_from_slice(this);
        }
        rest = if tag.starts_with(DOCUMENT_ENDS) { &[] } else { after };
    }
    slim.extend_from_slice(rest);
    slim
}

/// Up to and with these bytes, else all of it.
fn end(text: &[u8], with: &[u8]) -> usize {
    text.windows(with.len()).position(|window| window == with).map_or(text.len(), |at| at + with.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn slimmed(page: &str) -> String {
        String::from_utf8(without_marks(page.as_bytes())).expect("text")
    }

    #[test]
    fn marks_go_and_everything_else_stays() {
        for (page, slim) in [
            (
                "<!DOCTYPE html><html><body><!--<() />--><p>One<!> two<!></p></body></html>",
                "<!DOCTYPE html><html><body><p>One two</p></body></html>",
            ),
            ("<script nonce=\"a\">if (a<!--b) c = '<!>'</script><!>", "<script nonce=\"a\">if (a<!--b) c = '<!>'</script>"),
            ("<p title=\"&lt;!&gt;\">&lt;!-- ä --&gt; 1 <", "<p title=\"&lt;!&gt;\">&lt;!-- ä --&gt; 1 <"),
            ("<html><p>&lt;/html&gt;</p></html><!><script>__RESOLVED_RESOURCES=[];</script>", "<html><p>&lt;/html&gt;</p></html>"),
            ("<!-- never closed", ""),
            ("<script>never closed<!>", "<script>never closed<!>"),
            ("", ""),
        ] {
            assert_eq!(slimmed(page), slim, "{page}");
        }
    }

    async fn sent(page: &str, status: StatusCode, path: &str, accept: &'static str) -> (Option<HeaderValue>, Vec<u8>) {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
        let answer = slim((status, page.to_owned()).into_response(), &Uri::try_from(path).expect("a path"), &headers).await;
        assert_eq!(answer.headers()[header::VARY], "accept-encoding");
        let encoding = answer.headers().get(header::CONTENT_ENCODING).cloned();
        (encoding, answer.into_body().collect().await.expect("a body").to_bytes().to_vec())
    }

    #[tokio::test]
    async fn a_page_is_compressed_unless_its_address_brings_words() {
        let page = "<p>Overview<!></p>".repeat(1_000);
        let plain = "<p>Overview</p>".repeat(1_000);
        let (encoding, body) = sent(&page, StatusCode::OK, "/t/acme", "gzip, deflate, br").await;
        assert_eq!(encoding, Some(HeaderValue::from_static("gzip")));
        let mut text = String::new();
        GzDecoder::new(body.as_slice()).read_to_string(&mut text).expect("gzip");
        assert_eq!(text, plain);
        for (status, path, accept) in [
            (StatusCode::OK, "/t/acme/tokens?search=a", "gzip"),
            (StatusCode::NOT_FOUND, "/t/acme/a", "gzip"),
            (StatusCode::OK, "/t/acme", "br;q=1, gzip;q=0"),
            (StatusCode::OK, "/t/acme", ""),
        ] {
            assert_eq!(sent(&page, status, path, accept).await, (None, plain.clone().into_bytes()), "{path} {accept}");
        }
    }
}
