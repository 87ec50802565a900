//! The same dashboard drawn by a Python program with Pillow, in an environment of its own that is made on demand.
//! Leaves out how it draws: `pillow/draw.py` does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use casedd_raster::Face;
use serde::{Deserialize, Serialize};

use super::{Beside, list};
use crate::measure::Cost;

const PROGRAM: &str = include_str!("../../pillow/draw.py");

/// The files that both programs set text in.
const FONTS: [(Face, &str, &[u8]); 5] = [
    (Face::Regular, "Inter-Regular.otf", include_bytes!("../../../renderer/raster/fonts/Inter-Regular.otf")),
    (Face::Medium, "Inter-Medium.otf", include_bytes!("../../../renderer/raster/fonts/Inter-Medium.otf")),
    (
        Face::SemiBold,
        "Inter-SemiBold.otf",
        include_bytes!("../../../renderer/raster/fonts/Inter-SemiBold.otf"),
    ),
    (
        Face::Bold,
        "InterDisplay-Bold.otf",
        include_bytes!("../../../renderer/raster/fonts/InterDisplay-Bold.otf"),
    ),
    (
        Face::Mono,
        "JetBrainsMono-Medium.ttf",
        include_bytes!("../../../renderer/raster/fonts/JetBrainsMono-Medium.ttf"),
    ),
];

/// The name of a face's file.
pub fn font_file(face: Face) -> &'static str {
    FONTS.iter().find(|(known, _, _)| *known == face).map_or(FONTS[0].1, |(_, name, _)| name)
}

/// Turns that we and Pillow take.
const TURNS: usize = 3;

/// Pillow beside us, one frame at one size.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pillow {
    /// Width and height.
    pub size_px: (u32, u32),
    /// Everything.
    pub full: Beside,
    /// One widget in five, over what lies still, which Pillow keeps.
    pub live: Beside,
    /// Of Pillow.
    pub version: String,
}

/// A Python with Pillow: found, or made in the user's cache.
pub struct Python(PathBuf);

/// Sees to it that there is a Python with Pillow.
pub fn prepare() -> anyhow::Result<Python> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME says where Pillow could be kept")?;
    let folder = cache.join("casedd").join("bench-venv");
    let python = folder.join("bin").join("python3");
    if !has_pillow(&python) {
        eprintln!("bench: installing Pillow into {}", folder.display());
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--upgrade", "pillow"]))?;
    }
    Ok(Python(python))
}

fn has_pillow(python: &Path) -> bool {
    Command::new(python).args(["-c", "import PIL"]).output().is_ok_and(|output| output.status.success())
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}; Python 3 with venv and pip is needed for --compare");
    }
    Ok(())
}

impl Python {
    /// Draws the dashboard of one size in turns with `ours`, which gives what a full and a live frame cost us; leaves
    /// Pillow's last picture at `picture`, when that is given.
    pub fn draw(
        &self,
        size_px: (u32, u32),
        picture: Option<&Path>,
        ours: impl Fn() -> anyhow::Result<(Cost, Cost)>,
    ) -> anyhow::Result<Pillow> {
        let folder = tempfile::tempdir().context("a folder for the dashboard's lists")?;
        for (_, name, bytes) in FONTS {
            fs::write(folder.path().join(name), bytes)?;
        }
        fs::write(folder.path().join("draw.py"), PROGRAM)?;
        fs::write(folder.path().join("dashboard.json"), serde_json::to_vec(&list::dashboard(size_px)?)?)?;
        let (mut full, mut live, mut version) =
            ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()], String::new());
        for _ in 0..TURNS {
            let said = self.turn(folder.path(), picture)?;
            let (our_full, our_live) = ours()?;
            let cost = |cpu_ms| Cost { cpu_ms, allocations: 0.0 };
            full[0].push(our_full);
            full[1].push(cost(said.full_ms));
            live[0].push(our_live);
            live[1].push(cost(said.live_ms));
            version = said.version;
        }
        let [full, live] = [full, live].map(|[ours, theirs]| Beside::new(ours, theirs));
        Ok(Pillow { size_px, full, live, version })
    }

    fn turn(&self, folder: &Path, picture: Option<&Path>) -> anyhow::Result<Said> {
        let mut command = Command::new(&self.0);
        command.arg(folder.join("draw.py")).arg(folder);
        if let Some(picture) = picture {
            command.arg(picture);
        }
        let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
        if !output.status.success() {
            bail!("Pillow's program failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("what Pillow's program printed")
    }
}

/// What Pillow's program prints.
#[derive(Deserialize)]
struct Said {
    full_ms: f64,
    live_ms: f64,
    version: String,
}
