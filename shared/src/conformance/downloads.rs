//! What downloading must survive: an origin that refuses, breaks off, keeps silent, or sends too much.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use super::SHORT;
use crate::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan, content};
use crate::{Fixtures, Pace, Setting, Side, Stage};

/// A side's way to download all pages.
pub trait Downloads {
    /// Which side it is.
    const SIDE: Side;
    /// Runs the pattern once.
    fn run(stage: Stage, plan: Plan) -> Outcome;
}

/// Makes the tests of a side's downloads.
#[macro_export]
macro_rules! downloads_conformance {
    ($side:ty) => {
        $crate::conformance_tests!(downloads, $side:
            every_page, a_request_names_the_host_and_the_delay, a_refused_connection, a_broken_reply, a_slow_reply,
            as_much_as_a_page_may_have, an_oversized_reply, another_status, a_bad_page_costs_the_others_nothing,
        );
    };
}

/// What the origin does in answer to the head of a request.
enum Reply {
    /// It sends this, and ends the connection.
    Ends(Vec<u8>),
    /// It sends this, keeps the connection, and keeps silent.
    Stalls(Vec<u8>),
}

/// An origin that answers so. It ends with the process.
fn origin(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("room for a listener");
    let address = listener.local_addr().expect("it listens");
    let reply = Arc::new(reply);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let reply = Arc::clone(&reply);
            thread::spawn(move || answer(stream, &*reply));
        }
    });
    address
}

/// Answers one request, and ends the connection.
fn answer(mut stream: TcpStream, reply: &dyn Fn(&str) -> Reply) {
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => head.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    // Whether the client still listens is its own affair.
    match reply(&String::from_utf8_lossy(&head)) {
        Reply::Ends(bytes) => drop(stream.write_all(&bytes)),
        Reply::Stalls(bytes) => drop(stream.write_all(&bytes).and_then(|()| stream.read(&mut buffer))),
    }
}

/// A whole reply.
fn reply(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The page that is asked for, as it should be.
fn page(head: &str) -> Vec<u8> {
    let path = head.split(' ').nth(1).expect("a request line has a path");
    reply("200 OK", content(HOST, path).as_bytes())
}

/// What a side has of so many pages of this origin, without waits.
fn downloaded<D: Downloads>(origin: SocketAddr, plan: Plan) -> Outcome {
    let fixtures = Fixtures { origin: Some(origin), ..Fixtures::default() };
    D::run(Stage::new(Setting { pace: Pace::ZERO, fixtures, ..Setting::new("as_completed", D::SIDE) }), plan)
}

/// What a side has of the only page of this origin.
fn only<D: Downloads>(origin: SocketAddr) -> Result<String, DownloadError> {
    let Outcome { mut contents, completed } = downloaded::<D>(origin, Plan { pages: 1, ..Plan::default() });
    assert_eq!(completed, [0], "also an error is a result");
    contents.remove(0)
}

/// Every page is there, in its place, whoever was done first.
pub fn every_page<D: Downloads>() {
    let plan = Plan { pages: 20, ..Plan::default() };
    let Outcome { contents, mut completed } = downloaded::<D>(origin(|head| Reply::Ends(page(head))), plan);
    let due = (0..20).map(|number| Ok(content(HOST, &format!("/page{number}"))));
    assert!(due.eq(contents));
    completed.sort_unstable();
    assert!((0..20).eq(completed));
}

/// The request says for whose page it is, and how long the origin is to wait: not at all, at a pace of 0.
pub fn a_request_names_the_host_and_the_delay<D: Downloads>() {
    let request = only::<D>(origin(|head| Reply::Ends(reply("200 OK", head.to_lowercase().as_bytes()))));
    let request = request.expect("it is a page");
    assert!(request.starts_with("get /page0 http/1.1\r\n"), "{request}");
    for header in [format!("host: {HOST}"), format!("{DELAY}: 0")] {
        let count = request.lines().filter(|line| *line == header).count();
        assert_eq!(count, 1, "{header}: {request}");
    }
}

/// Nobody listens any more.
pub fn a_refused_connection<D: Downloads>() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("room for a listener");
    let address = listener.local_addr().expect("it listens");
    drop(listener);
    assert_eq!(only::<D>(address), Err(DownloadError::Refused));
}

