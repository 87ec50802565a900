//! `casedd up`: everything that has to stand before the loop turns, and everything that has to go after it.

use std::time::Instant;

use casedd_common::config::Config;
use casedd_common::exit::{Exit, Failure};
use casedd_common::logging;
use casedd_common::notify::Notifier;
use casedd_common::runtime_dir::RuntimeDir;
use casedd_common::shell::{Args, ShellError};

use super::{print, summary};
use crate::cli::UpOptions;
use crate::control::server::ControlServer;
use crate::daemon::Daemon;
use crate::delivery::Deliveries;
use crate::group::Group;
use crate::lock::Lock;
use crate::log::Log;
use crate::notify_receiver::NotifyReceiver;
use crate::observer::Observer;
use crate::plan::Surroundings;
use crate::restart::RestartLimits;
use crate::signals::Signals;
use crate::watch::Watch;

/// Starts the group and looks after it until it is asked to end.
pub fn run(args: &Args, options: &UpOptions) -> Result<(), Failure> {
    let started_at = Instant::now();
    let signals = Signals::catch().map_err(ShellError::from)?;
    let config =
        Config::load(args.config.as_deref(), |key| std::env::var(key).ok()).map_err(ShellError::from)?;
    let log_format = args.log_format.unwrap_or_default();
    let log = Log::start(log_format).map_err(ShellError::from)?;
    let level = args.log.clone().unwrap_or_else(|| config.log_level.to_string());
    logging::start_with(&level, log_format, log.clone()).map_err(ShellError::from)?;
    config.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));

    let runtime = RuntimeDir::open(&RuntimeDir::locate_here(args.runtime_dir.as_deref()))?;
    let surroundings = Surroundings {
        bin_dir: Surroundings::find_bin_dir()?,
        config_file: config.path.as_deref().map(std::path::absolute).transpose()?,
        log: args.log.clone(),
        log_format,
        runtime,
    };
    let lock = Lock::take(&surroundings.runtime)?;
    let result = prepare(&lock, log.clone(), signals, surroundings, (config, options, started_at))
        .and_then(|daemon| look_after(daemon, options, &log));
    // The connection of `casedd stop` ends with the daemon, after everything is removed.
    lock.release();
    log.flush();
    result.map(drop)
}

fn prepare(
    lock: &Lock,
    log: Log,
    signals: Signals,
    surroundings: Surroundings,
    (config, options, started_at): (Config, &UpOptions, Instant),
) -> Result<Daemon, Failure> {
    let (sinks, left_out) = surroundings.sinks(&config)?;
    let runtime = &surroundings.runtime;
    let cannot_create =
        |what: &str, error: std::io::Error| Exit::CantCreate.because(format!("{what}: {error}"));
    let notify = NotifyReceiver::bind(&runtime.notify_socket())
        .map_err(|error| cannot_create("notify socket", error))?;
    let control = ControlServer::bind(&runtime.control_socket())
        .map_err(|error| cannot_create("command socket", error))?;
    let limits = RestartLimits { restarts_max: options.restart_limit, ..RestartLimits::default() };
    let mut group = Group::new(limits, lock.file()?, log);
    let now = Instant::now();
    surroundings.core().into_iter().chain(sinks).for_each(|spec| group.add(spec, now));
    left_out.iter().for_each(|output| tracing::info!("{} is left out: {}", output.name, output.why));
    let watch = Watch::new(surroundings.config_file.clone(), config.template_dirs.clone(), now);
    let observer = Observer::start(runtime.renderer_socket())?;
    let own_notifier = Notifier::from_env()?;
    Ok(Daemon {
        group,
        notify,
        control,
        signals,
        observer,
        deliveries: Deliveries::default(),
        watch,
        config,
        surroundings,
        left_out,
        own_notifier,
        started_at,
    })
}

fn look_after(mut daemon: Daemon, options: &UpOptions, log: &Log) -> Result<Daemon, Failure> {
    let (runtime, config) = (daemon.surroundings.runtime.clone(), daemon.config.clone());
    let is_quiet = options.quiet;
    daemon.run(|status| {
        if !is_quiet {
            // The lines so far come first when log and summary share a terminal.
            log.flush();
            let text = summary::compose(status, &config, &runtime);
            if let Err(failure) = print(&text) {
                tracing::warn!("the summary could not be printed: {failure}");
            }
        }
    })?;
    tracing::info!("stopped");
    Ok(daemon)
}
