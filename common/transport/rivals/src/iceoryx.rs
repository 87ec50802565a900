//! Frames through iceoryx2: publish-subscribe with an event to wake, blocking backpressure, nothing lost.

use crate::contest::{DEPTH, Job, Seen};
use crate::run::Error;
use casedd_transport::clock::now_ns;
use iceoryx2::prelude::*;
use std::process::Child;
use std::time::Duration;

pub fn produce(job: &Job, start: impl Fn() -> Result<Vec<Child>, Error>) -> Result<Vec<Child>, Error> {
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let name: ServiceName = job.name.as_str().try_into()?;
    let frames = node
        .service_builder(&name)
        .publish_subscribe::<[u64]>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(DEPTH as usize)
        .max_subscribers(8)
        .open_or_create()?;
    let event = node.service_builder(&name).event().open_or_create()?;
    let publisher = frames
        .publisher_builder()
        .initial_max_slice_len(job.words())
        .backpressure_strategy(BackpressureStrategy::RetryUntilDelivered)
        .create()?;
    let notifier = event.notifier_builder().create()?;
    let children = start()?;
    while frames.dynamic_config().number_of_subscribers() < job.consumers
        || event.dynamic_config().number_of_listeners() < job.consumers
    {
        std::thread::yield_now();
    }
    for number in 0..job.frames {
        job.pace();
        let sample = publisher.loan_slice_uninit(job.words())?;
        let mut sample = sample.write_from_fn(|_| number);
        sample.payload_mut()[0] = now_ns();
        sample.send()?;
        notifier.notify()?;
    }
    // Samples vanish with their publisher: it stays until all have read theirs.
    while frames.dynamic_config().number_of_subscribers() > 0 {
        std::thread::yield_now();
    }
    Ok(children)
}

pub fn consume(job: &Job) -> Result<Seen, Error> {
    let node = NodeBuilder::new().create::<ipc::Service>()?;
    let name: ServiceName = job.name.as_str().try_into()?;
    let frames = node
        .service_builder(&name)
        .publish_subscribe::<[u64]>()
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(DEPTH as usize)
        .max_subscribers(8)
        .open_or_create()?;
    let event = node.service_builder(&name).event().open_or_create()?;
    let subscriber = frames.subscriber_builder().buffer_size(DEPTH as usize).create()?;
    let listener = event.listener_builder().create()?;
    let mut seen = Seen::default();
    while !seen.is_complete(job) {
        listener.timed_wait(|_| {}, Duration::from_secs(1))?;
        while let Some(sample) = subscriber.receive()? {
            seen.frame(job, sample.payload());
        }
    }
    Ok(seen)
}
