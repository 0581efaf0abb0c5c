//! The preview: what it serves is what a build writes, after any edit; nobody but this machine is
//! answered, and nothing stops it.
//!
//! Through the real program and a socket. All waiting is asking again until a limit that no working
//! program reaches.
#![allow(
    clippy::disallowed_types,
    reason = "tests stand outside: they speak to the preview and set times of files"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use proptest::prelude::ProptestConfig;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngSeed, TestRunner};
use rayon::prelude::*;
use serde_json::Value;
use sitegen::config::Overrides;
use sitegen::preview::{Changes, Editions, Outcome};
use sitegen::project::Location;

use crate::edits::{Archive, CLOCKS, EDITS_OF_A_SITE, Edit, Step, Tree, needed, steps};
use crate::{Site, text};

const LIMIT: Duration = Duration::from_secs(20);
const CLOCK: &str = CLOCKS[0];

/// Asks again until there is an answer.
fn until<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(why) => assert!(start.elapsed() < LIMIT, "{what}: {why}"),
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// `sitegen serve`, until it is dropped.
struct Serving {
    child: Child,
    port: u16,
    /// The path of the address that was printed.
    home: String,
    said: Arc<Mutex<Vec<String>>>,
    /// What was said of problems.
    reported: Arc<Mutex<Vec<String>>>,
}

impl Serving {
    fn start(site: &Path, args: &[&str]) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
        command.args(["serve", "-s"]).arg(site);
        Serving::run(command, args)
    }

    /// As one begins it in the site's folder.
    fn within(site: &Path, args: &[&str]) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
        command.args(["serve", "-s", "."]).current_dir(site);
        Serving::run(command, args)
    }

    fn run(mut command: Command, args: &[&str]) -> Serving {
        command.args(args);
        if !args.contains(&"-p") {
            command.args(["-p", "0"]);
        }
        command.env("SOURCE_DATE_EPOCH", CLOCK).env("LC_ALL", "C").env("RUST_BACKTRACE", "0");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let said = lines(child.stdout.take().expect("a pipe"));
        let reported = lines(child.stderr.take().expect("a pipe"));
        let mut serving = Serving { child, port: 0, home: String::new(), said, reported };
        let url = until("serving", || {
            let url = serving
                .said()
                .iter()
                .find_map(|line| line.trim().strip_prefix("http://127.0.0.1:").map(str::to_owned));
            if let (None, Some(status)) = (&url, serving.child.try_wait().expect("a child")) {
                panic!("{status}: {:?}", serving.reported.lock());
            }
            url.ok_or_else(|| format!("{:?}", serving.said()))
        });
        let (port, path) = url.split_once('/').expect("a path");
        serving.port = port.parse().expect("a port");
        serving.home = format!("/{path}");
        serving
    }

    fn of(site: &Site, args: &[&str]) -> Serving {
        Serving::start(site.path(), args)
    }

    /// Lines on standard output.
    fn said(&self) -> Vec<String> {
        self.said.lock().expect("no panic").clone()
    }

    /// Waits until something is said of a problem, this often.
    fn reports(&self, what: &str, times: usize) {
        until(what, || {
            let reported = self.reported.lock().expect("no panic").join("\n");
            (reported.matches(what).count() >= times).then_some(()).ok_or(reported)
        });
    }

    /// Lines that tell of a change: they begin with the time.
    fn changes(&self) -> Vec<String> {
        let is_change = |line: &String| {
            line.len() > 10 && line.as_bytes()[2] == b':' && line.as_bytes()[5] == b':'
        };
        self.said().into_iter().filter(is_change).collect()
    }

    /// Every byte of the base path, without its slash at the end.
    fn base(&self) -> &str {
        self.home.trim_end_matches('/')
    }

    fn connect(&self) -> Connection {
        Connection::open(self.port)
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[])
    }

    fn ask(&self, method: &str, target: &str, fields: &[&str]) -> Answer {
        let mut connection = self.connect();
        connection.request(method, target, &[fields, &["Connection: close"]].concat());
        connection
            .answer(method == "HEAD")
            .unwrap_or_else(|error| panic!("{method} {target}: {error}"))
    }

    /// The answer to bytes that need not be a request; none where the connection is closed without
    /// one.
    fn raw(&self, bytes: &[u8]) -> io::Result<Answer> {
        let mut connection = self.connect();
        // The server may hang up before it has heard everything.
        let _ = connection.send(bytes);
        let _ = connection.stream.get_ref().shutdown(Shutdown::Write);
        connection.answer(false)
    }

    /// Waits for a page that holds one text and not another.
    fn shows(&self, target: &str, some: &str, none: &str) {
        until(target, || {
            let answer = self.get(target);
            let (body, status) = (text(&answer.body), answer.status);
            let is_as_wanted =
                status == 200 && body.contains(some) && (none.is_empty() || !body.contains(none));
            is_as_wanted
                .then_some(())
                .ok_or_else(|| format!("{status}, not {some:?} without {none:?}\n{body}"))
        });
    }

    fn becomes(&self, target: &str, status: u16) {
        until(target, || {
            let answer = self.get(target);
            (answer.status == status)
                .then_some(())
                .ok_or_else(|| format!("{}, not {status}", answer.status))
        });
    }

    /// An open page.
    fn events(&self) -> Events {
        let mut connection = self.connect();
        connection.request("GET", &format!("{}/.sitegen/events", self.base()), &[]);
        let (status, fields) = connection.head().expect("a stream");
        let head = Answer { status, fields, body: Vec::new() };
        assert_eq!(
            (head.status, head.field("content-type")),
            (200, "text/event-stream"),
            "{head:?}"
        );
        Events(connection)
    }

    /// Every file of a build at its address: all equal, or the first that is not.
    fn compare(&self, tree: &Tree) -> Result<(), String> {
        self.compare_but_for(tree, None)
    }

    /// As [`Serving::compare`], where pages with another status are passed over.
    fn compare_but_for(&self, tree: &Tree, failed: Option<u16>) -> Result<(), String> {
        let mut connection = self.connect();
        for (file, bytes) in tree.iter().filter(|(file, _)| *file != ".sitegen-files") {
            let target = self.address(file);
            connection.request("GET", &target, &[]);
            let answer = connection.answer(false).map_err(|error| format!("{target}: {error}"))?;
            if Some(answer.status) == failed {
                continue;
            }
            if answer.status == 301 {
                let location = answer.field("location");
                if !text(bytes).contains(&format!("{location}\">")) {
                    return Err(format!("{target} leads to {location:?}, not as\n{}", text(bytes)));
                }
            } else if answer.status != 200 {
                return Err(format!("{target}: {}\n{}", answer.status, text(&answer.body)));
            }
            if answer.body != *bytes {
                let at =
                    bytes.iter().zip(&answer.body).take_while(|(one, other)| one == other).count();
                let near = |bytes: &[u8]| {
                    text(
                        &bytes[at.saturating_sub(60).min(bytes.len())..(at + 140).min(bytes.len())],
                    )
                };
                return Err(format!(
                    "{target} differs at byte {at}\nbuilt:  …{}\nserved: …{}",
                    near(bytes),
                    near(&answer.body)
                ));
            }
        }
        Ok(())
    }

    /// The address of a file of a build.
    fn address(&self, file: &str) -> String {
        let path = if file == "index.html" {
            ""
        } else {
            file.strip_suffix("/index.html").map_or(file, |_| &file[..file.len() - 10])
        };
        format!("{}/{}", self.base(), encoded(path))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe as they come.
fn lines(pipe: impl Read + Send + 'static) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = lines.clone();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            kept.lock().expect("no panic").push(line);
        }
    });
    lines
}

/// All but letters, digits and marks that never need it.
fn encoded(path: &str) -> String {
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(byte).collect()
}

#[derive(Debug)]
struct Answer {
    status: u16,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// A field of the head; empty where there is none.
    fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
}

