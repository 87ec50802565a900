//! The viewer's page: four files that are part of the program.
//!
//! Nothing is built, fetched or filled in; what differs between outputs the page learns over its WebSocket.

use bytes::Bytes;
use warp::http::StatusCode;
use warp::http::header::{self, HeaderValue};
use warp::reply::Response;

use super::request;
use super::routes::{Asked, content, insert, plain};

const INDEX: &str = include_str!("../../viewer/index.html");
const SCRIPT: &str = include_str!("../../viewer/viewer.js");
const STYLE: &str = include_str!("../../viewer/viewer.css");
const ICON: &str = include_str!("../../viewer/favicon.svg");

/// The page itself.
pub fn index(asked: &Asked) -> Response {
    let mut response = file(asked, "text/html; charset=utf-8", INDEX);
    // The gate has let only plain hosts through. Not every browser takes 'self' to mean its WebSocket, too.
    let host = request::header(&asked.headers, header::HOST).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; \
         frame-ancestors http: https:"
    );
    insert(response.headers_mut(), header::CONTENT_SECURITY_POLICY, &policy);
    response
}

/// Its script.
pub fn script(asked: &Asked) -> Response {
    file(asked, "text/javascript; charset=utf-8", SCRIPT)
}

/// Its looks.
pub fn style(asked: &Asked) -> Response {
    file(asked, "text/css; charset=utf-8", STYLE)
}

/// Its icon.
pub fn icon(asked: &Asked) -> Response {
    file(asked, "image/svg+xml", ICON)
}

/// A file that changes with the program only: asked for each time, sent once.
fn file(asked: &Asked, kind: &'static str, text: &'static str) -> Response {
    const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "-");
    let tag = format!("{TAG}{:x}\"", text.len());
    let is_known =
        request::header(&asked.headers, header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag));
    let mut response = if is_known {
        plain(StatusCode::NOT_MODIFIED, "")
    } else {
        content(StatusCode::OK, kind, Bytes::from_static(text.as_bytes()))
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    insert(response.headers_mut(), header::ETAG, &tag);
    response
}
