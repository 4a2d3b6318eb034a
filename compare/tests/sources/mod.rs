//! Documents without the places in the source.

use serde::Serialize;
use serde_json::Value;

/// A document, but for where in the source anything was recorded: that is of another build, and not read back.
pub(crate) fn without_sources(document: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(document).expect("a document is plain data");
    forget(&mut value);
    value
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("source");
            fields.values_mut().for_each(forget);
        }
        Value::Array(values) => values.iter_mut().for_each(forget),
        _ => {}
    }
}