/// One connection: bytes there, answers back.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(port: u16) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the preview listens");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        stream.set_write_timeout(Some(LIMIT)).expect("a limit");
        Connection { stream: BufReader::new(stream) }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    fn request(&mut self, method: &str, target: &str, fields: &[&str]) {
        let host = self.stream.get_ref().peer_addr().expect("a peer");
        let fields: String = fields.iter().flat_map(|field| [field, "\r\n"]).collect();
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n").as_bytes())
            .expect("the preview hears");
    }

    fn head(&mut self) -> io::Result<(u16, Vec<(String, String)>)> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.strip_suffix("\r\n").expect("a line of a head") {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let status = lines[0]
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok())
            .expect("a status");
        let field = |line: &String| {
            line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        };
        Ok((status, lines[1..].iter().map(|line| field(line).expect("a field")).collect()))
    }

    /// The next answer, whose body is as long as it says.
    fn answer(&mut self, is_head: bool) -> io::Result<Answer> {
        let (status, fields) = self.head()?;
        let mut answer = Answer { status, fields, body: Vec::new() };
        if !is_head && status != 304 {
            answer.body = vec![0; answer.field("content-length").parse().expect("a length")];
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// Whether the preview has nothing more to say.
    fn is_closed(&mut self) -> bool {
        self.stream.read(&mut [0]).is_ok_and(|read| read == 0)
    }
}

/// A page that waits for changes.
struct Events(Connection);

impl Events {
    fn next(&mut self) -> Value {
        self.wait("an event", |_| true)
    }

    /// The next event that is as wanted.
    fn wait(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let (start, mut last) = (Instant::now(), Value::Null);
        loop {
            let mut line = String::new();
            let read = self.0.stream.read_line(&mut line).expect("the stream goes on");
            assert_ne!(read, 0, "the stream has ended");
            if let Some(event) = line.strip_prefix("data: ") {
                last = serde_json::from_str(event).expect("JSON");
                if is_wanted(&last) {
                    return last;
                }
            }
            assert!(start.elapsed() < LIMIT, "{what}, but {last}");
        }
    }

    /// The first problem that is told, as `path:line:column`.
    fn problem(&mut self) -> String {
        let event = self.wait("a problem", |event| {
            event["problems"].as_array().is_some_and(|problems| !problems.is_empty())
        });
        let problem = &event["problems"][0];
        assert!(problem["message"].as_str().is_some_and(|message| !message.is_empty()), "{event}");
        format!(
            "{}:{}:{}",
            problem["path"].as_str().unwrap_or_default(),
            problem["line"],
            problem["column"]
        )
    }

    fn relief(&mut self) {
        self.wait("no problem", |event| event["problems"].as_array().is_some_and(Vec::is_empty));
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0\0\0\0\0";

/// A site with something of everything.
fn site() -> Site {
    let site = Site::new(&[
        (
            "site.yaml",
            "title: 旧报\nbase_url: https://example.org/sub\npaginate: 2\ntheme: jian\nfeeds: {terms: {content: full}}\n",
        ),
        (
            "posts/2023-04-11-甲.md",
            "---\ntitle: 甲\nauthor: 林间书\ntags: [辛顿, 风]\naliases: [/old/1.html, /旧址/]\n---\n风从海上来。见[乙](2023-05-11-乙.md)。\n",
        ),
        (
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\nauthor: 许望舒\ntags: [辛顿]\n---\n雨从山上来。\n\n![图](/img/a.png)\n",
        ),
        (
            "posts/深/2023-06-11-丙.md",
            "---\ntitle: 丙\ntags: [风, C++]\ncategories: 随笔\n---\n雪。\n\n```rust\nlet x = 1;\n```\n",
        ),
        ("posts/2023-07-11-丁.md", "---\ntitle: 丁\n---\n第四篇。\n"),
        ("pages/about.md", "---\ntitle: 关于\n---\n见[甲](../posts/2023-04-11-甲.md)。\n"),
        (
            "pages/own.html",
            "<!doctype html><html><head><title>own</title></head><body>自己的</body></html>\n",
        ),
        ("data/authors.yaml", "林间书: {bio: 写旧事。}\n"),
        ("static/style/own.css", "p{}\n"),
        ("static/own.js", "1;\n"),
        ("static/own.json", "{}\n"),
        ("static/own.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n"),
        ("static/plain.html", "<p>没有头</p>\n"),
        ("static/文 件 100%.txt", "名字里有空格\n"),
        ("static/.well-known/security.txt", "Contact: a\n"),
        ("static/.nojekyll", ""),
        ("static/empty.txt", ""),
        ("static/CNAME", "example.org\n"),
    ]);
    site.write("static/img/a.png", PNG);
    let song: Vec<u8> = (0..300_000_u32).map(|at| at.to_le_bytes()[(at % 2) as usize]).collect();
    site.write("static/song.mp3", song);
    site
}

/// The files that a fresh build of a site leaves. Nothing of it stays in the site's folder.
fn built(site: &Path) -> Tree {
    let aside = tempfile::tempdir().expect("a temporary folder");
    let copy = aside.path().join("site");
    copy_folder(site, &copy);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
    command
        .args(["build", "-s"])
        .arg(&copy)
        .arg("-o")
        .arg(aside.path().join("out"))
        .env("SOURCE_DATE_EPOCH", CLOCK)
        .env("LC_ALL", "C");
    let output = command.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut files = Tree::new();
    for entry in walkdir::WalkDir::new(aside.path().join("out")) {
        let entry = entry.expect("the tree can be walked");
        if entry.file_type().is_file() && entry.file_name() != ".sitegen-files" {
            let path = entry.path().strip_prefix(aside.path().join("out")).expect("below the root");
            files.insert(
                path.to_str().expect("UTF-8").replace('\\', "/"),
                fs::read(entry.path()).expect("files can be read"),
            );
        }
    }
    files
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("files can be copied");
        }
    }
}

/// Without the tag by which a preview differs from a build.
fn without_script(html: &[u8]) -> Vec<u8> {
    let html = text(html);
    let Some(start) = html.find("<script src=\"/sub/.sitegen/preview.js\"") else {
        return html.into_bytes();
    };
    let end = start + html[start..].find("</script>").expect("its end") + "</script>".len();
    format!("{}{}", &html[..start], &html[end..]).into_bytes()
}

#[test]
fn what_is_served_is_what_a_build_writes() {
    let site = site();
    let tree = built(site.path());
    let serving = Serving::of(&site, &["--prod"]);
    assert_eq!(serving.home, "/sub/");
    assert!(
        tree.len() > 60 && tree.contains_key("_redirects") && tree.contains_key(".nojekyll"),
        "{:?}",
        tree.keys()
    );
    assert_eq!(serving.compare(&tree), Ok(()));
    // Old addresses lead on, with the page that says so.
    for file in ["old/1.html", "旧址/index.html"] {
        let answer = serving.get(&serving.address(file));
        assert_eq!(
            (answer.status, answer.field("location")),
            (301, "/sub/2023/04/11/%E7%94%B2/"),
            "{file}"
        );
        assert_eq!(answer.field("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.body, tree[file], "{file}");
    }
    // The page for missing addresses stands at any of them.
    for target in ["/sub/nowhere", "/sub/2023/04/11/", "/sub/nowhere/a.css", "/sub/%E6%97%A0"] {
        let answer = serving.get(target);
        assert_eq!(
            (answer.status, answer.field("content-type")),
            (404, "text/html; charset=utf-8"),
            "{target}"
        );
        assert_eq!(answer.body, tree["404.html"], "{target}");
    }
    // Nothing else is there.
    for target in ["/sub/.sitegen/events", "/sub/.sitegen/preview.js"] {
        assert_eq!(serving.get(target).status, 404, "{target}");
    }
}

#[test]
fn only_a_script_is_added() {
    let site = site();
    let tree = built(site.path());
    let serving = Serving::of(&site, &[]);
    let mut pages = 0;
    for (file, bytes) in &tree {
        let answer = serving.get(&serving.address(file));
        let is_page = answer.status == 200 && file.ends_with(".html");
        let body = if is_page { without_script(&answer.body) } else { answer.body.clone() };
        assert!(body == *bytes, "{file}: {}\n{}", answer.status, text(&answer.body));
        assert_eq!(body.len() < answer.body.len(), is_page, "{file}");
        pages += usize::from(is_page);
    }
    assert!(pages > 20, "{pages} pages");
    assert_eq!(without_script(&serving.get("/sub/nowhere").body), tree["404.html"]);
    let script = serving.get("/sub/.sitegen/preview.js");
    assert_eq!(
        (script.status, script.field("content-type")),
        (200, "text/javascript; charset=utf-8")
    );
    assert!(
        text(&serving.get("/sub/").body)
            .contains("<script src=\"/sub/.sitegen/preview.js\" data-edition=\"")
    );
}

#[test]
fn addresses_lead_where_a_host_leads() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    // As browsers send them, and raw.
    for target in [
        "/sub/2023/04/11/%E7%94%B2/",
        "/sub/2023/04/11/%e7%94%b2/",
        "/sub/2023/04/11/甲/",
        "/sub/2023/04/11/甲/?a=b#c",
    ] {
        let answer = serving.get(target);
        assert_eq!(answer.status, 200, "{target}");
        assert!(text(&answer.body).contains("风从海上来"), "{target}");
    }
    for target in [
        "/sub/tags/辛顿/",
        "/sub/tags/%E8%BE%9B%E9%A1%BF/",
        "/sub/文%20件%20100%25.txt",
        "/sub/tags/C++/",
        "/sub/tags/C%2B%2B/",
    ] {
        assert_eq!(serving.get(target).status, 200, "{target}");
    }
    assert_eq!(serving.get(&format!("http://127.0.0.1:{}/sub/about/", serving.port)).status, 200);
    let leads = |target: &str| {
        let answer = serving.get(target);
        (answer.status, answer.field("location").to_owned())
    };
    let to = |target: &str| (301, target.to_owned());
    for target in ["/sub/tags/辛顿", "/sub/tags/%E8%BE%9B%E9%A1%BF"] {
        assert_eq!(leads(target), to("/sub/tags/%E8%BE%9B%E9%A1%BF/"));
    }
    assert_eq!(
        leads("/sub/tags/辛顿?page=1&q=%E9%A3%8E"),
        to("/sub/tags/%E8%BE%9B%E9%A1%BF/?page=1&q=%E9%A3%8E")
    );
    assert_eq!(leads("/sub/about"), to("/sub/about/"));
    assert_eq!(
        (leads("/"), leads("/sub"), leads("/sub?a=b")),
        (to("/sub/"), to("/sub/"), to("/sub/?a=b"))
    );
    assert_eq!(leads("/sub/old/1.html?x=y").0, 301);
    let home = serving.get("/sub/").body;
    let index = serving.get("/sub/index.html");
    assert!(index.status == 200 && index.body == home);
    assert_eq!(serving.get("/sub/about/index.html").body, serving.get("/sub/about/").body);
    for target in [
        "/about/",
        "/subterfuge/",
        "/su",
        "/index.html",
        "/rss.xml",
        "/sub/about/nothing",
        "/sub/own.css/",
    ] {
        let answer = serving.get(target);
        assert_eq!((answer.status, answer.field("location")), (404, ""), "{target}");
    }
}

/// An address that names another host leads nowhere else, with a base path and without.
#[test]
fn nothing_leads_to_another_host() {
    let plain = Site::new(&[
        ("site.yaml", "title: x\nbase_url: https://example.org\n"),
        (
            "posts/2023-01-01-a.md",
            "---\ntitle: a\naliases: [//evil.example/old, '/\\evil.example']\n---\na\n",
        ),
        ("pages/evil.example.md", "---\ntitle: e\n---\ne\n"),
    ]);
    let site = site();
    let both = [Serving::of(&plain, &[]), Serving::of(&site, &[])];
    let targets = [
        "//evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "/%2fevil.example",
        "/%2f%2fevil.example/",
        "//evil.example/..",
        "//evil.example/%2e%2e",
        "/%0d%0aLocation:%20http://evil.example/",
        "/sub//evil.example",
        "/sub//about",
        "/sub/\\evil.example",
        "/sub?//evil.example",
        "/http://evil.example",
        "/evil.example",
        "/evil.example?%0d%0aX:y",
    ];
    for serving in both {
        for target in targets {
            let answer = serving.get(target);
            let location = answer.field("location");
            let is_ours = location.is_empty()
                || (location.starts_with('/') && !location[1..].starts_with(['/', '\\']));
            assert!(
                is_ours && [200, 301, 400, 404].contains(&answer.status),
                "{target}: {} {location:?}",
                answer.status
            );
            assert!(answer.status != 301 || !location.is_empty(), "{target}");
            assert_eq!(answer.field("x"), "", "{target}");
        }
    }
}

#[test]
fn every_answer_says_what_it_is() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    for (target, is) in [
        ("/sub/", "text/html; charset=utf-8"),
        ("/sub/own.html", "text/html; charset=utf-8"),
        ("/sub/plain.html", "text/html; charset=utf-8"),
        ("/sub/style/own.css", "text/css; charset=utf-8"),
        ("/sub/own.js", "text/javascript; charset=utf-8"),
        ("/sub/rss.xml", "application/xml; charset=utf-8"),
        ("/sub/sitemap.xml", "application/xml; charset=utf-8"),
        ("/sub/feed.json", "application/json; charset=utf-8"),
        ("/sub/own.json", "application/json; charset=utf-8"),
        ("/sub/own.svg", "image/svg+xml; charset=utf-8"),
        ("/sub/img/a.png", "image/png"),
        ("/sub/song.mp3", "audio/mpeg"),
        ("/sub/robots.txt", "text/plain; charset=utf-8"),
        ("/sub/empty.txt", "text/plain; charset=utf-8"),
        ("/sub/.well-known/security.txt", "text/plain; charset=utf-8"),
        ("/sub/CNAME", "text/plain; charset=utf-8"),
    ] {
        let answer = serving.get(target);
        assert_eq!((answer.status, answer.field("content-type")), (200, is), "{target}");
        assert_eq!(answer.field("cache-control"), "no-store", "{target}");
        assert_eq!(answer.field("x-content-type-options"), "nosniff", "{target}");
        assert_eq!(
            answer.field("content-security-policy").is_empty(),
            !is.starts_with("text/html"),
            "{target}"
        );
        // HEAD says the same, and nothing else.
        let mut connection = serving.connect();
        connection.request("HEAD", target, &["Connection: close"]);
        let head = connection.answer(true).expect("an answer");
        assert_eq!((head.status, &head.fields), (200, &answer.fields), "{target}");
        assert!(connection.is_closed(), "{target} has a body");
        // Who has it need not get it again.
        let etag = answer.field("etag");
        assert!(
            etag.len() > 10 && etag.starts_with('"') && etag.ends_with('"'),
            "{target}: {etag}"
        );
        for known in [etag, "*", &format!("W/{etag}"), &format!("\"a\", {etag}")] {
            let again = serving.ask("GET", target, &[&format!("If-None-Match: {known}")]);
            assert_eq!((again.status, again.field("etag")), (304, etag), "{target}");
            assert_eq!(again.field("content-length"), "", "{target}");
        }
        assert_eq!(
            serving.ask("GET", target, &["If-None-Match: \"other\""]).status,
            200,
            "{target}"
        );
    }
    for target in ["/sub/nowhere", "/sub/tags", "/sub/old/1.html", "/"] {
        let answer = serving.get(target);
        assert!(answer.status >= 300 && answer.field("cache-control") == "no-store", "{target}");
        assert_eq!(serving.ask("HEAD", target, &[]).fields, answer.fields, "{target}");
    }
}

#[test]
fn parts_of_pages_and_files() {
    let site = site();
    for args in [&["--prod"][..], &[]] {
        let serving = Serving::of(&site, args);
        for target in ["/sub/song.mp3", "/sub/", "/sub/rss.xml"] {
            let whole = serving.get(target);
            let (length, etag) = (whole.body.len(), whole.field("etag"));
            assert_eq!((whole.status, whole.field("accept-ranges")), (200, "bytes"), "{target}");
            let part = |range: &str, fields: &[&str]| {
                let answer =
                    serving.ask("GET", target, &[fields, &[&format!("Range: {range}")]].concat());
                let said = answer.field("content-range").to_owned();
                (answer.status, said, answer.body)
            };
            let is = |from: usize, to: usize| {
                (206, format!("bytes {from}-{}/{length}", to - 1), whole.body[from..to].to_vec())
            };
            let all = (200, String::new(), whole.body.clone());
            let none = (416, format!("bytes */{length}"), Vec::new());
            for (range, due) in [
                ("bytes=0-0", is(0, 1)),
                ("bytes=0-99", is(0, 100)),
                ("bytes=100-", is(100, length)),
                ("bytes=-10", is(length - 10, length)),
                ("bytes=0-99999999", is(0, length)),
                ("bytes=-99999999", is(0, length)),
                (&format!("bytes={}-", length - 1), is(length - 1, length)),
                (&format!("bytes={length}-"), none.clone()),
                ("bytes=99999999-", none.clone()),
                ("bytes=-0", none.clone()),
                ("bytes=5-1", all.clone()),
                ("bytes=0-1,5-6", all.clone()),
                ("lines=0-1", all.clone()),
                ("bytes=a-b", all.clone()),
            ] {
                assert!(part(range, &[]) == due, "{target} {range}: {:?}", part(range, &[]).1);
            }
            assert!(part("bytes=1-2", &[&format!("If-Range: {etag}")]) == is(1, 3), "{target}");
            assert!(part("bytes=1-2", &["If-Range: \"other\""]) == all, "{target}");
            assert!(
                part("bytes=1-2", &["If-Range: Wed, 21 Oct 2015 07:28:00 GMT"]) == all,
                "{target}"
            );
            let head = serving.ask("HEAD", target, &[]);
            assert_eq!(
                (head.status, head.field("content-length")),
                (200, &*length.to_string()),
                "{target}"
            );
        }
        let missing = serving.ask("GET", "/sub/nowhere", &["Range: bytes=0-1"]);
        assert!(missing.status == 404 && missing.body.len() > 100);
        assert_eq!(serving.ask("GET", "/sub/empty.txt", &["Range: bytes=0-"]).status, 416);
    }
}

#[test]
fn connections_are_kept_or_closed() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let mut connection = serving.connect();
    for target in ["/sub/", "/sub/song.mp3", "/sub/nowhere", "/sub/tags", "/sub/about/"] {
        connection.request("GET", target, &[]);
        let answer = connection.answer(false).expect("an answer");
        assert_eq!(answer.field("connection"), "keep-alive", "{target}");
        connection.request("HEAD", target, &[]);
        assert_eq!(connection.answer(true).expect("an answer").status, answer.status, "{target}");
        connection.request("GET", target, &[&format!("If-None-Match: {}", answer.field("etag"))]);
        assert!(
            [304, answer.status].contains(&connection.answer(false).expect("an answer").status),
            "{target}"
        );
    }
    // Two at once are answered in their order.
    let host = format!("Host: localhost:{}\r\n\r\n", serving.port);
    connection
        .send(
            format!("GET /sub/own.css HTTP/1.1\r\n{host}GET /sub/own.js HTTP/1.1\r\n{host}")
                .as_bytes(),
        )
        .expect("heard");
    assert_eq!(connection.answer(false).expect("an answer").status, 404);
    assert_eq!(connection.answer(false).expect("an answer").body, b"1;\n");
    connection.request("GET", "/sub/", &["Connection: close"]);
    assert_eq!(connection.answer(false).expect("an answer").field("connection"), "close");
    assert!(connection.is_closed());
    // Before 1.1 a connection was for one request.
    let mut old = serving.connect();
    old.send(format!("GET /sub/own.js HTTP/1.0\r\n{host}").as_bytes()).expect("heard");
    let answer = old.answer(false).expect("an answer");
    assert_eq!(
        (answer.status, answer.field("connection"), &answer.body[..]),
        (200, "close", &b"1;\n"[..])
    );
    assert!(old.is_closed());
}

