//! The command line: an output of the configuration, or one made of flags, or the first changed by the second.
//!
//! Ends in an `OutputConfig`, so that nothing behind it knows where a setting came from.

use std::path::PathBuf;

use casedd_common::config::{
    AtExit, Config, DropPolicy, FbConfig, FbDevice, FbFormat, Fit, OutputConfig, OutputKind, Rotation,
    ThemeName,
};
use casedd_common::exit::{Exit, Failure};
use casedd_common::shell::Args;
use clap::Parser;

use crate::pixels::Size;

/// Name of an output that is made of flags only.
const DEFAULT_NAME: &str = "framebuffer";
/// Frames a second that make sense on a display.
const RATE_MAX_HZ: f64 = 1000.0;

/// Shows casedd's frames on a Linux framebuffer or in a plain file.
#[derive(Debug, Parser)]
#[command(name = "casedd-sink-fb", version, args_override_self = true)]
pub struct Options {
    /// The flags of every process.
    #[command(flatten)]
    pub shell: Args,

    /// Output of the configuration to serve; the other flags change it
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,

    /// What this output is called in statistics and logs [default: framebuffer]
    #[arg(long, conflicts_with = "output")]
    pub name: Option<String>,

    /// Template to show
    #[arg(long)]
    pub template: Option<String>,

    /// Colours it is drawn in: dark, light, high-contrast, night-red
    #[arg(long)]
    pub theme: Option<ThemeName>,

    /// Most frames a second
    #[arg(long, value_name = "HZ", value_parser = rate)]
    pub rate: Option<f64>,

    /// Size of the picture [default: that of the device]
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<Size>,

    /// What happens to frames when this sink is too slow: drop-oldest, drop-newest, block
    #[arg(long, value_name = "POLICY")]
    pub drop_policy: Option<DropPolicy>,

    /// Framebuffer: /dev/fbN, name:DRIVER, or a folder of /sys [default: /dev/fb1, else /dev/fb0]
    #[arg(long, conflicts_with = "file")]
    pub device: Option<PathBuf>,

    /// Plain file to write raw pixels to, in place of a device
    #[arg(long)]
    pub file: Option<PathBuf>,

    /// Pixel format of the file: xrgb8888, xbgr8888, rgb565, bgr565, rgb24, bgr24
    #[arg(long)]
    pub format: Option<FbFormat>,

    /// How far the picture is turned clockwise: 0, 90, 180, 270
    #[arg(long, value_name = "DEGREES")]
    pub rotation: Option<Rotation>,

    /// How a picture of another size is shown: stretch, contain, cover
    #[arg(long)]
    pub fit: Option<Fit>,

    /// What stays on the display at the end: keep, clear, restore
    #[arg(long, value_name = "WHAT")]
    pub at_exit: Option<AtExit>,
}

impl Options {
    /// The output to serve, and what only a framebuffer has of it.
    pub fn output(&self, config: &Config) -> Result<(OutputConfig, FbConfig), Failure> {
        let (mut output, mut fb) = match &self.output {
            Some(name) => configured(config, name)?,
            None => self.made_of_flags(config),
        };
        self.change(&mut output, &mut fb);
        if fb.file.is_some() && output.width.is_none() {
            let message = format!(
                "output \"{}\": a file has no size of its own; give width and height (--size 800x480)",
                output.name
            );
            return Err(Exit::Config.because(message));
        }
        Ok((output, fb))
    }

    fn made_of_flags(&self, config: &Config) -> (OutputConfig, FbConfig) {
        let fb = FbConfig::new(FbDevice::Auto);
        let name = self.name.as_deref().unwrap_or(DEFAULT_NAME);
        let output = OutputConfig {
            template: config.template.clone(),
            theme: config.theme,
            refresh_rate_hz: config.refresh_rate_hz,
            width: config.width,
            height: config.height,
            ..OutputConfig::new(name, OutputKind::Fb(fb.clone()))
        };
        (output, fb)
    }

