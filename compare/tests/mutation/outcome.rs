//! Mutants of an outcome, through its JSON.

use compare::pair::{Problem, Yielded};
use serde_json::Value;
use serde_json::value::to_raw_value;

/// What the outcome would be with one thing changed, and what that is; what would be no outcome of the pattern is left
/// out.
pub(super) fn mutants(problem: &dyn Problem, yielded: &Yielded) -> Vec<(String, Yielded)> {
    let whole: Value = serde_json::from_str(yielded.whole().get()).expect("an outcome is plain data");
    let changed = changes("", &whole);
    changed
        .into_iter()
        .filter_map(|(what, value)| {
            let raw = to_raw_value(&value).expect("it is plain data");
            let changed = problem.yielded(&raw).ok()?;
            (changed.whole().get() != yielded.whole().get()).then_some((what, changed))
        })
        .collect()
}

/// All that one thing in a value may be changed to, each with where and how.
fn changes(path: &str, value: &Value) -> Vec<(String, Value)> {
    let mut changed =
        of_itself(value).into_iter().map(|(how, value)| (format!("{path}: {how}"), value)).collect();
    match value {
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                within(&format!("{path}[]"), element, &mut changed, |inner| {
                    let mut elements = elements.clone();
                    elements[place] = inner;
                    Value::Array(elements)
                });
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                within(&path, field, &mut changed, |inner| {
                    let mut fields = fields.clone();
                    fields[name] = inner;
                    Value::Object(fields)
                });
            }
        }
        _ => {}
    }
    changed
}

fn within(path: &str, part: &Value, changed: &mut Vec<(String, Value)>, whole: impl Fn(Value) -> Value) {
    changed.extend(changes(path, part).into_iter().map(|(what, inner)| (what, whole(inner))));
}

/// What this value itself may be changed to, and how.
fn of_itself(value: &Value) -> Vec<(&'static str, Value)> {
    let mut changed = match value {
        Value::Null => return Vec::new(),
        Value::Bool(flag) => vec![("flipped", Value::Bool(!flag))],
        Value::Number(number) => number.as_u64().map(numbers).unwrap_or_default(),
        Value::String(text) => cut(text).map(|text| ("cut", text.into())).into_iter().collect(),
        Value::Array(elements) => lists(elements),
        Value::Object(_) => Vec::new(),
    };
    changed.push(("null", Value::Null));
    changed
}

fn numbers(number: u64) -> Vec<(&'static str, Value)> {
    let others = [number.checked_add(1), number.checked_sub(1), Some(u64::MAX)].into_iter().flatten();
    others.map(|other| ("another number", other.into())).collect()
}

/// A text without its last character.
fn cut(text: &str) -> Option<&str> {
    text.char_indices().last().map(|(end, _)| &text[..end])
}

fn lists(elements: &[Value]) -> Vec<(&'static str, Value)> {
    let mut changed = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let mut change = |how, change: &dyn Fn(&mut Vec<Value>)| {
            let mut elements = elements.to_vec();
            change(&mut elements);
            changed.push((how, Value::Array(elements)));
        };
        change("dropped", &|elements| drop(elements.remove(place)));
        change("doubled", &|elements| elements.insert(place, element.clone()));
        if elements.get(place + 1).is_some_and(|next| next != element) {
            change("swapped", &|elements| elements.swap(place, place + 1));
        }
    }
    changed
}
