//! The server: its port, and the thread on which it serves.
//!
//! Leaves out every request; accepting, gate-keeping and answering are the files beside this one.

mod accept;
mod bind;
mod gate;
mod guard;
mod hosts;
mod image;
mod metrics;
mod page;
mod request;
mod routes;
mod seats;
mod status;
mod stream;
mod viewer;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use casedd_common::exit::{Exit, Failure};
use tokio::sync::watch;

use crate::shared::Shared;

pub use hosts::Hosts;

/// The server, running.
pub struct Server {
    address: SocketAddr,
    closing: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes the port and starts to serve.
    pub fn start(shared: &Arc<Shared>) -> Result<Server, Failure> {
        let settings = &shared.settings;
        let listener = bind::bind(settings.bind, settings.port, settings.port_fallback)?;
        let address = listener.local_addr()?;
        let closing = watch::Sender::new(false);
        // One thread is enough to send what is encoded once; pictures without loss are made on a second one.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build()?;
        let serving = accept::serve(listener, Arc::clone(shared), closing.subscribe());
        let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.block_on(async {
                if let Err(error) = serving.await {
                    tracing::error!("the server has ended: {error}");
                }
            });
            // A picture without loss that is being made is nobody's any more.
            runtime.shutdown_background();
        })?;
        let server = Server { address, closing, thread: Some(thread) };
        tracing::info!("serving {}", server.url());
        Ok(server)
    }

    /// Where a browser on this machine finds it.
    pub fn url(&self) -> String {
        let address = match self.address {
            SocketAddr::V4(any) if any.ip().is_unspecified() => format!("127.0.0.1:{}", any.port()),
            SocketAddr::V6(any) if any.ip().is_unspecified() => format!("[::1]:{}", any.port()),
            address => address.to_string(),
        };
        format!("http://{address}/")
    }

    /// Whether the server's thread has ended, which it must not by itself.
    pub fn is_over(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Closes every connection, telling viewers that the server goes.
    pub fn close(&mut self) {
        self.closing.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic there is in the log already.
            let _ = thread.join();
        }
    }
}

/// A fault of the server that waiting would not mend.
fn fatal(what: &str, error: &std::io::Error) -> Failure {
    Exit::of_io(error).because(format!("{what}: {error}"))
}
