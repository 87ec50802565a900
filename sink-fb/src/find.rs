//! Which device node a configured framebuffer is now: `/dev/fbN` numbers change from boot to boot.
//!
//! Looks at names only; opening is `device.rs`'s. The roots are parameters, so that a test can lay out a machine.

use std::fs;
use std::path::{Path, PathBuf};

use casedd_common::config::FbDevice;
use casedd_common::exit::{Exit, Failure};

/// What a device path starts with that is a name.
const NAME_PREFIX: &str = "name:";
/// The kernel has no more framebuffers (`FB_MAX`).
const DEVICES_MAX: u32 = 32;

/// Where devices and their descriptions are.
#[derive(Clone, Debug)]
pub struct Roots {
    /// Usually `/dev`.
    pub dev: PathBuf,
    /// Usually `/sys`.
    pub sys: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Roots { dev: "/dev".into(), sys: "/sys".into() }
    }
}

/// A framebuffer that the machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    node: PathBuf,
    /// What the driver calls it, as `fb_ili9486`.
    name: String,
    /// The driver's own name, as `bochs-drm`.
    driver: String,
    /// The device behind it.
    place: PathBuf,
}

impl Roots {
    /// The node of `device` at this moment.
    pub fn find(&self, device: &FbDevice) -> Result<PathBuf, Failure> {
        let FbDevice::Path(path) = device else { return self.automatic() };
        if let Some(name) = path.to_str().and_then(|path| path.strip_prefix(NAME_PREFIX)) {
            return self.by_name(name);
        }
        if path.starts_with(&self.sys) {
            return self.by_place(path);
        }
        Ok(path.clone())
    }

    /// Every framebuffer of the machine in words, for messages.
    pub fn inventory(&self) -> String {
        let known = self.known();
        if known.is_empty() {
            return "this machine has no framebuffer".into();
        }
        let words: Vec<String> =
            known.iter().map(|one| format!("{} ({})", one.node.display(), one.name)).collect();
        format!("this machine has {}", words.join(", "))
    }

    fn automatic(&self) -> Result<PathBuf, Failure> {
        let nodes = ["fb1", "fb0"].map(|node| self.dev.join(node));
        nodes.into_iter().find(|node| node.exists()).ok_or_else(|| {
            Exit::Unavailable.because(
                "this machine has no framebuffer (/dev/fb0); plug one in, or write a plain file with --file",
            )
        })
    }

    /// An exact name first, then a part of one (`ili9486` for `fb_ili9486`) if only one device has it.
    fn by_name(&self, name: &str) -> Result<PathBuf, Failure> {
        let known = self.known();
        let exact = known.iter().filter(|one| one.name == name || one.driver == name);
        let mut found: Vec<&Known> = exact.collect();
        if found.is_empty() {
            found = known.iter().filter(|one| one.name.contains(name) || one.driver.contains(name)).collect();
        }
        match found[..] {
            [one] => Ok(one.node.clone()),
            [] => Err(Exit::Unavailable
                .because(format!("no framebuffer is named \"{name}\"; {}", self.inventory()))),
            _ => {
                let places: Vec<String> = found
                    .iter()
                    .map(|one| format!("{}: {}", one.node.display(), one.place.display()))
                    .collect();
                Err(Exit::Config.because(format!(
                    "{} framebuffers are named \"{name}\"; name one by its sysfs path ({})",
                    found.len(),
                    places.join(", ")
                )))
            }
        }
    }

    /// Any folder of sysfs above or at the framebuffer: the port or bus address where the panel is plugged in.
    fn by_place(&self, path: &Path) -> Result<PathBuf, Failure> {
        let wanted = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let known = self.known();
        let found = known.iter().find(|one| one.place.starts_with(&wanted));
        found.map(|one| one.node.clone()).ok_or_else(|| {
            Exit::Unavailable.because(format!("no framebuffer at {}; {}", path.display(), self.inventory()))
        })
    }

    fn known(&self) -> Vec<Known> {
        (0..DEVICES_MAX).filter_map(|number| self.look(number)).collect()
    }

