//! The control socket: sequenced packets with descriptors, and who is at the other end.
//! What the packets say is left to `wire`.

use crate::limits::MESSAGE_MAX_FDS;
use nix::sys::socket::sockopt::{PeerCredentials, PeerPidfd};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags, SocketType, sockopt,
};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

/// Connections that the kernel queues before the hub accepts them.
const BACKLOG: i32 = 64;
const CONTROL_BYTES: usize = rustix::cmsg_space!(ScmRights(MESSAGE_MAX_FDS));

/// One packet.
#[derive(Debug)]
pub struct Packet {
    /// Bytes in the buffer.
    pub bytes: usize,
    /// The descriptors that came with it.
    pub fds: Vec<OwnedFd>,
    /// True when the packet or its descriptors did not fit: it must not be used.
    pub truncated: bool,
}

/// Who is at the other end of a connection, as the kernel says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Process.
    pub pid: u32,
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

fn new_socket(flags: SocketFlags) -> Result<OwnedFd, Errno> {
    rustix::net::socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, flags | SocketFlags::CLOEXEC, None)
}

/// Listens at `path`. A file that is there already is only replaced when nobody answers behind it.
pub fn listen(path: &Path) -> Result<OwnedFd, Errno> {
    let address = SocketAddrUnix::new(path)?;
    let socket = new_socket(SocketFlags::NONBLOCK)?;
    match rustix::net::bind(&socket, &address) {
        Err(Errno::ADDRINUSE) if is_stale(&address)? => {
            rustix::fs::unlink(path)?;
            rustix::net::bind(&socket, &address)?;
        }
        bound => bound?,
    }
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(socket)
}

fn is_stale(address: &SocketAddrUnix) -> Result<bool, Errno> {
    let probe = new_socket(SocketFlags::NONBLOCK)?;
    Ok(matches!(rustix::net::connect(&probe, address), Err(Errno::CONNREFUSED)))
}

/// Connects to `path`; the connection does not block afterwards.
pub fn connect(path: &Path, timeout: Duration) -> Result<OwnedFd, Errno> {
    let address = SocketAddrUnix::new(path)?;
    let socket = new_socket(SocketFlags::empty())?;
    let timeout = timeout.max(Duration::from_millis(1));
    // A full backlog blocks a connect as long as a send may block.
    sockopt::set_socket_timeout(&socket, sockopt::Timeout::Send, Some(timeout))?;
    rustix::net::connect(&socket, &address)?;
    rustix::io::ioctl_fionbio(&socket, true)?;
    Ok(socket)
}

/// The next connection, if one waits.
pub fn accept(listener: BorrowedFd<'_>) -> Result<Option<OwnedFd>, Errno> {
    match rustix::net::accept_with(listener, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) {
        Ok(socket) => Ok(Some(socket)),
        Err(Errno::AGAIN | Errno::CONNABORTED | Errno::INTR) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sends one packet without waiting.
pub fn send(socket: BorrowedFd<'_>, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(Errno::TOOMANYREFS);
    }
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    rustix::io::retry_on_intr(|| rustix::net::sendmsg(socket, &[IoSlice::new(bytes)], &mut control, flags))?;
    Ok(())
}

/// Receives one packet without waiting. No bytes and no error is the end of the connection.
pub fn receive(socket: BorrowedFd<'_>, buffer: &mut [u8]) -> Result<Packet, Errno> {
    let mut space = [MaybeUninit::uninit(); CONTROL_BYTES];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    let received = rustix::io::retry_on_intr(|| {
        rustix::net::recvmsg(socket, &mut [IoSliceMut::new(buffer)], &mut control, flags)
    })?;
    let mut fds = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            fds.extend(rights);
        }
    }
    let truncated = received.flags.intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC);
    Ok(Packet { bytes: received.bytes, fds, truncated })
}

/// Who connected.
pub fn peer(socket: BorrowedFd<'_>) -> Result<Peer, Errno> {
    let found = nix::sys::socket::getsockopt(&socket, PeerCredentials)
        .map_err(|error| Errno::from_raw_os_error(error as i32))?;
    Ok(Peer { pid: u32::try_from(found.pid()).unwrap_or(0), uid: found.uid(), gid: found.gid() })
}

/// A handle on the process that connected, which cannot come to mean another one.
pub fn peer_process(socket: BorrowedFd<'_>) -> Option<OwnedFd> {
    nix::sys::socket::getsockopt(&socket, PeerPidfd).ok()
}

/// True for a non-blocking eventfd: writing to anything else that a peer sends could block or worse.
pub fn is_bell(fd: &OwnedFd) -> bool {
    let flags = rustix::fs::fcntl_getfl(fd).unwrap_or(rustix::fs::OFlags::empty());
    let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&fd.as_fd()));
    let target = rustix::fs::readlink(path, Vec::new()).unwrap_or_default();
    flags.contains(rustix::fs::OFlags::NONBLOCK) && target.as_bytes() == b"anon_inode:[eventfd]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{EventfdFlags, eventfd};

    #[test]
    fn packets_and_their_descriptors_arrive_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = listen(&path).unwrap();
        let client = connect(&path, Duration::from_secs(1)).unwrap();
        let server = accept(listener.as_fd()).unwrap().unwrap();
        assert_eq!(peer(server.as_fd()).unwrap().pid, std::process::id());
        let bell = eventfd(0, EventfdFlags::NONBLOCK).unwrap();
        send(client.as_fd(), b"abc", &[bell.as_fd()]).unwrap();
        let mut buffer = [0; 16];
        let packet = receive(server.as_fd(), &mut buffer).unwrap();
        assert_eq!((&buffer[..packet.bytes], packet.fds.len(), packet.truncated), (&b"abc"[..], 1, false));
        assert!(is_bell(&packet.fds[0]) && !is_bell(&client));
        assert_eq!(receive(server.as_fd(), &mut buffer).unwrap_err(), Errno::AGAIN);
        send(client.as_fd(), &[1; 17], &[]).unwrap();
        assert!(receive(server.as_fd(), &mut buffer).unwrap().truncated);
        drop(client);
        assert_eq!(receive(server.as_fd(), &mut buffer).unwrap().bytes, 0);
    }

    #[test]
    fn a_stale_socket_file_is_replaced_and_a_served_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let first = listen(&path).unwrap();
        assert_eq!(listen(&path).unwrap_err(), Errno::ADDRINUSE);
        drop(first);
        assert!(listen(&path).is_ok());
    }
}
