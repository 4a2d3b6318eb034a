//! The catalogue: every fault, a file for each class; within a file, in the notebook's order, primitives last.

use crate::fault::Fault;

mod blocking;
mod concurrency;
mod counts;
mod ends;
mod mechanism;
mod orders;
mod values;
mod waits;

/// Every fault, in the order of [`Class::ALL`](crate::fault::Class::ALL).
pub(crate) const CATALOGUE: [&[Fault]; 8] = [
    concurrency::FAULTS,
    blocking::FAULTS,
    waits::FAULTS,
    ends::FAULTS,
    values::FAULTS,
    mechanism::FAULTS,
    orders::FAULTS,
    counts::FAULTS,
];

/// The same in a row.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    CATALOGUE.into_iter().flatten()
}
