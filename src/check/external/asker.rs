//! Asking other sites, politely: one request to a host at a time and a pause after it, heads before
//! bodies, and nothing again that was answered lately.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the one part of a check that speaks over a network, and answers have an age"
)]

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::public::PublicAddresses;
use super::{Answers, LinkAnswer};
use crate::route::{BaseUrl, encode_written};

/// Hosts that are asked at a time.
const HOSTS: usize = 8;
/// Addresses of one host that are asked in one run; the rest another time.
const PER_HOST: usize = 200;
const TIMEOUT: Duration = Duration::from_secs(15);
const REDIRECTS: usize = 5;
/// Number of answers after which all that are known are written down.
const KEPT_EACH: usize = 100;
/// Too Many Requests (RFC 6585).
const TOO_MANY: u16 = 429;
/// How long answers hold, in seconds.
const GOOD_FOR: u64 = 30 * 24 * 3_600;
const BAD_FOR: u64 = 24 * 3_600;

/// How other sites are asked.
#[derive(Clone, Copy, Debug)]
pub struct RequestSettings {
    /// How long to wait after each request to a host.
    pub pause: Duration,
    /// Whether this machine and its network may be asked: in tests only.
    pub allows_private_addresses: bool,
}

impl Default for RequestSettings {
    fn default() -> RequestSettings {
        RequestSettings { pause: Duration::from_secs(1), allows_private_addresses: false }
    }
}

/// Asks for each address that was not answered lately. `progress` is told how many of how many were
/// asked; `keep` is given what is known now and then, so that little is lost where the work is cut
/// off.
pub fn ask<'u>(
    addresses: impl Iterator<Item = &'u str>,
    mut answers: Answers,
    settings: RequestSettings,
    progress: &(dyn Fn(usize, usize) + Sync),
    keep: &(dyn Fn(&Answers) + Sync),
) -> Answers {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut hosts: BTreeMap<&str, VecDeque<&str>> = BTreeMap::new();
    for address in addresses {
        let kept = answers
            .kept
            .get(address)
            .filter(|kept| now.saturating_sub(kept.asked) < age(&kept.answer));
        if let Some(kept) = kept {
            answers.of.insert(address.to_owned(), kept.answer.clone());
            continue;
        }
        let queue = hosts.entry(host(address)).or_default();
        if queue.len() < PER_HOST {
            queue.push_back(address);
        } else {
            answers.left += 1;
        }
    }
    let all: usize = hosts.values().map(VecDeque::len).sum();
    // The longest first, so that none is waited for alone.
    let mut queues: Vec<VecDeque<&str>> = hosts.into_values().collect();
    queues.sort_by_key(VecDeque::len);
    let is_online = Arc::new(AtomicBool::new(false));
    let fetcher = AddressFetcher::new(settings, is_online.clone());
    let (queues, told) = (Mutex::new(queues), Mutex::new((answers, Vec::new())));
    thread::scope(|scope| {
        for _ in 0..HOSTS.min(all) {
            scope.spawn(|| {
                loop {
                    let Some(mut queue) = queues.lock().ok().and_then(|mut queues| queues.pop())
                    else {
                        return;
                    };
                    while let Some(address) = queue.pop_front() {
                        let answer = fetcher.answer(address);
                        let is_enough = answer == LinkAnswer::Unclear(TOO_MANY);
                        let Ok(mut told) = told.lock() else { return };
                        let (answers, no_hosts) = &mut *told;
                        answers.asked += 1;
                        progress(answers.asked, all);
                        if answer == LinkAnswer::NoHost {
                            no_hosts.push(address.to_owned());
                        } else {
                            answers.take(address, now, answer);
                        }
                        if answers.asked.is_multiple_of(KEPT_EACH) {
                            keep(answers);
                        }
                        // Who says that it is too much is asked another time.
                        if is_enough {
                            answers.left += queue.len();
                            queue.clear();
                        }
                        drop(told);
                        if !queue.is_empty() {
                            thread::sleep(settings.pause);
                        }
                    }
                }
            });
        }
    });
    let (mut answers, no_hosts) = told.into_inner().unwrap_or_default();
    for address in no_hosts {
        // Where no name at all was found, it is this machine that is cut off.
        let answer = if is_online.load(Ordering::Relaxed) {
            LinkAnswer::NoHost
        } else {
            LinkAnswer::Unclear(0)
        };
        answers.take(&address, now, answer);
    }
    keep(&answers);
    answers
}

