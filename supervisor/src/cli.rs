//! The command line of `casedd`.
//!
//! Words and flags only; what a command does stands in `commands`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use casedd_common::exit;
use casedd_common::shell::{self, Args};

use crate::commands::{attach, bench, detach, passed_on, reload, snapshot, status, stop, up, validate};

/// Shows this machine's live metrics on displays and in browsers.
#[derive(Debug, clap::Parser)]
#[command(name = "casedd", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    args: Args,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Start everything and keep it running, until Ctrl-C
    Up(UpOptions),
    /// Show how processes, outputs and getters fare
    Status {
        /// Print JSON instead of tables
        #[arg(long)]
        json: bool,
    },
    /// Start one more sink, without any change to the configuration
    Attach(AttachOptions),
    /// End a sink
    Detach {
        /// Its name, as `casedd status` shows it
        name: String,
    },
    /// Save the newest picture of an output as PNG
    Snapshot {
        /// The output's name
        output: String,
        /// Where to write it; - is standard output
        #[arg(short, long, value_name = "FILE.png")]
        output_file: PathBuf,
    },
    /// Check the configuration and the templates it names
    Validate,
    /// Measure what drawing and encoding cost on this machine
    Bench {
        /// The bench's own flags, as `--json` and `--compare`; `casedd bench --help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
    /// List, show, check and make templates: list | show NAME | check [TEMPLATES] | new NAME
    #[command(disable_help_flag = true)]
    Templates(PassedOn),
    /// Draw a template into a PNG: TEMPLATE --size WxH --data FILE.json -o FILE.png
    #[command(disable_help_flag = true)]
    Render(PassedOn),
    /// Print the JSON Schema of a format, for editors: template | config
    #[command(disable_help_flag = true)]
    Schema(PassedOn),
    /// Read the configuration again
    Reload,
    /// End everything
    Stop,
}

/// The flags of `casedd up`.
#[derive(Clone, Debug, clap::Args)]
pub struct UpOptions {
    /// Restarts of one process within 60 s before it counts as failed
    #[arg(long, value_name = "COUNT", default_value_t = 10, env = "CASEDD_RESTART_LIMIT")]
    pub restart_limit: usize,
    /// Print no summary
    #[arg(short, long)]
    pub quiet: bool,
}

/// The flags of `casedd attach`.
#[derive(Clone, Debug, clap::Args)]
pub struct AttachOptions {
    /// Return at once instead of waiting until the sink is ready
    #[arg(long)]
    pub no_wait: bool,
    /// Kind of sink: fb, ws, or whatever follows casedd-sink- in a program's name
    pub kind: String,
    /// The sink's own flags, as `--name desk --template clock --size 480x320 --rate 5`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    pub flags: Vec<String>,
}

/// The words of a command that the renderer's program understands.
#[derive(Clone, Debug, clap::Args)]
pub struct PassedOn {
    /// Passed on to casedd-renderer; --help tells what there is
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "WORDS")]
    pub words: Vec<OsString>,
}

/// Reads the command line and obeys it.
pub fn run() -> ExitCode {
    let Cli { args, command } = shell::parse();
    exit::main(match command {
        Command::Up(options) => up::run(&args, &options),
        Command::Status { json } => status::run(&args, json),
        Command::Attach(options) => attach::run(&args, options),
        Command::Detach { name } => detach::run(&args, &name),
        Command::Snapshot { output, output_file } => snapshot::run(&args, &output, &output_file),
        Command::Validate => validate::run(&args),
        Command::Bench { flags } => bench::run(&flags),
        Command::Templates(words) => passed_on::run(&args, "templates", &words.words),
        Command::Render(words) => passed_on::run(&args, "render", &words.words),
        Command::Schema(words) => passed_on::run(&args, "schema", &words.words),
        Command::Reload => reload::run(&args),
        Command::Stop => stop::run(&args),
    })
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_sinks_own_flags_are_passed_on_untouched() {
        let line = ["casedd", "--runtime-dir", "/r", "attach", "ws", "--name", "desk", "--port", "0"];
        let Command::Attach(options) = Cli::try_parse_from(line).expect("parsed").command else {
            panic!("another command");
        };
        assert_eq!((options.kind.as_str(), options.no_wait), ("ws", false));
        assert_eq!(options.flags, ["--name", "desk", "--port", "0"]);
    }

    #[test]
    fn what_the_renderer_understands_is_passed_on_untouched() {
        let line = ["casedd", "render", "nas", "--size", "800x480", "-o", "-", "--help"];
        let Command::Render(words) = Cli::try_parse_from(line).expect("parsed").command else {
            panic!("another command");
        };
        assert_eq!(words.words, line[2..]);
    }

    #[test]
    fn common_flags_may_stand_behind_the_command() {
        let cli = Cli::try_parse_from(["casedd", "status", "--json", "--runtime-dir", "/r"]).expect("parsed");
        assert_eq!(cli.args.runtime_dir, Some(PathBuf::from("/r")));
    }
}
