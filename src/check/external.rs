//! Links to other sites: whether they still lead somewhere. Asked politely: one request to a host at a time and a pause after it,
//! heads before bodies, and nothing again that was answered lately.
#![expect(clippy::disallowed_methods, reason = "this is the one part of a check that speaks over a network, and answers have an age")]

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::route::BaseUrl;
use crate::source::{Source, SourcePath};
use crate::words::Message;

/// Where answers are kept in the site's folder. A cache: without it, all is asked again.
pub const ANSWERS: &str = ".sitegen/external";

/// Hosts that are asked at a time.
const HOSTS: usize = 8;
/// Addresses of one host that are asked in one run; the rest another time.
const PER_HOST: usize = 200;
const TIMEOUT: Duration = Duration::from_secs(15);
const REDIRECTS: usize = 5;
/// How long answers hold, in seconds.
const GOOD_FOR: u64 = 30 * 24 * 3_600;
const BAD_FOR: u64 = 24 * 3_600;

/// What became of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    There,
    /// Its page is at another address for good.
    Moved(String),
    /// There is no such page, or no such host.
    Gone(u16),
    NoHost,
    /// It may be there: the host was slow, in trouble, or does not speak to programs.
    Unclear(u16),
    /// It lies on this machine or in the keeper's own network, where no reader gets and no post has a say.
    Private,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    url: String,
    /// Seconds since 1970.
    asked: u64,
    answer: Answer,
}

/// The answers to what was asked, and what was left for another time.
#[derive(Debug, Default)]
pub struct Answers {
    pub of: BTreeMap<String, Answer>,
    pub left: usize,
    /// How many requests were made.
    pub asked: usize,
    kept: BTreeMap<String, Kept>,
}

impl Answers {
    /// As they were kept; a line that cannot be read is as good as none.
    pub fn read(source: &dyn Source) -> Answers {
        let bytes = source.read_if_present(&SourcePath::new(ANSWERS)).ok().flatten().unwrap_or_default();
        let kept = String::from_utf8_lossy(&bytes)
            .lines()
            .filter_map(|line| serde_json::from_str::<Kept>(line).ok())
            .map(|kept| (kept.url.clone(), kept))
            .collect();
        Answers { kept, ..Answers::default() }
    }

    /// For the next run, as JSON lines.
    pub fn print(&self) -> String {
        let lines = self.kept.values().filter_map(|kept| serde_json::to_string(kept).ok());
        lines.map(|line| line + "\n").collect()
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// How long to wait after each request to a host.
    pub pause: Duration,
    /// Whether this machine and its network may be asked: in tests only.
    pub may_stay_home: bool,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners { pause: Duration::from_secs(1), may_stay_home: false }
    }
}

/// Asks for each address that was not answered lately. `progress` is told how many of how many were asked.
pub fn ask<'u>(
    addresses: impl Iterator<Item = &'u str>,
    mut answers: Answers,
    manners: Manners,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Answers {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut hosts: BTreeMap<&str, VecDeque<&str>> = BTreeMap::new();
    for address in addresses {
        let kept = answers.kept.get(address).filter(|kept| now.saturating_sub(kept.asked) < age(&kept.answer));
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
    let (queues, found, done) = (Mutex::new(queues), Mutex::new(Vec::new()), AtomicUsize::new(0));
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("sitegen/", env!("CARGO_PKG_VERSION"), " (checks the links of a static site)"));
    let agent: ureq::Agent = config.build().into();
    thread::scope(|scope| {
        for _ in 0..HOSTS.min(all) {
            scope.spawn(|| {
                loop {
                    let Some(queue) = queues.lock().ok().and_then(|mut queues| queues.pop()) else { return };
                    for (number, address) in queue.iter().enumerate() {
                        if number > 0 {
                            thread::sleep(manners.pause);
                        }
                        let answer = answer(&agent, address, manners);
                        if let Ok(mut found) = found.lock() {
                            found.push(((*address).to_owned(), answer));
                        }
                        progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
                    }
                }
            });
        }
    });
    for (url, answer) in found.into_inner().unwrap_or_default() {
        answers.asked += 1;
        answers.kept.insert(url.clone(), Kept { url: url.clone(), asked: now, answer: answer.clone() });
        answers.of.insert(url, answer);
    }
    answers
}

fn age(answer: &Answer) -> u64 {
    if matches!(answer, Answer::There | Answer::Moved(_)) { GOOD_FOR } else { BAD_FOR }
}

/// Host and port of an address.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit_once('@').map_or(host, |(_, host)| host)
}

