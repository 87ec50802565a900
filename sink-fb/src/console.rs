//! The text console that shares a display with us: kept from painting over the picture, and given back.
//!
//! Touches only the terminal in front, and only when it is on our framebuffer. A display server's is left alone.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use tracing::{debug, info, warn};

use crate::device::Device;
use crate::find::Roots;
use crate::kernel;

/// A terminal in graphics mode: the kernel draws neither text nor cursor.
///
/// Text mode comes back when it is dropped. After a crash it stays in graphics mode until the next sink on this
/// display takes it over, which knows it by its mode: a display server would handle the terminal's switches.
#[derive(Debug)]
pub struct Console {
    terminal: File,
    path: PathBuf,
    active: PathBuf,
    name: String,
    was_in_front: bool,
}

impl Console {
    /// Silences the console in front if it is on `device`; none is nothing to worry about.
    pub fn take(device: &Device, roots: &Roots) -> Option<Console> {
        let active = roots.sys.join("class/tty/tty0/active");
        let name = in_front(&active)?;
        let number = name.strip_prefix("tty")?.parse().ok()?;
        // No text console in the kernel, or none on a framebuffer: nothing paints.
        let framebuffer = kernel::framebuffer_of_console(device.file(), number).ok()?;
        if Some(framebuffer) != device.number() {
            return None;
        }
        let path = roots.dev.join(&name);
        match silence(&path) {
            Ok(Some(terminal)) => {
                info!("{name} leaves the display to the picture until this process ends");
                Some(Console { terminal, path, active, name, was_in_front: true })
            }
            Ok(None) => {
                debug!("{name} is handled by another program");
                None
            }
            Err(error) => {
                warn!(
                    "the text console may paint over the picture: {}: {error}; run as a user of the group tty, or \
                     add vt.global_cursor_default=0 to the kernel's command line",
                    path.display()
                );
                None
            }
        }
    }

    /// Whether another terminal was in front, which painted over the picture, and this one is back.
    pub fn came_back(&mut self) -> bool {
        let is_in_front = in_front(&self.active).is_some_and(|name| name == self.name);
        let came_back = is_in_front && !self.was_in_front;
        self.was_in_front = is_in_front;
        came_back
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Err(error) = kernel::set_graphics(&self.terminal, false) {
            warn!("{} stays without text: {error}; switch terminals once", self.path.display());
        }
    }
}

fn in_front(active: &Path) -> Option<String> {
    Some(fs::read_to_string(active).ok()?.trim().to_owned())
}

/// None: a program handles this terminal, so its mode is that program's.
fn silence(path: &Path) -> io::Result<Option<File>> {
    let flags = (OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits();
    let terminal = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?;
    if kernel::is_handled_by_program(&terminal)? {
        return Ok(None);
    }
    if kernel::is_graphics(&terminal)? {
        info!("{} was left in graphics mode by a process that is gone", path.display());
    }
    kernel::set_graphics(&terminal, true)?;
    Ok(Some(terminal))
}
