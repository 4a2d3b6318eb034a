//! A step is an event of its own, which a filter selects by its target and any layer reads by its fields.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use asynchronous::introduction::sequential as a;
use serde_json::{Value, json};
use shared::introduction::sequential::Plan;
use shared::{Pace, Setting, Side, Stage};
use threaded::introduction::sequential as t;
use tokio::runtime::Builder;
use tracing::subscriber::with_default;
use tracing_subscriber::{EnvFilter, fmt};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panics with it").clone()).expect("text")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics with it").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs both sides of a pattern of one actor, which stays on this thread and so under its subscriber.
fn run_both_sides() {
    let plan = Plan { numbers: 1, letters: "Ω".into(), ..Plan::default() };
    let stage = |side| Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("sequential", side) });
    threaded::Perform::perform(stage(Side::Threaded), |stage| t::run(stage, plan.clone()))();
    let runtime = Builder::new_current_thread().build().expect("room for a runtime");
    runtime.block_on(asynchronous::Perform::perform(stage(Side::Asynchronous), |stage| {
        a::run(stage, plan.clone())
    }));
}

/// What a subscriber with this filter writes of both sides, without the numbers of lines.
fn filtered(filter: &str) -> Vec<String> {
    let (written, filter) = (Written::default(), EnvFilter::new(filter));
    let writer = written.clone();
    let subscriber = fmt().with_ansi(false).without_time().with_env_filter(filter);
    with_default(subscriber.with_writer(move || writer.clone()).finish(), run_both_sides);
    let without_line = |line: &str| line.split(" line=").next().unwrap_or(line).trim().to_owned();
    written.text().lines().map(without_line).collect()
}

#[test]
fn a_filter_selects_a_side_a_section_or_a_pattern() {
    let of = |side: &str| {
        ["Started", "Number value=0", "Letter letter=Ω", "Finished"]
            .map(|step| format!("INFO {side}::introduction::sequential: {step}"))
    };
    for filter in ["threaded=info", "threaded::introduction=info", "threaded::introduction::sequential=info"]
    {
        assert_eq!(filtered(filter), of("threaded"), "{filter}");
    }
    assert_eq!(filtered("asynchronous::introduction=info"), of("asynchronous"));
    let both = [of("threaded"), of("asynchronous")].concat();
    assert_eq!(filtered("threaded=info,asynchronous=info"), both);
    for filter in
        ["threaded::locks=info", "asynchronous::introduction::concurrent=info", "threaded=warn", "off"]
    {
        assert_eq!(filtered(filter), Vec::<String>::new(), "{filter}");
    }
}

/// With the machinery as well, one sees who says it, begins, pauses and ends.
#[test]
fn a_filter_for_the_machinery_adds_who_says_it() {
    let lines = filtered("threaded::introduction=info,shared=info");
    let run = "INFO run{pattern=sequential side=";
    assert!(lines.iter().all(|line| line.starts_with(run)), "{lines:#?}");
    let started = lines.iter().find(|line| line.ends_with("Started")).expect("the steps are selected");
    assert!(
        started.contains("}:actor{role=main number=0}: threaded::introduction::sequential: "),
        "{started}"
    );
    assert!(lines.iter().any(|line| line.ends_with("shared::run::actor: pauses 100ms")), "{lines:#?}");
}

#[test]
fn a_step_has_its_fields_as_json() {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = fmt().json().with_env_filter(EnvFilter::new("asynchronous=info"));
    with_default(subscriber.with_writer(move || writer.clone()).finish(), run_both_sides);
    let text = written.text();
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let mut fields: Vec<Value> = events.iter().map(|event| event["fields"].clone()).collect();
    for of in &mut fields {
        let line = of.as_object_mut().and_then(|of| of.remove("line"));
        assert!(line.is_some_and(|line| line.is_u64()), "{of}");
    }
    let due = [
        json!({ "message": "Started" }),
        json!({ "message": "Number", "value": 0 }),
        json!({ "message": "Letter", "letter": "Ω" }),
        json!({ "message": "Finished" }),
    ];
    assert_eq!(fields, due);
    assert!(events.iter().all(|event| event["target"] == "asynchronous::introduction::sequential"));
}
