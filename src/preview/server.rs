//! The server: connections, each in a thread of its own, and what is written to them.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the preview is one of the two places that speak over a network, and it does not wait for ever"
)]

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Preview;
use super::answer::{Answer, Body};
use super::http::{Head, Request, Unreadable};

/// Connections at a time: a browser opens six for a page, and one for each tab stays open. Other
/// devices get half of them, so that they cannot keep the machine's own pages out.
const CONNECTIONS: usize = 512;
/// How long a connection may take to say something whole, and how long to take what is written to
/// it.
const IDLE: Duration = Duration::from_mins(1);
const STUCK: Duration = Duration::from_secs(10);
/// How often a word is said to who waits, so that one who has left is noticed.
const PULSE: Duration = Duration::from_secs(10);
/// Bytes of a file that lie in memory at a time.
const PIECE: u64 = 256 * 1024;
/// Ports that are tried after the one that was wanted.
const PORTS: u16 = 100;

/// Takes the port, or the first free one after it. The port 0 is any that is free.
pub fn listen(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    let mut last = port;
    loop {
        match TcpListener::bind(SocketAddr::new(address, last)) {
            // Windows keeps ranges of ports for itself, and says that they are not permitted.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied
                ) && last < port.saturating_add(PORTS) =>
            {
                last += 1;
            }
            result => return result,
        }
    }
}

/// Serves until the process ends.
pub fn serve(listener: &TcpListener, preview: &Arc<Preview>) -> io::Result<()> {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        // One who has gone before being heard is no loss; when there are no more file descriptors,
        // some will be free soon.
        let Ok(stream) = stream else {
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let connection = OpenConnection::take(&open);
        let preview = preview.clone();
        let answer_requests = move || {
            let is_remote =
                !stream.peer_addr().is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
            let most = if is_remote { CONNECTIONS / 2 } else { CONNECTIONS };
            let _ = if connection.number > most {
                refuse(&stream)
            } else {
                converse(&stream, &preview)
            };
            drop(connection);
        };
        // Rendering is done on this stack, and posts may be nested deeply.
        let _ = thread::Builder::new()
            .name("preview".to_owned())
            .stack_size(8 << 20)
            .spawn(answer_requests);
    }
    Ok(())
}

/// One of the open connections, counted as long as it lives.
struct OpenConnection {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl OpenConnection {
    fn take(open: &Arc<AtomicUsize>) -> OpenConnection {
        OpenConnection { number: open.fetch_add(1, Ordering::Relaxed) + 1, open: open.clone() }
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

fn refuse(stream: &TcpStream) -> io::Result<()> {
    stream.set_write_timeout(Some(STUCK))?;
    Head::new(503).with("Connection", "close").with("Content-Length", "0").write(&mut &*stream)
}

/// Answers one request after another.
fn converse(stream: &TcpStream, preview: &Preview) -> io::Result<()> {
    stream.set_write_timeout(Some(STUCK))?;
    stream.set_nodelay(true)?;
    let peer = stream.peer_addr()?.ip();
    let mut from = BufReader::new(DeadlineReader { stream, until: Instant::now() + IDLE });
    let mut to = BufWriter::with_capacity(64 * 1024, stream);
    while let Some(request) = Request::read(&mut from)? {
        let (answer, keeps_open, is_head) = match request {
            Ok(request) => {
                (preview.answer(&request, peer), request.keeps_open, request.method == "HEAD")
            }
            Err(why) => (
                Answer::text(if why == Unreadable::TooLarge { 431 } else { 400 }, ""),
                false,
                false,
            ),
        };
        if let Body::Events = answer.body {
            answer.head.write(&mut to)?;
            return if is_head { to.flush() } else { follow(&mut to, preview) };
        }
        send(answer, is_head, keeps_open, &mut to)?;
        to.flush()?;
        if !keeps_open {
            break;
        }
        from.get_mut().until = Instant::now() + IDLE;
    }
    Ok(())
}

/// A reader of a connection that fails when its time is over, however slowly bytes come.
struct DeadlineReader<'s> {
    stream: &'s TcpStream,
    until: Instant,
}

impl Read for DeadlineReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

fn send(answer: Answer, is_head: bool, keeps_open: bool, to: &mut impl Write) -> io::Result<()> {
    let head = answer.head.with("Connection", if keeps_open { "keep-alive" } else { "close" });
    let length = match &answer.body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_, _, range) => range.end - range.start,
        Body::Events => 0,
    };
    // A 304 says nothing of a body that it has not (RFC 9110, 8.6).
    let head =
        if head.status == 304 { head } else { head.with("Content-Length", length.to_string()) };
    head.write(to)?;
    if is_head {
        return Ok(());
    }
    match answer.body {
        Body::Bytes(bytes) => to.write_all(&bytes),
        Body::File(source, path, range) => {
            let mut at = range.start;
            while at < range.end {
                let piece = source.read_part(&path, at..range.end.min(at + PIECE))?;
                if piece.is_empty() {
                    // It has become shorter: the one who asks must not take what came for the
                    // whole.
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                to.write_all(&piece)?;
                at += piece.len() as u64;
            }
            Ok(())
        }
        Body::Events => Ok(()),
    }
}

/// Tells of each change as a server-sent event (HTML standard, 9.2).
fn follow(to: &mut impl Write, preview: &Preview) -> io::Result<()> {
    write!(to, "retry: 300\n\n")?;
    let mut known = None;
    loop {
        match preview.wait(known, PULSE) {
            Some((serial, event)) => {
                known = Some(serial);
                write!(to, "data: {event}\n\n")?;
            }
            None => write!(to, ":\n\n")?,
        }
        to.flush()?;
    }
}
