//! What runs find made is there when they begin, and gone when the laboratory is.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use compare::Exit;
use compare::behaviour::Verdict;
use compare::campaign;
use compare::lab::{Arm, Origin, SERVE_ORIGIN, Workshop};
use compare::pair::pair;
use compare::report::Effort;
use rusqlite::Connection;
use shared::locals::connection_per_worker::{SQL, USERS};
use shared::pools::as_completed::{DELAY, HOST};
use shared::{Fixture, Fixtures, Pattern};

mod laboratory;

use laboratory::lab;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_compare"))
}

/// What the origin answers to these lines.
fn ask(origin: SocketAddr, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(origin).expect("it listens");
    let request = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).expect("text");
    reply
}

#[test]
fn the_origin_serves_pages() {
    let origin = Origin::start(program()).expect("it starts");
    let reply = ask(origin.address(), &["GET /page7 HTTP/1.1", &format!("host: {HOST}")]);
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(reply.ends_with("\r\n\r\nContent from http://example.com/page7"), "{reply}");
}

#[test]
fn the_origin_replies_after_the_delay_and_not_before() {
    let origin = Origin::start(program()).expect("it starts");
    let delay = Duration::from_millis(30);
    let start = Instant::now();
    let header = format!("{DELAY}: {}", delay.as_nanos());
    let reply = ask(origin.address(), &["GET / HTTP/1.1", "host: here", &header]);
    assert!(reply.ends_with("Content from http://here/"), "{reply}");
    assert!(start.elapsed() >= delay);
}

#[test]
fn a_bad_client_ends_only_its_own_connection() {
    let origin = Origin::start(program()).expect("it starts");
    let whole = ["GET / HTTP/1.1", "host: here"];
    for bad in
        [["GET / HTTP/1.1", "x: y"], ["GET / HTTP/1.1", "host: here\r\nx-delay-nanos: soon"], ["?", "?"]]
    {
        assert!(ask(origin.address(), &bad).starts_with("HTTP/1.1 400 "), "{bad:?}");
    }
    drop(TcpStream::connect(origin.address()).expect("it listens").write_all(b"GET / HT"));
    assert!(ask(origin.address(), &whole).starts_with("HTTP/1.1 200 "));
}

#[test]
fn the_first_requests_of_a_meeting_wait_for_each_other() {
    let mut origin = Origin::start(program()).expect("it starts");
    let address = origin.meeting(2, Duration::from_secs(10)).expect("it listens");
    assert_ne!(address, origin.address());
    let whole = ["GET /page1 HTTP/1.1", "host: example.com"];
    let mut first = TcpStream::connect(address).expect("it listens");
    first
        .write_all(format!("{}\r\nconnection: close\r\n\r\n", whole.join("\r\n")).as_bytes())
        .expect("it listens");
    first.set_read_timeout(Some(Duration::from_millis(50))).expect("a time");
    let mut reply = String::new();
    first.read_to_string(&mut reply).expect_err("it waits for another");
    assert!(ask(address, &whole).starts_with("HTTP/1.1 200 "));
    first.set_read_timeout(None).expect("no time");
    first.read_to_string(&mut reply).expect("text");
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
    let mut peak = || origin.peak_requests().expect("it answers");
    assert_eq!((peak(), peak()), (2, 0), "it is asked for those since it was asked last");
    assert!(ask(address, &whole).starts_with("HTTP/1.1 200 "), "whoever comes later waits for nobody");
    assert_eq!(peak(), 1);
}

/// As many clients as it serves at once, who say nothing: they are shown out, and others are served.
#[test]
fn whoever_says_nothing_keeps_nobody_out_for_long() {
    let origin = Origin::start(program()).expect("it starts");
    let silent = (0..300).map(|_| TcpStream::connect(origin.address()).expect("it listens"));
    let silent: Vec<TcpStream> = silent.collect();
    let whole = ["GET /page1 HTTP/1.1", "host: example.com"];
    assert!(ask(origin.address(), &whole).starts_with("HTTP/1.1 200 "));
    for mut client in silent.into_iter().take(200) {
        assert_eq!(client.read(&mut [0]).ok(), Some(0), "it was shown out before anybody else was let in");
    }
}

