//! Stepping a child one instruction at a time, by ptrace, and killing it after any of them.
//! What the child does in each phase, and what must hold afterwards, stands with the test.

use super::child::Role;
use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use std::ops::Range;
use std::time::Instant;

/// What a child says before its first phase: from here on its parent steps it.
pub fn begin() {
    ptrace::traceme().unwrap();
    phase();
}

/// A phase ends here and the next begins: the child stops, until its parent goes on with it.
pub fn phase() {
    raise(Signal::SIGSTOP).unwrap();
}

/// Instructions from one kill to the next: `usual`, unless `CASEDD_STEP` asks for more. A build for tests has several
/// times the instructions of one for use, and time for a third of them.
fn stride(usual: u64) -> u64 {
    let asked = std::env::var("CASEDD_STEP").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(if cfg!(debug_assertions) { 3 } else { 1 }).max(usual)
}

/// Waits until the child stands before its first phase.
pub fn wait_for_begin(role: &Role) {
    let pid = Pid::from_raw(role.child.id() as i32);
    assert_eq!(waitpid(pid, None).unwrap(), WaitStatus::Stopped(pid, Signal::SIGSTOP));
}

/// Lets the child, which stands before a phase, go through so many.
pub fn pass(role: &Role, phases: u32) {
    let pid = Pid::from_raw(role.child.id() as i32);
    for _ in 0..phases {
        ptrace::cont(pid, None).unwrap();
        wait_for_begin(role);
    }
}

/// Steps the child so many instructions and kills it; true when the phase came to its end before.
pub fn step_and_kill(role: &mut Role, count: u64) -> bool {
    let pid = Pid::from_raw(role.child.id() as i32);
    let mut ended = false;
    for _ in 0..count {
        ptrace::step(pid, None).unwrap();
        match waitpid(pid, None).unwrap() {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => {}
            WaitStatus::Stopped(_, Signal::SIGSTOP) => {
                ended = true;
                break;
            }
            // A panic of the child, or a signal that it did not expect.
            other => panic!("the child found an error: {other:?}"),
        }
    }
    role.child.kill().unwrap();
    role.child.wait().unwrap();
    ended
}

/// Kills the child after every `usual`th instruction of each phase. `once` makes a world, stops the child before the
/// phase, steps it so many instructions, and looks at what is left; it says whether the phase had ended.
pub fn every_instruction(who: &str, phases: Range<u32>, usual: u64, mut once: impl FnMut(u32, u64) -> bool) {
    let (start, mut points, mut instructions) = (Instant::now(), 0, 0);
    for phase in phases {
        let mut count = 1;
        while !once(phase, count) {
            points += 1;
            count += stride(usual);
        }
        points += 1;
        instructions += count;
    }
    let took = start.elapsed().as_secs_f64();
    println!("{who}: {points} kill points in {instructions} instructions, 0 failures ({took:.1} s)");
}
