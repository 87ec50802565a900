//! What only the kernel can say or do about a framebuffer and a console: ioctls, and a mapping of device memory.
//!
//! The one module of this crate with unsafe code; every function in it is safe to call. It decides nothing.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use memmap2::{MmapOptions, MmapRaw};
use nix::libc::{c_int, c_short, c_ulong};

/// `struct fb_bitfield`: where one channel lies in a pixel.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FbBitfield {
    /// Lowest bit.
    pub offset: u32,
    /// Number of bits.
    pub length: u32,
    /// Not 0: bits count from the other end.
    pub msb_right: u32,
}

/// `struct fb_var_screeninfo`: the mode, which programs may change.
#[allow(missing_docs, reason = "the kernel's own names; linux/fb.h says what they are")]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FbVar {
    pub xres: u32,
    pub yres: u32,
    pub xres_virtual: u32,
    pub yres_virtual: u32,
    pub xoffset: u32,
    pub yoffset: u32,
    pub bits_per_pixel: u32,
    pub grayscale: u32,
    pub red: FbBitfield,
    pub green: FbBitfield,
    pub blue: FbBitfield,
    pub transp: FbBitfield,
    pub nonstd: u32,
    pub activate: u32,
    pub height: u32,
    pub width: u32,
    pub accel_flags: u32,
    pub pixclock: u32,
    pub left_margin: u32,
    pub right_margin: u32,
    pub upper_margin: u32,
    pub lower_margin: u32,
    pub hsync_len: u32,
    pub vsync_len: u32,
    pub sync: u32,
    pub vmode: u32,
    pub rotate: u32,
    pub colorspace: u32,
    pub reserved: [u32; 4],
}

/// `struct fb_fix_screeninfo`: the memory behind the mode.
#[allow(missing_docs, reason = "the kernel's own names; linux/fb.h says what they are")]
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FbFix {
    pub id: [u8; 16],
    pub smem_start: c_ulong,
    pub smem_len: u32,
    pub kind: u32,
    pub type_aux: u32,
    pub visual: u32,
    pub xpanstep: u16,
    pub ypanstep: u16,
    pub ywrapstep: u16,
    pub line_length: u32,
    pub mmio_start: c_ulong,
    pub mmio_len: u32,
    pub accel: u32,
    pub capabilities: u16,
    pub reserved: [u16; 2],
}

/// `struct fb_con2fbmap`: which framebuffer a text console is on.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
struct FbConsoleMap {
    console: u32,
    framebuffer: u32,
}

/// `struct vt_mode`: who handles switches between virtual terminals.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
struct VtMode {
    mode: u8,
    waitv: u8,
    relsig: c_short,
    acqsig: c_short,
    frsig: c_short,
}

// The kernel copies exactly these sizes.
const _: () = assert!(size_of::<FbVar>() == 160 && size_of::<VtMode>() == 8);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<FbFix>() == 80);

/// The mode's virtual terminal switches itself; a display server would have set `VT_PROCESS`.
const VT_AUTO: u8 = 0;
const FB_BLANK_UNBLANK: c_int = 0;

nix::ioctl_read_bad!(fbioget_vscreeninfo, 0x4600, FbVar);
nix::ioctl_read_bad!(fbioget_fscreeninfo, 0x4602, FbFix);
nix::ioctl_read_bad!(fbiopan_display, 0x4606, FbVar);
nix::ioctl_read_bad!(fbioget_con2fbmap, 0x460f, FbConsoleMap);
nix::ioctl_write_int_bad!(fbioblank, 0x4611);
nix::ioctl_write_int_bad!(kdsetmode, 0x4b3a);
nix::ioctl_read_bad!(kdgetmode, 0x4b3b, c_int);
nix::ioctl_read_bad!(vt_getmode, 0x5601, VtMode);

/// The mode of a framebuffer; an error is the surest sign that the device is gone.
pub fn mode(device: &File) -> io::Result<FbVar> {
    let mut var = FbVar::default();
    // SAFETY: the kernel writes one fb_var_screeninfo, whose size and layout `FbVar` has (asserted above), to a
    // live local; the descriptor is open for the call. Another kind of file answers ENOTTY and writes nothing.
    unsafe { fbioget_vscreeninfo(device.as_raw_fd(), &raw mut var) }?;
    Ok(var)
}