#[test]
fn what_lies_outside_stays_outside() {
    let site = site();
    let outside =
        Site::new(&[("secret.txt", "SECRET-OUTSIDE"), ("folder/secret.txt", "SECRET-OUTSIDE")]);
    for file in [
        ".git/config",
        ".env",
        ".sitegen/ledger",
        "static/.env",
        "static/.git/config",
        "static/.sitegen/ledger",
        "posts/.hidden.md",
    ] {
        site.write(file, "SECRET-INSIDE");
    }
    site.write("static/own.js~", "SECRET-INSIDE");
    #[cfg(unix)]
    for (to, name) in [
        (outside.path().join("secret.txt"), "static/leak.txt"),
        (outside.path().join("folder"), "static/leak"),
        (outside.path().join("secret.txt"), "pages/leak.html"),
        (outside.path().join("secret.txt"), "posts/2023-01-01-leak.md"),
        ("/etc".into(), "static/etc"),
    ] {
        std::os::unix::fs::symlink(to, site.path().join(name)).expect("links can be made");
    }
    let ups = [
        "../../../../../../../..",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e",
        "..%2f..%2f..%2f..%2f..%2f..",
        "..%5c..%5c..%5c..",
        "..\\..\\..\\..",
    ];
    let more = [
        "%252e%252e/%252e%252e/%252e%252e/%252e%252e",
        "%252e%252e%252f%252e%252e%252f%252e%252e",
        ".%2e/.%2e/.%2e/.%2e",
        "....//....//....//....",
        "..;/..;/..;",
        "%c0%ae%c0%ae/%c0%ae%c0%ae",
        "img/../../../../../../..",
        "./..",
    ];
    let hidden = [
        ".git/config",
        ".env",
        ".sitegen/ledger",
        ".sitegen/",
        ".sitegen",
        "%2egit/config",
        "own.js~",
        "site.yaml",
        "posts/2023-04-11-甲.md",
    ];
    let linked = [
        "leak.txt",
        "leak/secret.txt",
        "leak.html",
        "leak/",
        "2023/01/01/leak/",
        "etc/passwd",
        "etc/hostname",
    ];
    for args in [&["--prod"][..], &[]] {
        let serving = Serving::of(&site, args);
        let outside_of = |up: &&str| {
            let below =
                ["etc/passwd", "secret.txt", "site.yaml", "posts/2023-04-11-甲.md", ".git/config"];
            below
                .iter()
                .flat_map(|file| [format!("/{up}/{file}"), format!("/sub/{up}/{file}")])
                .collect::<Vec<String>>()
        };
        let targets = ups.iter().chain(&more).flat_map(outside_of);
        let targets = targets.chain(
            hidden
                .iter()
                .chain(&linked)
                .flat_map(|file| [format!("/{file}"), format!("/sub/{file}")]),
        );
        for target in targets.chain([
            "/etc/passwd".into(),
            "//etc/passwd".into(),
            "/sub//etc/passwd".into(),
            "/sub/own.js%00.png".into(),
        ]) {
            let answer = serving.get(&target);
            assert!([400, 404].contains(&answer.status), "{target}: {}", answer.status);
            let body = text(&answer.body);
            assert!(
                !body.contains("SECRET") && !body.contains("root:") && !body.contains("title:"),
                "{target}\n{body}"
            );
        }
        assert_eq!(serving.get("/sub/own.js").status, 200);
    }
    // A file or a folder that becomes a link while it is shown.
    #[cfg(unix)]
    {
        let serving = Serving::of(&site, &[]);
        site.write("static/later/secret.txt", "mine");
        site.write("static/late.txt", "mine");
        serving.shows("/sub/later/secret.txt", "mine", "");
        serving.shows("/sub/late.txt", "mine", "");
        fs::rename(site.path().join("static/later"), site.path().join("static/now"))
            .expect("folders can be renamed");
        std::os::unix::fs::symlink(outside.path().join("folder"), site.path().join("static/later"))
            .expect("links can be made");
        site.remove("static/late.txt");
        std::os::unix::fs::symlink(
            outside.path().join("secret.txt"),
            site.path().join("static/late.txt"),
        )
        .expect("links can be made");
        for target in ["/sub/later/secret.txt", "/sub/late.txt"] {
            until(target, || {
                let mut connection = serving.connect();
                connection.request("GET", target, &["Connection: close"]);
                let mut heard = Vec::new();
                connection.stream.read_to_end(&mut heard).expect("the preview answers");
                assert!(!text(&heard).contains("SECRET"), "{target}");
                heard.starts_with(b"HTTP/1.1 404 ").then_some(()).ok_or_else(|| text(&heard))
            });
        }
        serving.shows("/sub/now/secret.txt", "mine", "");
    }
}

