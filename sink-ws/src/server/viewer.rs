//! One WebSocket viewer: the newest picture whenever it can take one, and the link's state in words.
//!
//! A viewer that is slow skips pictures, one that stands still is cut off by its socket's guard, and one that
//! answers no ping is taken for gone. Nothing is queued for it but the message that is being sent.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use warp::http::StatusCode;
use warp::reply::{Reply, Response};
use warp::ws::{Message, WebSocket, Ws};

use super::routes::{Site, plain};
use crate::shared::{LinkNow, Picture, Shared, Visit, Visitor};

/// The largest message a viewer may send; it has nothing to say but pong.
const MESSAGE_BYTES_MAX: usize = 4 * 1024;
/// Messages a viewer may send in a second.
const MESSAGES_PER_SECOND_MAX: u32 = 20;
/// How often a viewer is asked whether it is there.
const PING: Duration = Duration::from_secs(10);
/// Who has said nothing for so long is not.
const SILENCE_MAX: Duration = Duration::from_secs(25);
/// How often the state is said when it has not changed: a page that hears nothing knows that the server is gone.
const STATE: Duration = Duration::from_secs(5);
/// How long the first picture waits for a fresh frame before an older one must do.
const PATIENCE: Duration = Duration::from_millis(500);

/// Close codes of RFC 6455 and its registry.
const GOING_AWAY: u16 = 1001;
const POLICY: u16 = 1008;
const TRY_LATER: u16 = 1013;

/// Takes the viewer in, if there is room.
pub fn answer(ws: Ws, site: Site) -> Response {
    if site.shared.is_full() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "too many viewers; try again later\n");
    }
    ws.max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| async move {
            let Some(visitor) = site.shared.enter(Visit::Viewer) else {
                // The last place went while this one shook hands; that it hears so is a courtesy.
                let mut socket = socket;
                let _ = socket.send(Message::close_with(TRY_LATER, "too many viewers")).await;
                return;
            };
            let mut viewer = Viewer::new(socket, site, visitor);
            if let Err(end) = viewer.serve().await {
                viewer.close(end).await;
            }
        })
        .into_response()
}

/// Why a viewer is served no longer.
enum End {
    /// It left, or does not take what is sent.
    Gone,
    /// It does not answer.
    Silent,
    /// It sends more than it may.
    TooMuch,
    /// The server goes.
    Closing,
}

struct Viewer {
    socket: WebSocket,
    shared: Arc<Shared>,
    visitor: Visitor,
    pictures: watch::Receiver<Option<Arc<Picture>>>,
    link: watch::Receiver<LinkNow>,
    closing: watch::Receiver<bool>,
    ping: Interval,
    state: Interval,
    heard_at: Instant,
    heard: Heard,
    sent: Option<u64>,
}

impl Viewer {
    fn new(socket: WebSocket, site: Site, visitor: Visitor) -> Viewer {
        let now = Instant::now();
        Viewer {
            socket,
            pictures: site.shared.pictures.subscribe(),
            link: site.shared.link.subscribe(),
            shared: site.shared,
            visitor,
            closing: site.closing,
            ping: every(PING),
            state: every(STATE),
            heard_at: now,
            heard: Heard { second: now, messages: 0 },
            sent: None,
        }
    }

    async fn serve(&mut self) -> Result<(), End> {
        self.send(Message::text(self.hello())).await?;
        self.send_state().await?;
        let first = self.shared.fresh_picture(&self.visitor.looker, PATIENCE).await;
        if let Some(first) = first {
            self.send_picture(&first).await?;
        }
        loop {
            tokio::select! {
                biased;
                _ = self.closing.changed() => return Err(End::Closing),
                message = self.socket.next() => self.hear(message)?,
                _ = self.link.changed() => self.send_state().await?,
                _ = self.ping.tick() => self.send_ping().await?,
                _ = self.state.tick() => self.send_state().await?,
                changed = self.pictures.changed() => {
                    changed.map_err(|_| End::Closing)?;
                    let newest = self.pictures.borrow_and_update().clone();
                    if let Some(newest) = newest {
                        self.send_picture(&newest).await?;
                    }
                }
            }
        }
    }

    async fn send_picture(&mut self, picture: &Picture) -> Result<(), End> {
        if self.sent.is_some_and(|sent| sent >= picture.number) {
            return Ok(());
        }
        self.send(Message::binary(picture.jpeg.clone())).await?;
        let skipped = self.sent.map_or(0, |sent| picture.number - sent - 1);
        self.shared.counters.frames_dropped.add(skipped);
        self.shared.counters.sent(picture.jpeg.len());
        self.sent = Some(picture.number);
        Ok(())
    }

    async fn send_state(&mut self) -> Result<(), End> {
        let now = *self.link.borrow_and_update();
        let message = json!({
            "type": "state",
            "link": now.link,
            "age_ms": self.shared.picture().map(|picture| picture.age_ms()),
            "since_ms": now.since.elapsed().as_millis() as u64,
        });
        self.state.reset();
        self.send(Message::text(message.to_string())).await
    }

    async fn send_ping(&mut self) -> Result<(), End> {
        if self.heard_at.elapsed() > SILENCE_MAX {
            return Err(End::Silent);
        }
        self.send(Message::ping(Bytes::new())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        self.socket.send(message).await.map_err(|_| End::Gone)
    }

    fn hear(&mut self, message: Option<Result<Message, warp::Error>>) -> Result<(), End> {
        let message = message.and_then(Result::ok).ok_or(End::Gone)?;
        if message.is_close() {
            return Err(End::Gone);
        }
        self.heard_at = Instant::now();
        if self.heard.is_too_much(self.heard_at) { Err(End::TooMuch) } else { Ok(()) }
    }

    fn hello(&self) -> String {
        let settings = &self.shared.settings;
        let want = &settings.want;
        let (template, theme) = settings.asked();
        let message = json!({
            "type": "hello",
            "name": want.name,
            "display_name": settings.display_name,
            "template": template,
            "theme": theme,
            "width": want.width,
            "height": want.height,
            "rate_hz": f64::from(want.rate_millihz) / 1000.0,
            "version": env!("CARGO_PKG_VERSION"),
        });
        message.to_string()
    }

    async fn close(mut self, end: End) {
        let (code, why) = match end {
            End::Gone => return,
            End::Silent => (POLICY, "no answer to ping"),
            End::TooMuch => (POLICY, "too many messages"),
            End::Closing => (GOING_AWAY, "the server goes"),
        };
        // Who is gone already need not hear it.
        let _ = self.send(Message::close_with(code, why)).await;
    }
}

/// Messages heard in the present second.
struct Heard {
    second: Instant,
    messages: u32,
}

impl Heard {
    fn is_too_much(&mut self, now: Instant) -> bool {
        if now.duration_since(self.second) >= Duration::from_secs(1) {
            *self = Heard { second: now, messages: 0 };
        }
        self.messages += 1;
        self.messages > MESSAGES_PER_SECOND_MAX
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
