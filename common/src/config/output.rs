//! What one output is: a display or a browser page, with its template, size, rate and device or port.
//!
//! Types and defaults only; `outputs.rs` and `panels.rs` read them from YAML.

use super::choice::{Choice, choice};
use super::policy::TemplatePolicy;
use super::theme::ThemeName;
use super::token::Token;
use super::topic::Topic;
use super::{DEFAULT_QUALITY, DEFAULT_REFRESH_RATE_HZ, DEFAULT_RING_DEPTH, DEFAULT_TEMPLATE};
use casedd_transport::DropPolicy;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// One entry of `outputs`: exactly one sink process serves it.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputConfig {
    /// Its name: the key in `outputs`, unique.
    pub name: String,
    /// The entry of `panels` that it comes from; the two outputs of one panel show the same.
    pub panel: Option<String>,
    /// What people read, when it differs from the name.
    pub display_name: Option<String>,
    /// Whether a sink is started for it at all.
    pub enabled: bool,
    /// An absent device only leaves this output out, with one line that says so; otherwise it is an error.
    pub optional: bool,
    /// Template it shows.
    pub template: String,
    /// Colours it is drawn in; `None` leaves them to the template.
    pub theme: Option<ThemeName>,
    /// Width of its picture; `None`: that of the device.
    pub width: Option<u32>,
    /// Height of its picture; `None`: that of the device. Given exactly when `width` is.
    pub height: Option<u32>,
    /// Most frames a second, where the template does not say.
    pub refresh_rate_hz: f64,
    /// Whether it says so itself: then that holds whatever the template says.
    pub is_rate_fixed: bool,
    /// How the panel is mounted; the picture is turned clockwise by it.
    pub rotation: Rotation,
    /// What happens when the sink is slower than the renderer.
    pub drop_policy: DropPolicy,
    /// How many frames may wait for the sink, 1 to 16.
    pub ring_depth: u32,
    /// Which other templates it shows, and when.
    pub template_policy: TemplatePolicy,
    /// Where the picture goes.
    pub kind: OutputKind,
}

/// Where an output's picture goes.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputKind {
    /// A Linux framebuffer (`type: framebuffer` or `hdmi`).
    Fb(FbConfig),
    /// Browsers (`type: websocket`).
    Ws(WsConfig),
}

/// What only a framebuffer output has.
#[derive(Clone, Debug, PartialEq)]
pub struct FbConfig {
    /// Which device.
    pub device: FbDevice,
    /// A plain file to write pictures to, in place of a device.
    pub file: Option<PathBuf>,
    /// Pixel format of `file`; a device tells its own.
    pub format: FbFormat,
    /// How a picture is brought to a device of another size.
    pub fit: Fit,
    /// What the device shows after a clean end.
    pub at_exit: AtExit,
}

/// Which framebuffer device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FbDevice {
    /// `/dev/fb1` if it exists, else `/dev/fb0`.
    Auto,
    /// This one: a device node, `name:` and the name of its driver, or its folder under `/sys`.
    Path(PathBuf),
}

/// What only a WebSocket output has.
#[derive(Clone, Debug, PartialEq)]
pub struct WsConfig {
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on; 0: any free one.
    pub port: u16,
    /// Whether a busy port means the next free one instead of an error.
    pub port_fallback: bool,
    /// JPEG quality, 1 to 100.
    pub quality: u8,
    /// What a request must know; `None` is good for loopback only.
    pub token: Option<Token>,
    /// Names that the server answers to, beside its addresses and the machine's own names.
    pub hosts: Vec<String>,
}

/// The words of `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputType {
    /// A Linux framebuffer.
    Framebuffer,
    /// Browsers.
    Websocket,
    /// A framebuffer whose default device is the first one.
    Hdmi,
}

choice!(OutputType { "framebuffer" => Framebuffer, "websocket" => Websocket, "hdmi" => Hdmi });

