//! The command line of `casedd-collector`.
//!
//! Decides only which of its three jobs is done: serve, look once, list the getters.

use std::path::PathBuf;
use std::time::Duration;

use casedd_common::config::Config;
use casedd_common::exit::Failure;
use casedd_common::shell::{self, ShellError};

use crate::getters::Context;
use crate::poller::Poller;
use crate::registry::GETTERS;
use crate::report;
use crate::roots::Roots;
use crate::service;
use crate::store::NoHistories;

/// Between the two readings of `--once`, which rates are made from.
const ONCE_SPAN: Duration = Duration::from_millis(1000);

/// Polls the machine and publishes snapshots for the renderer.
#[derive(Debug, clap::Parser)]
#[command(name = "casedd-collector", version)]
struct Cli {
    #[command(flatten)]
    shell: shell::Args,

    /// Look at the machine for a second, print every key and value, and leave; touches nothing
    #[arg(long)]
    once: bool,

    /// With --once: print JSON
    #[arg(long, requires = "once")]
    json: bool,

    /// List what is read and how often, and leave
    #[arg(long, conflicts_with = "once")]
    list: bool,

    /// Where the machine's file tree is seen, for a container that watches its host
    #[arg(long, value_name = "DIR", env = "CASEDD_ROOTFS_PATH", default_value = "/")]
    root: PathBuf,
}

/// Does what the command line asks.
pub fn run() -> Result<(), Failure> {
    let cli: Cli = shell::parse();
    if cli.once || cli.list {
        let config = Config::load(cli.shell.config.as_deref(), |key| std::env::var(key).ok());
        let config = config.map_err(|error| Failure::from(ShellError::Config(error)))?;
        return if cli.list { list(&config) } else { once(&cli, &config) };
    }
    let shell = shell::start("casedd-collector", &cli.shell)?;
    service::run(&shell, &context(&cli, &shell.config))
}

fn context(cli: &Cli, config: &Config) -> Context {
    let roots =
        Roots { proc: config.procfs_path.clone(), sys: config.sysfs_path.clone(), files: cli.root.clone() };
    Context { roots, interfaces: config.net_interfaces.clone() }
}

fn once(cli: &Cli, config: &Config) -> Result<(), Failure> {
    let mut poller = Poller::new(&context(cli, config), &config.intervals, None)?;
    poller.poll(&mut NoHistories);
    poller.wait_for_threads(ONCE_SPAN, &mut NoHistories);
    while poller.store.snapshot().number("cpu.percent").is_none() {
        std::thread::sleep(ONCE_SPAN);
        if poller.poll(&mut NoHistories) {
            break;
        }
    }
    let snapshot = poller.store.next_snapshot(casedd_common::transport::clock::now_ns());
    match cli.json {
        true => report::print(&format!("{:#}\n", report::json(snapshot))),
        false => report::print(&report::text(snapshot)),
    }
}

fn list(config: &Config) -> Result<(), Failure> {
    let rows = GETTERS.iter().map(|row| {
        let every_s = row.every(&config.intervals).as_secs_f64();
        format!("{:<12} every {every_s:>4} s  {}\n", row.name, row.about)
    });
    report::print(&rows.collect::<String>())
}
