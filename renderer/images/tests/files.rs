//! Images from real files: good and broken ones, links, pipes, folders, and files that change while they are shown.
//! Leaves out how they look in a template.

mod pictures;

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use casedd_images::{Asked, Images, Scale};
use pictures::{flat_png, jpeg, png};

const LIMIT: Duration = Duration::from_secs(20);
const SECOND_NS: u64 = 1_000_000_000;

/// What comes of a file, once it is known.
fn asked(images: &mut Images, path: &str, now_s: u64) -> Asked<(u32, u32)> {
    let ask = |images: &mut Images| images.picture(path, ((40, 30), Scale::Fit), now_s * SECOND_NS);
    ask(images);
    images.settle(LIMIT);
    match ask(images) {
        Asked::Ready(image) => Asked::Ready((image.width(), image.height())),
        Asked::Failed(reason) => Asked::Failed(reason),
        Asked::Waiting => Asked::Waiting,
    }
}

fn failure(images: &mut Images, path: &str) -> String {
    match asked(images, path, 1) {
        Asked::Failed(reason) => reason.to_string(),
        other => panic!("{path}: {other:?}"),
    }
}

fn folder() -> (tempfile::TempDir, Images) {
    let folder = tempfile::tempdir().expect("a folder");
    let assets = folder.path().join("assets");
    fs::create_dir(&assets).expect("made");
    (folder, Images::new(vec![assets]))
}

#[test]
fn both_formats_of_every_kind_are_shown_whatever_their_names_say() {
    let (folder, mut images) = folder();
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join("assets").join(name), bytes).expect("written")
    };
    for (kind, color) in [
        ("rgb", png::ColorType::Rgb),
        ("rgba", png::ColorType::Rgba),
        ("grey", png::ColorType::Grayscale),
        ("grey-alpha", png::ColorType::GrayscaleAlpha),
    ] {
        write(kind, &png(80, 20, color));
        assert_eq!(asked(&mut images, kind, 1), Asked::Ready((40, 10)), "{kind}");
    }
    write("photo.png", &jpeg(30, 60));
    assert_eq!(asked(&mut images, "photo.png", 1), Asked::Ready((15, 30)));
    assert_eq!(
        asked(&mut images, &folder.path().join("assets/photo.png").display().to_string(), 1),
        Asked::Ready((15, 30))
    );
}

#[test]
fn what_is_no_picture_of_a_bearable_size_is_refused_with_the_reason() {
    let (folder, mut images) = folder();
    let assets = folder.path().join("assets");
    let write = |name: &str, bytes: &[u8]| fs::write(assets.join(name), bytes).expect("written");
    write("empty.png", b"");
    write("text.png", b"no picture at all");
    write("cut.png", &png(64, 64, png::ColorType::Rgb)[..200]);
    write("cut.jpg", &jpeg(64, 64)[..300]);
    write("wide.png", &flat_png(8193, 1));
    // 48 kB that would take 256 MiB.
    write("bomb.png", &flat_png(8192, 8192));
    fs::File::create(assets.join("long.png")).and_then(|file| file.set_len(40 << 20)).expect("made");
    let cases = [
        ("empty.png", "neither PNG nor JPEG"),
        ("text.png", "neither PNG nor JPEG"),
        ("cut.png", "broken: "),
        ("cut.jpg", "broken: "),
        ("wide.png", "8193x1 pixels"),
        ("bomb.png", "8192x8192 pixels"),
        ("long.png", "41943040 bytes"),
        ("no-such.png", "not found"),
        ("", "no regular file"),
    ];
    for (name, reason) in cases {
        let found = failure(&mut images, name);
        assert!(found.contains(reason), "{name}: {found}");
    }
}

