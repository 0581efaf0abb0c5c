//! `sitegen serve`.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{Outcome, edge, location};
use crate::cli::{Serve, SiteArgs};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::digest::Digest;
use crate::preview::{self, Access, Editions, Preview, Settings, Watch};
use crate::project::{Project, resolved, unusable};
use crate::route::Route;
use crate::words::{Language, Message};

/// Paths that are named when many files changed.
const NAMED: usize = 3;

/// Serves the site until the process is ended.
pub fn run(args: &Serve, language: Language) -> Result<Outcome, Failure> {
    let start = edge::clock();
    let volume = Volume::of(&args.talk);
    let Project { directory, config, .. } = location(&args.site).open()?;
    // Changes from here on are not missed, and whoever asks already waits for an answer instead of being turned away.
    let config_file = args.site.config.clone().unwrap_or_else(|| args.site.source.join("site.yaml"));
    let mut watch = Watch::begin(directory.root(), &config_file, &config.inputs())?;
    let address = args.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let listener = preview::listen(address, args.port).map_err(|error| {
        unusable(
            say!("nothing can be served at {}: {}", format!("{address}:{}", args.port), error),
            say!("choose another --port or --host"),
        )
    })?;
    // A folder that is deleted and made again is another one, which `.` does not mean.
    let site = SiteArgs { source: resolved(&args.site.source)?, ..args.site.clone() };
    let (mut editions, mut found) = Editions::first(Box::new(move || location(&site).open()))?;
    let (access, doors) = doors(args.host, listener.local_addr()?.port(), &editions.current().config)?;
    let settings = Settings { tells: !args.prod, leads: args.navigate, language };
    let preview = Arc::new(Preview::new(editions.current().clone(), edge::milliseconds(), access, settings));
    let server = preview.clone();
    let port = listener.local_addr()?.port();
    thread::spawn(move || preview::serve(&listener, &server));

    report::diagnostics(&mut found, volume, language);
    let posts = editions.current().site.posts.len();
    let ready = Ready { doors: &doors, wanted: args.port, port, posts, is_told: watch.is_told, took: start.elapsed() };
    ready.print(language)?;
    if args.open {
        let url = doors.first().map_or("", |door| door.url.as_str());
        if let Err(error) = open::that_detached(url) {
            report::failure(&unusable(say!("no browser could be opened: {}", error), say!("open the address above")), false, language);
        }
    }
    let mut is_kept = false;
    while let Some(changes) = watch.wait() {
        let start = edge::clock();
        let outcome = editions.next(&changes);
        let seen = Seen::of(&outcome, editions.changed(), is_kept);
        is_kept = match outcome {
            preview::Outcome::Kept(_) | preview::Outcome::StillKept => true,
            preview::Outcome::New(_) | preview::Outcome::Same => false,
        };
        preview.show(outcome);
        let took = start.elapsed();
        watch.follow(&editions.current().config.inputs());
        if let Some(seen) = seen {
            seen.print(editions.changed(), took, volume, &editions.current().config, language)?;
        }
    }
    Ok(Outcome::Clean)
}

/// An address at which the site is shown.
struct Door {
    url: String,
    is_for_devices: bool,
}

/// Who may come in, and by which addresses.
fn doors(host: Option<IpAddr>, port: u16, config: &Config) -> io::Result<(Access, Vec<Door>)> {
    let path = config.base.href(&Route::root());
    let url = |address: IpAddr, query: &str| match address {
        IpAddr::V4(address) => format!("http://{address}:{port}{path}{query}"),
        IpAddr::V6(address) => format!("http://[{address}]:{port}{path}{query}"),
    };
    let home = |address| Door { url: url(address, ""), is_for_devices: false };
    let Some(host) = host.filter(|host| !host.is_loopback()) else {
        return Ok((Access::of_this_machine(), vec![home(host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))]));
    };
    let addresses: Vec<IpAddr> = if host.is_unspecified() {
        let all = if_addrs::get_if_addrs()?.into_iter().filter(|interface| !interface.is_loopback() && !interface.is_link_local());
        all.map(|interface| interface.ip()).filter(|address| address.is_ipv4() || host.is_ipv6()).collect()
    } else {
        vec![host]
    };
    let mut secret = [0; 12];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let token = Digest::of(secret).to_string();
    let here = host.is_unspecified().then(|| home(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let devices = addresses.iter().map(|address| Door { url: url(*address, &format!("?token={token}")), is_for_devices: true });
    Ok((Access::for_devices(addresses.clone(), token.clone()), here.into_iter().chain(devices).collect()))
}

/// A site that can be looked at.
struct Ready<'d> {
    doors: &'d [Door],
    wanted: u16,
    port: u16,
    posts: usize,
    is_told: bool,
    took: Duration,
}

