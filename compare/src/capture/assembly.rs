//! From records to a trace: what is missing, or does not belong into it, is found here.

use shared::trace::Event;
use shared::{Program, Shape, Trace, What};

use super::Record;

/// Makes a trace of the records of a run, of a pattern whose steps have these shapes.
///
/// # Errors
/// If a record is of a step that the pattern doesn't have, or of an actor that is not in the cast; or if one is
/// missing, or stands before one that its actor recorded earlier.
pub fn assemble(shapes: &[Shape], program: &Program, records: Vec<Record>) -> Result<Trace, String> {
    let cast = program.cast();
    let start = records.iter().find(|record| record.actor == 0).map(|record| record.at);
    let mut recorded = vec![0; cast.len()];
    let events = records.into_iter().map(|record| {
        let Record { actor, at, nth, thread, source, what, watched, .. } = record;
        let actor = actor as usize;
        let Some(due) = recorded.get_mut(actor) else {
            return Err(format!("an event of an unknown actor was captured: {what}"));
        };
        if nth != *due {
            return Err(format!("event {due} of {} is missing before its `{what}`", cast[actor]));
        }
        *due += 1;
        if let What::Said(said) = &what
            && !said.is_of(shapes)
        {
            return Err(format!("a step of another pattern was captured: {said}"));
        }
        let (turn, stall) = watched.map_or((None, None), |watched| (watched.turn, watched.stall));
        let turn = start.zip(turn).map(|(start, turn)| Box::new(turn.since(start)));
        let stall = stall.map(Box::new);
        let at = start.map_or_else(Default::default, |start| at.saturating_duration_since(start));
        Ok(Event { actor, at, thread, source, what, turn, stall })
    });
    let events = events.collect::<Result<_, _>>()?;
    Ok(Trace { pace: program.pace(), seed: program.seed(), cast, events, peak_requests: 0 })
}
