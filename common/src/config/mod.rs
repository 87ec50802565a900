//! The configuration of every casedd process: one `Config`, read once at start and passed down.
//!
//! Knows what `casedd.yaml` may say; what an output, getter or template then does is the processes' matter.

mod choice;
mod conflicts;
mod error;
mod intervals;
pub mod keys;
mod load;
mod output;
mod outputs;
mod panels;
mod policy;
mod policy_reader;
pub mod schema;
mod section;
pub mod suggest;
#[cfg(test)]
mod tests;
mod theme;
mod token;
mod top;
mod topic;
pub mod yaml;

pub use casedd_transport::DropPolicy;
pub use choice::Choice;
pub use error::{ConfigError, Place, Remark};
pub use intervals::Intervals;
pub use output::{AtExit, FbConfig, FbDevice, FbFormat, Fit, OutputConfig, OutputKind, Rotation, WsConfig};
pub use policy::{Condition, Operand, Operator, RotationEntry, ScheduleEntry, TemplatePolicy, Trigger};
pub use theme::ThemeName;
pub use token::{Token, TokenError};
pub use topic::{AUTO_TEMPLATE, Topic};

use choice::choice;
use std::path::{Path, PathBuf};

/// Template shown when nothing else is said: the built-in one for the size.
pub const DEFAULT_TEMPLATE: &str = AUTO_TEMPLATE;
/// Frames a second when nothing else is said.
pub const DEFAULT_REFRESH_RATE_HZ: f64 = 2.0;
/// Port of the first WebSocket output when nothing else is said.
pub const DEFAULT_HTTP_PORT: u16 = 8080;
/// Size of a WebSocket output's picture when nothing else is said.
pub const DEFAULT_WS_SIZE: (u32, u32) = (800, 480);
/// JPEG quality when nothing else is said.
pub const DEFAULT_QUALITY: u8 = 80;
/// Frames that may wait for a sink when nothing else is said.
pub const DEFAULT_RING_DEPTH: u32 = 2;

/// Everything a process may need to know from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it was read from; `None`: built-in defaults.
    pub path: Option<PathBuf>,
    /// Least severity that is logged.
    pub log_level: LogLevel,
    /// Template of every output that names none.
    pub template: String,
    /// Theme of every output that names none.
    pub theme: Option<ThemeName>,
    /// Rate of every output that names none.
    pub refresh_rate_hz: f64,
    /// Width of every output that gives no size.
    pub width: Option<u32>,
    /// Height of every output that gives no size.
    pub height: Option<u32>,
    /// Every output, enabled or not, in the order of the file.
    pub outputs: Vec<OutputConfig>,
    /// How often each getter runs.
    pub intervals: Intervals,
    /// Folders searched for `<name>.casedd`, first match wins; the renderer's built-in ones come last.
    pub template_dirs: Vec<PathBuf>,
    /// Folders that templates' images come from, first match wins.
    pub asset_dirs: Vec<PathBuf>,
    /// Where procfs is mounted.
    pub procfs_path: PathBuf,
    /// Where sysfs is mounted.
    pub sysfs_path: PathBuf,
    /// Network interfaces that count in the totals; empty: every one that is not virtual.
    pub net_interfaces: Vec<String>,
    /// Border round a display that a trigger holds, as `0xRRGGBB`.
    pub trigger_border_color: u32,
    /// What deserves a look although it works; to be logged once by whoever starts.
    pub warnings: Vec<Remark>,
}

/// Least severity that is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// Someone must act.
    Error,
    /// Something is degraded.
    Warn,
    /// Starts, stops, reconnects.
    #[default]
    Info,
    /// For looking into a fault.
    Debug,
    /// Everything.
    Trace,
}

choice!(LogLevel {
    "error" => Error, "warn" => Warn, "info" => Info, "debug" => Debug, "trace" => Trace,
    "warning" => Warn, "critical" => Error,
});

impl Default for Config {
    fn default() -> Self {
        let (width, height) = DEFAULT_WS_SIZE;
        let framebuffer = OutputKind::Fb(FbConfig::new(FbDevice::Auto));
        let web = OutputKind::Ws(WsConfig { port_fallback: true, ..WsConfig::new(DEFAULT_HTTP_PORT) });
        let framebuffer = OutputConfig { optional: true, ..OutputConfig::new("framebuffer", framebuffer) };
        let web = OutputConfig { width: Some(width), height: Some(height), ..OutputConfig::new("web", web) };
        Config {
            path: None,
            log_level: LogLevel::default(),
            template: DEFAULT_TEMPLATE.to_owned(),
            theme: None,
            refresh_rate_hz: DEFAULT_REFRESH_RATE_HZ,
            width: None,
            height: None,
            outputs: vec![framebuffer, web],
            intervals: Intervals::default(),
            template_dirs: Vec::new(),
            asset_dirs: Vec::new(),
            procfs_path: PathBuf::from("/proc"),
            sysfs_path: PathBuf::from("/sys"),
            net_interfaces: Vec::new(),
            trigger_border_color: 0xdc_1e_1e,
            warnings: Vec::new(),
        }
    }
}

impl Config {
    /// Reads the file at `path`, or the one [`Config::find`] finds, or gives the built-in defaults; before the file's
    /// values go those of the environment (`CASEDD_<KEY>`) as `env` tells it.
    pub fn load(path: Option<&Path>, env: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigError> {
        load::load(path, &env)
    }

    /// The same from a text; `path` is its name in messages, and its folder is where relative paths start.
    pub fn from_text(
        path: &Path,
        text: &str,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigError> {
        load::from_text(Some(path), text, &env)
    }

    /// The file that is read when none is named: `$CASEDD_CONFIG`, else the first that exists of
    /// `$XDG_CONFIG_HOME/casedd/casedd.yaml` and `/etc/casedd/casedd.yaml`.
    pub fn find(env: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
        load::find(&env)
    }

    /// The output of that name.
    pub fn output(&self, name: &str) -> Option<&OutputConfig> {
        self.outputs.iter().find(|output| output.name == name)
    }
}