impl Ready<'_> {
    /// Says where.
    fn print(&self, language: Language) -> io::Result<()> {
        let mut out = Terminal::output(language);
        if self.port != self.wanted && self.wanted != 0 {
            out.say(say!("port {} is taken; this is {}", self.wanted.to_string(), self.port.to_string()))?;
        }
        let took = report::duration(self.took);
        out.say(match self.posts {
            1 => say!("1 post, ready in {}", took),
            posts => say!("{} posts, ready in {}", report::grouped(posts as u64), took),
        })?;
        out.say("")?;
        for door in self.doors {
            out.say(format!("  {}", door.url))?;
        }
        if let Some(door) = self.doors.iter().find(|door| door.is_for_devices) {
            if let Ok(code) = qrcode::QrCode::new(&door.url) {
                // Black on white, whatever the terminal's colours: cameras read no other.
                let code = code.render::<qrcode::render::unicode::Dense1x2>().build();
                let lines: Vec<String> = code.lines().map(|line| format!("\x1b[38;5;16;48;5;231m{line}\x1b[0m")).collect();
                out.made(&format!("\n{}\n\n", lines.join("\n")))?;
            }
            out.say(say!("other devices need the address with its token, which holds until the preview ends"))?;
        }
        if !self.is_told {
            out.say("")?;
            out.say(say!("the system does not tell of changes here; folders are looked through every second"))?;
        }
        out.say("")?;
        out.say(say!("every change shows at once; Ctrl-C ends the preview"))?;
        out.say("")?;
        out.flush()
    }
}

/// What is said of a change.
struct Seen {
    diagnostics: Vec<Diagnostic>,
    is_kept: bool,
}

impl Seen {
    /// Of a new edition, what was found in the files that changed; of one that is not shown, why.
    fn of(outcome: &preview::Outcome, changed: &BTreeSet<String>, was_kept: bool) -> Option<Seen> {
        match outcome {
            preview::Outcome::Same if was_kept => Some(Seen { diagnostics: Vec::new(), is_kept: false }),
            preview::Outcome::Same | preview::Outcome::StillKept => None,
            preview::Outcome::Kept(problems) => Some(Seen { diagnostics: problems.clone(), is_kept: true }),
            preview::Outcome::New(news) => {
                // What is said of a folder is said when a file of it came or went.
                let is_below = |file: &str, folder: &str| file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
                let is_of_these = |found: &&Diagnostic| {
                    found.path.as_ref().is_some_and(|path| changed.contains(path) || changed.iter().any(|file| is_below(file, path)))
                };
                Some(Seen { diagnostics: news.diagnostics.iter().filter(is_of_these).cloned().collect(), is_kept: false })
            }
        }
    }

    fn print(mut self, changed: &BTreeSet<String>, took: Duration, volume: Volume, config: &Config, language: Language) -> io::Result<()> {
        if volume != Volume::Quiet {
            let time = config.zone.to_datetime(edge::now()).strftime("%H:%M:%S").to_string();
            let named = changed.iter().take(NAMED).map(String::as_str).collect::<Vec<&str>>().join(", ");
            let more = changed.len().saturating_sub(NAMED);
            let what: Message = if more > 0 { say!("{} and {} more", named, more) } else { named.into() };
            let (what, took) = (what.in_language(language), report::duration(took));
            let mut out = Terminal::output(language);
            if self.is_kept {
                out.say(format!("{time}  {what}  {took}  {}", say!("not shown: there are errors").in_language(language)))?;
            } else {
                out.say(format!("{time}  {what}  {took}"))?;
            }
        }
        if volume == Volume::Normal {
            self.diagnostics.retain(|found| found.severity != Severity::Note);
        }
        report::diagnostics(&mut self.diagnostics, volume, language);
        Ok(())
    }
}
