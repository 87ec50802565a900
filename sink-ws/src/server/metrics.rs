//! The counters as Prometheus reads them.
//!
//! Counts nothing itself.

use std::fmt::Write;

use bytes::Bytes;
use warp::http::StatusCode;
use warp::reply::Response;

use super::routes::content;
use super::seats::Seats;
use crate::shared::{Link, Shared};

/// All counters and gauges, each with its meaning.
pub fn answer(shared: &Shared, seats: &Seats) -> Response {
    let text = text(shared, seats.count());
    content(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", Bytes::from(text))
}

fn text(shared: &Shared, connections: usize) -> String {
    let counters = &shared.counters;
    let seconds = |ns: u64| ns as f64 / 1e9;
    let now = shared.link_now();
    let mut page = Page { text: String::new(), output: escaped(&shared.settings.want.name) };
    let mut counter = |name, help, value: u64| page.put(name, help, "counter", value as f64);
    counter(
        "frames_received_total",
        "Frames taken from the renderer while somebody looked.",
        counters.frames_received.get(),
    );
    counter("frames_encoded_total", "Frames encoded as JPEG.", counters.frames_encoded.get());
    counter("frames_failed_total", "Frames that could not be encoded.", counters.frames_failed.get());
    counter("frames_sent_total", "Pictures sent, over all viewers.", counters.frames_sent.get());
    counter(
        "frames_dropped_total",
        "Pictures skipped for slow viewers, over all.",
        counters.frames_dropped.get(),
    );
    counter("sent_bytes_total", "Bytes of pictures sent, over all viewers.", counters.bytes_sent.get());
    counter("connections_shed_total", "Connections closed to make room.", counters.connections_shed.get());
    counter(
        "requests_refused_total",
        "Requests with a wrong method, host, origin or token.",
        counters.requests_refused.get(),
    );
    let encode_seconds = seconds(counters.encode_ns.get());
    page.put("encode_seconds_total", "Time spent encoding.", "counter", encode_seconds);
    let mut gauge = |name, help, value: f64| page.put(name, help, "gauge", value);
    gauge("viewers", "WebSocket viewers.", counters.viewers.get() as f64);
    gauge("streams", "MJPEG streams.", counters.streams.get() as f64);
    gauge("connections", "Connections of every kind.", connections as f64);
    gauge(
        "watched",
        "Whether the renderer works for this output.",
        f64::from(u8::from(shared.audience.is_watched())),
    );
    gauge("link_up", "Whether the renderer answers.", f64::from(u8::from(now.link == Link::Connected)));
    gauge("link_state_seconds", "How long the link is as it is.", now.since.elapsed().as_secs_f64());
    if let Some(picture) = shared.picture() {
        gauge("picture_age_seconds", "Age of the newest picture.", picture.age_ms() as f64 / 1e3);
        let newest = seconds(counters.latency_newest_ns.get());
        gauge("latency_newest_seconds", "From reading the values to the picture, newest frame.", newest);
    }
    page.latency(seconds(counters.latency_ns.get()), counters.frames_encoded.get());
    page.text
}

struct Page {
    text: String,
    output: String,
}

impl Page {
    fn put(&mut self, name: &str, help: &str, kind: &str, value: f64) {
        let output = &self.output;
        // Writing to a string does not fail.
        let _ = write!(
            self.text,
            "# HELP casedd_ws_{name} {help}\n# TYPE casedd_ws_{name} {kind}\ncasedd_ws_{name}{{output=\"{output}\"}} {value}\n"
        );
    }

    fn latency(&mut self, sum_seconds: f64, count: u64) {
        let output = &self.output;
        let _ = write!(
            self.text,
            "# HELP casedd_ws_latency_seconds From reading the values to the finished picture.\n\
             # TYPE casedd_ws_latency_seconds summary\n\
             casedd_ws_latency_seconds_sum{{output=\"{output}\"}} {sum_seconds}\n\
             casedd_ws_latency_seconds_count{{output=\"{output}\"}} {count}\n"
        );
    }
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