    fn look(&self, number: u32) -> Option<Known> {
        let class = self.sys.join(format!("class/graphics/fb{number}"));
        let place = fs::canonicalize(&class).ok()?;
        let name = fs::read_to_string(class.join("name")).unwrap_or_default().trim().to_owned();
        let driver = fs::canonicalize(class.join("device/driver")).ok();
        let driver = driver.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        Some(Known {
            node: self.dev.join(format!("fb{number}")),
            name,
            driver: driver.unwrap_or_default(),
            place,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A machine with a graphics card's framebuffer and two SPI panels, laid out as sysfs does it.
    fn machine() -> (tempfile::TempDir, Roots) {
        let top = tempfile::tempdir().expect("a temporary folder");
        let roots = Roots { dev: top.path().join("dev"), sys: top.path().join("sys") };
        fs::create_dir_all(&roots.dev).expect("made");
        fs::create_dir_all(roots.sys.join("class/graphics")).expect("made");
        let devices = [
            (0, "i915drmfb", "pci0000:00/0000:00:02.0", "i915"),
            (1, "fb_ili9486", "spi0/spi0.0", "fb_ili9486"),
            (2, "fb_st7735r", "spi0/spi0.1", "fb_st7735r"),
        ];
        for (number, name, place, driver) in devices {
            let device = roots.sys.join("devices").join(place);
            let folder = device.join(format!("graphics/fb{number}"));
            let driver = roots.sys.join("bus/drivers").join(driver);
            fs::create_dir_all(&folder).expect("made");
            fs::create_dir_all(&driver).expect("made");
            fs::write(folder.join("name"), format!("{name}\n")).expect("written");
            symlink(&device, folder.join("device")).expect("linked");
            symlink(&driver, device.join("driver")).expect("linked");
            symlink(&folder, roots.sys.join(format!("class/graphics/fb{number}"))).expect("linked");
            fs::write(roots.dev.join(format!("fb{number}")), "").expect("written");
        }
        (top, roots)
    }

    fn find(roots: &Roots, device: &str) -> Result<PathBuf, Failure> {
        roots.find(&FbDevice::Path(device.into()))
    }

    #[test]
    fn a_panel_is_found_by_its_name_and_by_a_part_of_it() {
        let (_top, roots) = machine();
        assert_eq!(find(&roots, "name:fb_ili9486"), Ok(roots.dev.join("fb1")));
        assert_eq!(find(&roots, "name:st7735r"), Ok(roots.dev.join("fb2")));
        assert_eq!(find(&roots, "name:i915"), Ok(roots.dev.join("fb0")));
    }

    #[test]
    fn a_panel_is_found_by_where_it_is_plugged_in() {
        let (_top, roots) = machine();
        let place = roots.sys.join("devices/spi0/spi0.1");
        assert_eq!(roots.find(&FbDevice::Path(place)), Ok(roots.dev.join("fb2")));
    }

    #[test]
    fn a_name_that_several_have_is_refused_with_their_places() {
        let (_top, roots) = machine();
        let failure = find(&roots, "name:fb_").expect_err("refused");
        assert_eq!(failure.exit, Exit::Config);
        assert!(failure.message.contains("spi0.0") && failure.message.contains("spi0.1"), "{failure}");
    }

    #[test]
    fn a_name_that_nobody_has_is_answered_with_what_there_is() {
        let (_top, roots) = machine();
        let failure = find(&roots, "name:hx8357").expect_err("refused");
        assert_eq!(failure.exit, Exit::Unavailable);
        assert!(failure.message.contains("fb_ili9486"), "{failure}");
    }

    #[test]
    fn without_a_name_the_second_framebuffer_comes_before_the_first() {
        let (_top, roots) = machine();
        assert_eq!(roots.find(&FbDevice::Auto), Ok(roots.dev.join("fb1")));
        fs::remove_file(roots.dev.join("fb1")).expect("removed");
        assert_eq!(roots.find(&FbDevice::Auto), Ok(roots.dev.join("fb0")));
        fs::remove_file(roots.dev.join("fb0")).expect("removed");
        assert_eq!(roots.find(&FbDevice::Auto).expect_err("none").exit, Exit::Unavailable);
    }
}
