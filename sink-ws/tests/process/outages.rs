//! The renderer stops, dies and comes back; viewers stay.

use super::client::{Viewer, get};
use super::renderer::Renderer;
use super::sink::{SinkProcess, runtime, wait_for};

#[test]
fn viewers_stay_when_the_renderer_dies_and_see_the_next_ones_pictures() {
    let runtime = runtime();
    let mut renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewers: Vec<Viewer> = (0..3).map(|_| Viewer::connect(&sink)).collect();
    for viewer in &mut viewers {
        viewer.picture();
    }
    for generation in 1..=5 {
        drop(renderer);
        viewers.iter_mut().for_each(|viewer| viewer.link("lost"));
        let health =
            wait_for("a fault", || Some(get(address, "/healthz")).filter(|health| health.status == 503));
        assert_eq!(health.json()["link"], "lost");
        let kept = get(address, "/image");
        assert_eq!(
            (kept.status, kept.header("x-casedd-link")),
            (200, Some("lost")),
            "the last picture stays"
        );
        renderer = Renderer::start_from(runtime.path(), generation * 10_000);
        for viewer in &mut viewers {
            viewer.link("connected");
            wait_for("the new renderer's pictures", || {
                (viewer.picture() >= generation * 10_000).then_some(())
            });
        }
        assert_eq!(get(address, "/healthz").status, 200);
    }
}

#[test]
fn a_renderer_that_is_stopped_makes_the_picture_stale_until_it_goes_on() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    let mut viewer = Viewer::connect(&sink);
    let before = viewer.picture();
    renderer.set_stopped(true);
    viewer.link("stale");
    let health = get(address, "/healthz");
    assert_eq!((health.status, &health.json()["link"]), (503, &"stale".into()));
    let kept = get(address, "/snapshot");
    assert_eq!((kept.status, kept.header("x-casedd-link")), (200, Some("stale")));
    assert!(kept.picture() >= before);
    renderer.set_stopped(false);
    viewer.link("connected");
    let newest = renderer.rendered();
    wait_for("new pictures", || (viewer.picture() > newest).then_some(()));
}

#[test]
fn a_png_is_right_again_after_the_renderer_was_away() {
    let runtime = runtime();
    let renderer = Renderer::start(runtime.path());
    let sink = SinkProcess::start(runtime.path());
    let address = sink.address();
    assert_eq!(get(address, "/image.png").status, 200);
    drop(renderer);
    wait_for("a fault", || (get(address, "/healthz").status == 503).then_some(()));
    let _renderer = Renderer::start_from(runtime.path(), 7_000);
    wait_for("health", || (get(address, "/healthz").status == 200).then_some(()));
    let png = super::client::decode(&get(address, "/image.png").body);
    let n = super::renderer::number(&png);
    assert!(n >= 7_000, "{n}");
    assert!(png.enumerate_pixels().all(|(x, y, is)| is.0 == super::renderer::pixel(x, y, n)));
}
