//! What is read of something that several write: what was written last, or at the same time.

use std::collections::HashMap;
use std::mem;

use super::offences::{Keyed, Offence};
use crate::{Shape, Trace, What};

/// A read or a write, by its places in the trace: it was made after the event before it, and before the one that says
/// it.
struct Access {
    /// How many events there were before it was made, at least.
    from: usize,
    said: usize,
    value: u64,
}

/// The first read of what nobody can have left there.
pub(super) fn offence(
    trace: &Trace,
    wrote: &Shape,
    read: &Shape,
    initial: u64,
    keyed: &Keyed,
) -> Option<Offence> {
    let (writes, reads) = accesses(trace, wrote, read, keyed);
    let written = Written::new(&writes);
    reads.into_iter().find_map(|read| {
        // The write that began last of those that were over before the read began: whatever was over before *that*
        // began is overwritten.
        let overwritten = written.latest_begin_of_those_over(read.from);
        let may_be_initial = read.value == initial && overwritten.is_none();
        if may_be_initial || written.can_be_read(&read, overwritten.unwrap_or(0)) {
            return None;
        }
        let latest = writes.iter().rev().find(|write| write.said < read.from);
        let why = format!("{} was overwritten, or never written", read.value);
        Some(Offence::new(why, latest.map(|write| write.said).into_iter().chain([read.said])))
    })
}

fn accesses(trace: &Trace, wrote: &Shape, read: &Shape, keyed: &Keyed) -> (Vec<Access>, Vec<Access>) {
    let mut latest = vec![0; trace.cast.len()];
    let (mut writes, mut reads) = (Vec::new(), Vec::new());
    for (index, event) in trace.events.iter().enumerate() {
        let from = mem::replace(&mut latest[event.actor], index + 1);
        let What::Said(said) = &event.what else { continue };
        let access = |value| Access { from, said: index, value };
        if said.is(wrote) {
            writes.push(access(keyed(said).0));
        } else if said.is(read) {
            reads.push(access(keyed(said).0));
        }
    }
    (writes, reads)
}

/// All writes, to be asked about.
struct Written {
    /// In the order in which they were over: when, and the latest begin of these and all before.
    over: Vec<(usize, usize)>,
    /// Of each value, in the order of their begins: when, and the latest end of these and all before.
    of_value: HashMap<u64, Vec<(usize, usize)>>,
}

impl Written {
    fn new(writes: &[Access]) -> Self {
        // They were found in the order in which they are said.
        let mut over: Vec<(usize, usize)> = writes.iter().map(|write| (write.said, write.from)).collect();
        greatest_so_far(&mut over);
        let mut of_value: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
        for write in writes {
            of_value.entry(write.value).or_default().push((write.from, write.said));
        }
        for writes in of_value.values_mut() {
            writes.sort_unstable();
            greatest_so_far(writes);
        }
        Self { over, of_value }
    }

    /// Of the writes that were over before this place, the latest begin.
    fn latest_begin_of_those_over(&self, place: usize) -> Option<usize> {
        last_before(&self.over, place)
    }

    /// Whether a write of what was read had begun before the read was said, and was not over before this place.
    fn can_be_read(&self, read: &Access, overwritten: usize) -> bool {
        let writes = self.of_value.get(&read.value);
        writes.and_then(|writes| last_before(writes, read.said + 1)).is_some_and(|end| end >= overwritten)
    }
}

fn greatest_so_far(pairs: &mut [(usize, usize)]) {
    let mut greatest = 0;
    for (_, second) in pairs {
        greatest = greatest.max(*second);
        *second = greatest;
    }
}

/// The second of the last pair whose first is below this.
fn last_before(pairs: &[(usize, usize)], place: usize) -> Option<usize> {
    let count = pairs.partition_point(|(first, _)| *first < place);
    count.checked_sub(1).map(|last| pairs[last].1)
}
