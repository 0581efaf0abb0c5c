//! The commands: the only code that talks to people, and the only code between the doors that knows the clock and the
//! environment.

pub mod build;
pub mod check;
pub mod completions;
pub mod help;
pub mod init;
pub mod list;
mod mistyped;
pub mod new;
pub mod report;
pub mod serve;
pub mod tags;
mod terminal;

#[expect(clippy::disallowed_methods, reason = "the edge reads the clock and the configuration file, and ends when it is told to")]
mod edge {
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, RwLock};

    use jiff::Timestamp;

    use crate::cli::SiteLanguage;
    use crate::words::Language;

    /// The present, or the moment that `SOURCE_DATE_EPOCH` names (reproducible-builds.org).
    pub(super) fn now() -> Timestamp {
        let named = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
        named.unwrap_or_else(Timestamp::now)
    }

    pub(super) fn read_to_string(path: &Path) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }

    /// As [`read_to_string`], but no pipe, which might never end.
    pub(super) fn read_plain(path: &Path) -> std::io::Result<String> {
        if std::fs::metadata(path)?.is_file() { read_to_string(path) } else { Err(std::io::Error::other(say!("it is no plain file"))) }
    }

    /// The path without `..` and symbolic links, as far as it exists.
    pub(super) fn resolved(path: &Path) -> std::io::Result<PathBuf> {
        let absolute = std::path::absolute(path)?;
        let mut real = PathBuf::new();
        for part in absolute.components() {
            match part {
                std::path::Component::ParentDir => {
                    real.pop();
                }
                part => real.push(part),
            }
            real = real.canonicalize().unwrap_or(real);
        }
        Ok(real)
    }

    /// What a path is called below a folder, as both are typed.
    pub(super) fn below(path: &Path, folder: &Path) -> Option<PathBuf> {
        let (path, folder) = (std::path::absolute(path).ok()?, std::path::absolute(folder).ok()?);
        Some(path.strip_prefix(folder).ok()?.to_owned())
    }

    /// The reader's language: what POSIX names first, and where it names nothing (Windows, programs of macOS that no terminal
    /// started) what the system says.
    pub(super) fn language() -> Language {
        locale().map_or(Language::English, |locale| Language::of_locale(&locale))
    }

    /// The language in which a keeper of this machine begins a site.
    pub(super) fn site_language() -> SiteLanguage {
        let locale = locale().unwrap_or_default();
        let is_traditional =
            ["TW", "HK", "MO", "Hant"].iter().any(|place| locale.split(['_', '-', '.', '@']).any(|part| part.eq_ignore_ascii_case(place)));
        match Language::of_locale(&locale) {
            Language::English => SiteLanguage::English,
            Language::Chinese if is_traditional => SiteLanguage::Traditional,
            Language::Chinese => SiteLanguage::Simplified,
        }
    }

    fn locale() -> Option<String> {
        let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        named.or_else(sys_locale::get_locale)
    }

    /// The folder of the person who works here.
    pub(super) fn home() -> Option<PathBuf> {
        std::env::home_dir().and_then(|home| home.canonicalize().ok())
    }

    /// From now on Ctrl-C, or another signal to end, ends the program as soon as no draft is there: whoever writes one holds
    /// `drafting`. The status is 130, as shells have it for Ctrl-C, whichever signal it was: the crate does not say. Where somebody has decided about signals already (`nohup`), it stays.
    pub(super) fn end_between_drafts(drafting: Arc<RwLock<()>>) {
        let end = move || {
            let _nobody_writes = drafting.write();
            let _ = super::Terminal::errors(language()).say(say!("stopped: no file was left half written; the next run does the rest"));
            std::process::exit(130);
        };
        let _ = ctrlc::try_set_handler(end);
    }

    pub(super) fn exists(path: &Path) -> bool {
        path.symlink_metadata().is_ok()
    }

    pub(super) fn make_folder(path: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub(super) fn clock() -> std::time::Instant {
        std::time::Instant::now()
    }

    /// The machine's clock, in milliseconds since 1970.
    pub(super) fn milliseconds() -> u64 {
        u64::try_from(nanoseconds() / 1_000_000).unwrap_or(0)
    }

    /// The machine's clock, in nanoseconds since 1970: how old files are, whatever the site takes for the present.
    pub(super) fn nanoseconds() -> i64 {
        crate::source::nanoseconds(std::time::SystemTime::now())
    }
}

