//! Which processes a configuration asks for, and how each is started.
//!
//! Starts nothing. Knows a sink only by the name of its program, so a new kind of sink changes nothing here.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casedd_common::config::{Config, FbConfig, FbDevice, OutputConfig, OutputKind};
use casedd_common::exit::{Exit, Failure};
use casedd_common::logging::{LogFormat, SUPERVISOR_PID_VAR};
use casedd_common::runtime_dir::RuntimeDir;
use serde::{Deserialize, Serialize};

use crate::child::Launch;

/// The names that are not free for outputs.
pub const COLLECTOR: &str = "collector";
/// See [`COLLECTOR`].
pub const RENDERER: &str = "renderer";
/// The supervisor's own name in the log.
pub const SUPERVISOR: &str = "casedd";

/// What the C library's allocator reads at a program's start.
const TUNABLES_VAR: &str = "GLIBC_TUNABLES";
/// A fixed threshold for blocks with a mapping of their own. Left to itself the allocator raises it to the size of the
/// first canvas that is freed, and the canvases of views that come and go then stay in the renderer's heap: 4.5 MB after
/// 200 sinks of 800x480 that came and went, none with this.
const GIVE_BACK_CANVASES: &str = "glibc.malloc.mmap_threshold=262144";

/// Where a process stands in the order: started from first to last, ended from last to first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reads the machine.
    Collector,
    /// Draws.
    Renderer,
    /// Shows.
    Sink,
}

impl Stage {
    /// All of them, in the order of starting.
    pub const ALL: [Stage; 3] = [Stage::Collector, Stage::Renderer, Stage::Sink];
}

/// One process to run.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its name: unique in the group.
    pub name: Arc<str>,
    /// Its place in the order.
    pub stage: Stage,
    /// The file name of its program.
    pub program: String,
    /// How it is started.
    pub launch: Launch,
    /// The output it serves; `None` for the collector, the renderer and attached sinks.
    pub output: Option<OutputConfig>,
    /// Started by `casedd attach`, not by the configuration.
    pub is_attached: bool,
}

/// An output that is not started, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The output.
    pub name: String,
    /// What is missing.
    pub why: String,
}

/// What every process of this group is started with.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where the programs are.
    pub bin_dir: PathBuf,
    /// The group's runtime directory.
    pub runtime: RuntimeDir,
    /// The configuration file, if there is one.
    pub config_file: Option<PathBuf>,
    /// What `--log` said.
    pub log: Option<String>,
    /// How log lines look.
    pub log_format: LogFormat,
}

impl Surroundings {
    /// Where our programs are: `$CASEDD_BIN_DIR`, else beside the running one.
    pub fn find_bin_dir() -> io::Result<PathBuf> {
        if let Some(dir) = env::var_os("CASEDD_BIN_DIR").filter(|dir| !dir.is_empty()) {
            return Ok(dir.into());
        }
        let program = env::current_exe()?;
        Ok(program.parent().map_or_else(PathBuf::new, Path::to_owned))
    }

    /// How the program of that name is started with these extra arguments.
    pub fn launch(&self, program: &str, extra: impl IntoIterator<Item = OsString>) -> Launch {
        let mut args = vec![OsString::from("--runtime-dir"), self.runtime.path().into()];
        if let Some(file) = &self.config_file {
            args.extend([OsString::from("--config"), file.into()]);
        }
        args.extend(extra);
        let mut env = vec![
            ("NOTIFY_SOCKET", self.runtime.notify_socket().into()),
            (SUPERVISOR_PID_VAR, std::process::id().to_string().into()),
            ("CASEDD_LOG_FORMAT", self.log_format.name().into()),
        ];
        if let Some(level) = &self.log {
            env.push(("CASEDD_LOG", level.into()));
        }
        Launch { program: self.bin_dir.join(program), args, env }
    }

    /// The collector and the renderer.
    pub fn core(&self) -> [Spec; 2] {
        [(COLLECTOR, Stage::Collector), (RENDERER, Stage::Renderer)].map(|(name, stage)| {
            let program = format!("casedd-{name}");
            let mut launch = self.launch(&program, []);
            if name == RENDERER && env::var_os(TUNABLES_VAR).is_none() {
                launch.env.push((TUNABLES_VAR, GIVE_BACK_CANVASES.into()));
            }
            Spec { name: name.into(), stage, program, launch, output: None, is_attached: false }
        })
    }

    /// A sink for every enabled output that has its device, and the outputs left out for want of one.
    pub fn sinks(&self, config: &Config) -> Result<(Vec<Spec>, Vec<LeftOut>), Failure> {
        let (mut specs, mut left_out) = (Vec::new(), Vec::new());
        for output in config.outputs.iter().filter(|output| output.enabled) {
            check_name(&output.name).map_err(|why| Exit::Config.because(why))?;
            match missing_device(output) {
                Some(why) => left_out.push(LeftOut { name: output.name.clone(), why }),
                None => specs.push(self.sink_of(output)),
            }
        }
        Ok((specs, left_out))
    }

    fn sink_of(&self, output: &OutputConfig) -> Spec {
        let program = match &output.kind {
            OutputKind::Fb(_) => "casedd-sink-fb",
            OutputKind::Ws(_) => "casedd-sink-ws",
        };
        let launch = self.launch(program, ["--output".into(), OsString::from(&output.name)]);
        Spec {
            name: output.name.as_str().into(),
            stage: Stage::Sink,
            program: program.to_owned(),
            launch,
            output: Some(output.clone()),
            is_attached: false,
        }
    }

