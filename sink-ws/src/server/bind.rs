//! Taking the port, or the next free one.
//!
//! Leaves out what is served on it.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener};

use casedd_common::exit::{Exit, Failure};

use super::fatal;

/// Ports tried after the one that was asked for.
const FALLBACK_PORTS: u16 = 20;

/// Listens at `bind`, on `port`; with `fallback`, on the first free one of the following when that is busy.
pub fn bind(bind: IpAddr, port: u16, fallback: bool) -> Result<TcpListener, Failure> {
    let last = if fallback { port.saturating_add(FALLBACK_PORTS) } else { port };
    for candidate in port..=last {
        match TcpListener::bind(SocketAddr::new(bind, candidate)) {
            Ok(listener) => {
                if candidate != port {
                    tracing::warn!("port {port} is taken: serving on port {candidate}");
                }
                listener.set_nonblocking(true)?;
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(refused(bind, candidate, &error)),
        }
    }
    let taken =
        if fallback { format!("ports {port} to {last} are taken") } else { format!("port {port} is taken") };
    Err(Exit::Unavailable.because(format!(
        "{taken} on {bind}; give another `port`, set `port_fallback: true`, or end what uses it (ss -ltnp shows it)"
    )))
}

fn refused(bind: IpAddr, port: u16, error: &Error) -> Failure {
    match error.kind() {
        ErrorKind::AddrNotAvailable => Exit::Unavailable.because(format!(
            "{bind} is no address of this machine; give one that `ip address` lists as `bind`"
        )),
        ErrorKind::PermissionDenied => Exit::NoPermission.because(format!(
            "port {port} needs a permission that this process lacks; give a `port` from 1024 on"
        )),
        _ => fatal(&format!("cannot listen on {bind} port {port}"), error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_taken_port_is_an_error_that_names_it_and_the_remedy() {
        let first = bind(HERE, 0, false).unwrap();
        let port = first.local_addr().unwrap().port();
        let error = bind(HERE, port, false).unwrap_err();
        assert_eq!(error.exit, Exit::Unavailable);
        assert!(
            error.message.contains(&port.to_string()) && error.message.contains("port_fallback"),
            "{error}"
        );
    }

    #[test]
    fn with_fallback_the_next_free_port_is_taken() {
        let first = bind(HERE, 0, false).unwrap();
        let port = first.local_addr().unwrap().port();
        let second = bind(HERE, port, true).unwrap().local_addr().unwrap().port();
        assert!(second > port && second <= port + FALLBACK_PORTS);
    }

    #[test]
    fn an_address_of_another_machine_is_refused_with_the_remedy() {
        let error = bind(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 0, false).unwrap_err();
        assert_eq!(error.exit, Exit::Unavailable);
        assert!(error.message.contains("192.0.2.1") && error.message.contains("bind"), "{error}");
    }
}