#[test]
fn other_sites_are_not_answered() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let port = serving.port;
    let status = |fields: &str| {
        serving
            .raw(format!("GET /sub/ HTTP/1.1\r\n{fields}Connection: close\r\n\r\n").as_bytes())
            .expect("an answer")
    };
    let here = format!("Host: localhost:{port}\r\n");
    for fields in [
        here.clone(),
        format!("Host: 127.0.0.1:{port}\r\n"),
        format!("Host: [::1]:{port}\r\n"),
        format!("{here}Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n"),
        format!("{here}Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n"),
        format!("{here}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"),
    ] {
        assert_eq!(status(&fields).status, 200, "{fields}");
    }
    for (fields, due) in [
        ("Host: evil.example\r\n".to_owned(), 403),
        (format!("Host: evil.example:{port}\r\n"), 403),
        (format!("Host: localhost.evil.example:{port}\r\n"), 403),
        (format!("Host: evil.example@localhost:{port}\r\n"), 403),
        ("Host: \r\n".to_owned(), 403),
        ("Host: 10.0.0.1\r\n".to_owned(), 403),
        (String::new(), 400),
        (format!("{here}{here}"), 400),
        (format!("{here}Host: evil.example\r\n"), 400),
        (format!("{here}Origin: https://evil.example\r\n"), 403),
        (format!("{here}Origin: http://localhost.evil.example:{port}\r\n"), 403),
        (format!("{here}Origin: null\r\n"), 403),
        (format!("{here}Origin: \r\n"), 403),
        (format!("{here}Sec-Fetch-Site: cross-site\r\n"), 403),
        (format!("{here}Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403),
        (format!("{here}Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n"), 403),
    ] {
        let answer = status(&fields);
        assert_eq!(answer.status, due, "{fields}");
        let body = text(&answer.body);
        assert!(
            !body.contains("旧报") && answer.field("access-control-allow-origin").is_empty(),
            "{fields}\n{body}"
        );
    }
    // Neither what is wrong nor what has changed.
    for fields in ["Host: evil.example", "Origin: https://evil.example"] {
        let mut connection = serving.connect();
        let host = if fields.starts_with("Host") { String::new() } else { here.clone() };
        connection
            .send(format!("GET /sub/.sitegen/events HTTP/1.1\r\n{host}{fields}\r\n\r\n").as_bytes())
            .expect("heard");
        assert_eq!(connection.answer(false).expect("an answer").status, 403, "{fields}");
    }
}

#[test]
fn whatever_is_sent_the_preview_goes_on() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let host = format!("Host: 127.0.0.1:{}\r\n", serving.port);
    let status =
        |bytes: &[u8]| serving.raw(bytes).map(|answer| answer.status).map_err(|error| error.kind());
    let request = |line: &[u8], fields: &str| {
        [line, b" HTTP/1.1\r\n", host.as_bytes(), fields.as_bytes(), b"\r\n"].concat()
    };
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "BREW"] {
        for target in ["/sub/", "/sub/own.js", "/sub/.sitegen/events", "/nowhere"] {
            let answer = serving.ask(method, target, &[]);
            assert_eq!(
                (answer.status, answer.field("allow")),
                (405, "GET, HEAD"),
                "{method} {target}"
            );
        }
    }
    assert_eq!(
        status(&request(
            b"POST /sub/",
            &format!("Content-Length: 100000\r\n\r\n{}", "x".repeat(100_000))
        )),
        Ok(405)
    );
    assert_eq!(status(&request(b"GET /sub/own.js", "Content-Length: 9\r\n\r\n123456789")), Ok(200));
    // Longer and more than servers take.
    assert_eq!(
        status(&request(b"GET /sub/", &format!("X-Long: {}\r\n", "x".repeat(100 << 10)))),
        Ok(431)
    );
    assert_eq!(status(&request(b"GET /sub/", &"X-Many: y\r\n".repeat(500))), Ok(431));
    assert_eq!(status(&request(format!("GET /{}", "a".repeat(100 << 10)).as_bytes(), "")), Ok(431));
    assert_eq!(
        status(&request(format!("GET /sub/{}", "a".repeat(14 << 10)).as_bytes(), "")),
        Ok(404)
    );
    assert_eq!(
        status(&request(format!("GET /sub{}", "/a".repeat(7 << 10)).as_bytes(), "")),
        Ok(404)
    );
    assert_eq!(
        status(&request(format!("GET /sub/{}", "%E7%94%B2".repeat(1_500)).as_bytes(), "")),
        Ok(404)
    );
    assert_eq!(
        status(&request(format!("GET /sub/?{}", "a=b&".repeat(3_500)).as_bytes(), "")),
        Ok(200)
    );
    // No requests.
    for bytes in [
        &b"GET /sub/\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        b"GET /sub/\xe7\x94 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /sub/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /sub/ HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /sub/\r\nHost: localhost\r\n\r\n",
        b"GET  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET https://evil.example HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil.example HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
        b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\nX\0: y\r\n\r\n",
        // Cut off.
        b"G",
        b"GET /sub/ HT",
        b"GET /sub/ HTTP/1.1\r\n",
        b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\nX: y",
        // Another language.
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\xff\xfe\xfd\n\n",
        b"\r\n\r\nx\r\n\r\n",
    ] {
        assert_eq!(status(bytes), Ok(400), "{:?}", text(bytes));
    }
    // Encoded, it may be a name; there is no file of this one.
    for target in [
        "/sub/%ff%fe",
        "/sub/%00",
        "/sub/%E7%94",
        "/sub/%",
        "/sub/%zz",
        "/sub/%u0041",
        "/sub/con",
        "/sub/a%0d%0ab",
    ] {
        assert!([400, 404].contains(&serving.get(target).status), "{target}");
    }
    let mut garbage: u32 = 1;
    let mut noise = || {
        let byte = |_| {
            garbage = garbage.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            garbage.to_be_bytes()[0]
        };
        (0..3_000).map(byte).collect::<Vec<u8>>()
    };
    for _ in 0..20 {
        assert!(matches!(status(&noise()), Ok(400 | 431)));
    }
    // Nothing at all is no mistake.
    assert_eq!(status(b""), Err(io::ErrorKind::UnexpectedEof));
    assert_eq!(status(b"\r\n\r\n"), Err(io::ErrorKind::UnexpectedEof));
    assert_eq!(serving.get("/sub/").status, 200);
    assert!(serving.reported.lock().expect("no panic").is_empty(), "{:?}", serving.reported.lock());
}

#[test]
fn who_stops_holds_up_nobody() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let mut stopped: Vec<Connection> = (0..40).map(|_| serving.connect()).collect();
    for (number, connection) in stopped.iter_mut().enumerate() {
        let host = format!("Host: 127.0.0.1:{}\r\n\r\n", serving.port);
        match number % 4 {
            0 => connection.send(b"G"),
            1 => connection.send(b"GET /sub/ HTTP/1.1\r\nHost: localhost\r\nX: "),
            // It does not hear what it asked for.
            2 => connection
                .send(format!("GET /sub/song.mp3 HTTP/1.1\r\n{host}").repeat(20).as_bytes()),
            _ => Ok(()),
        }
        .expect("heard");
    }
    // Nobody waits for them: an answer that takes longer than `LIMIT` is none, and they are given a
    // minute.
    for target in ["/sub/", "/sub/about/", "/sub/song.mp3", "/sub/rss.xml"] {
        assert_eq!(serving.get(target).status, 200, "{target}");
    }
    // Who goes on is answered.
    let host = format!("ET /sub/own.js HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", serving.port);
    for byte in host.as_bytes() {
        stopped[0].send(&[*byte]).expect("heard");
    }
    assert_eq!(stopped[0].answer(false).expect("an answer").body, b"1;\n");
    drop(stopped);
    assert_eq!(serving.get("/sub/").status, 200);
}

#[test]
fn all_open_pages_hear_of_an_edit() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let mut pages: Vec<Events> = (0..200).map(|_| serving.events()).collect();
    let first: Vec<Option<u64>> =
        pages.iter_mut().map(|page| page.next()["edition"].as_u64()).collect();
    assert!(first.iter().all(|edition| edition.is_some() && *edition == first[0]), "{first:?}");
    assert_eq!(serving.get("/sub/about/").status, 200);
    site.write("posts/2023-07-11-丁.md", "---\ntitle: 丁\n---\n第四篇，改了。\n");
    for page in &mut pages {
        let event = page.wait("an edition", |event| event["edition"].as_u64() > first[0]);
        assert_eq!(
            (&event["problems"], &event["saved"]),
            (&serde_json::json!([]), &Value::Null),
            "{event}"
        );
    }
    assert!(text(&serving.get("/sub/2023/07/11/丁/").body).contains("改了"));
    // Who has left does not keep his place: with these there would be more than the preview takes.
    drop(pages);
    let mut number = 0;
    until("places", || {
        number += 1;
        site.write("static/own.js", format!("{number};\n"));
        let mut pages = Vec::new();
        for taken in 0..400 {
            let mut connection = serving.connect();
            connection.request("GET", "/sub/.sitegen/events", &[]);
            match connection.head() {
                Ok((200, _)) => pages.push(connection),
                other => return Err(format!("the page {taken}: {other:?}")),
            }
        }
        Ok(())
    });
    assert_eq!(serving.get("/sub/").status, 200);
}

