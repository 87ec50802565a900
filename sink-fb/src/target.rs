//! What a picture is painted on, a device or a plain file, and what is left on it at the end.
//!
//! Chooses between the two once, when it is opened; the sink treats them alike.

use std::io;
use std::path::PathBuf;

use casedd_common::config::{AtExit, FbConfig, FbDevice};
use casedd_common::exit::{Exit, Failure};
use tracing::warn;

use crate::console::Console;
use crate::device::Device;
use crate::file::PlainFile;
use crate::find::Roots;
use crate::pixels::{Shape, Size, Surface};

/// An open target.
#[derive(Debug)]
pub enum Target {
    /// A framebuffer, and the text console that was on it.
    Device(Box<Device>, Option<Console>),
    /// A plain file.
    File(PlainFile),
}

/// Which target is to be opened, each time anew.
#[derive(Clone, Debug)]
pub struct Place {
    /// The output's own settings.
    pub config: FbConfig,
    /// Size of a plain file; a device tells its own.
    pub file_size: Size,
    /// Where devices are looked for.
    pub roots: Roots,
    /// The node that an automatic choice fell on: another panel is no replacement for a lost one.
    pub chosen: Option<PathBuf>,
}

impl Place {
    /// Opens it as it is now.
    pub fn open(&mut self) -> Result<Target, Failure> {
        if let Some(path) = &self.config.file {
            return PlainFile::open(path, self.file_size, self.config.format.into()).map(Target::File);
        }
        let path = match self.chosen.clone() {
            Some(path) => path,
            None => self.roots.find(&self.config.device)?,
        };
        let device = Device::open(&path).map_err(|failure| match failure.exit {
            Exit::Unavailable if !path.exists() => {
                failure.exit.because(format!("{failure}; {}", self.roots.inventory()))
            }
            _ => failure,
        })?;
        if self.config.device == FbDevice::Auto {
            self.chosen = Some(path);
        }
        let console = Console::take(&device, &self.roots);
        Ok(Target::Device(Box::new(device), console))
    }
}

impl Target {
    /// Whether it is still there and as it was; why not, in words.
    pub fn check(&mut self) -> Result<(), String> {
        match self {
            Target::Device(device, console) => {
                if console.as_mut().is_some_and(Console::came_back) {
                    return Err("another terminal was in front of the picture".into());
                }
                device.check()
            }
            Target::File(file) => file.check(),
        }
    }

    /// Path and driver, for people.
    pub fn describe(&self) -> String {
        match self {
            Target::Device(device, _) => device.describe(),
            Target::File(file) => file.describe(),
        }
    }

    /// What it shows now.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Target::Device(device, _) => device.read(),
            Target::File(file) => file.read(),
        }
    }

    /// Leaves it behind as configured; `before` is what it showed at first.
    pub fn leave(mut self, at_exit: AtExit, before: Option<Vec<u8>>) {
        let picture = match at_exit {
            AtExit::Keep => None,
            AtExit::Clear => Some(vec![0; self.shape().extent_bytes()]),
            AtExit::Restore => before.filter(|picture| picture.len() == self.shape().extent_bytes()),
        };
        if let Some(picture) = picture
            && let Err(error) = self.fill(&picture)
        {
            warn!("{} keeps its last picture: {error}", self.describe());
        }
        if let Target::Device(device, _) = &self {
            device.sync();
        }
    }

    fn fill(&mut self, picture: &[u8]) -> io::Result<()> {
        let shape = self.shape();
        for (row, bytes) in picture.chunks(shape.stride_bytes).enumerate() {
            self.write(row * shape.stride_bytes, &bytes[..shape.row_bytes()]);
        }
        self.flush()
    }
}

impl Surface for Target {
    fn shape(&self) -> Shape {
        match self {
            Target::Device(device, _) => device.shape(),
            Target::File(file) => file.shape(),
        }
    }

    fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        match self {
            Target::Device(device, _) => device.write(offset_bytes, bytes),
            Target::File(file) => file.write(offset_bytes, bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Device(device, _) => device.flush(),
            Target::File(file) => file.flush(),
        }
    }
}
