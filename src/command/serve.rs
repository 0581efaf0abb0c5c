//! `sitegen serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::thread;

use super::report::preview::{Ready, Seen};
use super::report::{self, Volume};
use super::{ExitStatus, edge, location};
use crate::cli::{ReportFormat, ServeArgs, SiteArgs};
use crate::diagnostic::Failure;
use crate::preview::{self, Editions, Preview, Settings, Watch};
use crate::project::{Project, resolved, unusable};
use crate::words::Language;

/// Serves the site until the process is ended.
pub fn run(args: &ServeArgs, language: Language) -> Result<ExitStatus, Failure> {
    let start = edge::clock();
    let volume = Volume::of(&args.verbosity);
    let Project { directory, config, .. } = location(&args.site).open()?;
    // Changes from here on are not missed, and whoever asks already waits for an answer instead of
    // being turned away.
    let config_file =
        args.site.config.clone().unwrap_or_else(|| args.site.source.join("site.yaml"));
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
    let (access, doors) =
        preview::doors(args.host, listener.local_addr()?.port(), &editions.current().config)?;
    let settings = Settings { tells: !args.prod, leads: args.navigate, language };
    let preview =
        Arc::new(Preview::new(editions.current().clone(), edge::milliseconds(), access, settings));
    let server = preview.clone();
    let port = listener.local_addr()?.port();
    thread::spawn(move || preview::serve(&listener, &server));

    report::diagnostics(&mut found, volume, language);
    let posts = editions.current().site.posts.len();
    let ready = Ready {
        doors: &doors,
        wanted: args.port,
        port,
        posts,
        is_told: watch.is_told,
        took: start.elapsed(),
    };
    ready.print(language)?;
    if args.open {
        let url = doors.first().map_or("", |door| door.url.as_str());
        if let Err(error) = open::that_detached(url) {
            report::failure(
                &unusable(
                    say!("no browser could be opened: {}", error),
                    say!("open the address above"),
                ),
                ReportFormat::Human,
                language,
            );
        }
    }
    let mut is_kept = false;
    while let Some(changes) = watch.wait() {
        let start = edge::clock();
        let outcome = editions.next(&changes);
        let seen = Seen::new(&outcome, editions.changed(), is_kept);
        is_kept = match outcome {
            preview::Outcome::Refused(_) | preview::Outcome::RefusedAgain => true,
            preview::Outcome::New(_) | preview::Outcome::Unchanged => false,
        };
        preview.show(outcome);
        let took = start.elapsed();
        watch.follow(&editions.current().config.inputs());
        if let Some(seen) = seen {
            let time = editions
                .current()
                .config
                .zone
                .to_datetime(edge::now())
                .strftime("%H:%M:%S")
                .to_string();
            seen.print(editions.changed(), took, volume, &time, language)?;
        }
    }
    Ok(ExitStatus::Clean)
}
