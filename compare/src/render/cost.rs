//! What threads and tasks cost, as a table for eyes and as Markdown: a column each.

use std::fmt::Write as _;
use std::iter;

use comfy_table::{Cell, CellAlignment};

use super::Medium;
use super::summary::plural;
use super::text::{Styles, bold, duration, nanos, plain_table, push_table, size, wrap};
use crate::cost::{Cost, Figure, Memory, PAUSES};
use crate::report::Costs;

/// The costs for eyes.
pub fn cost(costs: &Costs, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let width = medium.width.unwrap_or(usize::MAX);
    let mut text = String::new();
    wrap(&styles.faint(&machine(costs)), width, &mut text);
    text.push('\n');
    let mut table = plain_table(medium.colour);
    let titles = costs.carriers.iter().map(|of| of.units.carrier.to_string().replace(' ', "\n"));
    table.set_header(iter::once(String::new()).chain(titles).map(bold));
    table.add_rows(rows(costs).into_iter().map(|row| row.into_iter().map(Cell::new).collect::<Vec<_>>()));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    push_table(&table, &mut text);
    text.push('\n');
    for line in stops(costs) {
        wrap(&line, width, &mut text);
    }
    text
}

/// The costs as Markdown.
pub fn cost_markdown(costs: &Costs) -> String {
    let titles: Vec<String> = costs.carriers.iter().map(|of| of.units.carrier.to_string()).collect();
    let mut text =
        format!("{}\n\n| | {} |\n|---|{}\n", machine(costs), titles.join(" | "), "--:|".repeat(titles.len()));
    for row in rows(costs) {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
    for line in stops(costs) {
        let _ = writeln!(text, "- {line}");
    }
    text
}

fn machine(costs: &Costs) -> String {
    format!(
        "what one costs, on {} and {}; medians",
        costs.environment.os,
        plural(costs.environment.cores, "core")
    )
}

fn rows(costs: &Costs) -> Vec<Vec<String>> {
    let row = |name: String, of: &dyn Fn(&Cost) -> Option<String>| -> Vec<String> {
        let cells = costs.carriers.iter().map(|carrier| of(carrier).unwrap_or_default());
        iter::once(name).chain(cells).collect()
    };
    let time = |name: &str, of: fn(&Cost) -> Option<Figure>| {
        row(name.into(), &|carrier| of(carrier).map(|figure| duration(nanos(figure.median_ns))))
    };
    let bytes = |name: &str, of: fn(&Memory) -> f64| {
        row(name.into(), &|carrier| carrier.memory.as_ref().map(|memory| size(of(memory))))
    };
    let late = PAUSES.iter().enumerate().map(|(place, asked)| {
        let of = |carrier: &Cost| carrier.units.late.get(place).map(|late| duration(nanos(late.median_ns)));
        row(format!("a pause of {asked:?}, beyond"), &of)
    });
    [
        time("start and join one alone", |carrier| carrier.units.spawn_alone),
        time("start and join one more", |carrier| carrier.units.spawn_more),
        time("give way", |carrier| carrier.units.give_way),
        time("wake one that waits", |carrier| carrier.units.wake),
        time("hand over to another", |carrier| carrier.units.hand_over),
    ]
    .into_iter()
    .chain(late)
    .chain([
        bytes("one that waits: resident", |memory| memory.resident),
        bytes("  page tables", |memory| memory.page_tables),
        bytes("  kernel stack", |memory| memory.kernel_stack),
        row("there can be".into(), &|carrier| carrier.stop.as_ref().map(|stop| rounded(stop.count))),
    ])
    .collect()
}

fn stops(costs: &Costs) -> Vec<String> {
    let stops = costs.carriers.iter().filter_map(|carrier| Some((carrier, carrier.stop.as_ref()?)));
    stops
        .map(|(carrier, stop)| {
            format!("{}: at most {}, because of {}", carrier.units.carrier, rounded(stop.count), stop.limit)
        })
        .collect()
}

/// A number, of which only the first digits are sure.
fn rounded(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..10_000_000 => format!("{} thousand", count / 1_000),
        _ => format!("{} million", count / 1_000_000),
    }
}