fn age(answer: &LinkAnswer) -> u64 {
    if matches!(answer, LinkAnswer::There | LinkAnswer::Moved(_)) { GOOD_FOR } else { BAD_FOR }
}

/// Host and port of an address.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

/// Asks for single addresses.
struct AddressFetcher {
    agent: ureq::Agent,
    pause: Duration,
}

impl AddressFetcher {
    fn new(settings: RequestSettings, is_online: Arc<AtomicBool>) -> AddressFetcher {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            // A proxy would look names up by itself, where nobody sees to what they lead.
            .proxy(None)
            .user_agent(concat!(
                "sitegen/",
                env!("CARGO_PKG_VERSION"),
                " (checks the links of a static site)"
            ))
            .build();
        let resolver = PublicAddresses {
            names: DefaultResolver::default(),
            allows_private_addresses: settings.allows_private_addresses,
            is_online,
        };
        AddressFetcher {
            agent: ureq::Agent::with_parts(config, DefaultConnector::default(), resolver),
            pause: settings.pause,
        }
    }

    /// Follows one address to its end.
    fn answer(&self, address: &str) -> LinkAnswer {
        let mut at = address.to_owned();
        // Where it leads for good, and whether something on the way leads for now only.
        let (mut moved, mut is_for_now) = (None, false);
        for hop in 0..=REDIRECTS {
            if hop > 0 {
                thread::sleep(self.pause);
            }
            let encoded = encode_written(&at);
            let response = match self.agent.head(&encoded).call() {
                // Some hosts know no heads.
                Ok(response)
                    if matches!(response.status().as_u16(), 400 | 403 | 404 | 405 | 500 | 501) =>
                {
                    thread::sleep(self.pause);
                    self.agent.get(&encoded).call()
                }
                other => other,
            };
            let response = match response {
                Ok(response) => response,
                Err(ureq::Error::HostNotFound) => return LinkAnswer::NoHost,
                Err(ureq::Error::Io(error)) if error.kind() == ErrorKind::PermissionDenied => {
                    return LinkAnswer::Private;
                }
                Err(_) => return LinkAnswer::Unclear(0),
            };
            let status = response.status().as_u16();
            let to = response.headers().get("location").and_then(|to| to.to_str().ok());
            match (status, to) {
                (300..=399, Some(to)) => {
                    at = resolved(&at, to);
                    is_for_now |= !matches!(status, 301 | 308);
                    if !is_for_now {
                        moved = Some(at.clone());
                    }
                }
                (200..=399, _) => return moved.map_or(LinkAnswer::There, LinkAnswer::Moved),
                (404 | 410, _) => return LinkAnswer::Gone(status),
                _ => return LinkAnswer::Unclear(status),
            }
        }
        LinkAnswer::Unclear(0)
    }
}

