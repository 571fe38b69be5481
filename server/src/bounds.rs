//! How large, how slow and how strange a request may be (DS1, DS3, DS4, WB2, WB9).

use crate::{config::Bounds, error::Failure};
use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Version, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use hyper::body::{Bytes, Frame, SizeHint};
use mintmark::{Code, Error, Result};
use std::{
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// No body of any route is larger.
pub const LARGEST_BODY: usize = 64 * 1024;

/// So much more of a larger one is read and dropped before it is refused.
const MOST_DROPPED: usize = 1024 * 1024;

/// No address of any route is longer.
pub const LONGEST_URI: usize = 8 * 1024;

/// Who has sent nothing for so long waits for the answer.
const STILL_SENDING: Duration = Duration::from_millis(500);

/// What became of the body while the handler read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More than [`LARGEST_BODY`].
    TooLarge = 1,
    /// Not there within the body's time.
    TooSlow = 2,
}

impl Fault {
    /// As an answer says it.
    #[must_use]
    pub fn error(self) -> Error {
        match self {
            Self::TooLarge => Error::new(Code::BodyTooLarge, "The body has more than 64 KiB."),
            Self::TooSlow => Error::new(Code::RequestTimeout, "The body took too long to arrive."),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::TooLarge { "body too large" } else { "body too slow" })
    }
}

impl std::error::Error for Fault {}

/// What the way in tells the way out.
pub(crate) struct Watch {
    fault: Option<Arc<AtomicU8>>,
    close: bool,
}

/// Refuses what is out of bounds by its head, and bounds its body.
pub(crate) fn check(request: &mut Request, bounds: &Bounds) -> Result<Watch> {
    if matches!(*request.method(), Method::TRACE | Method::CONNECT) {
        return Err(Error::new(Code::MethodNotAllowed, "This method is off."));
    }
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > LONGEST_URI) {
        return Err(Error::new(Code::UriTooLong, "The address has more than 8 KiB."));
    }
    let headers = request.headers();
    let hosts = headers.get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() >= Version::HTTP_11) {
        return Err(Error::new(Code::Unparsable, "A request names its host once."));
    }
    let chunked = headers.contains_key(header::TRANSFER_ENCODING);
    let length = length(headers)?;
    if chunked && length.is_some() {
        return Err(Error::new(Code::Unparsable, "A body has a length or is chunked, not both."));
    }
    if headers.get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding != "identity") {
        return Err(Error::new(Code::UnsupportedMediaType, "Bodies are read uncompressed."));
    }
    if length.is_some_and(|length| length > LARGEST_BODY) {
        return Err(Fault::TooLarge.error());
    }
    let mut watch = Watch { fault: None, close: chunked };
    if !request.body().is_end_stream() {
        let fault = Arc::<AtomicU8>::default();
        watch.fault = Some(Arc::clone(&fault));
        let body = std::mem::take(request.body_mut());
        let late = Box::pin(tokio::time::sleep_until(Instant::now() + bounds.body_timeout));
        *request.body_mut() = Body::new(Bounded { body, left: LARGEST_BODY, surplus: 0, late, fault });
    }
    Ok(watch)
}

/// Says that the head is out of bounds, and reads nothing more on this connection.
///
/// What a too large body still brings is dropped before that, within the bounds that hold for every body: who is still sending when the
/// connection closes loses the answer, and a proxy says 502. Who asks first (`Expect`, RFC 9110 section 10.1.1) is told at once.
pub(crate) async fn refuse(refused: Error, request: Request, bounds: &Bounds) -> Response {
    if refused.code() == Code::BodyTooLarge && !request.headers().contains_key(header::EXPECT) {
        let _ = tokio::time::timeout(bounds.body_timeout, discard(request.into_body())).await;
    }
    close(Failure(refused).into_response())
}

async fn discard(mut body: Body) {
    let mut left = LARGEST_BODY + MOST_DROPPED;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(STILL_SENDING, body.frame()).await {
        match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
            Some(fewer) => left = fewer,
            None => return,
        }
    }
}

/// The length that the head says, once.
fn length(headers: &HeaderMap) -> Result<Option<usize>> {
    let mut said = headers.get_all(header::CONTENT_LENGTH).iter();
    let unreadable = || Error::new(Code::Unparsable, "Content-Length is said once, as a number.");
    match (said.next(), said.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().ok().and_then(|text| text.parse().ok()).map(Some).ok_or_else(unreadable),
        _ => Err(unreadable()),
    }
}

impl Watch {
    /// Whether there is a body to wait for.
    pub(crate) fn has_body(&self) -> bool {
        self.fault.is_some()
    }

    /// Answers for the body where the handler could not know what was wrong with it, and ends connections whose framing proxies disagree on.
    pub(crate) fn settle(self, response: Response) -> Response {
        let fault = match self.fault.map(|fault| fault.load(Ordering::Relaxed)) {
            Some(1) => Some(Fault::TooLarge),
            Some(2) => Some(Fault::TooSlow),
            _ => None,
        };
        let response = match fault {
            Some(fault) if !response.status().is_success() => Failure(fault.error()).into_response(),
            _ => response,
        };
        if self.close { close(response) } else { response }
    }
}

/// Nothing that follows on this connection is read.
pub(crate) fn close(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

struct Bounded {
    body: Body,
    left: usize,
    /// What came past the limit, and was dropped.
    surplus: usize,
    late: Pin<Box<Sleep>>,
    fault: Arc<AtomicU8>,
}

impl Bounded {
    fn fail(&self, fault: Fault) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        self.fault.store(fault as u8, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(fault))))
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                ready!(self.late.as_mut().poll(cx));
                return self.fail(if self.surplus == 0 { Fault::TooSlow } else { Fault::TooLarge });
            };
            let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()).map_or(0, Bytes::len);
            match self.left.checked_sub(data) {
                Some(left) if self.surplus == 0 => {
                    self.left = left;
                    return Poll::Ready(frame);
                }
                _ => {}
            }
            // Read on and drop it, as `refuse` does.
            self.surplus += data;
            let ended = !matches!(frame, Some(Ok(_)));
            if ended || self.surplus > MOST_DROPPED {
                return self.fail(Fault::TooLarge);
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