#[test]
fn nothing_outside_of_the_asset_folders_is_opened_and_nothing_that_could_block() {
    let (folder, mut images) = folder();
    let assets = folder.path().join("assets");
    fs::write(folder.path().join("secret.png"), png(8, 8, png::ColorType::Rgb)).expect("written");
    fs::create_dir(assets.join("inner")).expect("made");
    fs::write(assets.join("inner/own.png"), png(8, 8, png::ColorType::Rgb)).expect("written");
    symlink("../secret.png", assets.join("out.png")).expect("linked");
    symlink(folder.path().join("secret.png"), assets.join("whole.png")).expect("linked");
    symlink("inner/own.png", assets.join("inside.png")).expect("linked");
    symlink("loop.png", assets.join("loop.png")).expect("linked");
    symlink("/proc/self/fd/0", assets.join("magic.png")).expect("linked");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        assets.join("pipe.png"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .expect("a pipe");
    let socket = std::os::unix::net::UnixListener::bind(assets.join("socket.png")).expect("a socket");
    for (name, reason) in [
        ("out.png", "outside"),
        ("whole.png", "outside"),
        ("magic.png", "outside"),
        ("loop.png", "outside"),
        ("../secret.png", "outside"),
        ("inner/../../secret.png", "outside"),
        ("/etc/passwd", "outside"),
        ("inner", "no regular file"),
        ("pipe.png", "no regular file"),
        ("socket.png", "no regular file"),
    ] {
        let found = failure(&mut images, name);
        assert!(found.contains(reason), "{name}: {found}");
    }
    drop(socket);
    assert_eq!(asked(&mut images, "inside.png", 1), Asked::Ready((30, 30)));
    assert_eq!(failure(&mut Images::new(Vec::new()), "any.png"), "no asset folder is set");
}

#[test]
fn a_file_that_changes_is_loaded_anew_and_a_broken_one_leaves_the_last_picture() {
    let (folder, mut images) = folder();
    let path = folder.path().join("assets/a.png");
    let replace = |bytes: &[u8]| {
        fs::write(folder.path().join("new"), bytes).expect("written");
        fs::rename(folder.path().join("new"), &path).expect("renamed");
    };
    replace(&png(40, 10, png::ColorType::Rgb));
    assert_eq!(asked(&mut images, "a.png", 1), Asked::Ready((40, 10)));
    replace(&png(10, 10, png::ColorType::Rgb));
    assert_eq!(asked(&mut images, "a.png", 2), Asked::Ready((40, 10)), "it is not looked at each frame");
    assert_eq!(asked(&mut images, "a.png", 4), Asked::Ready((30, 30)));
    replace(b"half a file");
    assert_eq!(asked(&mut images, "a.png", 7), Asked::Ready((30, 30)));
    replace(&png(20, 10, png::ColorType::Rgb));
    assert_eq!(asked(&mut images, "a.png", 10), Asked::Ready((40, 20)));
    fs::remove_file(&path).expect("removed");
    assert_eq!(asked(&mut images, "a.png", 13), Asked::Failed("not found".into()));
    replace(&png(20, 10, png::ColorType::Rgb));
    assert_eq!(asked(&mut images, "a.png", 16), Asked::Ready((40, 20)));
}

#[test]
fn threads_are_there_only_while_there_is_work() {
    let (folder, mut images) = folder();
    assert_eq!((images.threads(), images.wake_fd().is_none()), (0, true));
    for n in 0..40 {
        let name = format!("{n}.png");
        fs::write(folder.path().join("assets").join(&name), png(60, 60, png::ColorType::Rgba))
            .expect("written");
        images.picture(&name, ((50, 50), Scale::Fill), SECOND_NS);
    }
    assert!((1..=16).contains(&images.threads()), "{}", images.threads());
    images.settle(LIMIT);
    let deadline = Instant::now() + LIMIT;
    while images.threads() > 0 {
        assert!(Instant::now() < deadline, "{} threads are left", images.threads());
        std::thread::park_timeout(Duration::from_millis(10));
    }
    // The next one finds a thread again.
    fs::write(folder.path().join("assets/late.png"), png(9, 9, png::ColorType::Rgb)).expect("written");
    assert_eq!(asked(&mut images, "late.png", 2), Asked::Ready((30, 30)));
}
