//! The table of what was caught, and the shares.

use shared::Side;

use crate::catalogue;
use crate::fault::{Class, Fault};
use crate::judge::{Caught, Judged};
use crate::unseen;

/// How many of a hundred faults a bare run must see.
const BARE: usize = 90;

/// How many of a hundred a bare run and a diff must see together.
const DIFF: usize = 95;

/// Faults, and what became of them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Judged>,
}

/// How many of some faults were planted and caught.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) planted: usize,
    pub(crate) bare: usize,
    /// Bare or with a diff.
    pub(crate) diff: usize,
}

impl Table {
    /// Adds these.
    pub(crate) fn extend(&mut self, judged: Vec<Judged>) {
        self.rows.extend(judged);
    }

    /// Whether enough was caught of what could run.
    pub(crate) fn is_enough(&self) -> bool {
        let Count { planted, bare, diff } = self.count(|_| true);
        planted > 0 && 100 * bare >= BARE * planted && 100 * diff >= DIFF * planted
    }

    fn count(&self, of: impl Fn(&Judged) -> bool) -> Count {
        let ran = self.rows.iter().filter(|row| row.caught != Caught::Compiler && of(row));
        ran.fold(Count::default(), |Count { planted, bare, diff }, row| {
            let (is_bare, is_diff) =
                (matches!(row.caught, Caught::Bare(_)), matches!(row.caught, Caught::Diff(_)));
            Count {
                planted: planted + 1,
                bare: bare + usize::from(is_bare),
                diff: diff + usize::from(is_bare || is_diff),
            }
        })
    }

    /// Prints all of it, in the order of the catalogue.
    pub(crate) fn print(&self) {
        println!("{:<50} {:<12} {:<8} {:<18} {:>4}  leads", "fault", "class", "side", "caught by", "run");
        // They were judged in another order, by groups.
        for fault in catalogue::all() {
            self.rows.iter().filter(|row| row.fault == fault).for_each(|row| println!("{}", line(row)));
        }
        println!("\n{:<12} {:>8} {:>6} {:>10}", "class", "planted", "bare", "with diff");
        for class in Class::ALL {
            let Count { planted, bare, diff } = self.count(|row| row.fault.class == class);
            if planted > 0 {
                println!("{:<12} {planted:>8} {bare:>6} {diff:>10}", class.word());
            }
        }
        let Count { planted, bare, diff } = self.count(|_| true);
        println!("\n{}", share("caught bare", bare, planted, BARE));
        println!("{}", share("caught bare or with diff", diff, planted, DIFF));
        let leads = self.rows.iter().filter(|row| row.caught.leads()).count();
        println!("of them with a message that names a line of that side: {leads}");
        for Judged { fault, .. } in self.rows.iter().filter(|row| row.caught == Caught::Missed) {
            let reason =
                unseen::reason(fault.slug).unwrap_or("no reason is listed, so it should have been seen");
            println!("missed: {}: {reason}", fault.slug);
        }
    }
}

fn line(Judged { fault, caught }: &Judged) -> String {
    let (how, sign) = match caught {
        Caught::Bare(sign) => (sign.level.clone(), Some(sign)),
        Caught::Diff(sign) => (format!("diff: {}", sign.level), Some(sign)),
        Caught::Missed => ("missed".into(), None),
        Caught::Crashed => ("missed: crashed".into(), None),
        Caught::Compiler => ("doesn't compile".into(), None),
    };
    let run = sign.and_then(|sign| sign.run).map_or_else(|| "-".into(), |run| run.to_string());
    let leads = sign.map_or("-", |sign| if sign.leads { "yes" } else { "no" });
    let (class, side) = (fault.class.word(), fault.side.actors());
    format!("{:<50} {class:<12} {side:<8} {how:<18} {run:>4}  {leads}", fault.slug)
}

fn share(what: &str, caught: usize, planted: usize, due: usize) -> String {
    let share = (100 * caught).checked_div(planted).unwrap_or(0);
    format!("{what}: {caught} of {planted}, {share} % (it takes {due} %)")
}

/// Prints the names of these faults, and how many there are.
pub(crate) fn list(faults: &[&Fault]) {
    for Fault { slug, class, side, file, .. } in faults {
        println!("{slug:<50} {:<12} {:<8} {file}", class.word(), side.actors());
    }
    let of = |side| faults.iter().filter(|fault| fault.side == side).count();
    println!(
        "{} faults: {} in threads, {} in tasks",
        faults.len(),
        of(Side::Threaded),
        of(Side::Asynchronous)
    );
}
