//! The problem of a pattern, and what a run of it yields, without the pattern's types.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use shared::{
    Await, Breach, Card, Difference, Fixture, Kind, Law, Limit, Outcome, Overlap, Role, Shape, Step,
    Stopwatch, Trace, Workload,
};

/// A [`Workload`], whatever its types; every one is.
///
/// What each method answers is what the workload's method of the same name does.
pub trait Problem: Send + Sync {
    /// The pattern's entry in the catalogue.
    fn card(&self) -> Card;
    /// What a run finds made.
    fn fixture(&self) -> Option<Fixture>;
    /// What each number in the plan may be set to.
    fn limits(&self) -> &'static [Limit];
    /// What is timed beside threads and tasks.
    fn compares(&self) -> Option<&'static str>;
    /// The fields of the plan, by name.
    fn plan(&self) -> Map<String, Value>;
    /// How the pattern's steps look.
    fn shapes(&self) -> &'static [Shape];
    /// Who acts.
    fn roles(&self) -> Vec<Role>;
    /// What holds across actors.
    fn laws(&self) -> Vec<Law>;
    /// What must be possible at once; with this plan, of two actors or more.
    fn overlaps(&self) -> Vec<Overlap>;
    /// Where a task awaits what takes its time, and where a thread only computes.
    fn awaits(&self) -> Vec<Await>;
    /// The roles whose waits are cut short.
    fn cut_short(&self) -> Vec<&'static str>;
    /// The steps whose order shows how a run went.
    fn key_steps(&self) -> Vec<&'static Shape>;
    /// Where the two sides differ by nature.
    fn differences(&self) -> Vec<Difference>;
    /// The times that the cell prints.
    fn stopwatches(&self) -> Vec<Stopwatch>;
    /// What was written so of a run's outcome.
    ///
    /// # Errors
    /// If the pattern has no such outcome.
    fn yielded(&self, whole: &RawValue) -> Result<Yielded, serde_json::Error>;
    /// Whether a run may yield this, with this trace, if it is known what its actors did.
    ///
    /// # Errors
    /// What is wrong with it.
    fn judge(&self, yielded: &Yielded, trace: Option<&Trace>) -> Result<(), Breach>;
}

/// What a run yields, as plain data.
#[derive(Debug, Clone)]
pub struct Yielded {
    /// All of it, as text: a [`Value`] has no room for the greatest integers.
    whole: Box<RawValue>,
    /// What is equal on both sides in every run.
    pub fixed: Value,
    /// What may vary.
    pub observed: Value,
}

impl Yielded {
    /// What this outcome is as plain data.
    pub fn of(outcome: &impl Outcome) -> Self {
        let whole = to_raw_value(outcome).expect("an outcome is plain data");
        Self { whole, fixed: outcome.fixed(), observed: outcome.observed() }
    }

    /// All of it, as [`Problem::yielded`] reads it again.
    pub fn whole(&self) -> &RawValue {
        &self.whole
    }
}

impl<W: Workload> Problem for W {
    fn card(&self) -> Card {
        W::CARD
    }

    fn fixture(&self) -> Option<Fixture> {
        W::FIXTURE
    }

    fn compares(&self) -> Option<&'static str> {
        W::COMPARES
    }

    fn limits(&self) -> &'static [Limit] {
        W::LIMITS
    }

    fn plan(&self) -> Map<String, Value> {
        match serde_json::to_value(self).expect("a plan is plain data") {
            Value::Object(fields) => fields,
            // A plan without fields, as tests have it.
            _ => Map::new(),
        }
    }

    fn shapes(&self) -> &'static [Shape] {
        <W::Step as Step>::Kind::SHAPES
    }

    fn roles(&self) -> Vec<Role> {
        Workload::roles(self)
    }

    fn laws(&self) -> Vec<Law> {
        Workload::laws(self)
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let overlaps = Workload::overlaps(self).into_iter();
        overlaps.filter(|overlap| overlap.count() > 1).collect()
    }

    fn awaits(&self) -> Vec<Await> {
        Workload::awaits(self)
    }

    fn cut_short(&self) -> Vec<&'static str> {
        Workload::cut_short(self)
    }

    fn key_steps(&self) -> Vec<&'static Shape> {
        Workload::key_steps(self).into_iter().map(Kind::shape).collect()
    }

    fn differences(&self) -> Vec<Difference> {
        Workload::differences(self)
    }

    fn stopwatches(&self) -> Vec<Stopwatch> {
        Workload::stopwatches(self)
    }

    fn yielded(&self, whole: &RawValue) -> Result<Yielded, serde_json::Error> {
        serde_json::from_str::<W::Outcome>(whole.get()).map(|outcome| Yielded::of(&outcome))
    }

    fn judge(&self, Yielded { whole, .. }: &Yielded, trace: Option<&Trace>) -> Result<(), Breach> {
        match serde_json::from_str(whole.get()) {
            Ok(outcome) => {
                Workload::judge(self, &outcome)?;
                trace.map_or(Ok(()), |trace| self.judge_against(&outcome, trace))
            }
            Err(error) => Err(Breach::new(format!("not an outcome of {}: {error}", W::CARD.slug), [])),
        }
    }
}