#[test]
fn the_origin_ends_with_its_input() {
    let mut child = Command::new(program())
        .arg(SERVE_ORIGIN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("text");
    let address: SocketAddr = line.trim_end().parse().expect("an address");
    assert!(address.ip().is_loopback());
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn the_origin_is_gone_when_the_workshop_is() {
    let mut workshop = Workshop::with_program(program());
    let address = |fixtures: Fixtures| fixtures.origin.expect("it was asked for");
    let first = address(workshop.make(Some(Fixture::Origin), None).expect("it starts"));
    assert_eq!(
        address(workshop.make(Some(Fixture::Origin), None).expect("it runs")),
        first,
        "one serves all runs"
    );
    drop(workshop);
    assert!(TcpStream::connect(first).is_err());
}

#[test]
fn the_database_has_its_rows_and_is_gone_when_the_workshop_is() {
    let mut workshop = Workshop::default();
    let path = |fixtures: Fixtures| fixtures.database.expect("it was asked for");
    let file = path(workshop.make(Some(Fixture::Database), None).expect("there is room"));
    assert_eq!(path(workshop.make(Some(Fixture::Database), None).expect("there is room")), file);
    {
        let database = Connection::open(&file).expect("a database");
        let mut statement = database.prepare(SQL).expect("it has the table");
        let names = statement.query_map((), |row| row.get("name")).expect("nothing to bind");
        assert_eq!(names.collect::<Result<Vec<String>, _>>().expect("rows"), USERS);
    }
    drop(workshop);
    assert!(!file.exists());
}

/// An origin that says where it listens, and can't be got to there, as where the loopback is down, fails the pair as well.
#[cfg(unix)]
#[test]
fn an_origin_that_nobody_gets_to_is_none() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nowhere = listener.local_addr().expect("it is bound");
    drop(listener);
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("origin");
    fs::write(&script, format!("#!/bin/sh\necho {nowhere}\ncat\n")).expect("it can be written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let made = Workshop::with_program(script).make(Some(Fixture::Origin), None);
    let error = made.expect_err("nobody listens").to_string();
    let due =
        format!("the origin of the pages could not be started: nobody gets to {nowhere}: connection refused");
    assert_eq!(error, due);
}

/// What can't be made fails the pairs that need it, and no other.
#[test]
fn a_missing_fixture_fails_its_pair() {
    let mut lab = lab(|_| {}).with_workshop(Workshop::with_program("no/such/program"));
    let pairs = [Pattern::AsCompleted, Pattern::Sequential].map(pair);
    let (report, exit) = campaign::compare(&pairs, &Arm::DEFAULT, &mut lab, &Effort::fixed(2));
    assert_eq!(exit, Exit::Differ);
    let behaviours = report.pairs.iter().map(|pair| &pair.behaviour);
    assert_eq!(
        behaviours.map(|behaviour| behaviour.verdict).collect::<Vec<_>>(),
        [Verdict::Failed, Verdict::Same]
    );
    let reason = report.pairs[0].behaviour.reason.as_deref().unwrap_or_default();
    assert!(reason.contains("the origin of the pages could not be started"), "{reason}");
}

/// However the program ends, the origin ends too.
#[cfg(target_os = "linux")]
mod lifetime {
    use std::fs;
    use std::process::Child;
    use std::thread;
    use std::time::Duration;

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use shared::conformance::until;

    use super::{Command, SERVE_ORIGIN, Stdio, program};

    /// A call that has an origin, which takes so long to reply.
    fn with_origin(network: &str, args: &[&str]) -> (Child, u32) {
        let child = Command::new(program())
            .args(["run", "as_completed", "--pace", "1", "--set"])
            .arg(format!("network={network}"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        until("it has an origin", || origin_of(&child).is_some());
        let origin = origin_of(&child).expect("it has one");
        (child, origin)
    }

    fn origin_of(parent: &Child) -> Option<u32> {
        let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
        let mut ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
        // Between them is the process of the pair.
        ids.find(|id| is_origin(*id) && parent_of(*id).and_then(parent_of) == Some(parent.id()))
    }

    fn is_origin(id: u32) -> bool {
        fs::read(format!("/proc/{id}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(SERVE_ORIGIN))
    }

    /// Those of TCP alone: a runtime has others, by which it hears of signals.
    fn sockets(id: u32) -> usize {
        let known = fs::read_to_string("/proc/net/tcp").expect("Linux has it");
        let known: Vec<&str> = known.split_whitespace().collect();
        let files = fs::read_dir(format!("/proc/{id}/fd")).expect("it runs").flatten();
        let links = files.filter_map(|file| Some(fs::read_link(file.path()).ok()?.display().to_string()));
        let socket = |link: &String| {
            let inode = link.strip_prefix("socket:[")?.strip_suffix(']')?;
            known.contains(&inode).then_some(())
        };
        links.filter_map(|link| socket(&link)).count()
    }

    fn parent_of(id: u32) -> Option<u32> {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok())
    }

    fn signal(id: u32, signal: Signal) {
        let id = i32::try_from(id).expect("a process id");
        kill(Pid::from_raw(id), signal).expect("it is ours");
    }

    #[test]
    fn it_ends_with_a_program_that_is_killed() {
        let (mut child, origin) = with_origin("1h", &[]);
        signal(child.id(), Signal::SIGKILL);
        child.wait().expect("it is ours");
        until("the origin has ended", || !is_origin(origin));
    }

    #[test]
    fn it_ends_with_a_program_that_is_interrupted() {
        for (sent, status) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
            let (mut child, origin) = with_origin("1h", &[]);
            signal(child.id(), sent);
            assert_eq!(child.wait().expect("it is ours").code(), Some(status));
            until("the origin has ended", || !is_origin(origin));
        }
    }

    #[test]
    fn it_ends_with_a_program_whose_run_passes_its_deadline() {
        let (mut child, origin) = with_origin("1h", &["--timeout", "0.5"]);
        assert_eq!(child.wait().expect("it is ours").code(), Some(3));
        until("the origin has ended", || !is_origin(origin));
    }

    #[test]
    fn what_it_was_stopped_for_is_not_the_runs() {
        let (child, _) = with_origin("1s", &["--timeout", "2", "--set", "pages=1", "--runs", "1"]);
        signal(child.id(), Signal::SIGSTOP);
        thread::sleep(Duration::from_secs(3));
        signal(child.id(), Signal::SIGCONT);
        let output = child.wait_with_output().expect("it is ours");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }

    /// The page of the run that is under way is lost. That is no difference between the sides, and is not reported as
    /// one.
    #[test]
    fn a_killed_origin_is_no_hang() {
        let (child, origin) = with_origin("2s", &["--set", "pages=1", "--runs", "1"]);
        until("it listens, and is asked", || sockets(origin) == 2);
        signal(origin, Signal::SIGKILL);
        let output = child.wait_with_output().expect("it is ours");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{printed}");
        // On a busy machine the first run may be over by then.
        let which = ["threads", "tasks"];
        let line =
            |arm| format!("! as_completed: run 1 of {arm}: the origin of the pages is gone: it has ended");
        assert!(which.iter().any(|arm| printed.contains(&line(arm))), "{printed}");
    }
}
