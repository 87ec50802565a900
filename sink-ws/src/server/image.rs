//! One picture for a request: `/image`, `/snapshot`, as JPEG or PNG.
//!
//! Nobody has to be looking already: the request itself wakes the renderer and waits for a fresh frame.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use warp::http::StatusCode;
use warp::http::header::{self, HeaderName, HeaderValue};
use warp::reply::Response;

use super::request;
use super::routes::{Asked, content, insert, plain};
use crate::encode::encode_png;
use crate::shared::{FrameName, Picture, Shared};

/// How long a request waits for the renderer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The newest PNG: however many ask, a frame is encoded once.
static NEWEST_PNG: Mutex<Option<(FrameName, Bytes)>> = Mutex::new(None);

/// The newest picture.
pub async fn answer(shared: &Arc<Shared>, asked: &Asked, is_png: bool) -> Response {
    if request::parameter(&asked.query, "panel").is_some_and(|panel| panel != shared.settings.want.name) {
        return plain(
            StatusCode::NOT_FOUND,
            "another output has that name; this server shows one, see /api/panels\n",
        );
    }
    let is_png = match request::parameter(&asked.query, "format") {
        None => is_png,
        Some("png") => true,
        Some("jpeg" | "jpg") => false,
        Some(_) => return plain(StatusCode::BAD_REQUEST, "format is png or jpeg\n"),
    };
    let looker = shared.audience.enter();
    let Some(picture) = shared.fresh_picture(&looker, PATIENCE).await else {
        let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "the renderer has sent no picture yet\n");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        return response;
    };
    if !is_png {
        let tag = format!("\"{}\"", picture.frame);
        return described(shared, &picture, asked, &tag, || {
            content(StatusCode::OK, "image/jpeg", picture.jpeg.clone())
        });
    }
    match png(shared).await {
        Ok((name, png)) => {
            let tag = format!("\"{name}-png\"");
            described(shared, &picture, asked, &tag, || content(StatusCode::OK, "image/png", png))
        }
        Err(error) => {
            tracing::warn!("no PNG: {error}");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "the picture could not be encoded\n")
        }
    }
}

fn described(
    shared: &Shared,
    picture: &Picture,
    asked: &Asked,
    tag: &str,
    whole: impl FnOnce() -> Response,
) -> Response {
    let is_known =
        request::header(&asked.headers, header::IF_NONE_MATCH).is_some_and(|known| known.contains(tag));
    let mut response = if is_known { plain(StatusCode::NOT_MODIFIED, "") } else { whole() };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    insert(headers, header::ETAG, tag);
    insert(headers, header::LAST_MODIFIED, &httpdate::fmt_http_date(picture.captured_at));
    insert(headers, HeaderName::from_static("x-casedd-link"), shared.link_now().link.word());
    insert(headers, HeaderName::from_static("x-casedd-age-ms"), &picture.age_ms().to_string());
    response
}

/// Encodes on the one thread for slow work, so that neither frames nor viewers wait.
async fn png(shared: &Arc<Shared>) -> anyhow::Result<(FrameName, Bytes)> {
    let shared = Arc::clone(shared);
    let encoded = tokio::task::spawn_blocking(move || {
        let mut newest = NEWEST_PNG.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = newest.as_ref().filter(|(name, _)| shared.canvas.name() == Some(*name)) {
            return Ok(same.clone());
        }
        let copied = shared.canvas.copy().ok_or_else(|| anyhow::anyhow!("no frame was kept"))?;
        let png = encode_png(&copied.rgb, copied.geometry)?;
        Ok(newest.insert((copied.name, png)).clone())
    });
    encoded.await?
}
