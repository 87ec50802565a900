//! One view: a pool, the sinks that look at it, and the publishing of frames to them.
//! Connections and events are the hub's business.

use super::ViewId;
use super::pool::{Pool, PoolPlan};
use super::seat::Seat;
use crate::clock::now_ns;
use crate::error::TransportError;
use crate::frame::{Damage, FrameMeta, Rect};
use crate::meta::History;
use crate::observe::ViewStats;
use crate::ring::{Blank, Push, Pushed, Slots};
use crate::want::Want;

/// Slots that a pool may have beyond what it needs before a smaller one takes over.
const SPARE_SLOTS_MAX: usize = 8;

/// What publishing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Number of the frame in its view.
    pub sequence: u64,
    /// When it became visible.
    pub published_at_ns: u64,
    /// Sinks in whose ring it was put.
    pub queued: u32,
    /// Sinks that did not get it: ring full, or lease overrun.
    pub dropped: u32,
}

/// What goes with a frame that is published.
pub struct Label<'a> {
    /// When the values shown were read.
    pub captured_at_ns: u64,
    /// When drawing began.
    pub render_started_at_ns: u64,
    /// What changed.
    pub damage: &'a Damage,
    /// The renderer's own bits.
    pub flags: u32,
}

/// What statistics say of a view, in the words of whoever draws it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// Frames a second at present, in thousandths; 0: not said.
    pub rate_millihz: u32,
    /// The name of what it shows at present (a template's, in casedd).
    pub template: String,
    /// What it shows, for people.
    pub shows: String,
    /// What is wrong with that; empty: nothing.
    pub trouble: String,
}

/// One view.
pub struct View {
    /// Its number.
    pub id: ViewId,
    /// Its memory.
    pub pool: Pool,
    /// Its sinks.
    pub seats: Vec<Seat>,
    /// What statistics say of it.
    pub description: Description,
    plan: PoolPlan,
    history: History,
    published: u64,
    last_published_at_ns: u64,
    hits: u64,
    misses: u64,
}

impl View {
    /// A view that nobody looks at yet.
    pub fn open(id: ViewId, plan: PoolPlan) -> Result<View, TransportError> {
        let pool = Pool::create(plan, 0)?;
        let (history, seats, description) = (History::new(), Vec::new(), Description::default());
        let (published, last_published_at_ns, hits, misses) = (0, 0, 0, 0);
        Ok(View {
            id,
            pool,
            seats,
            description,
            plan,
            history,
            published,
            last_published_at_ns,
            hits,
            misses,
        })
    }

    /// Makes room for one more sink. True when a larger pool took over: the seats must be told.
    pub fn make_room(&mut self, want: &Want) -> Result<bool, TransportError> {
        let needed = self.needed_slots() + want.holds as usize + want.depth as usize;
        if needed <= self.pool.slots.count() {
            return Ok(false);
        }
        self.replace_pool(needed).map(|()| true)
    }

    /// Gives memory back after sinks have gone. True when a smaller pool took over: the seats must be told.
    pub fn give_back_room(&mut self) -> bool {
        let needed = self.needed_slots();
        needed + SPARE_SLOTS_MAX <= self.pool.slots.count() && self.replace_pool(needed).is_ok()
    }

    fn needed_slots(&self) -> usize {
        Slots::needed(self.seats.iter().map(|seat| (seat.want.holds, seat.want.depth)))
    }

    fn replace_pool(&mut self, slots: usize) -> Result<(), TransportError> {
        let plan = PoolPlan { slots, epoch: self.plan.epoch.wrapping_add(1), ..self.plan };
        let mut pool = Pool::create(plan, self.pool.slots.sequence())?;
        pool.prepare_all();
        pool.take_over(&self.pool, &self.history);
        self.pool.retire();
        (self.hits, self.misses) = self.hits_and_misses();
        (self.plan, self.pool) = (plan, pool);
        Ok(())
    }