#[test]
fn a_busy_port_is_passed_over() {
    let site = site();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let serving = Serving::of(&site, &["-p", &port.to_string()]);
    assert!(serving.port > port && serving.port <= port + 100, "{port}: {}", serving.port);
    let said = format!("port {port} is taken; this is {}", serving.port);
    assert!(serving.said().contains(&said), "{:?}", serving.said());
    assert_eq!(serving.get("/sub/").status, 200);
    // The one that is free is taken.
    let own = serving.port;
    drop(serving);
    let serving = Serving::of(&site, &["-p", &own.to_string()]);
    assert!(
        serving.said().iter().any(|line| line.contains("4 posts, ready in")),
        "{:?}",
        serving.said()
    );
}

#[test]
fn a_site_that_cannot_be_opened_ends_the_preview() {
    let site = site();
    for (yaml, place) in [
        ("title: x\ntitel: y\n", "site.yaml:2:1"),
        ("title: x\nfeeds: [\n", "site.yaml:"),
        ("theme: nowhere\n", "site.yaml"),
    ] {
        site.write("site.yaml", yaml);
        let output = site.run("serve", &["-p", "0", "--color", "never"]);
        assert_eq!(output.status.code(), Some(2), "{yaml}");
        assert!(
            text(&output.stderr).contains(place) && !text(&output.stdout).contains("http://"),
            "{}",
            text(&output.stderr)
        );
    }
    let output = crate::sitegen(&["serve", "-s", "no/such/folder", "-p", "0"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn faults_leave_the_last_good_page() {
    let site = site();
    site.write("site.yaml", "title: 旧报\nbase_url: https://example.org/sub\ntheme: mine\n");
    site.write("themes/mine/theme.yaml", "options: {greeting: {type: text, default: 早}}\n");
    site.write("templates/colophon.html", "<p>落款</p>");
    site.write(
        "templates/post.html",
        "<html><head></head><body>{{ article.html }}{% include \"colophon.html\" %}</body></html>",
    );
    let serving = Serving::of(&site, &[]);
    let (post, other) = ("/sub/2023/04/11/甲/", "/sub/2023/05/11/乙/");
    let good = [post, other, "/sub/"].map(|target| serving.get(target).body);
    let mut page = serving.events();
    page.relief();
    let faults = [
        ("site.yaml", "title: 旧报\ntitel: x\n", "site.yaml:2:1"),
        ("site.yaml", "title: 旧报\npaginate: 0\n", "site.yaml:2:"),
        ("site.yaml", "title: 旧报\ntheme: nowhere\n", "site.yaml:"),
        ("themes/mine/theme.yaml", "options: {greeting: {type: text\n", "themes/mine/theme.yaml:"),
        ("themes/mine/theme.yaml", "optoins: {}\n", "themes/mine/theme.yaml:1:1"),
        ("templates/colophon.html", "<p>\n{% if %}</p>", "templates/colophon.html:2:7"),
        ("templates/colophon.html", "<p>\n{{ nope }}</p>", "templates/colophon.html:2:4"),
        ("templates/post.html", "{% extends \"nowhere.html\" %}", "templates/post.html:1:13"),
        (
            "templates/post.html",
            "<html><head></head>\n<body>{{ post.nope.more }}</body></html>",
            "templates/post.html:2:",
        ),
        ("data/authors.yaml", "林间书: [\n", "data/authors.yaml:"),
        (
            "posts/2023-04-11-甲.md",
            "---\ntitle: 甲\ndraft: vielleicht\n---\n坏了。\n",
            "posts/2023-04-11-甲.md:3:8",
        ),
        ("posts/2023-04-11-甲.md", "---\ntitle: 甲\n", "posts/2023-04-11-甲.md:1:1"),
    ];
    for (told, (file, fault, place)) in faults.into_iter().enumerate() {
        let path = site.path().join(file);
        let before = fs::read(&path).expect("the file is there");
        site.write(file, fault);
        let found = page.problem();
        assert!(found.starts_with(place), "{file}: {found}, not {place}");
        assert!(
            found.split(':').skip(1).all(|part| part.parse::<u32>().is_ok()),
            "{fault:?}: {found}"
        );
        for (target, good) in [post, other, "/sub/"].iter().zip(&good) {
            let answer = serving.get(target);
            assert!(
                answer.status == 200,
                "{fault:?}: {target} {}\n{}",
                answer.status,
                text(&answer.body)
            );
            assert_eq!(
                text(&without_script(&answer.body)),
                text(&without_script(good)),
                "{fault:?}: {target}"
            );
        }
        // Pages are told before the line is printed, and the line takes a while through the pipe.
        until("a line", || {
            let changes = serving.changes();
            let held_back =
                changes.iter().filter(|line| line.contains("not shown: there are errors")).count();
            if held_back > told { Ok(()) } else { Err(format!("{changes:#?}")) }
        });
        let reported = until("a report", || {
            let reported = serving.reported.lock().expect("no panic").join("\n");
            if reported.contains(file) { Ok(reported) } else { Err(reported) }
        });
        assert!(reported.contains("error"), "{reported}");
        site.write(file, &before);
        page.relief();
        serving.reported.lock().expect("no panic").clear();
    }
    // A post that nobody has looked at says what is wrong.
    site.write("posts/深/2023-06-11-丙.md", "---\ntitle: 丙\n");
    assert_eq!(page.problem(), "posts/深/2023-06-11-丙.md:1:1");
    let answer = serving.get("/sub/2023/06/11/丙/");
    assert!(
        answer.status == 500 && text(&answer.body).contains("posts/深/2023-06-11-丙.md:1:1"),
        "{}",
        text(&answer.body)
    );
    site.write("posts/深/2023-06-11-丙.md", "---\ntitle: 丙\n---\n好了。\n");
    page.relief();
    // And the preview is as before.
    site.write("posts/2023-04-11-甲.md", "---\ntitle: 甲\n---\n好了。\n");
    serving.shows(post, "好了。", "风从海上来");
    assert_eq!(without_script(&serving.get(other).body), without_script(&good[1]));
}

/// Names of files that change are printed, and make no lines of their own.
#[cfg(unix)]
#[test]
fn names_of_changed_files_are_printable() {
    let site = site();
    let serving = Serving::of(&site, &[]);
    let name = "posts/2024-01-01-a\n23:59:59  forged\u{1b}[2J\u{9b}1m\u{202e}\u{2028}.md";
    site.write(name, "---\ntitle: 甲\n\u{1b}[2J: [\n");
    until("a line", || {
        if serving.changes().is_empty() { Err(format!("{:?}", serving.said())) } else { Ok(()) }
    });
    let told = || serving.reported.lock().expect("no panic").join("\n");
    until("a report", || if told().contains("forged") { Ok(()) } else { Err(told()) });
    assert!(
        serving.changes()[0]
            .contains(r"posts/2024-01-01-a\n23:59:59  forged\u{1b}[2J\u{9b}1m\u{202e}\u{2028}.md")
    );
    for line in serving.said().iter().map(String::as_str).chain(told().lines()) {
        assert!(
            line.chars().all(sitegen::words::is_printable) && !line.starts_with("23:59:59"),
            "{line:?}"
        );
    }
}

/// A problem is told once, not again each time folders are looked through.
#[test]
fn a_problem_is_told_once() {
    let site = site();
    let seconds = CLOCK.parse().expect("seconds");
    let now = jiff::Timestamp::from_second(seconds).expect("a time");
    let location = Location {
        folder: site.path().to_owned(),
        config_file: None,
        overrides: Overrides { base_url: None, drafts: false, future: false },
        now,
    };
    let (mut editions, _) =
        Editions::first(Box::new(move || location.open())).expect("a site that can be opened");
    let path = "posts/2023-04-11-甲.md";
    let saved = Changes { paths: [path.to_owned()].into(), is_open: false };
    // As folders are looked through a while after the last change.
    let looked_through = Changes { is_open: true, ..Changes::default() };
    site.write(path, "---\ntitle: 甲\n");
    assert!(matches!(editions.next(&saved), Outcome::Refused(_)));
    for _ in 0..2 {
        assert!(matches!(editions.next(&looked_through), Outcome::RefusedAgain));
    }
    // Who saves it again wants to know.
    assert!(matches!(editions.next(&saved), Outcome::Refused(_)));
    site.write(path, "---\ntitle: 甲\n---\n好了。\n");
    assert!(matches!(editions.next(&looked_through), Outcome::New(_)));
    assert!(matches!(editions.next(&looked_through), Outcome::Unchanged));
}

/// Who asks for a post that was saved a moment ago gets it as it was saved, though its edition is
/// not there yet.
#[test]
fn a_page_waits_for_its_edition() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    for number in 0..10 {
        site.write(
            "posts/2023-04-11-甲.md",
            format!("---\ntitle: 题{number}\n---\n第 {number} 稿。\n"),
        );
        let page = text(&serving.get("/sub/2023/04/11/甲/").body);
        assert!(
            page.contains(&format!("第 {number} 稿。")) && page.contains(&format!("题{number}")),
            "{number}\n{page}"
        );
    }
}

#[test]
fn events_say_what_has_changed() {
    let site = site();
    site.write("assets/own.css", "p{}");
    site.write("pages/style.md", "---\ntitle: s\nlayout: style\n---\n");
    site.write("templates/layouts/style.html", "{{ asset(name=\"own.css\") }}");
    let serving = Serving::of(&site, &["--navigate"]);
    let href = || text(&without_script(&serving.get("/sub/style/").body));
    let (mut page, before) = (serving.events(), href());
    let first = page.next();
    assert_eq!((&first["saved"], &first["styles"]), (&Value::Null, &Value::Null));
    let mut last = first["edition"].as_u64();
    let mut after = |file: &str, text: &str| {
        site.write(file, text);
        let event = page.wait("an edition", |event| {
            event["edition"].as_u64() > last && event["problems"] == serde_json::json!([])
        });
        last = event["edition"].as_u64();
        event
    };
    let event = after("posts/2023-05-11-乙.md", "---\ntitle: 乙\n---\n改了。\n");
    assert_eq!(
        (&event["saved"], &event["styles"]),
        (&"/sub/2023/05/11/%E4%B9%99/".into(), &Value::Null)
    );
    let event = after("pages/about.md", "---\ntitle: 关于\n---\n改了。\n");
    assert_eq!(event["saved"], "/sub/about/");
    // Style sheets can be changed under an open page.
    let event = after("assets/own.css", "q{}");
    let number = event["edition"].as_u64().expect("a number");
    assert_eq!(
        (&event["saved"], &event["styles"]),
        (&Value::Null, &serde_json::json!([[before, href(), number]]))
    );
    // Who was away for a moment is told of both.
    let event = after("static/style/own.css", "q{}\n");
    let own = "/sub/style/own.css";
    assert_eq!(
        event["styles"],
        serde_json::json!([[before, href(), number], [own, own, number + 1]])
    );
    assert_eq!(event["since"], number - 1);
    let event = after("static/own.js", "2;\n");
    assert_eq!(event["styles"], Value::Null);
}

#[test]
fn posts_come_and_go() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    let (file, target) = ("posts/2023-04-11-甲.md", "/sub/2023/04/11/甲/");
    let post = fs::read(site.path().join(file)).expect("the post is there");
    assert_eq!(serving.get(target).status, 200);
    // Deleted and restored.
    site.remove(file);
    serving.becomes(target, 404);
    assert_eq!(serving.get("/sub/old/1.html").status, 404);
    assert!(!text(&serving.get("/sub/tags/辛顿/").body).contains("甲"));
    site.write(file, &post);
    serving.shows(target, "风从海上来", "");
    // Saved as vim does: the old file is set aside, then removed.
    let path = site.path().join(file);
    for (number, write) in [
        |path: &Path, bytes: &[u8]| {
            let backup = path.with_extension("md~");
            fs::rename(path, &backup)
                .and_then(|()| fs::write(path, bytes))
                .and_then(|()| fs::remove_file(backup))
        },
        // As others do: a file of another name takes the name.
        |path: &Path, bytes: &[u8]| {
            let new = path.with_file_name(".甲.tmp");
            fs::write(&new, bytes).and_then(|()| fs::rename(new, path))
        },
        |path: &Path, bytes: &[u8]| {
            let new = path.with_file_name("4913");
            fs::write(&new, bytes).and_then(|()| fs::rename(new, path))
        },
        |path: &Path, bytes: &[u8]| fs::remove_file(path).and_then(|()| fs::write(path, bytes)),
        // In pieces.
        |path: &Path, bytes: &[u8]| {
            let mut file = fs::File::create(path)?;
            bytes.chunks(7).try_for_each(|piece| file.write_all(piece).and_then(|()| file.flush()))
        },
    ]
    .iter()
    .enumerate()
    {
        write(&path, format!("---\ntitle: 甲\n---\n第 {number} 稿。\n").as_bytes())
            .expect("posts can be written");
        serving.shows(target, &format!("第 {number} 稿。"), "");
    }
    // A new one shows wherever it belongs.
    site.write(
        "posts/2023-08-01-戊.md",
        "---\ntitle: 戊\nauthor: 新人\ntags: [辛顿, 新标签]\n---\n第五篇。\n",
    );
    serving.becomes("/sub/2023/08/01/戊/", 200);
    for target in [
        "/sub/",
        "/sub/rss.xml",
        "/sub/atom.xml",
        "/sub/feed.json",
        "/sub/tags/辛顿/",
        "/sub/tags/新标签/",
        "/sub/authors/新人/",
        "/sub/archive/2023/",
    ] {
        let answer = serving.get(target);
        assert!(
            answer.status == 200 && text(&answer.body).contains('戊'),
            "{target}: {}",
            answer.status
        );
    }
    assert!(text(&serving.get("/sub/sitemap.xml").body).contains("2023/08/01/"));
    assert_eq!(serving.get("/sub/2023/07/11/丁/").status, 200);
    // Moved.
    fs::rename(
        site.path().join("posts/2023-08-01-戊.md"),
        site.path().join("posts/2023-08-02-己.md"),
    )
    .expect("posts can be renamed");
    serving.becomes("/sub/2023/08/02/己/", 200);
    assert_eq!(serving.get("/sub/2023/08/01/戊/").status, 404);
    // A folder of posts, made or moved here.
    site.write("posts/2024/一月/2023-09-01-庚.md", "---\ntitle: 庚\n---\n庚。\n");
    serving.becomes("/sub/2023/09/01/庚/", 200);
    site.write("posts/2024/一月/2023-09-01-庚.md", "---\ntitle: 庚\n---\n庚，改了。\n");
    serving.shows("/sub/2023/09/01/庚/", "改了", "");
    let elsewhere = Site::new(&[
        ("new/2023-10-01-辛.md", "---\ntitle: 辛\n---\n辛。\n"),
        ("new/2023-10-02-壬.md", "---\ntitle: 壬\n---\n壬。\n"),
    ]);
    fs::rename(elsewhere.path().join("new"), site.path().join("posts/new"))
        .expect("folders can be moved");
    serving.becomes("/sub/2023/10/01/辛/", 200);
    serving.becomes("/sub/2023/10/02/壬/", 200);
    site.write("posts/new/2023-10-01-辛.md", "---\ntitle: 辛\n---\n辛，改了。\n");
    serving.shows("/sub/2023/10/01/辛/", "改了", "");
    fs::remove_dir_all(site.path().join("posts/new")).expect("folders can be removed");
    serving.becomes("/sub/2023/10/01/辛/", 404);
    assert_eq!(serving.compare(&built(site.path())), Ok(()));
}

#[test]
fn the_whole_folder_goes_and_comes_back() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    let posts = site.path().join("posts");
    let target = "/sub/2023/05/11/乙/";
    let aside = tempfile::tempdir().expect("a temporary folder");
    copy_folder(&posts, &aside.path().join("posts"));
    // Deleted and written anew, then moved away and back.
    for round in 0..2 {
        assert_eq!(serving.get(target).status, 200);
        if round == 0 {
            fs::remove_dir_all(&posts).expect("folders can be removed");
        } else {
            fs::rename(&posts, aside.path().join("moved")).expect("folders can be moved");
        }
        // An archive is not empty because its folder is away: the last good site stays, and why is
        // said.
        serving.reports("error[posts-gone]: the folder `posts` is gone", round + 1);
        let list = text(&serving.get("/sub/archive/").body);
        assert!(list.contains("丁") && serving.get("/sub/").status == 200, "{list}");
        // Texts are on disk alone: what nobody has looked at cannot be shown.
        assert_eq!(serving.get(target).status, 200);
        if round == 0 {
            assert_eq!(serving.get("/sub/2023/07/11/丁/").status, 500);
        }
        if round == 0 {
            copy_folder(&aside.path().join("posts"), &posts);
        } else {
            fs::rename(aside.path().join("moved"), &posts).expect("folders can be moved");
        }
        let text = format!("---\ntitle: 乙\n---\n第 {round} 次。\n");
        // What is in it is watched again.
        site.write("posts/2023-05-11-乙.md", &text);
        site.write("posts/深/2023-06-11-丙.md", &text);
        serving.shows(target, &format!("第 {round} 次"), "");
        serving.shows("/sub/2023/06/11/丙/", &format!("第 {round} 次"), "");
        until("all", || serving.compare(&built(site.path())));
    }
}