/// Follows one address to its end.
fn answer(agent: &ureq::Agent, address: &str, manners: Manners) -> Answer {
    let mut at = address.to_owned();
    let mut is_moved_for_good = false;
    for _ in 0..=REDIRECTS {
        match is_public(&at) {
            Some(true) => {}
            Some(false) if manners.may_stay_home => {}
            Some(false) => return Answer::Private,
            None => return Answer::NoHost,
        }
        let encoded = crate::route::encode_written(&at);
        let response = match agent.head(&encoded).call() {
            // Some hosts know no heads.
            Ok(response) if matches!(response.status().as_u16(), 400 | 403 | 404 | 405 | 500 | 501 | 503) => agent.get(&encoded).call(),
            other => other,
        };
        let Ok(response) = response else { return Answer::Unclear(0) };
        let status = response.status().as_u16();
        let to = response.headers().get("location").and_then(|to| to.to_str().ok());
        match (status, to) {
            (300..=399, Some(to)) => {
                is_moved_for_good |= matches!(status, 301 | 308);
                let path = at.split_once("://").and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..])).unwrap_or("/");
                let origin = at[..at.len() - if at.ends_with(path) { path.len() } else { 0 }].to_owned();
                let base = BaseUrl::parse(&origin).unwrap_or_default();
                at = base.resolve(path.split(['?', '#']).next().unwrap_or(path), to);
            }
            (200..=399, _) if is_moved_for_good => return Answer::Moved(at),
            (200..=399, _) => return Answer::There,
            (404 | 410, _) => return Answer::Gone(status),
            _ => return Answer::Unclear(status),
        }
    }
    Answer::Unclear(0)
}

/// Whether an address lies on the public internet. None where its host has no address at all.
fn is_public(address: &str) -> Option<bool> {
    let host = host(address);
    let default = if address.starts_with("https:") { 443 } else { 80 };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    let named = if has_port { host.to_owned() } else { format!("{host}:{default}") };
    let found: Vec<IpAddr> = named.to_socket_addrs().ok()?.map(|address| address.ip()).collect();
    (!found.is_empty()).then(|| found.iter().all(|address| is_public_address(address.to_canonical())))
}

fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            // Shared by carriers: RFC 6598. Reserved: RFC 1112, 4.
            let is_carriers = a == 100 && (64..128).contains(&b);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || address == Ipv4Addr::UNSPECIFIED
                || a == 0
                || a >= 240
                || is_carriers)
        }
        IpAddr::V6(address) => {
            !(address.is_loopback()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address == Ipv6Addr::UNSPECIFIED)
        }
    }
}

/// What is to be said of an answer; nothing of what is there.
pub fn says(address: &str, answer: &Answer) -> Option<(crate::diagnostic::Severity, Message)> {
    use crate::diagnostic::Severity::{Note, Warning};
    Some(match answer {
        Answer::There => return None,
        Answer::Moved(to) => (Note, say!("`{}` has moved to `{}`", address, to)),
        Answer::Gone(status) => (Warning, say!("`{}` is gone: the host answers {}", address, status.to_string())),
        Answer::NoHost => (Warning, say!("`{}` is gone: there is no such host", address)),
        Answer::Unclear(0) => (Note, say!("`{}` did not answer", address)),
        Answer::Unclear(status) => (Note, say!("`{}` may be there: the host answers {}", address, status.to_string())),
        Answer::Private => (Warning, say!("`{}` lies in a private network, and was not asked for", address)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
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
                let _ = write!(&stream, "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        (origin, asked)
    }

    #[test]
    fn links_are_asked_once_and_remembered() {
        let (origin, asked) = start();
        let manners = Manners { pause: Duration::ZERO, may_stay_home: true };
        let urls: Vec<String> =
            ["/there", "/moved", "/away", "/round", "/gone", "/busy", "/no-heads"].map(|path| format!("{origin}{path}")).to_vec();
        let all = || urls.iter().map(String::as_str).chain(["http://no-such-host.invalid/"]);
        let answers = ask(all(), Answers::default(), manners, &|_, _| {});
        let of = |path: &str| answers.of[&format!("{origin}{path}")].clone();
        assert_eq!((of("/there"), of("/away"), of("/no-heads")), (Answer::There, Answer::There, Answer::There));
        assert_eq!((of("/moved"), of("/gone")), (Answer::Moved(format!("{origin}/there")), Answer::Gone(404)));
        assert_eq!((of("/busy"), of("/round")), (Answer::Unclear(503), Answer::Unclear(0)));
        assert_eq!(answers.of["http://no-such-host.invalid/"], Answer::NoHost);

        let before = asked.lock().unwrap().len();
        let kept = Answers::read(&Fixture::new([(ANSWERS, format!("{}broken\n", answers.print()))]));
        let again = ask(all(), kept, manners, &|_, _| {});
        assert_eq!((again.of == answers.of, again.asked, asked.lock().unwrap().len()), (true, 0, before));
    }

    #[test]
    fn the_keepers_own_network_is_left_alone() {
        let (origin, asked) = start();
        let answers = ask([format!("{origin}/there")].iter().map(String::as_str), Answers::default(), Manners::default(), &|_, _| {});
        assert_eq!(answers.of[&format!("{origin}/there")], Answer::Private);
        assert!(asked.lock().unwrap().is_empty());
        for address in
            ["10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1"]
        {
            assert!(!is_public_address(address.parse::<IpAddr>().unwrap().to_canonical()), "{address}");
        }
        assert!(is_public_address("1.1.1.1".parse().unwrap()) && is_public_address("2606:4700::1111".parse().unwrap()));
    }

    #[test]
    fn a_host_is_not_asked_for_everything_at_once() {
        let (origin, _) = start();
        let urls: Vec<String> = (0..PER_HOST + 3).map(|number| format!("{origin}/{number}")).collect();
        let manners = Manners { pause: Duration::ZERO, may_stay_home: true };
        let answers = ask(urls.iter().map(String::as_str), Answers::default(), manners, &|_, _| {});
        assert_eq!((answers.asked, answers.left), (PER_HOST, 3));
    }
}