impl OutputConfig {
    /// An output with every common field at its default.
    pub fn new(name: &str, kind: OutputKind) -> Self {
        OutputConfig {
            name: name.to_owned(),
            panel: None,
            display_name: None,
            enabled: true,
            optional: false,
            template: DEFAULT_TEMPLATE.to_owned(),
            theme: None,
            width: None,
            height: None,
            refresh_rate_hz: DEFAULT_REFRESH_RATE_HZ,
            is_rate_fixed: false,
            rotation: Rotation::default(),
            drop_policy: DropPolicy::default(),
            ring_depth: DEFAULT_RING_DEPTH,
            template_policy: TemplatePolicy::default(),
            kind,
        }
    }

    /// What its sink asks the renderer to show.
    pub fn topic(&self) -> Topic {
        let (template, is_rate_fixed) = (self.template.clone(), self.is_rate_fixed);
        Topic { template, theme: self.theme, is_rate_fixed, like: None }
    }

    /// The name by which the renderer directs it: an override for a panel holds for both of its outputs.
    pub fn directed_as(&self) -> &str {
        self.panel.as_deref().unwrap_or(&self.name)
    }
}

impl FbConfig {
    /// That device, with everything else at its default.
    pub fn new(device: FbDevice) -> Self {
        FbConfig {
            device,
            file: None,
            format: FbFormat::default(),
            fit: Fit::default(),
            at_exit: AtExit::default(),
        }
    }
}

impl WsConfig {
    /// That port of the loopback address, with everything else at its default.
    pub fn new(port: u16) -> Self {
        WsConfig {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port,
            port_fallback: false,
            quality: DEFAULT_QUALITY,
            token: None,
            hosts: Vec::new(),
        }
    }
}

/// How far a picture is turned clockwise before it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rotation {
    /// Not at all.
    #[default]
    None,
    /// A quarter.
    Quarter,
    /// Upside down.
    Half,
    /// Three quarters.
    ThreeQuarters,
}

choice!(Rotation { "0" => None, "90" => Quarter, "180" => Half, "270" => ThreeQuarters });

impl Rotation {
    /// The angle: 0, 90, 180 or 270.
    pub fn degrees(self) -> u32 {
        match self {
            Rotation::None => 0,
            Rotation::Quarter => 90,
            Rotation::Half => 180,
            Rotation::ThreeQuarters => 270,
        }
    }

    /// Whether width and height change places.
    pub fn swaps_sides(self) -> bool {
        matches!(self, Rotation::Quarter | Rotation::ThreeQuarters)
    }
}

impl Choice for DropPolicy {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("drop-oldest", DropPolicy::DropOldest),
        ("drop-newest", DropPolicy::DropNewest),
        ("block", DropPolicy::Block),
    ];
}

/// Pixel formats a plain file can have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FbFormat {
    /// 32 bit: bytes B, G, R, X.
    #[default]
    Xrgb8888,
    /// 32 bit: bytes R, G, B, X.
    Xbgr8888,
    /// 16 bit, red in the high bits.
    Rgb565,
    /// 16 bit, blue in the high bits.
    Bgr565,
    /// 24 bit: bytes B, G, R.
    Rgb24,
    /// 24 bit: bytes R, G, B.
    Bgr24,
}

choice!(FbFormat {
    "xrgb8888" => Xrgb8888, "xbgr8888" => Xbgr8888, "rgb565" => Rgb565, "bgr565" => Bgr565,
    "rgb24" => Rgb24, "bgr24" => Bgr24,
});

/// How a picture is brought to a device of another size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// Filled, whatever becomes of the proportions.
    #[default]
    Stretch,
    /// Whole, with bars where the proportions differ.
    Contain,
    /// Filled, with the overhang cut off.
    Cover,
}

choice!(Fit { "stretch" => Stretch, "contain" => Contain, "cover" => Cover, "fit" => Contain, "fill" => Cover });

/// What a framebuffer shows after a clean end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AtExit {
    /// The last picture.
    #[default]
    Keep,
    /// What it showed before.
    Restore,
    /// Black.
    Clear,
}

choice!(AtExit { "keep" => Keep, "restore" => Restore, "clear" => Clear });
