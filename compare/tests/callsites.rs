//! Each kind of step has one callsite on each side. A binary of its own, because a process has one subscriber.

use std::collections::BTreeMap;
use std::sync::Mutex;

use compare::campaign::{Reading, Request, diff};
use compare::capture;
use compare::lab::{Arm, Round};
use compare::pair::pair;
use shared::pools::as_completed::Step::{Failed, Received, Requesting, Shown};
use shared::{Pattern, Setting, Side, Stage};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

mod laboratory;

use laboratory::lab;

/// The names of a callsite's fields.
type Fields = Vec<String>;

/// The fields of each callsite of a target and a name.
static CALLSITES: Mutex<BTreeMap<(String, String), Vec<Fields>>> = Mutex::new(BTreeMap::new());

/// Notes every callsite when it is first reached, as any layer may.
struct Counting;

impl<S: Subscriber> Layer<S> for Counting {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let key = (metadata.target().to_owned(), metadata.name().to_owned());
        let fields = metadata.fields().iter().map(|field| field.name().to_owned()).collect();
        CALLSITES.lock().expect("nobody panics with it").entry(key).or_default().push(fields);
        Interest::always()
    }

    fn enabled(&self, _metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        true
    }
}

#[test]
fn every_kind_of_step_is_an_event_of_its_pattern_and_side() {
    capture::install_with(Some(Counting));
    let mut lab = lab(|_| {});
    for pattern in Pattern::all() {
        let rounds = Round::first(3, pair(pattern).problem(), &lab.settings);
        let request =
            Request { arms: Arm::DEFAULT, rounds: &rounds, kept: None, reading: Reading::default() };
        diff(&pair(pattern), &mut lab, &request);
    }
    // Of one pattern all are reached, also what a run that goes well never says.
    for side in Side::BOTH {
        let stage = Stage::new(Setting::new("as_completed", side));
        let (page, bytes) = (0, 0);
        for step in [Requesting { page }, Received { page, bytes }, Failed { page }, Shown { page }] {
            stage.main().says(step);
        }
    }
    let callsites = CALLSITES.lock().expect("nobody panics with it").clone();
    let mut heard = 0;
    for pattern in Pattern::all() {
        let card = pattern.card();
        for side in Side::BOTH {
            let target = format!("{side}::{}::{}", card.section, card.slug);
            let mut of_pattern = 0;
            for shape in pair(pattern).problem().shapes() {
                let Some(registered) = callsites.get(&(target.clone(), shape.name.to_owned())) else {
                    continue;
                };
                of_pattern += 1;
                let fields = ["message"]
                    .into_iter()
                    .chain(shape.fields.iter().map(|field| field.name))
                    .chain(["line"]);
                assert_eq!(
                    registered,
                    &[fields.map(String::from).collect::<Vec<_>>()],
                    "{target}: {}",
                    shape.name
                );
            }
            let all = pair(pattern).problem().shapes().len();
            let due = if pattern == Pattern::AsCompleted { all } else { 1 };
            assert!((due..=all).contains(&of_pattern), "{target}: {of_pattern} of {all}");
            heard += of_pattern;
        }
    }
    let of_patterns = |target: &str| Side::BOTH.iter().any(|side| target.starts_with(&format!("{side}::")));
    let all = callsites.keys().filter(|(target, _)| of_patterns(target)).count();
    assert_eq!(heard, all, "no event of a pattern is named otherwise");
}
