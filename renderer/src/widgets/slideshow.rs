//! `slideshow`: pictures of files and folders in turn.
//! Leaves out loading, and drawing more often while a fade runs: it only says when its next step is due.

use casedd_images::Asked;
use casedd_raster::{Image, Scene};

use super::parts::{frame, head};
use super::{Cx, Widget};
use crate::data::Freshness;
use crate::template::spec::{Kind, SlideshowSpec, Transition};

/// How long a fade takes.
const FADE_MS: u64 = 800;
/// Steps of a fade: finer ones cannot be seen.
const FADE_STEPS: u64 = 25;
/// How many slides that cannot be shown are passed over in search of one that can.
const TRIES_MAX: usize = 16;

/// Draws one slide, or two while one fades into the other.
pub struct Slideshow;

impl Widget for Slideshow {
    fn build(&self, cx: &mut Cx<'_>, scene: &mut Scene) {
        let Kind::Slideshow(spec) = &cx.spec.kind else { return };
        let body = head::draw(cx, scene, (Freshness::Fresh, 0));
        let Some(box_px) = frame::box_px(body) else { return };
        let Listed { slides, is_waiting, failure } = list(cx, spec);
        if slides.is_empty() {
            let first = frame::file_name(&spec.paths[0]);
            match failure {
                _ if is_waiting => frame::draw_waiting(cx, scene, body, first),
                Some(reason) => frame::draw_empty(cx, scene, body, (first, &reason)),
                None => frame::draw_empty(cx, scene, body, (first, "no images in it")),
            }
            return;
        }
        let turn = cx.data.now_ms() / spec.interval_ms;
        let show = Show { slides: &slides, box_px, spec };
        let now = show.at(cx, turn);
        let before = show.at(cx, turn.wrapping_sub(1));
        // The next one is asked for while there is time.
        show.at(cx, turn + 1);
        match (now, before) {
            (Asked::Ready(now), Asked::Ready(before)) => {
                let since_ms = cx.data.now_ms() % spec.interval_ms;
                let share = share(since_ms, spec);
                if spec.transition == Transition::Fade && now != before {
                    let step_ms = (FADE_MS / FADE_STEPS).max(1);
                    let rest_ms = if share < 255 { step_ms } else { spec.interval_ms - since_ms };
                    cx.moves_at(cx.data.now_ms() + rest_ms);
                }
                draw(cx, scene, body, (&now, &before), share);
            }
            (Asked::Ready(now), _) => frame::draw_alone(cx, scene, (&now, body)),
            // A slide that is late leaves its place to the one before.
            (Asked::Waiting, Asked::Ready(before)) => frame::draw_alone(cx, scene, (&before, body)),
            (Asked::Waiting, _) => {
                frame::draw_waiting(cx, scene, body, frame::file_name(show.path(turn)));
            }
            (Asked::Failed(reason), _) => {
                frame::draw_empty(cx, scene, body, (frame::file_name(show.path(turn)), &reason));
            }
        }
    }
}

/// How much of the new slide is there, in 1/255.
fn share(since_ms: u64, spec: &SlideshowSpec) -> u8 {
    let fade_ms = FADE_MS.min(spec.interval_ms / 2);
    match spec.transition {
        Transition::Fade if since_ms < fade_ms => (since_ms * FADE_STEPS / fade_ms * 255 / FADE_STEPS) as u8,
        Transition::Fade | Transition::None => 255,
    }
}

fn draw(
    cx: &mut Cx<'_>,
    scene: &mut Scene,
    body: casedd_raster::RectF,
    (now, before): (&Image, &Image),
    share: u8,
) {
    if share < 255 && now != before {
        // Where the new one covers it the old one may stay whole: fading both would let the card shine through.
        let is_covered = now.width() >= before.width() && now.height() >= before.height();
        frame::draw_image(cx, scene, (before, body), if is_covered { 255 } else { 255 - share });
        frame::draw_image(cx, scene, (now, body), share);
        frame::draw_veil(cx, scene, body);
        return;
    }
    frame::draw_alone(cx, scene, (now, body));
}

/// What a slide show consists of.
struct Listed {
    slides: Vec<String>,
    /// A folder has not been listed yet.
    is_waiting: bool,
    failure: Option<std::sync::Arc<str>>,
}

fn list(cx: &mut Cx<'_>, spec: &SlideshowSpec) -> Listed {
    let mut listed = Listed { slides: Vec::new(), is_waiting: false, failure: None };
    let now_ns = cx.data.now_ns();
    for path in &spec.paths {
        match cx.images.list(path, now_ns) {
            Asked::Ready(files) => listed.slides.extend(files.iter().cloned()),
            Asked::Waiting => listed.is_waiting = true,
            Asked::Failed(reason) => listed.failure = listed.failure.or(Some(reason)),
        }
    }
    listed
}

struct Show<'s> {
    slides: &'s [String],
    box_px: (u32, u32),
    spec: &'s SlideshowSpec,
}

impl Show<'_> {
    fn path(&self, turn: u64) -> &str {
        &self.slides[(turn % self.slides.len() as u64) as usize]
    }

    /// The slide of a turn; where that cannot be shown, the next one that can.
    fn at(&self, cx: &mut Cx<'_>, turn: u64) -> Asked<Image> {
        let now_ns = cx.data.now_ns();
        let mut first_failure = None;
        for ahead in 0..self.slides.len().min(TRIES_MAX) as u64 {
            let asked = cx.images.picture(
                self.path(turn.wrapping_add(ahead)),
                (self.box_px, self.spec.scale),
                now_ns,
            );
            match asked {
                Asked::Failed(reason) => first_failure = first_failure.or(Some(reason)),
                other => return other,
            }
        }
        Asked::Failed(first_failure.unwrap_or_else(|| "no images".into()))
    }
}