/// No reply at all; one that is not HTTP; one that ends too early, before the body and in it; one that is not text.
pub fn a_broken_reply<D: Downloads>() {
    let short = reply("200 OK", b"the half of it");
    let broken: [&[u8]; 5] = [
        b"",
        b"220 mail is served here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        &short[..short.len() - 4],
        &reply("200 OK", b"\xff\xfe"),
    ];
    for bytes in broken.map(<[u8]>::to_vec) {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(
            only::<D>(origin(move |_| Reply::Ends(bytes.clone()))),
            Err(DownloadError::Broken),
            "{shown:?}"
        );
    }
}

/// No reply in time, or not all of it, while the connection stays.
pub fn a_slow_reply<D: Downloads>() {
    let whole = reply("200 OK", b"the half of it");
    for sent in [0, 20, whole.len() - 4] {
        let begun = whole[..sent].to_vec();
        let plan = Plan { pages: 4, workers: 2, patience: SHORT, ..Plan::default() };
        let outcome = downloaded::<D>(origin(move |_| Reply::Stalls(begun.clone())), plan);
        assert_eq!(outcome.contents, vec![Err(DownloadError::Slow); 4], "after {sent} bytes");
    }
}

/// A page may be as long as that.
pub fn as_much_as_a_page_may_have<D: Downloads>() {
    let most = "a".repeat(MOST);
    let sent = reply("200 OK", most.as_bytes());
    assert_eq!(only::<D>(origin(move |_| Reply::Ends(sent.clone()))), Ok(most));
}

/// A page is one byte too long, and says so; another doesn't say how long it is, and is
/// four times as long.
pub fn an_oversized_reply<D: Downloads>() {
    let long = reply("200 OK", "a".repeat(MOST + 1).as_bytes());
    let endless =
        [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), &vec![b'a'; 4 * MOST]].concat();
    for bytes in [long, endless] {
        assert_eq!(only::<D>(origin(move |_| Reply::Ends(bytes.clone()))), Err(DownloadError::Oversized));
    }
}

/// What is not the page is an error, and no redirection is followed.
pub fn another_status<D: Downloads>() {
    for (status, code) in
        [("404 Not Found", 404), ("500 Internal Server Error", 500), ("204 No Content", 204)]
    {
        let sent = reply(status, if code == 204 { b"" } else { b"not here" });
        assert_eq!(only::<D>(origin(move |_| Reply::Ends(sent.clone()))), Err(DownloadError::Status(code)));
    }
    let elsewhere = origin(|head| Reply::Ends(page(head)));
    let sent =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{elsewhere}/page0\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(only::<D>(origin(move |_| Reply::Ends(sent.clone().into()))), Err(DownloadError::Status(302)));
}

/// Two pages can't be had; the others come, and the workers live on.
pub fn a_bad_page_costs_the_others_nothing<D: Downloads>() {
    let some_bad = |head: &str| {
        Reply::Ends(match head {
            _ if head.starts_with("GET /page1 ") => b"?\r\n\r\n".to_vec(),
            _ if head.starts_with("GET /page2 ") => reply("404 Not Found", b""),
            _ => page(head),
        })
    };
    let plan = Plan { pages: 6, workers: 1, ..Plan::default() };
    let outcome = downloaded::<D>(origin(some_bad), plan);
    assert_eq!(outcome.completed, [0, 1, 2, 3, 4, 5], "one worker goes by their order");
    let errors = [(1, DownloadError::Broken), (2, DownloadError::Status(404))];
    for (number, content) in outcome.contents.into_iter().enumerate() {
        let error = errors.iter().find(|(bad, _)| *bad == number).map(|(_, error)| *error);
        assert_eq!(content.err(), error, "page {number}");
    }
}