    fn change(&self, output: &mut OutputConfig, fb: &mut FbConfig) {
        if let Some(template) = &self.template {
            output.template.clone_from(template);
        }
        output.theme = self.theme.or(output.theme);
        if let Some(rate_hz) = self.rate {
            (output.refresh_rate_hz, output.is_rate_fixed) = (rate_hz, true);
        }
        if let Some(size) = self.size {
            (output.width, output.height) = (Some(size.width), Some(size.height));
        }
        if let Some(policy) = self.drop_policy {
            output.drop_policy = policy;
        }
        if let Some(rotation) = self.rotation {
            output.rotation = rotation;
        }
        if let Some(device) = &self.device {
            (fb.device, fb.file) = (FbDevice::Path(device.clone()), None);
        }
        if self.file.is_some() {
            fb.file.clone_from(&self.file);
        }
        fb.format = self.format.unwrap_or(fb.format);
        fb.fit = self.fit.unwrap_or(fb.fit);
        fb.at_exit = self.at_exit.unwrap_or(fb.at_exit);
    }
}

fn configured(config: &Config, name: &str) -> Result<(OutputConfig, FbConfig), Failure> {
    let Some(output) = config.output(name) else {
        let names: Vec<&str> = config.outputs.iter().map(|output| output.name.as_str()).collect();
        let message = format!("no output \"{name}\" in the configuration; it has: {}", names.join(", "));
        return Err(Exit::Config.because(message));
    };
    match &output.kind {
        OutputKind::Fb(fb) => Ok((output.clone(), fb.clone())),
        OutputKind::Ws(_) => {
            Err(Exit::Config.because(format!("output \"{name}\" is for browsers; casedd-sink-ws serves it")))
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate > 0.0 && rate <= RATE_MAX_HZ {
        Ok(rate)
    } else {
        Err(format!("use more than 0 and at most {RATE_MAX_HZ}"))
    }
}

fn size(text: &str) -> Result<Size, String> {
    let sides = text.split_once(['x', 'X']);
    let side = |text: &str| text.parse().ok().filter(|side| *side > 0);
    sides
        .and_then(|(width, height)| Some(Size { width: side(width)?, height: side(height)? }))
        .ok_or_else(|| "a size is written as 800x480".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(arguments: &[&str], config: &Config) -> Result<(OutputConfig, FbConfig), Failure> {
        let options = Options::try_parse_from([&["casedd-sink-fb"], arguments].concat()).expect("parsed");
        options.output(config)
    }

    #[test]
    fn flags_alone_make_an_output() {
        let arguments = ["--name", "panel", "--template", "nas", "--rate", "0.5", "--device", "name:ili9486"];
        let (output, fb) = output(&arguments, &Config::default()).expect("an output");
        assert_eq!((output.name.as_str(), output.template.as_str()), ("panel", "nas"));
        assert_eq!((output.refresh_rate_hz, output.width), (0.5, None));
        assert_eq!(fb.device, FbDevice::Path("name:ili9486".into()));
    }

    #[test]
    fn flags_change_an_output_of_the_configuration() {
        let arguments =
            ["--output", "framebuffer", "--rotation", "90", "--file", "x.raw", "--size", "320x240"];
        let (output, fb) = output(&arguments, &Config::default()).expect("an output");
        assert_eq!((output.name.as_str(), output.rotation), ("framebuffer", Rotation::Quarter));
        assert_eq!((output.width, output.height), (Some(320), Some(240)));
        assert_eq!(fb.file, Some("x.raw".into()));
    }

    #[test]
    fn an_output_that_is_not_there_or_not_ours_is_refused_in_words() {
        let failure = output(&["--output", "panle"], &Config::default()).expect_err("refused");
        assert_eq!(failure.exit, Exit::Config);
        assert!(failure.message.contains("framebuffer"), "{failure}");
        let failure = output(&["--output", "web"], &Config::default()).expect_err("refused");
        assert!(failure.message.contains("casedd-sink-ws"), "{failure}");
    }

    #[test]
    fn a_file_needs_a_size() {
        let failure = output(&["--file", "x.raw"], &Config::default()).expect_err("refused");
        assert!(failure.message.contains("--size"), "{failure}");
    }

    #[test]
    fn sizes_and_rates_that_are_none_are_refused() {
        for text in ["800", "0x480", "800x", "-1x2", "axb"] {
            assert!(size(text).is_err(), "{text}");
        }
        for text in ["0", "-1", "nan", "inf", "2000", "fast"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
