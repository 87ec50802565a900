//! MJPEG: one endless answer whose parts are pictures, for `<img>` tags, cameras' clients and recorders.
//!
//! A slow reader gets fewer pictures: the next one is looked for only when the one before has left.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::watch;
use warp::http::StatusCode;
use warp::http::header::{self, HeaderValue};
use warp::reply::{Reply, Response};

use super::routes::{common, plain};
use crate::shared::{Picture, Shared, Visit, Visitor};

/// How long the first part waits for a fresh frame before an older one must do.
const PATIENCE: Duration = Duration::from_millis(500);
/// Browsers show a part only when the next one begins: a picture that no other follows is sent once more.
const REPEAT: Duration = Duration::from_millis(100);
/// And again so often, so that readers and proxies do not take the stream for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// The stream.
pub fn answer(shared: &Arc<Shared>) -> Response {
    let Some(visitor) = shared.enter(Visit::Stream) else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "too many viewers; try again later\n");
    };
    let feed = Feed {
        pictures: shared.pictures.subscribe(),
        shared: Arc::clone(shared),
        visitor,
        last: None,
        is_repeated: false,
        chunks: VecDeque::new(),
    };
    let body = stream::unfold(feed, |mut feed| async move {
        let chunk = feed.next_chunk().await?;
        Some((Ok::<Bytes, Infallible>(chunk), feed))
    });
    let mut response = warp::reply::stream(body).into_response();
    let headers = response.headers_mut();
    common(headers);
    let kind = HeaderValue::from_static("multipart/x-mixed-replace; boundary=casedd");
    headers.insert(header::CONTENT_TYPE, kind);
    response
}

/// One reader's place in the stream.
struct Feed {
    shared: Arc<Shared>,
    visitor: Visitor,
    pictures: watch::Receiver<Option<Arc<Picture>>>,
    last: Option<Arc<Picture>>,
    is_repeated: bool,
    chunks: VecDeque<Bytes>,
}

impl Feed {
    async fn next_chunk(&mut self) -> Option<Bytes> {
        if self.chunks.is_empty() {
            let picture = self.next_picture().await?;
            self.shared.counters.sent(picture.jpeg.len());
            let length = picture.jpeg.len();
            let head = format!("--casedd\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n");
            self.chunks.extend([Bytes::from(head), picture.jpeg.clone(), Bytes::from_static(b"\r\n")]);
        }
        self.chunks.pop_front()
    }

    /// A new picture, or the last one again; `None` when the program ends.
    async fn next_picture(&mut self) -> Option<Arc<Picture>> {
        let Some(last) = self.last.clone() else { return self.first_picture().await };
        let pause = if self.is_repeated { KEEP_ALIVE } else { REPEAT };
        match tokio::time::timeout(pause, self.pictures.changed()).await {
            Err(_) => {
                self.is_repeated = true;
                Some(last)
            }
            Ok(Err(_)) => None,
            Ok(Ok(())) => {
                let newest = self.pictures.borrow_and_update().clone()?;
                self.shared.counters.frames_dropped.add(newest.number.saturating_sub(last.number + 1));
                self.is_repeated = false;
                self.last = Some(Arc::clone(&newest));
                Some(newest)
            }
        }
    }

    async fn first_picture(&mut self) -> Option<Arc<Picture>> {
        let mut first = self.shared.fresh_picture(&self.visitor.looker, PATIENCE).await;
        while first.is_none() {
            self.pictures.changed().await.ok()?;
            first = self.pictures.borrow_and_update().clone();
        }
        self.last = first.clone();
        first
    }
}
