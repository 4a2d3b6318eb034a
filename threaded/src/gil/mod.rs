//! Cells 3 and 4: work that computes, and work that waits. The notebook shows them to explain Python's global
//! interpreter lock; without one, the first of them has another lesson.

pub mod cpu_bound;
pub mod io_bound;
