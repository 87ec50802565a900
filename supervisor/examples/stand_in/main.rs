//! A process that stands in for any process of the group and misbehaves as it is told, for tests of the supervisor.
//!
//! Stands on the same shell and transport as the real ones; reads no machine and opens no display.
//! `STAND_IN` is a list of `name=behaviour` with commas between, the name being the program's or the output's.

mod frames;

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use casedd_common::exit::{self, Exit, Failure};
use casedd_common::shell::{self, Args, Shell};

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
    #[arg(long)]
    output: Option<String>,
    #[arg(long)]
    name: Option<String>,
}

fn main() -> ExitCode {
    let cli: Cli = shell::parse();
    exit::main(stand_in(cli))
}

fn stand_in(cli: Cli) -> Result<(), Failure> {
    let program = std::env::args().next().unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or_default().trim_start_matches("casedd-").to_owned();
    let name = cli.name.or(cli.output).unwrap_or(program);
    let shell = shell::start("casedd-stand-in", &cli.args)?;
    let behaviours = std::env::var("STAND_IN").unwrap_or_default();
    let behaviour = behaviours.split(',').find_map(|entry| entry.strip_prefix(&name)?.strip_prefix('='));
    tracing::info!("{name} stands in");
    match behaviour.unwrap_or("work") {
        "never-ready" => work(&shell),
        "deaf" => loop {
            shell.notify.ready();
            shell.notify.heartbeat();
            std::thread::sleep(Duration::from_millis(50));
        },
        "chatty" => {
            shell.notify.ready();
            while !shell.stop.requested() {
                shell.notify.heartbeat();
                let _ = writeln!(std::io::stderr(), "{}", "chatter ".repeat(100));
            }
        }
        "crash" => return Err(Exit::Software.because("crashed as told")),
        "needs-config" if !cli.args.config.is_some_and(|file| is_mended(&file)) => {
            return Err(Exit::Config.because("no template \"nas\""));
        }
        "render" => frames::render(&shell)?,
        "show" => frames::sink(&shell, &name, true)?,
        "freeze" => frames::sink(&shell, &name, false)?,
        _ => {
            shell.notify.status(&format!("serving http://127.0.0.1/{name}"));
            shell.notify.ready();
            work(&shell);
        }
    }
    tracing::info!("{name} leaves");
    Ok(())
}

fn work(shell: &Shell) {
    while !shell.stop.wait(Duration::from_millis(100)) {
        shell.notify.heartbeat();
    }
}

fn is_mended(file: &std::path::Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains("# mended"))
}
