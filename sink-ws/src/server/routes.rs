//! Which path is answered by what.
//!
//! Only the table; each answer is made in its own file.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::watch;
use warp::Filter;
use warp::filters::path::FullPath;
use warp::http::header::{self, HeaderName, HeaderValue};
use warp::http::{HeaderMap, StatusCode};
use warp::reply::{Reply, Response};
use warp::ws::Ws;

use super::gate::Refusal;
use super::seats::Seats;
use super::{image, metrics, page, status, stream, viewer};
use crate::shared::Shared;

/// What answers are made from.
#[derive(Clone)]
pub struct Site {
    /// Pictures, state, counters.
    pub shared: Arc<Shared>,
    /// The connections.
    pub seats: Arc<Seats>,
    /// Whether the server is about to go.
    pub closing: watch::Receiver<bool>,
}

/// What a request asks for, beyond its path.
pub struct Asked {
    /// The query string, or nothing.
    pub query: String,
    /// Its header lines.
    pub headers: HeaderMap,
}

/// All routes; every request gets an answer.
pub fn routes(
    site: Site,
) -> impl Filter<Extract = (Response,), Error = Infallible, Future: Send> + Clone + Send + Sync + 'static {
    let viewers = site.clone();
    let viewer = warp::path!("ws").and(warp::ws()).map(move |ws: Ws| viewer::answer(ws, viewers.clone()));
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    let others = warp::path::full().and(query).and(warp::header::headers_cloned()).then(
        move |path: FullPath, query: String, headers: HeaderMap| {
            let site = site.clone();
            async move { answer(&site, path.as_str(), &Asked { query, headers }).await }
        },
    );
    viewer.or(others).unify()
}

async fn answer(site: &Site, path: &str, asked: &Asked) -> Response {
    match path {
        "/" | "/index.html" => page::index(asked),
        "/viewer.js" => page::script(asked),
        "/viewer.css" => page::style(asked),
        "/favicon.svg" | "/favicon.ico" => page::icon(asked),
        "/image" | "/snapshot" | "/image.jpg" | "/snapshot.jpg" => {
            image::answer(&site.shared, asked, false).await
        }
        "/image.png" | "/snapshot.png" => image::answer(&site.shared, asked, true).await,
        "/stream" | "/stream.mjpg" => stream::answer(&site.shared),
        "/healthz" | "/api/health" => status::health(&site.shared),
        "/metrics" | "/api/metrics" => metrics::answer(&site.shared, &site.seats),
        "/api/panels" => status::panels(&site.shared).await,
        "/ws" => plain(
            StatusCode::UPGRADE_REQUIRED,
            "this is for WebSocket clients; pictures are at /image and /stream\n",
        ),
        _ => not_found(),
    }
}

/// The answer to a request that the gate turned away.
pub fn refused(refusal: Refusal) -> Response {
    let mut response = plain(refusal.status(), refusal.message());
    let (name, value) = match refusal {
        Refusal::Method => (header::ALLOW, "GET, HEAD"),
        Refusal::Token => (header::WWW_AUTHENTICATE, "Bearer"),
        Refusal::Host | Refusal::Origin => return response,
    };
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

fn not_found() -> Response {
    plain(
        StatusCode::NOT_FOUND,
        "nothing is here; there is /, /ws, /image, /stream, /healthz, /metrics and /api/panels\n",
    )
}

/// A few words.
pub fn plain(status: StatusCode, message: impl Into<Bytes>) -> Response {
    content(status, "text/plain; charset=utf-8", message.into())
}

/// A body that must not be kept: everything here is about this moment.
pub fn content(status: StatusCode, kind: &'static str, body: Bytes) -> Response {
    let mut response = warp::http::Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    common(headers);
    response.into_response()
}

/// The header lines of every answer.
pub fn common(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Puts a value that we made into a header line.
pub fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
