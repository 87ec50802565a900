//! What this process serves, to whom and how: configuration and command line, checked once.
//!
//! Leaves out the limits on connections, which nobody has to set; they stand with the code they hold for.

use std::net::IpAddr;

use casedd_common::config::{Choice, Config, DEFAULT_WS_SIZE, Token, Topic, WsConfig};
use casedd_common::exit::{Exit, Failure};
use casedd_common::sink;
use casedd_common::transport::Want;

use crate::cli::{Cli, TOKEN_VAR};
use crate::encode::JpegOptions;
use crate::server::Hosts;

/// Everything that was settled before the start.
#[derive(Debug)]
pub struct Settings {
    /// What is asked of the renderer; its name is the output's.
    pub want: Want,
    /// What people read as its name.
    pub display_name: String,
    /// Address to listen on.
    pub bind: IpAddr,
    /// Port to listen on; 0: any free one.
    pub port: u16,
    /// Whether a busy port means the next free one.
    pub port_fallback: bool,
    /// How pictures are encoded.
    pub jpeg: JpegOptions,
    /// What a request must know; always there when others than this machine can connect.
    pub token: Option<Token>,
    /// The names that this server answers to.
    pub hosts: Hosts,
}

impl Settings {
    /// Settles everything, or says what is wrong and how to mend it.
    pub fn new(
        cli: &Cli,
        config: &Config,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Settings, Failure> {
        let (output, ws) = cli.output(config)?;
        let (width, height) = match (output.width, output.height) {
            (Some(width), Some(height)) => (width, height),
            _ => DEFAULT_WS_SIZE,
        };
        let want = sink::want(&output, width, height);
        want.check().map_err(|error| Exit::Config.because(format!("output \"{}\": {error}", output.name)))?;
        let token = token(&ws, env(TOKEN_VAR), &output.name)?;
        Ok(Settings {
            want,
            display_name: output.display_name.unwrap_or(output.name),
            bind: ws.bind,
            port: ws.port,
            port_fallback: ws.port_fallback,
            jpeg: JpegOptions { quality: ws.quality, subsampling: cli.subsampling },
            token,
            hosts: Hosts::of_this_machine(ws.hosts),
        })
    }
}

impl Settings {
    /// The template that is asked for, and the theme if one is.
    pub fn asked(&self) -> (String, Option<&'static str>) {
        let topic: Result<Topic, String> = self.want.topic.parse();
        topic.map_or_else(
            |_| (self.want.topic.clone(), None),
            |topic| (topic.template, topic.theme.map(Choice::word)),
        )
    }
}

/// Loopback may do without; whoever opens a port to others must set one. The environment's goes before the file's.
fn token(ws: &WsConfig, given: Option<String>, output: &str) -> Result<Option<Token>, Failure> {
    if let Some(text) = given.filter(|text| !text.is_empty()) {
        let refused = |error| Exit::Config.because(format!("{TOKEN_VAR}: {error}"));
        return Token::new(&text).map(Some).map_err(refused);
    }
    if ws.token.is_none() && !ws.bind.is_loopback() {
        return Err(Exit::Config.because(format!(
            "output \"{output}\" is bound to {}, where others can reach it, and has no token; set `token` (16 or more \
             letters and digits) or {TOKEN_VAR} in the environment, or bind to 127.0.0.1",
            ws.bind
        )));
    }
    Ok(ws.token.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn settings(flags: &[&str], token: Option<&str>) -> Result<Settings, Failure> {
        let cli = Cli::try_parse_from([&["casedd-sink-ws"], flags].concat()).expect("parsed");
        Settings::new(&cli, &Config::default(), |_| token.map(str::to_owned))
    }

    #[test]
    fn the_default_output_is_served_on_loopback_without_a_token() {
        let settings = settings(&["--output", "web"], None).unwrap();
        assert!(settings.bind.is_loopback() && settings.token.is_none() && settings.port_fallback);
        assert_eq!((settings.want.width, settings.want.height), DEFAULT_WS_SIZE);
    }

    #[test]
    fn flags_alone_describe_an_output() {
        let flags =
            ["--name", "kitchen", "--template", "clock", "--rate", "5", "--size", "1024x600", "--port", "0"];
        let settings = settings(&flags, None).unwrap();
        assert_eq!(settings.want.name, "kitchen");
        assert_eq!(settings.want.topic, "clock;rate=fixed");
        assert_eq!(settings.asked(), ("clock".to_owned(), None));
        assert_eq!(
            (settings.want.width, settings.want.height, settings.want.rate_millihz),
            (1024, 600, 5000)
        );
    }

    #[test]
    fn a_port_open_to_others_needs_a_token() {
        let error = settings(&["--bind", "0.0.0.0"], None).unwrap_err();
        assert_eq!(error.exit, Exit::Config);
        assert!(error.message.contains("0.0.0.0") && error.message.contains(TOKEN_VAR), "{error}");
        assert!(settings(&["--bind", "0.0.0.0"], Some("short")).is_err());
        assert!(settings(&["--bind", "0.0.0.0"], Some("0123456789abcdef")).is_ok());
    }

    #[test]
    fn an_output_that_is_not_there_or_is_a_panel_is_refused() {
        let error = settings(&["--output", "kitchen"], None).unwrap_err();
        assert_eq!(error.exit, Exit::Config);
        assert!(error.message.contains("framebuffer, web"), "{error}");
        assert!(settings(&["--output", "framebuffer"], None).unwrap_err().message.contains("casedd-sink-fb"));
    }
}