/// A folder that is there and holds no post any more is an empty archive, and that is said.
#[test]
fn the_last_post_goes_with_a_line() {
    let site = Site::new(&[("posts/2023-05-11-乙.md", "雨。"), ("pages/about.md", "关于。")]);
    let serving = Serving::of(&site, &[]);
    site.remove("posts/2023-05-11-乙.md");
    serving.becomes("/2023/05/11/乙/", 404);
    serving.reports("warning[posts-none]", 1);
}

/// The site's own folder goes and comes back, while the preview stands in it as `-s .` makes it.
#[test]
fn the_site_itself_goes_and_comes_back() {
    let aside = site();
    let around = tempfile::tempdir().expect("a temporary folder");
    let home = around.path().join("site");
    copy_folder(aside.path(), &home);
    let serving = Serving::within(&home, &["--prod"]);
    let target = "/sub/2023/05/11/乙/";
    for round in 0..3 {
        if round == 1 {
            fs::rename(&home, around.path().join("moved")).expect("folders can be moved");
        } else {
            fs::remove_dir_all(&home).expect("folders can be removed");
        }
        // The last round makes it anew at once.
        if round < 2 {
            let before = serving.changes().len();
            until("it is gone", || {
                (serving.changes().len() > before)
                    .then_some(())
                    .ok_or_else(|| format!("{:?}", serving.said()))
            });
        }
        copy_folder(aside.path(), &home);
        for draft in 0..2 {
            let text = format!("---\ntitle: 乙\n---\n第 {round} 次，第 {draft} 稿。\n");
            fs::write(home.join("posts/2023-05-11-乙.md"), text).expect("posts can be written");
            serving.shows(target, &format!("第 {round} 次，第 {draft} 稿"), "");
        }
    }
}

#[test]
fn a_linked_folder_is_watched_where_it_leads() {
    let site = site();
    fs::rename(site.path().join("posts"), site.path().join("store")).expect("folders can be moved");
    std::os::unix::fs::symlink("store", site.path().join("posts")).expect("a link");
    let serving = Serving::of(&site, &["--prod"]);
    site.write("store/2023-05-11-乙.md", "---\ntitle: 乙\n---\n改了。\n");
    serving.shows("/sub/2023/05/11/乙/", "改了", "");
    site.write("store/深/2023-06-12-新.md", "---\ntitle: 新\n---\n新。\n");
    serving.becomes("/sub/2023/06/12/新/", 200);
}

