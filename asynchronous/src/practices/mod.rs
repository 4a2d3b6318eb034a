//! Cells 25 to 28: common patterns and best practices.

pub mod managed_worker;
pub mod many_producers_consumers;
pub mod producer_consumer;
pub mod reader_writer;