use std::process::ExitCode;

use terminal::Terminal;

use crate::cli::{Cli, Color, Command, ReportFormat, SiteArgs, Tags};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, Failure, nearest};
use crate::source::{Astray, Directory};
use crate::words::{Language, Message};

/// How a command ended, as its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0: nothing is wrong.
    Clean,
    /// 1: something in the content is wrong; everything else was done.
    Flawed,
}

/// Starts the threads that do the work.
///
/// The C library of Linux gives each thread a heap that grows by one page at a time, each time by asking the kernel: 3,000
/// times in a build that finds nothing to do, a quarter of its time. A heap that held something large once stays large; the
/// pages are the kernel's until they are used. The first of two blocks only teaches it to take such from the heap.
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

/// The program: reads the command line and runs what was typed.
pub fn main() -> ExitCode {
    let language = edge::language();
    tell_of_defects();
    match mistyped::read(language) {
        Ok(cli) => run(&cli, language),
        Err(status) => status,
    }
}

/// Lets a defect of the program say where it is, as Rust does, but for what it quotes of a post: that becomes printable.
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

/// Runs what was typed and turns the outcome into an exit status; 2 is for commands that could not do their work.
pub fn run(cli: &Cli, language: Language) -> ExitCode {
    start_threads();
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let (result, json) = match &cli.command {
        Command::Build(args) => (build::run(args, language), args.format == ReportFormat::Json),
        Command::Serve(args) => (serve::run(args, language), false),
        Command::Check(args) => (check::run(args, language), args.format == ReportFormat::Json),
        Command::New(args) => (new::run(args, language), false),
        Command::Init(args) => (init::run(args, language), false),
        Command::Completions(args) => (completions::run(args, language), false),
        Command::List(args) => (list::run(args, language), args.format == crate::cli::ListFormat::Json),
        Command::Tags(Tags::Suggest(args)) => (tags::suggest(args, language), args.format == ReportFormat::Json),
    };
    match result {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Flawed) => ExitCode::from(1),
        Err(Failure::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure, json, language);
            ExitCode::from(2)
        }
    }
}

/// Finds the site, reads its configuration, and sees that the folders it is made of are there: a site without them is not empty,
/// it is incomplete.
fn open_site(args: &SiteArgs) -> Result<(Directory, Config), Failure> {
    let (directory, config) = find_site(args)?;
    if let Some(missing) = missing_submodule(&directory, &config).or_else(|| missing_posts(&directory, &config)) {
        return Err(Failure::Unusable(vec![missing]));
    }
    Ok((directory, config))
}

/// A folder of the site that git knows to be another repository, and that holds nothing.
fn missing_submodule(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    let modules = edge::read_plain(&directory.root().join(".gitmodules")).ok()?;
    let paths = modules.lines().filter_map(|line| Some(line.trim().strip_prefix("path")?.trim_start().strip_prefix('=')?.trim()));
    let is_below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_read = |path: &&str| config.folders().iter().any(|folder| is_below(folder, path) || is_below(path, folder));
    let missing = paths.filter(is_read).find(|path| directory.is_empty(path))?;
    let message = say!("{}/ is a submodule of git and holds nothing: it is not checked out", missing);
    Some(Diagnostic::error("folder-missing", message).hint(say!("run `git submodule update --init`")).in_file(missing))
}

/// What is wrong with the folder of the posts: site.yaml names one that is not there or holds nothing; or it names none, and there is
/// no `posts/` but a folder of nearly that name, or nothing else to build. Pages alone are a site.
fn missing_posts(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    let posts = config.posts.as_str();
    if config.named_posts.is_some() && directory.has_folder(posts) && directory.is_empty(posts) {
        let hint = say!("put articles into it, or write one with `sitegen new`");
        return Some(config.mistake("posts", say!("the folder `{}` holds no file", posts)).hint(hint));
    }
    let is_meant = || config.named_posts.is_some() || directory.is_empty("pages") || folder_like(directory, posts).is_some();
    missing_folder(directory, config).filter(|_| is_meant())
}

