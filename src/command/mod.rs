//! The commands: the only code that talks to people, and the only code between the doors that knows
//! the clock and the environment.

pub mod build;
pub mod check;
pub mod completions;
pub mod help;
pub mod init;
pub mod list;
mod meter;
mod mistyped;
pub mod new;
pub mod report;
pub mod search;
pub mod serve;
pub mod tags;
mod terminal;

#[expect(
    clippy::disallowed_methods,
    reason = "the edge reads the clock and the configuration file, and ends when it is told to"
)]
mod edge {
    use std::path::PathBuf;
    use std::sync::{Arc, RwLock};
    use std::time::Duration;

    use jiff::Timestamp;

    use crate::cli::SiteLanguage;
    use crate::words::Language;

    /// Returns the present, or the moment that `SOURCE_DATE_EPOCH` names (reproducible-builds.org).
    pub(super) fn now() -> Timestamp {
        let named = std::env::var("SOURCE_DATE_EPOCH")
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
        named.unwrap_or_else(Timestamp::now)
    }

    /// Returns the reader's language: what POSIX names first, and where it names nothing (Windows,
    /// programs of macOS that no terminal started) what the system says.
    pub(super) fn language() -> Language {
        locale().map_or(Language::English, |locale| Language::of_locale(&locale))
    }

    /// Returns the language in which a keeper of this machine begins a site.
    pub(super) fn site_language() -> SiteLanguage {
        let locale = locale().unwrap_or_default();
        let is_traditional = ["TW", "HK", "MO", "Hant"].iter().any(|place| {
            locale.split(['_', '-', '.', '@']).any(|part| part.eq_ignore_ascii_case(place))
        });
        match Language::of_locale(&locale) {
            Language::English => SiteLanguage::English,
            Language::Chinese if is_traditional => SiteLanguage::Traditional,
            Language::Chinese => SiteLanguage::Simplified,
        }
    }

    fn locale() -> Option<String> {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        named.or_else(sys_locale::get_locale)
    }

    /// Returns the folder of the person who works here.
    pub(super) fn home() -> Option<PathBuf> {
        std::env::home_dir().and_then(|home| home.canonicalize().ok())
    }

    /// From now on Ctrl-C, or another signal to end, ends the program as soon as no unfinished file
    /// is there: whoever writes one holds `writing`. The status is 130, as shells have it for
    /// Ctrl-C, whichever signal it was: the crate does not say. Where somebody has decided about
    /// signals already (`nohup`), it stays.
    pub(super) fn end_between_writes(writing: Arc<RwLock<()>>) {
        let end = move || {
            let _nobody_writes = writing.write();
            let _ = super::Terminal::errors(language())
                .say(say!("stopped: no file was left half written; the next run does the rest"));
            std::process::exit(130);
        };
        let _ = ctrlc::try_set_handler(end);
    }

    pub(super) fn clock() -> std::time::Instant {
        std::time::Instant::now()
    }

    /// Returns how long all cores have worked for this process.
    pub(super) fn processor_time() -> Duration {
        cpu_time::ProcessTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
    }

    /// Returns how many bytes this process has read and written, where the system counts them.
    pub(super) fn bytes_moved() -> Option<(u64, u64)> {
        let counted = std::fs::read_to_string("/proc/self/io").ok()?;
        let count = |name: &str| {
            counted.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
        };
        Some((count("rchar:")?, count("wchar:")?))
    }

    /// Returns the machine's clock, in milliseconds since 1970.
    pub(super) fn milliseconds() -> u64 {
        u64::try_from(nanoseconds() / 1_000_000).unwrap_or(0)
    }

    /// Returns the machine's clock, in nanoseconds since 1970: how old files are, whatever the site
    /// takes for the present.
    pub(super) fn nanoseconds() -> i64 {
        crate::source::nanoseconds(std::time::SystemTime::now())
    }
}

use std::process::ExitCode;

use terminal::Terminal;

use crate::cli::{Cli, Color, Command, ListFormat, ReportFormat, SiteArgs, TagsCommand};
use crate::config::Overrides;
use crate::diagnostic::Failure;
use crate::project::Location;
use crate::words::Language;

/// How a command ended, as its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: nothing is wrong.
    Clean,
    /// 1: something in the content is wrong; everything else was done.
    Flawed,
}

/// Starts the threads that do the work.
///
/// The C library of Linux gives each thread a heap that grows by one page at a time, each time by
/// asking the kernel: 3,000 times in a build that finds nothing to do, a quarter of its time. A
/// heap that held something large once stays large; the pages are the kernel's until they are used.
/// The first of two blocks only teaches it to take such from the heap.
fn start_threads() {
    const ROOM: usize = 24 << 20;
    let make_room = |_| {
        for _ in 0..2 {
            drop(std::hint::black_box(Vec::<u8>::with_capacity(ROOM)));
        }
    };
    // An error says that there are threads already.
    let _ = rayon::ThreadPoolBuilder::new().start_handler(make_room).build_global();
}

/// Runs the program: reads the command line and does what was typed.
pub fn main() -> ExitCode {
    let language = edge::language();
    tell_of_defects();
    match mistyped::read(language) {
        Ok(cli) => run(&cli, language),
        Err(status) => status,
    }
}

/// Lets a defect of the program say where it is, as Rust does, but for what it quotes of a post:
/// that becomes printable.
fn tell_of_defects() {
    std::panic::set_hook(Box::new(|defect| {
        let mut out = Terminal::errors(Language::English);
        let _ = out.say(defect.to_string());
        let trace = std::backtrace::Backtrace::capture();
        if trace.status() == std::backtrace::BacktraceStatus::Captured {
            let _ = out.made(&format!("{trace}\n"));
        }
    }));
}

/// Runs what was typed and turns the outcome into an exit status; 2 is for commands that could not
/// do their work.
pub fn run(cli: &Cli, language: Language) -> ExitCode {
    start_threads();
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let (result, format) = match &cli.command {
        Command::Build(args) => (build::run(args, language), args.format),
        Command::Serve(args) => (serve::run(args, language), ReportFormat::Human),
        Command::Check(args) => (check::run(args, language), args.format),
        Command::New(args) => (new::run(args, language), ReportFormat::Human),
        Command::Init(args) => (init::run(args, language), ReportFormat::Human),
        Command::Completions(args) => (completions::run(args, language), ReportFormat::Human),
        Command::List(args) => {
            let format = match args.format {
                ListFormat::Json => ReportFormat::Json,
                ListFormat::Table | ListFormat::Csv => ReportFormat::Human,
            };
            (list::run(args, language), format)
        }
        Command::Search(args) => (search::run(args, language), args.format),
        Command::Tags(TagsCommand::Suggest(args)) => (tags::suggest(args, language), args.format),
    };
    match result {
        Ok(ExitStatus::Clean) => ExitCode::SUCCESS,
        Ok(ExitStatus::Flawed) => ExitCode::from(1),
        Err(Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            report::failure(&failure, format, language);
            ExitCode::from(2)
        }
    }
}

/// Returns where the site is that was asked for, as of now.
fn location(args: &SiteArgs) -> Location {
    let SiteArgs { source, config, base_url, drafts, future } = args.clone();
    Location {
        folder: source,
        config_file: config,
        overrides: Overrides { base_url, drafts, future },
        now: edge::now(),
    }
}
