//! Frames through a Unix stream socket, one to each consumer: every byte goes into the kernel and out again.

use crate::contest::{Job, Seen};
use crate::run::Error;
use casedd_transport::clock::now_ns;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Child;

pub fn produce(job: &Job, start: impl Fn() -> Result<Vec<Child>, Error>) -> Result<Vec<Child>, Error> {
    let listener = UnixListener::bind(job.socket())?;
    let children = start()?;
    let streams = (0..job.consumers).map(|_| Ok(listener.accept()?.0));
    let mut streams = streams.collect::<Result<Vec<UnixStream>, Error>>()?;
    let mut picture = vec![0u64; job.words()];
    for number in 0..job.frames {
        job.pace();
        picture.fill(number);
        picture[0] = now_ns();
        for stream in &mut streams {
            stream.write_all(bytemuck::cast_slice(&picture))?;
        }
    }
    std::fs::remove_file(job.socket())?;
    Ok(children)
}

pub fn consume(job: &Job) -> Result<Seen, Error> {
    let mut stream = UnixStream::connect(job.socket())?;
    let mut picture = vec![0u64; job.words()];
    let mut seen = Seen::default();
    while !seen.is_complete(job) {
        stream.read_exact(bytemuck::cast_slice_mut(&mut picture))?;
        seen.frame(job, &picture);
    }
    Ok(seen)
}