/// The folder of the posts, if it is not there.
fn missing_folder(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    /// Folders that are named where none is like the one that was typed.
    const NAMED: usize = 10;
    let wanted = config.posts.as_str();
    if directory.has_folder(wanted) {
        return None;
    }
    let message = say!("there is no folder `{}`", config.named_posts.as_deref().unwrap_or(wanted));
    let near = folder_like(directory, wanted);
    let folders = directory.folders(1);
    let here = folders.iter().map(String::as_str).take(NAMED).collect::<Vec<&str>>();
    Some(if config.named_posts.is_some() {
        config.mistake("posts", message).hint(match near {
            Some(near) => say!("did you mean `{}`?", near),
            None => say!("folders here: {}", here),
        })
    } else {
        Diagnostic::error("folder-missing", message).in_file(wanted).hint(match near {
            Some(near) => say!("did you mean `{}`? say so in site.yaml: `posts: {}`", near.clone(), near),
            None => say!("name the folder of your articles in site.yaml as `posts`; folders here: {}", here),
        })
    })
}

/// The folder of the site that may have been meant by another name.
fn folder_like(directory: &Directory, typed: &str) -> Option<String> {
    let folders = directory.folders(typed.split('/').count());
    nearest(typed, folders.iter().map(String::as_str)).map(str::to_owned)
}

/// Finds the site and reads its configuration. Folders need not be there.
fn find_site(args: &SiteArgs) -> Result<(Directory, Config), Failure> {
    let directory = Directory::new(&args.source);
    if !directory.exists() {
        let message = say!("there is no folder {}", args.source.display());
        return Err(unusable(message, say!("name the site's folder with --source DIR")));
    }
    let default = args.source.join("site.yaml");
    let path = args.config.as_deref().unwrap_or(&default);
    let shown = if args.config.is_some() { path.display().to_string() } else { "site.yaml".to_owned() };
    // Who names a file may mean a pipe.
    let text = match if args.config.is_some() { edge::read_to_string(path) } else { edge::read_plain(path) } {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && args.config.is_none() => String::new(),
        Err(error) => {
            return Err(unusable(say!("{}: {}", path.display(), error), say!("name a readable file with --config FILE")));
        }
    };
    let overrides = Overrides { base_url: args.base_url.clone(), drafts: args.drafts, future: args.future, now: edge::now() };
    let config = Config::read(&text, &shown, &overrides).map_err(|diagnostic| Failure::Unusable(vec![*diagnostic]))?;
    let directory = directory.following(&config.folders(), config.follow_symlinks).map_err(|astray| astray_link(&config, astray))?;
    let is_site = !text.is_empty() || [config.posts.as_str(), "pages", "static"].iter().any(|folder| args.source.join(folder).is_dir());
    if !is_site {
        let message = say!("{} holds no site: neither site.yaml nor {}/", args.source.display(), &config.posts);
        return Err(unusable(message, say!("put articles into posts/, or name the site's folder with --source DIR")));
    }
    Ok((directory, config))
}

/// What is said of a folder that is a link and leads where it must not.
fn astray_link(config: &Config, astray: Astray) -> Failure {
    let Astray { link, why, is_outside } = astray;
    let message = say!("{} is a symbolic link and cannot be followed: {}", &link, why);
    let is_named = config.named_posts.is_some() && config.posts.starts_with(&link);
    let found = if is_named { config.mistake("posts", message) } else { Diagnostic::error("config", message).in_file(link) };
    let hint = if is_outside {
        say!("if the folder may lie there, say `security: {{follow_symlinks: true}}` in site.yaml")
    } else {
        say!("let it lead to a folder of its own, or put the folder itself there")
    };
    Failure::Unusable(vec![found.hint(hint)])
}

fn unusable(message: Message, hint: Message) -> Failure {
    Failure::Unusable(vec![Diagnostic::error("command", message).hint(hint)])
}