    /// A slot that nobody reads.
    pub fn begin(&mut self) -> Option<Blank> {
        let blank = self.pool.slots.acquire(&mut self.seats)?;
        if blank.previous().is_none() {
            self.pool.prepare(&blank);
        }
        Some(blank)
    }

    /// What changed between the frame in a blank slot and the newest one.
    pub fn stale(&self, blank: &Blank) -> Damage {
        let known = blank.previous().and_then(|from| self.history.since(from, self.pool.slots.sequence()));
        known.unwrap_or_else(|| Damage::from(self.plan.geometry.bounds()))
    }

    /// Copies from the newest frame what changed after the frame `from` that a blank slot holds, and is not in `owed`.
    pub fn catch_up(&self, blank: &mut Blank, from: Option<u64>, owed: &Damage) {
        let bounds = self.plan.geometry.bounds();
        let copy = |rect: &Rect| {
            let rect = rect.clip(bounds.width, bounds.height);
            if !owed.rects().iter().any(|drawn| drawn.contains(&rect)) {
                self.pool.copy_newest(blank, rect);
            }
        };
        match from.and_then(|from| self.history.each_since(from, self.pool.slots.sequence())) {
            Some(frames) => frames.flat_map(Damage::rects).for_each(copy),
            None => std::iter::once(&bounds).for_each(copy),
        }
    }

    /// Makes a drawn slot visible, offers it to every seat, and wakes those that sleep.
    pub fn publish(&mut self, blank: Blank, label: &Label<'_>) -> Published {
        let (published_at_ns, geometry) = (now_ns(), self.plan.geometry);
        let damage = label.damage.clip(geometry.width, geometry.height);
        let sequence = self.pool.slots.sequence() + 1;
        let meta = FrameMeta {
            sequence,
            generation: self.plan.generation,
            captured_at_ns: label.captured_at_ns,
            render_started_at_ns: label.render_started_at_ns,
            published_at_ns,
            flags: label.flags,
            damage,
            geometry,
        };
        self.pool.describe(&blank, &meta);
        self.history.remember(self.pool.words(), sequence, &damage);
        let frame = self.pool.slots.publish(blank);
        let (mut queued, mut dropped) = (0, 0);
        for seat in &mut self.seats {
            match seat.offer(frame) {
                Some(Push::Queued) => queued += 1,
                Some(Push::Dropped) => dropped += 1,
                None => {}
            }
            seat.end_block(published_at_ns);
        }
        self.wake_sleepers();
        self.published += 1;
        self.last_published_at_ns = published_at_ns;
        Published { sequence, published_at_ns, queued, dropped }
    }

    /// Offers the newest frame to one seat that may not have it.
    pub fn offer_newest(&mut self, seat: usize) {
        let Some(frame) = self.pool.slots.latest() else { return };
        if self.seats[seat].offer(frame).is_some() {
            self.seats[seat].wake(Pushed::until_now());
        }
    }

    fn wake_sleepers(&self) {
        let pushed = Pushed::until_now();
        self.seats.iter().for_each(|seat| seat.wake(pushed));
    }

    fn hits_and_misses(&self) -> (u64, u64) {
        let (hits, misses) = self.pool.slots.hits_and_misses();
        (self.hits + hits, self.misses + misses)
    }

    /// Everything counted.
    pub fn stats(&mut self) -> ViewStats {
        let (pool_hits, pool_misses) = self.hits_and_misses();
        ViewStats {
            view: self.id.0,
            width: self.plan.geometry.width,
            height: self.plan.geometry.height,
            rate_millihz: self.description.rate_millihz,
            template: self.description.template.clone(),
            shows: self.description.shows.clone(),
            trouble: self.description.trouble.clone(),
            published: self.published,
            last_published_at_ns: self.last_published_at_ns,
            sinks: self.seats.len() as u32,
            pool_slots: self.pool.slots.count() as u32,
            pool_free: self.pool.slots.free(&mut self.seats) as u32,
            pool_bytes: self.pool.bytes() as u64,
            pool_hits,
            pool_misses,
        }
    }
}
