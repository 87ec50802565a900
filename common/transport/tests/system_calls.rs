//! While a sink is awake, a frame costs no system call on either side: counted by ptrace, one stop a call.
//! Only the look around every few milliseconds remains; waking a sleeper is not counted here.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod stage;

use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use stage::child::{part, start};
use stage::{Renderer, want};
use std::time::{Duration, Instant};

const FRAMES: u32 = 2_000;
/// One look around makes at most this many calls, on both sides together.
const CALLS_A_LOOK: u128 = 4;

fn main() {
    if part().is_some() {
        return play();
    }
    let mut role = start("both", std::path::Path::new("/nonexistent"));
    let pid = Pid::from_raw(role.child.id() as i32);
    assert!(matches!(waitpid(pid, None).unwrap(), WaitStatus::Stopped(_, Signal::SIGSTOP)));
    let (mut stops, begin) = (0u32, Instant::now());
    loop {
        ptrace::syscall(pid, None).unwrap();
        match waitpid(pid, None).unwrap() {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => stops += 1,
            WaitStatus::Stopped(_, Signal::SIGSTOP) => break,
            other => panic!("{other:?}"),
        }
    }
    let looks = begin.elapsed().as_millis() / 10 + 1;
    let calls = u128::from(stops / 2);
    println!("{FRAMES} frames through hub and link: {calls} system calls, {looks} looks around allowed");
    // Raising the second stop is itself a call or two.
    assert!(calls <= looks * CALLS_A_LOOK + 4, "{calls} system calls for {FRAMES} frames");
    role.child.kill().unwrap();
    role.child.wait().unwrap();
}

/// Both ends in one process, so that the sink is awake whenever a frame is published.
fn play() {
    let mut renderer = Renderer::start();
    let mut link = renderer.attach(&want("awake"));
    let mut turn = || {
        renderer.publish();
        assert!(link.wait(Duration::from_secs(1), &[]).unwrap().frame);
        link.take().unwrap().unwrap().delivered();
    };
    turn();
    ptrace::traceme().unwrap();
    raise(Signal::SIGSTOP).unwrap();
    (0..FRAMES).for_each(|_| turn());
    raise(Signal::SIGSTOP).unwrap();
}
