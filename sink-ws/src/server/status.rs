//! What programs ask about this output: whether it is well, and what it is.
//!
//! Numbers over time are in `metrics`.

use bytes::Bytes;
use casedd_common::transport::clock;
use serde_json::{Value, json};
use warp::http::StatusCode;
use warp::reply::Response;

use super::routes::content;
use crate::shared::{Link, Shared};

/// Somebody who looks must have a picture by then.
const FIRST_PICTURE_NS: u64 = 5_000_000_000;

/// 200 when viewers get what they should, 503 with the reason when not.
pub fn health(shared: &Shared) -> Response {
    let fault = fault(shared);
    let status = if fault.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let now = shared.link_now();
    let body = json!({
        "status": if fault.is_some() { "failing" } else { "ok" },
        "reason": fault,
        "output": shared.settings.want.name,
        "link": now.link,
        "link_since_ms": now.since.elapsed().as_millis() as u64,
        "picture_age_ms": shared.picture().map(|picture| picture.age_ms()),
        "viewers": shared.visitors(),
    });
    json_content(status, &body)
}

fn fault(shared: &Shared) -> Option<String> {
    let now = shared.link_now();
    let seconds = now.since.elapsed().as_secs();
    match now.link {
        Link::Lost => return Some(format!("no renderer for {seconds} s")),
        Link::Stale => return Some(format!("the renderer has been silent for {seconds} s")),
        Link::Connected => {}
    }
    // That nothing changes is no fault: then there are no new frames. No frame at all is one.
    let since_ns = shared.audience.watched_since_ns()?;
    let waited_ns = clock::now_ns().saturating_sub(since_ns);
    (shared.picture().is_none() && waited_ns > FIRST_PICTURE_NS)
        .then(|| format!("no frame in {} s, although somebody looks", waited_ns / 1_000_000_000))
}

/// The outputs of this server (one), as tools of the original expect them: a list.
pub async fn panels(shared: &Shared) -> Response {
    let settings = &shared.settings;
    let want = &settings.want;
    let drawn = shared.shown.now(&want.name).await;
    let (template, theme) = settings.asked();
    let rate_hz = f64::from(want.rate_millihz) / 1000.0;
    let body = json!([{
        "name": want.name,
        "display_name": settings.display_name,
        "template": drawn.as_ref().map_or(template.as_str(), |drawn| drawn.template.as_str()),
        "template_asked": template,
        "theme": theme,
        "shows": drawn.as_ref().map(|drawn| drawn.shows.as_str()),
        "template_error": drawn.as_ref().map(|drawn| drawn.trouble.as_str()).filter(|text| !text.is_empty()),
        "width": want.width,
        "height": want.height,
        "refresh_rate": drawn.as_ref().map_or(rate_hz, |drawn| drawn.rate_hz),
        "link": shared.link_now().link,
        "viewer": "/",
        "websocket": "/ws",
        "image": "/image",
        "image_png": "/image?format=png",
        "stream": "/stream",
    }]);
    json_content(StatusCode::OK, &body)
}

fn json_content(status: StatusCode, body: &Value) -> Response {
    content(status, "application/json", Bytes::from(format!("{body}\n")))
}