#[test]
fn a_change_anywhere_shows() {
    let site = site();
    let serving = Serving::of(&site, &["--prod"]);
    let post = "/sub/2023/04/11/甲/";
    // Folders that were not there at first.
    site.write(
        "templates/post.html",
        "<html><head></head><body>模板一 {{ site.title }} {{ site.data.shelf.a }} {{ article.html }}</body></html>",
    );
    site.write("data/shelf.yaml", "a: 书架一\n");
    serving.shows(post, "模板一 旧报 书架一", "");
    site.write(
        "templates/post.html",
        "<html><head></head><body>模板二 {{ site.title }} {{ site.data.shelf.a }} {{ article.html }}</body></html>",
    );
    serving.shows(post, "模板二 旧报 书架一", "");
    site.write("data/shelf.yaml", "a: 书架二\n");
    serving.shows(post, "模板二 旧报 书架二", "");
    site.write("data/authors.yaml", "林间书: {bio: 写新事。}\n");
    serving.shows("/sub/authors/林间书/", "写新事", "写旧事");
    site.write("assets/own.css", "p{color:red}");
    site.write("templates/404.html", "<link href=\"{{ asset(name=\"own.css\") }}\">");
    let style = || {
        let page = text(&serving.get("/sub/nowhere").body);
        let href = page
            .strip_prefix("<link href=\"")
            .and_then(|rest| rest.strip_suffix("\">"))
            .ok_or(page.clone())?;
        Ok(serving.get(href))
    };
    let red = until("a style sheet", style);
    assert_eq!((red.status, &red.body[..]), (200, &b"p{color:red}"[..]));
    site.write("assets/own.css", "p{color:blue}");
    until("the other style sheet", || {
        style().and_then(|style| {
            if style.body == b"p{color:blue}" { Ok(()) } else { Err(text(&style.body)) }
        })
    });
    site.write("static/own.js", "2;\n");
    serving.shows("/sub/own.js", "2;", "");
    site.write("static/new/深/a.txt", "新的");
    serving.shows("/sub/new/深/a.txt", "新的", "");
    // A file beside a post is served as soon as the post names it, and no longer.
    site.write("posts/图.txt.png", "图一");
    site.write("posts/2023-08-01-戊.md", "---\ntitle: 戊\n---\n戊。![图](图.txt.png)\n");
    serving.shows("/sub/2023/08/01/戊/图.txt.png", "图一", "");
    site.write("posts/图.txt.png", "图二");
    serving.shows("/sub/2023/08/01/戊/图.txt.png", "图二", "");
    site.write("posts/2023-08-01-戊.md", "---\ntitle: 戊\n---\n没有图了。\n");
    serving.shows("/sub/2023/08/01/戊/", "没有图了", "");
    assert_eq!(serving.get("/sub/2023/08/01/戊/图.txt.png").status, 404);
    site.write("posts/集/_index.md", "---\ntitle: 集子\n---\n集子的话。\n");
    serving.shows("/sub/集/", "集子的话", "");
    site.write("pages/about.md", "---\ntitle: 关于我们\n---\n改了。\n");
    serving.shows("/sub/about/", "关于我们", "见");
    site.write("pages/new.md", "---\ntitle: 新页\n---\n新页。\n");
    serving.shows("/sub/new/", "新页", "");
    site.write("i18n/zh-Hans.yaml", "home: 门口\narchive: 旧目\n");
    serving.shows("/sub/archive/", "旧目", "");
    site.write(
        "site.yaml",
        "title: 新报\nbase_url: https://example.org/sub\npaginate: 3\ntheme: jian\n",
    );
    for target in [
        "/sub/",
        post,
        "/sub/archive/",
        "/sub/tags/辛顿/",
        "/sub/about/",
        "/sub/rss.xml",
        "/sub/feed.json",
    ] {
        serving.shows(target, "新报", "旧报");
    }
    // Another theme, and another base path.
    site.write("site.yaml", "title: 新报\nbase_url: https://example.org/other\ntheme: su\n");
    serving.shows("/other/", "新报", "");
    assert_eq!(serving.get(post).status, 404);
    site.write("site.yaml", "title: 新报\nbase_url: https://example.org/sub\ntheme: zhi\n");
    serving.shows("/sub/", "新报", "");
    assert_eq!(serving.compare(&built(site.path())), Ok(()));
    for file in [
        "templates/post.html",
        "templates/404.html",
        "data/shelf.yaml",
        "assets/own.css",
        "i18n/zh-Hans.yaml",
        "pages/new.md",
        "site.yaml",
    ] {
        site.remove(file);
    }
    serving.shows("/2023/04/11/甲/", "风从海上来", "模板");
    site.write("site.yaml", "base_url: https://example.org/sub\n");
    until("all", || serving.compare(&built(site.path())));
}

/// Thousands of files that change at once all show. That what comes close together is one change is
/// proved where there is no clock but that of the test, in `preview::watch`.
#[test]
fn thousands_of_files_change_at_once() {
    const POSTS: usize = 5_000;
    let site = Site::new(&[(
        "site.yaml",
        "title: 大\nbase_url: https://example.org\nfeeds: {rss: false, atom: false, json: false}\n",
    )]);
    let path = |number: usize| {
        format!(
            "posts/{}/2023-{:02}-{:02}-p{number}.md",
            number % 50,
            number % 11 + 1,
            number % 28 + 1
        )
    };
    let target =
        |number: usize| format!("/2023/{:02}/{:02}/p{number}/", number % 11 + 1, number % 28 + 1);
    let write = |word: &str| {
        (0..POSTS).into_par_iter().for_each(|number| {
            site.write(
                &path(number),
                format!("---\ntitle: {word} {number}\n---\n{word}的正文。\n"),
            );
        });
    };
    write("旧");
    let serving = Serving::of(&site, &["--prod"]);
    write("新");
    for number in (0..POSTS).step_by(250) {
        serving.shows(&target(number), &format!("新 {number}"), "旧");
    }
    serving.shows("/", "新", "旧");
    let before = serving.changes().len();
    let now = SystemTime::now();
    let touch = |number: usize| {
        fs::File::options()
            .write(true)
            .open(site.path().join(path(number)))
            .and_then(|file| file.set_modified(now))
    };
    (0..POSTS).into_par_iter().for_each(|number| touch(number).expect("times can be set"));
    until("touched", || if serving.changes().len() > before { Ok(()) } else { Err(String::new()) });
    fs::rename(site.path().join("posts/7"), site.path().join("posts/七"))
        .expect("folders can be renamed");
    fs::remove_dir_all(site.path().join("posts/8")).expect("folders can be removed");
    serving.becomes(&target(8), 404);
    serving.shows(&target(7), "新 7", "");
}

/// Names, sizes and times of all that lies in a folder.
fn listing(folder: &Path) -> BTreeSet<(String, u64, SystemTime)> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("the tree can be walked"));
    let described = |entry: walkdir::DirEntry| {
        let metadata = entry.metadata().expect("files have times");
        (entry.path().display().to_string(), metadata.len(), metadata.modified().expect("a time"))
    };
    entries.map(described).collect()
}

#[test]
fn nothing_is_written() {
    let site = site();
    site.write("site.yaml", "title: 旧报\nbase_url: https://example.org/sub\nkeywords: auto\n");
    for args in [&["--prod"][..], &[]] {
        let tree = built(site.path());
        let before = listing(site.path());
        let serving = Serving::of(&site, args);
        for file in tree.keys() {
            assert!([200, 301].contains(&serving.get(&serving.address(file)).status), "{file}");
        }
        assert_eq!(serving.get("/sub/nowhere").status, 404);
        assert_eq!(listing(site.path()), before);
        // Nor when it changes.
        site.write("posts/2023-07-11-丁.md", format!("---\ntitle: 丁\n---\n改了{args:?}。\n"));
        let before = listing(site.path());
        serving.shows(
            "/sub/2023/07/11/丁/",
            &text(format!("改了{args:?}").replace('"', "”").as_bytes())[..6],
            "第四篇",
        );
        drop(serving);
        assert_eq!(listing(site.path()), before);
    }
    assert!(!site.path().join(".sitegen").exists() && !site.path().join("output").exists());
}

/// What the ledger of a build says is a shortcut for the preview too, and stays as it is.
#[test]
fn what_a_build_wrote_down_is_left_alone() {
    let site = site();
    site.run("build", &[]);
    site.write("posts/2023-04-11-甲.md", "---\ntitle: 甲\ntags: [辛顿]\n---\n在建好之后改的。\n");
    let (tree, before) = (built(site.path()), listing(site.path()));
    let serving = Serving::of(&site, &["--prod"]);
    assert_eq!(serving.compare(&tree), Ok(()));
    drop(serving);
    assert_eq!(listing(site.path()), before);
    fs::write(site.path().join(".sitegen/ledger"), "damaged").expect("files can be written");
    let serving = Serving::of(&site, &["--prod"]);
    assert_eq!(serving.compare(&tree), Ok(()));
}