/// Returns where a page at `from` leads by `to`.
fn resolved(from: &str, to: &str) -> String {
    let path = from
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..]))
        .unwrap_or("/");
    let origin = from.strip_suffix(path).unwrap_or(from);
    BaseUrl::parse(origin)
        .unwrap_or_default()
        .resolve(path.split(['?', '#']).next().unwrap_or(path), to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::external::ANSWERS;
    use crate::source::Fixture;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::Arc;

    /// A host that answers by the path, and counts what it was asked.
    fn start() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut line = String::new();
                let mut reader = BufReader::new(&stream);
                let _ = reader.read_line(&mut line);
                let mut rest = String::new();
                while reader.read_line(&mut rest).is_ok_and(|read| read > 2) {
                    rest.clear();
                }
                let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
                log.lock().unwrap().push(line.trim().to_owned());
                let head = match (path.as_str(), line.starts_with("HEAD")) {
                    ("/moved", _) => "301 Moved Permanently\r\nLocation: /there",
                    ("/away", _) => "302 Found\r\nLocation: there",
                    ("/round", _) => "302 Found\r\nLocation: /round",
                    ("/gone", _) => "404 Not Found",
                    ("/busy", _) => "503 Service Unavailable",
                    ("/no-heads", true) => "405 Method Not Allowed",
                    _ => "200 OK",
                };
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        (origin, asked)
    }

    #[test]
    fn links_are_asked_once_and_remembered() {
        let (origin, asked) = start();
        let settings = RequestSettings { pause: Duration::ZERO, allows_private_addresses: true };
        let urls: Vec<String> =
            ["/there", "/moved", "/away", "/round", "/gone", "/busy", "/no-heads"]
                .map(|path| format!("{origin}{path}"))
                .to_vec();
        let named = urls[0].replace("127.0.0.1", "localhost");
        let all =
            || urls.iter().map(String::as_str).chain(["http://no-such-host.invalid/", &named]);
        let answers = ask(all(), Answers::default(), settings, &|_, _| {}, &|_| {});
        let of = |path: &str| answers.of[&format!("{origin}{path}")].clone();
        assert_eq!(
            (of("/there"), of("/away"), of("/no-heads")),
            (LinkAnswer::There, LinkAnswer::There, LinkAnswer::There)
        );
        assert_eq!(
            (of("/moved"), of("/gone")),
            (LinkAnswer::Moved(format!("{origin}/there")), LinkAnswer::Gone(404))
        );
        assert_eq!((of("/busy"), of("/round")), (LinkAnswer::Unclear(503), LinkAnswer::Unclear(0)));
        assert_eq!(answers.of["http://no-such-host.invalid/"], LinkAnswer::NoHost);

        let before = asked.lock().unwrap().len();
        let kept =
            Answers::read(&Fixture::new([(ANSWERS, format!("{}broken\n", answers.print()))]));
        let again = ask(all(), kept, settings, &|_, _| {}, &|_| {});
        // Only what was not answered at all is asked again.
        assert_eq!((again.of == answers.of, again.asked), (true, 1));
        assert!(asked.lock().unwrap()[before..].iter().all(|line| line.contains("/round")));
    }

    #[test]
    fn the_keepers_own_network_is_left_alone() {
        let (origin, asked) = start();
        let answers = ask(
            [format!("{origin}/there")].iter().map(String::as_str),
            Answers::default(),
            RequestSettings::default(),
            &|_, _| {},
            &|_| {},
        );
        assert_eq!(answers.of[&format!("{origin}/there")], LinkAnswer::Private);
        assert!(asked.lock().unwrap().is_empty());
        // Cut off from all others, nothing can be said of one.
        let alone = ask(
            ["http://no-such-host.invalid/"].into_iter(),
            Answers::default(),
            RequestSettings::default(),
            &|_, _| {},
            &|_| {},
        );
        assert_eq!(
            (&alone.of["http://no-such-host.invalid/"], alone.print().as_str()),
            (&LinkAnswer::Unclear(0), "")
        );
    }

    #[test]
    fn a_host_is_not_asked_for_everything_at_once() {
        let (origin, _) = start();
        let urls: Vec<String> =
            (0..PER_HOST + 3).map(|number| format!("{origin}/{number}")).collect();
        let settings = RequestSettings { pause: Duration::ZERO, allows_private_addresses: true };
        let answers =
            ask(urls.iter().map(String::as_str), Answers::default(), settings, &|_, _| {}, &|_| {});
        assert_eq!((answers.asked, answers.left), (PER_HOST, 3));
    }
}
