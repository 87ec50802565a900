//! The command line: an output by its name in the configuration, or one described by flags alone.
//!
//! Leaves out what the answers mean; `settings` turns both ways into the same thing.

use std::net::IpAddr;

use casedd_common::config::{Config, DropPolicy, OutputConfig, OutputKind, ThemeName, WsConfig};
use casedd_common::exit::{Exit, Failure};
use casedd_common::shell;

use crate::encode::Subsampling;

/// Where the token may come from: a command line can be read by every user of the machine.
pub const TOKEN_VAR: &str = "CASEDD_WS_TOKEN";

/// Shows one output in browsers
#[derive(Debug, clap::Parser)]
#[command(name = "casedd-sink-ws", version)]
pub struct Cli {
    /// Flags of every process.
    #[command(flatten)]
    pub shell: shell::Args,

    /// The output's name in the configuration
    #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "template", "theme", "rate", "size", "bind", "port", "quality"])]
    pub output: Option<String>,

    /// Without --output: what this output is called
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Without --output: the template it shows
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<String>,

    /// Without --output: the colours it is drawn in: dark, light, high-contrast, night-red
    #[arg(long, value_name = "THEME")]
    pub theme: Option<ThemeName>,

    /// Without --output: most frames a second
    #[arg(long, value_name = "HZ")]
    pub rate: Option<f64>,

    /// Without --output: size of the picture
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,

    /// Without --output: what happens to frames when encoding is too slow for the rate
    #[arg(long, value_name = "POLICY")]
    pub drop_policy: Option<DropPolicy>,

    /// Without --output: address to listen on; others than loopback need a token in CASEDD_WS_TOKEN
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Option<IpAddr>,

    /// Without --output: port to listen on; 0: any free one
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,

    /// A busy port means the next free one
    #[arg(long)]
    pub port_fallback: bool,

    /// Without --output: JPEG quality, 1 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,

    /// How much resolution the colours keep in a JPEG
    #[arg(long, value_enum, default_value_t)]
    pub subsampling: Subsampling,
}

impl Cli {
    /// The output and its own settings.
    pub fn output(&self, config: &Config) -> Result<(OutputConfig, WsConfig), Failure> {
        match &self.output {
            Some(name) => self.configured(name, config),
            None => Ok(self.described(config)),
        }
    }

    fn configured(&self, name: &str, config: &Config) -> Result<(OutputConfig, WsConfig), Failure> {
        let Some(output) = config.output(name) else {
            let known: Vec<&str> = config.outputs.iter().map(|output| output.name.as_str()).collect();
            let message =
                format!("no output \"{name}\" in the configuration; there is: {}", known.join(", "));
            return Err(Exit::Config.because(message));
        };
        let OutputKind::Ws(ws) = &output.kind else {
            let message = format!("output \"{name}\" is no websocket output; start casedd-sink-fb for it");
            return Err(Exit::Config.because(message));
        };
        let mut ws = ws.clone();
        ws.port_fallback |= self.port_fallback;
        Ok((output.clone(), ws))
    }

    fn described(&self, config: &Config) -> (OutputConfig, WsConfig) {
        let mut ws = WsConfig::new(self.port.unwrap_or(casedd_common::config::DEFAULT_HTTP_PORT));
        ws.port_fallback = self.port_fallback;
        ws.bind = self.bind.unwrap_or(ws.bind);
        ws.quality = self.quality.unwrap_or(ws.quality);
        let name = self.name.as_deref().unwrap_or("web");
        let mut output = OutputConfig::new(name, OutputKind::Ws(ws.clone()));
        output.template = self.template.clone().unwrap_or_else(|| config.template.clone());
        output.theme = self.theme.or(config.theme);
        output.refresh_rate_hz = self.rate.unwrap_or(config.refresh_rate_hz);
        output.is_rate_fixed = self.rate.is_some();
        output.drop_policy = self.drop_policy.unwrap_or_default();
        (output.width, output.height) =
            self.size.map_or((config.width, config.height), |(width, height)| (Some(width), Some(height)));
        (output, ws)
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once(['x', 'X']).ok_or("give a size as 800x480")?;
    let number = |text: &str| text.parse::<u32>().map_err(|_| format!("\"{text}\" is no number of pixels"));
    Ok((number(width)?, number(height)?))
}