/// The memory of a framebuffer.
pub fn memory(device: &File) -> io::Result<FbFix> {
    let mut fix = FbFix::default();
    // SAFETY: as in `mode`, for fb_fix_screeninfo.
    unsafe { fbioget_fscreeninfo(device.as_raw_fd(), &raw mut fix) }?;
    Ok(fix)
}

/// Switches the display on.
pub fn unblank(device: &File) -> io::Result<()> {
    // SAFETY: the argument is a number; the kernel reads and writes no memory of ours.
    unsafe { fbioblank(device.as_raw_fd(), FB_BLANK_UNBLANK) }?;
    Ok(())
}

/// Shows the part of the virtual screen that `var` names; lights a display that nothing has lit before.
pub fn pan(device: &File, mut var: FbVar) -> io::Result<()> {
    // SAFETY: the kernel reads one fb_var_screeninfo from a live local and writes it back.
    unsafe { fbiopan_display(device.as_raw_fd(), &raw mut var) }?;
    Ok(())
}

/// The number of the framebuffer that text console `console` is on, asked of any framebuffer.
pub fn framebuffer_of_console(device: &File, console: u32) -> io::Result<u32> {
    let mut map = FbConsoleMap { console, framebuffer: 0 };
    // SAFETY: the kernel reads and writes one fb_con2fbmap (two u32) in a live local.
    unsafe { fbioget_con2fbmap(device.as_raw_fd(), &raw mut map) }?;
    Ok(map.framebuffer)
}

/// Whether a terminal is in graphics mode.
pub fn is_graphics(terminal: &File) -> io::Result<bool> {
    let mut mode: c_int = 0;
    // SAFETY: the kernel writes one int to a live local.
    unsafe { kdgetmode(terminal.as_raw_fd(), &raw mut mode) }?;
    Ok(mode != 0)
}

/// Puts a terminal into graphics mode, where the text console draws nothing, or back into text mode.
pub fn set_graphics(terminal: &File, on: bool) -> io::Result<()> {
    // SAFETY: the argument is a number; the kernel reads and writes no memory of ours.
    unsafe { kdsetmode(terminal.as_raw_fd(), c_int::from(on)) }?;
    Ok(())
}

/// Whether a program (a display server) handles the switches of this terminal.
pub fn is_handled_by_program(terminal: &File) -> io::Result<bool> {
    let mut mode = VtMode::default();
    // SAFETY: the kernel writes one vt_mode, whose size is asserted above, to a live local.
    unsafe { vt_getmode(terminal.as_raw_fd(), &raw mut mode) }?;
    Ok(mode.mode != VT_AUTO)
}

/// Device memory mapped into this process; only copied to and from, never lent out.
#[derive(Debug)]
pub struct Mapping {
    map: MmapRaw,
}

impl Mapping {
    /// Maps the first `len` bytes of the device's memory.
    pub fn new(device: &File, len: usize) -> io::Result<Mapping> {
        Ok(Mapping { map: MmapOptions::new().len(len).map_raw(device)? })
    }

    /// Copies `bytes` to `offset`.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.check(offset, bytes.len());
        // SAFETY: offset + len lies within the mapping (checked above), which lives as long as `self` and is
        // writable. `bytes` is ordinary memory: no slice of the mapping is ever handed out, so the two cannot
        // overlap. Others (the kernel, a text console, another program) may access the device memory at the same
        // time: no reference to it exists here, so a mixed picture is the worst that comes of it. A framebuffer's
        // mapping does not shrink; pages of a device that is gone take the stores and lose them.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.map.as_mut_ptr().add(offset), bytes.len())
        }
    }

    /// Copies what is at `offset` to `bytes`.
    pub fn read(&self, offset: usize, bytes: &mut [u8]) {
        self.check(offset, bytes.len());
        // SAFETY: as in `write`, in the other direction; whatever bytes are read are valid as bytes.
        unsafe {
            std::ptr::copy_nonoverlapping(self.map.as_ptr().add(offset), bytes.as_mut_ptr(), bytes.len())
        }
    }

    fn check(&self, offset: usize, len: usize) {
        let end = offset.checked_add(len);
        assert!(
            end.is_some_and(|end| end <= self.map.len()),
            "{len} bytes at {offset} of {}",
            self.map.len()
        );
    }
}