    /// A sink that no configuration asks for, with its own flags.
    pub fn attached(&self, kind: &str, name: &str, args: &[String]) -> Result<Spec, Failure> {
        check_name(name).map_err(|why| Exit::Usage.because(why))?;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let program = format!("casedd-sink-{kind}");
        if kind.is_empty() || !kind.bytes().all(is_plain) || !self.bin_dir.join(&program).is_file() {
            let dir = self.bin_dir.display();
            return Err(
                Exit::Usage.because(format!("no sink of kind \"{kind}\": there is no {program} in {dir}"))
            );
        }
        let launch = self.launch(&program, args.iter().map(OsString::from));
        Ok(Spec { name: name.into(), stage: Stage::Sink, program, launch, output: None, is_attached: true })
    }
}

/// Why `name` cannot be a sink's name.
fn check_name(name: &str) -> Result<(), String> {
    if [COLLECTOR, RENDERER, SUPERVISOR].contains(&name) {
        return Err(format!("output name \"{name}\" is taken by a process of casedd; choose another"));
    }
    if name.is_empty() || name.len() > 64 || name.contains(char::is_control) {
        return Err(format!(
            "output name {name:?} is empty, longer than 64 bytes or not printable; choose another"
        ));
    }
    Ok(())
}

/// What an optional output lacks on this machine.
fn missing_device(output: &OutputConfig) -> Option<String> {
    let OutputKind::Fb(FbConfig { device, file: None, .. }) = &output.kind else { return None };
    if !output.optional {
        return None;
    }
    match device {
        FbDevice::Auto if !["/dev/fb0", "/dev/fb1"].iter().any(|path| Path::new(path).exists()) => {
            Some("this machine has no framebuffer (no /dev/fb0 or /dev/fb1)".to_owned())
        }
        // Not every device is named by a path: how `name:DRIVER` is found, the sink knows.
        FbDevice::Path(path) if path.is_absolute() && !path.exists() => {
            Some(format!("there is no {}", path.display()))
        }
        FbDevice::Auto | FbDevice::Path(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings() -> (tempfile::TempDir, Surroundings) {
        let top = tempfile::tempdir().expect("a temporary folder");
        let surroundings = Surroundings {
            bin_dir: top.path().to_owned(),
            runtime: RuntimeDir::open(&top.path().join("run")).expect("made"),
            config_file: Some("/etc/casedd.yaml".into()),
            log: Some("debug".to_owned()),
            log_format: LogFormat::Text,
        };
        (top, surroundings)
    }

    fn framebuffer(optional: bool, device: &str) -> OutputConfig {
        let mut output = Config::default().outputs.swap_remove(0);
        output.optional = optional;
        if let OutputKind::Fb(fb) = &mut output.kind {
            fb.device = FbDevice::Path(device.into());
        }
        output
    }

    #[test]
    fn every_enabled_output_gets_its_sink() {
        let (_top, surroundings) = surroundings();
        let mut config = Config::default();
        config.outputs[0] = framebuffer(true, "/dev/null");
        let (specs, left_out) = surroundings.sinks(&config).expect("a plan");
        let programs: Vec<&str> = specs.iter().map(|spec| spec.program.as_str()).collect();
        assert_eq!((programs, left_out), (vec!["casedd-sink-fb", "casedd-sink-ws"], vec![]));
        let args: Vec<&str> = specs[1].launch.args.iter().filter_map(|arg| arg.to_str()).skip(2).collect();
        assert_eq!(args, ["--config", "/etc/casedd.yaml", "--output", "web"]);
        config.outputs[1].enabled = false;
        assert_eq!(surroundings.sinks(&config).expect("a plan").0.len(), 1);
    }

    #[test]
    fn only_an_optional_output_is_left_out_without_its_device() {
        let (_top, surroundings) = surroundings();
        for (optional, left_out_expected) in [(true, 1), (false, 0)] {
            let outputs = vec![framebuffer(optional, "/dev/no-such-device")];
            let config = Config { outputs, ..Config::default() };
            let (specs, left_out) = surroundings.sinks(&config).expect("a plan");
            assert_eq!((specs.len(), left_out.len()), (1 - left_out_expected, left_out_expected));
        }
    }

    #[test]
    fn an_output_cannot_take_the_name_of_a_process() {
        let (_top, surroundings) = surroundings();
        let mut config = Config::default();
        config.outputs[1].name = "renderer".to_owned();
        let failure = surroundings.sinks(&config).expect_err("refused");
        assert_eq!(failure.exit, Exit::Config);
    }

    #[test]
    fn a_sink_is_attached_only_when_its_program_is_there() {
        let (top, surroundings) = surroundings();
        let error = surroundings.attached("e-ink", "desk", &[]).expect_err("refused").to_string();
        assert!(error.contains("casedd-sink-e-ink"), "{error}");
        std::fs::write(top.path().join("casedd-sink-e-ink"), "").expect("written");
        assert!(surroundings.attached("e-ink", "desk", &["--fast".to_owned()]).is_ok());
        assert!(surroundings.attached("../x", "desk", &[]).is_err());
    }
}
