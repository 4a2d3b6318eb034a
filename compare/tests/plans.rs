//! What a plan can be set to is what both sides can carry out, and nothing else.

use compare::campaign::{Reading, Request, diff};
use compare::lab::{Arm, Round};
use compare::pair::{Pair, pair};
use serde_json::Value;
use shared::{Pace, Pattern};

mod laboratory;

use laboratory::lab;

/// A hundred characters, and one more.
const LONG: &str = "01234567890123456789012345678901234567890123456789\
                    012345678901234567890123456789012345678901234567890";

fn pairs() -> impl Iterator<Item = Pair> {
    Pattern::all().map(pair)
}

/// Values that each field must bear: the least, and one more than the notebook's.
fn bearable(field: &Value) -> Vec<String> {
    match field {
        Value::Number(number) => {
            let more = number.as_u64().expect("a count") + 1;
            // What is the least is asked of the plan itself.
            (0..=1).chain([more]).map(|number| number.to_string()).collect()
        }
        Value::String(_) => vec![String::new(), "Ω and so on".into()],
        _ => ["0s", "1ns", "3s"].map(String::from).into(),
    }
}

#[test]
fn both_sides_carry_out_what_a_plan_can_be_set_to() {
    let mut lab = lab(|settings| settings.pace = Pace::new(0.001).expect("a pace"));
    for (pattern, fields) in pairs().map(|pair| (pair.problem().card().pattern, pair.problem().plan())) {
        for (key, field) in fields {
            let mut borne = 0;
            for value in bearable(&field) {
                let mut pair = pair(pattern);
                // Below the least, it is refused.
                if pair.set(&key, &value).is_err() {
                    continue;
                }
                borne += 1;
                let rounds = Round::first(12, pair.problem(), &lab.settings);
                let request =
                    Request { arms: Arm::DEFAULT, rounds: &rounds, kept: None, reading: Reading::default() };
                let behaviour = diff(&pair, &mut lab, &request).behaviour;
                assert!(behaviour.verdict.agrees(), "{pattern}, {key} = {value}: {:?}", behaviour.reason);
            }
            assert!(borne >= 2, "{pattern}: {key} bears {borne} values");
        }
    }
}

/// The greatest number that each field takes, found by halving.
fn greatest(pair: &mut Pair, key: &str) -> u64 {
    let (mut least, mut beyond) = (1, 1_000_000_001);
    while beyond - least > 1 {
        let middle = u64::midpoint(least, beyond);
        if pair.set(key, &middle.to_string()).is_ok() { least = middle } else { beyond = middle }
    }
    least
}

#[test]
fn both_sides_bear_the_greatest_number_of_each_field() {
    let mut lab = lab(|settings| settings.runs = 1);
    for (pattern, fields) in pairs().map(|pair| (pair.problem().card().pattern, pair.problem().plan())) {
        for (key, _) in fields.into_iter().filter(|(_, field)| field.is_number()) {
            let mut pair = pair(pattern);
            let greatest = greatest(&mut pair, &key);
            pair.set(&key, &greatest.to_string()).expect("it was found");
            // The first, and those in which actors meet: as many as are enough to find that they can't.
            let mut rounds = Round::first(40, pair.problem(), &lab.settings);
            rounds.retain(|round| round.number == 1 || round.meeting.is_some());
            let request =
                Request { arms: Arm::DEFAULT, rounds: &rounds, kept: None, reading: Reading::default() };
            let behaviour = diff(&pair, &mut lab, &request).behaviour;
            assert!(behaviour.verdict.agrees(), "{pattern}, {key} = {greatest}: {:?}", behaviour.reason);
        }
    }
}

#[test]
fn what_a_plan_cannot_hold_is_refused() {
    for mut pair in pairs() {
        for (key, field) in pair.problem().plan() {
            let wrong = match field {
                Value::Number(_) => ["1000000001", "-1", "1.5", "many", ""],
                Value::String(_) => [LONG, "\u{1b}[2J", "a\nb", "\0", "\t"],
                _ => ["2h", "soon", "-1s", "5", ""],
            };
            for value in wrong {
                let refused = pair.set(&key, value).expect_err(&format!("{pair:?}: {key} = {value:?}"));
                let line = refused.to_string();
                assert!(line.contains(&key) && !line.contains('\n'), "{line}");
            }
        }
        let unknown = pair.set("colour", "blue").expect_err("no plan has a colour").to_string();
        assert!(unknown.contains("has no \"colour\" to set: it has "), "{unknown}");
    }
}
