//! The accept loop: each connection gets a place, its socket options, HTTP/1 with limits, and the gate.
//!
//! warp's own server has no time limits, so that silent sockets would shut out every viewer: here warp only
//! answers requests that are complete.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use warp::Filter;
use warp::reply::Response;

use super::gate;
use super::guard::Guarded;
use super::routes;
use super::seats::{Seat, Seats};
use crate::shared::Shared;

/// A request's head must be there by then; so long may a connection stay open between requests, too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// The size of a request's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Header lines in it.
const HEADERS_MAX: usize = 64;
/// Bytes that may wait unsent in the kernel: a slow viewer must not see old pictures.
const UNSENT_BYTES_MAX: u32 = 64 * 1024;
/// Pause after the system refused a connection (no descriptors left).
const REFUSED_PAUSE: Duration = Duration::from_millis(100);
/// How long visitors may take to hear that the server goes.
const GOOD_BYE: Duration = Duration::from_millis(300);
/// How often it is looked whether they have.
const GOOD_BYE_LOOK: Duration = Duration::from_millis(10);

/// Accepts and serves until `closing`.
pub async fn serve(
    listener: StdListener,
    shared: Arc<Shared>,
    mut closing: watch::Receiver<bool>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let seats = Arc::new(Seats::default());
    let site =
        routes::Site { shared: Arc::clone(&shared), seats: Arc::clone(&seats), closing: closing.clone() };
    let routes = routes::routes(site);
    let mut is_refused = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = closing.changed() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                is_refused = false;
                let admission = seats.admit(peer.ip());
                if admission.has_shed || admission.seat.is_none() {
                    shared.counters.connections_shed.add(1);
                }
                if let Some(seat) = admission.seat {
                    let connection = Connection { shared: Arc::clone(&shared), seats: Arc::clone(&seats) };
                    tokio::spawn(connection.serve(stream, seat, routes.clone()));
                }
            }
            Err(error) => {
                if !is_refused {
                    tracing::warn!("connections are refused: {error}");
                }
                is_refused = true;
                tokio::time::sleep(REFUSED_PAUSE).await;
            }
        }
    }
    let good_bye = async {
        while shared.visitors() > 0 {
            tokio::time::sleep(GOOD_BYE_LOOK).await;
        }
    };
    // Who does not take leave in time is cut off with the runtime.
    let _ = tokio::time::timeout(GOOD_BYE, good_bye).await;
    Ok(())
}

struct Connection {
    shared: Arc<Shared>,
    seats: Arc<Seats>,
}

impl Connection {
    async fn serve<F>(self, stream: TcpStream, seat: Seat, routes: F)
    where
        F: Filter<Extract = (Response,), Error = Infallible> + Clone + Send + 'static,
        F::Future: Send,
    {
        if let Err(error) = set_options(&stream) {
            tracing::debug!("socket options: {error}");
        }
        let leave: Arc<Notify> = seat.leave();
        let number = seat.number();
        let answers = TowerToHyperService::new(warp::service(routes));
        let service = service_fn(|request: hyper::Request<Incoming>| {
            self.seats.prove(number);
            let settings = &self.shared.settings;
            let refusal = gate::check(settings, request.method(), request.uri(), request.headers()).err();
            if refusal.is_some() {
                self.shared.counters.requests_refused.add(1);
            }
            let answers = answers.clone();
            async move {
                match refusal {
                    Some(refusal) => Ok(routes::refused(refusal)),
                    None => answers.call(request).await,
                }
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES_MAX)
            .max_headers(HEADERS_MAX)
            .serve_connection(TokioIo::new(Guarded::new(stream, seat)), service)
            .with_upgrades();
        tokio::select! {
            result = connection => if let Err(error) = result {
                tracing::debug!("connection: {error}");
            },
            () = leave.notified() => {}
        }
    }
}

fn set_options(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX)
}