/// One edition takes over parts of the one before: none may be stale.
#[test]
fn after_each_edit_all_is_as_built() {
    let site = site();
    site.write("site.yaml", "title: 旧报\nbase_url: https://example.org/sub\npaginate: 2\nmarkdown: {liquid: true}\nextra: {motto: 慢}\n");
    site.write("includes/note.md", "**{{ include.text }}**");
    let serving = Serving::of(&site, &["--prod"]);
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut check = |what: &str| {
        let tree = built(site.path());
        until(what, || serving.compare(&tree));
        gone.retain(|file| !tree.contains_key(file));
        for file in &gone {
            assert_eq!(serving.get(&serving.address(file)).status, 404, "{what}: {file}");
        }
        gone.extend(tree.into_keys());
    };
    check("nothing");
    let edits: [(&str, &str, &str); 26] = [
        (
            "a body",
            "posts/2023-04-11-甲.md",
            "---\ntitle: 甲\nauthor: 林间书\ntags: [辛顿, 风]\naliases: [/old/1.html]\n---\n雾从谷里来。\n",
        ),
        (
            "a title",
            "posts/2023-04-11-甲.md",
            "---\ntitle: 甲乙丙丁\nauthor: 林间书\ntags: [辛顿, 风]\naliases: [/old/1.html]\n---\n雾从谷里来。\n",
        ),
        (
            "a title that others share words with",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 甲乙丙丁与风\nauthor: 许望舒\n---\n雨。\n",
        ),
        (
            "tags",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\nauthor: 许望舒\ntags: [风, 雪]\n---\n雨。\n",
        ),
        (
            "a tag spelt otherwise",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\nauthor: 许望舒\ntags: [风, c++]\n---\n雨。\n",
        ),
        (
            "a date",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\ndate: 2022-05-11\ntags: [风]\n---\n雨。\n",
        ),
        ("no date", "posts/无.md", "---\ntitle: 无日期\ntags: [风]\n---\n何时？\n"),
        (
            "another order",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\ndate: 2023-06-30\ntags: [风]\n---\n雨。\n",
        ),
        (
            "a source",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\nfrom: https://paper.example/1\ntags: [风]\n---\n雨。\n",
        ),
        (
            "a cover",
            "posts/2023-05-11-乙.md",
            "---\ntitle: 乙\ncover: /img/a.png\nnoindex: true\ntags: [风]\n---\n雨。\n",
        ),
        (
            "a new post",
            "posts/2023-10-01-新.md",
            "---\ntitle: 新\ntags: [雪]\nseries: 四季\n---\n{% include note.md text=\"好\" %}\n",
        ),
        (
            "a post before all others",
            "posts/2001-01-01-最早.md",
            "---\ntitle: 最早\n---\n最早。见[新](2023-10-01-新.md)。\n",
        ),
        ("a draft", "posts/2023-10-01-新.md", "---\ntitle: 新\ndraft: true\n---\n藏。\n"),
        ("no draft", "posts/2023-10-01-新.md", "---\ntitle: 新\nslug: other\n---\n又来。\n"),
        ("an include", "includes/note.md", "*{{ include.text }}*"),
        ("a template", "templates/card.html", "<li>{{ post.title }} {{ post.groups | json }}</li>"),
        (
            "related",
            "templates/post.html",
            "{{ article.html }}{% for kin in related %}{{ kin.post.title }} {{ kin.reason }}{% endfor %}",
        ),
        (
            "a title that is related",
            "posts/2023-07-11-丁.md",
            "---\ntitle: 最早的丁\ntags: [风]\n---\n第四篇。\n",
        ),
        ("data", "data/authors.yaml", "林间书: {bio: 写新事。}\n许望舒: {bio: 写雨。}\n"),
        (
            "a page",
            "pages/about.md",
            "---\ntitle: 关于我们\naliases: /ueber/\n---\n见[新](../posts/2023-10-01-新.md)。\n",
        ),
        ("a home of one's own", "pages/index.html", "<p>自己的首页</p>"),
        ("a picture", "static/img/b.png", "no picture"),
        ("a style sheet", "assets/own.css", "p{}"),
        ("words", "i18n/zh-Hans.yaml", "archive: 旧目\n"),
        (
            "the site",
            "site.yaml",
            "title: 新报\nbase_url: https://example.org/sub\npermalink: /:title/\nextra: {motto: 快}\n",
        ),
        (
            "a feed",
            "site.yaml",
            "title: 新报\nbase_url: https://example.org/sub\nfeeds: {rss: index.xml, json: false}\n",
        ),
    ];
    for (what, file, text) in edits {
        site.write(file, text);
        check(what);
    }
    for file in [
        "posts/2001-01-01-最早.md",
        "pages/index.html",
        "templates/post.html",
        "posts/深/2023-06-11-丙.md",
        "data/authors.yaml",
        "static/img/a.png",
    ] {
        site.remove(file);
        check(file);
    }
    assert_eq!(serving.get(&serving.address("404.html")).status, 200);
}

/// Sites and edits drawn at random, the same ones in every run: those of the builds.
/// `PROPTEST_CASES` asks for more of them, `PROPTEST_RNG_SEED` for others.
#[test]
fn after_any_edits_all_is_as_built() {
    /// Of the many edits that are drawn, enough to be done in a few seconds.
    const FEW: usize = 3;
    let mut config = ProptestConfig::default();
    let rounds =
        if std::env::var_os("PROPTEST_CASES").is_some() { Some(config.cases) } else { None };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let drawn_with = config.rng_seed;
    let mut runner = TestRunner::new(config);
    let mut cases: Vec<(u16, Vec<Step>)> = Vec::new();
    for round in 0..rounds.unwrap_or(1) {
        let mut steps = steps().new_tree(&mut runner).expect("edits can be drawn").current();
        steps.retain(|step| {
            matches!(
                step.edit,
                Edit::Setting(..) | Edit::File(..) | Edit::Post(..) | Edit::Touch(_)
            )
        });
        let steps =
            steps.chunks(EDITS_OF_A_SITE).take(if rounds.is_some() { usize::MAX } else { FEW });
        cases.extend(
            steps
                .enumerate()
                .map(|(number, steps)| (sound_site(round as usize * 100 + number), steps.to_vec())),
        );
    }
    let failed = cases
        .into_par_iter()
        .find_map_first(|(seed, steps)| follow(seed, &steps).err().map(|why| (seed, steps, why)));
    if let Some((seed, steps, why)) = failed {
        let (steps, why) = needed(|steps| follow(seed, steps), steps, why);
        let steps =
            steps.iter().map(|step| format!("  {:?}\n", step.edit)).collect::<Vec<_>>().concat();
        panic!("PROPTEST_RNG_SEED={drawn_with}, site {seed}, edits:\n{steps}{why}");
    }
}

/// One of the sites at random in which nothing is wrong at first.
fn sound_site(number: usize) -> u16 {
    let mut seeds = (0..).map(|at| u16::try_from(number * 50 + at).expect("few sites"));
    seeds
        .find(|seed| {
            Archive::new(*seed).fresh(&[]).is_ok_and(|(report, _)| report.status == Some(0))
        })
        .expect("a site")
}

/// Makes one edit after another, and compares all that is served with a fresh build. An edit that
/// breaks something is taken back, as a keeper would; until then it must not show.
fn follow(seed: u16, steps: &[Step]) -> Result<(), String> {
    let mut archive = Archive::new(seed);
    let (_, mut tree) = archive.fresh(&[])?;
    let mut serving = Serving::of(&archive.site, &["--prod"]);
    serving.compare(&tree).map_err(|why| format!("before any edit: {why}"))?;
    let mut gone: BTreeSet<String> = BTreeSet::new();
    for step in steps {
        if archive.stands(&step.edit) {
            continue;
        }
        let before = serving.changes().len();
        let former = archive.apply(&step.edit);
        let (report, fresh) = archive.fresh(&[])?;
        if report.status == Some(0) {
            gone.extend(tree.into_keys());
            tree = fresh;
        } else {
            // Nothing of it is shown, or all that a build makes in spite of it: a template may fail
            // on pages that nobody looks at.
            until("a fault is told", || {
                let changes = serving.changes();
                let last = changes
                    .last()
                    .filter(|_| changes.len() > before)
                    .ok_or_else(|| format!("{:?}", step.edit))?;
                // A page whose text is what is wrong says so, unless it is remembered.
                let compared = if last.contains("not shown") {
                    serving.compare_but_for(&tree, Some(500))
                } else {
                    serving.compare(&fresh)
                };
                compared.map_err(|why| format!("while {:?} is wrong: {why}", step.edit))
            });
            archive.apply(&former.expect("what breaks something can be taken back"));
            archive.fresh(&[])?;
        }
        gone.retain(|file| !tree.contains_key(file));
        let is_sub = archive.settings["base_url"].ends_with("/sub/");
        serving.home = String::from(if is_sub { "/sub/" } else { "/" });
        let start = Instant::now();
        let is_gone =
            |file: &String| ![200, 206].contains(&serving.get(&serving.address(file)).status);
        let all = || {
            serving.compare(&tree)?;
            gone.iter()
                .find(|file| !is_gone(file))
                .map_or(Ok(()), |file| Err(format!("{file} is still there")))
        };
        while let Err(why) = all() {
            if start.elapsed() > LIMIT {
                return Err(format!("after {:?}: {why}\n{:#?}", step.edit, serving.said()));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    Ok(())
}

/// Changes that are easily overlooked: each was once.
#[test]
fn nothing_is_overlooked() {
    let site = site();
    site.write("data/authors.yaml", "林间书: {bio: 写旧事。, born: 一九七〇}\n");
    site.write(
        "templates/list.html",
        "<html><head></head>{% for key, value in term.about %}{{ key }}：{{ value }}；{% endfor %}{% include \"part.css\" %}</html>",
    );
    site.write("templates/part.css", "p{}");
    site.write("static/x/y.txt", "1");
    let serving = Serving::of(&site, &[]);
    let author = "/sub/authors/林间书/";
    // A map in another order.
    serving.shows(author, "bio：写旧事。；born：一九七〇；", "");
    site.write("data/authors.yaml", "林间书: {born: 一九七〇, bio: 写旧事。}\n");
    serving.shows(author, "born：一九七〇；bio：写旧事。；", "");
    // A style sheet that is part of a page, and one that is new: nothing that could be changed in
    // an open page.
    let mut page = serving.events();
    let mut last = page.next()["edition"].as_u64();
    for (file, text) in [("templates/part.css", "q{}"), ("assets/new.css", "b{}")] {
        site.write(file, text);
        let event = page.wait("an edition", |event| event["edition"].as_u64() > last);
        assert_eq!(event["styles"], Value::Null, "{file}");
        last = event["edition"].as_u64();
    }
    // A folder that becomes a file.
    fs::remove_dir_all(site.path().join("static/x")).expect("a folder");
    site.write("static/x", "2");
    serving.becomes("/sub/x", 200);
    let event = page.wait("an edition", |event| event["edition"].as_u64() > last);
    assert_eq!(event["problems"], serde_json::json!([]));
    // Heads of streams end.
    assert_eq!(serving.ask("HEAD", "/sub/.sitegen/events", &[]).status, 200);
}

#[test]
fn words_of_the_keepers_own_are_watched() {
    let site = site();
    site.write("site.yaml", "title: 站\nkeywords: {mode: auto, dictionary: words.txt}\n");
    site.write("words.txt", "第四\n");
    site.write("posts/2023-07-11-丁.md", "---\ntitle: 丁\n---\n青萍浦青萍浦青萍浦青萍浦。\n");
    let serving = Serving::of(&site, &[]);
    serving.shows("/2023/07/11/丁/", "青萍浦", "/tags/青萍浦/");
    site.write("words.txt", "青萍浦\n");
    serving.shows("/2023/07/11/丁/", "/tags/%E9%9D%92%E8%90%8D%E6%B5%A6/", "");
}
