//! Would it be noticed? Real runs of all patterns, each changed in one thing, are held to their problems.
//!
//! What goes unnoticed is either what a right run may look like as well, and is listed with its reason
//! (`mutation/lawful.rs`), or a gap in the rules of its pattern. How much that is shows the table that this prints:
//! `cargo test -p compare --test mutants -- --nocapture`.

use std::collections::{BTreeMap, BTreeSet};

use compare::lab::Lab;
use compare::pair::pair;
use fastrand::Rng;
use shared::Pattern;

mod laboratory;
mod mutation;

use laboratory::lab;
use mutation::{Elsewhere, FREE, Kind, LAWFUL, Lawful, Mutation, Scene, Source, scenes};

/// So many mutants at most of each pattern, side and kind.
const MOST: usize = 40;

/// So many of a hundred mutants of a kind may go unnoticed.
const SHARE: usize = 15;

/// How often other runs are made to see whether a reason is needed.
const ATTEMPTS: u64 = 50;

/// A pattern, and what its mutants are made of.
struct Subject {
    pattern: Pattern,
    scenes: Vec<Scene>,
    /// For each side.
    elsewhere: [Elsewhere; 2],
}

/// A mutant: of the run of one side in a scene.
struct Mutant<'a> {
    scene: &'a Scene,
    side: usize,
    mutation: Mutation,
}

impl Mutant<'_> {
    fn is_noticed(&self) -> bool {
        let (trace, yielded) = self.mutation.of(&self.scene.runs[self.side]);
        self.scene.shows(self.side, &trace, &yielded)
    }
}

/// How many mutants of one thing there were, and how many of them went unnoticed.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    mutants: usize,
    unnoticed: usize,
}

/// By pattern, kind, and what was changed.
type Counts = BTreeMap<(Pattern, Kind, String), Count>;

#[test]
fn what_is_wrong_in_one_thing_is_noticed() {
    let mut lab = lab(|_| {});
    let mut subjects = subjects(&mut lab);
    let counts = tried(&subjects);
    print(&counts);
    let stale = stale(&mut subjects, &counts, &mut lab);
    let wrong = [unlisted(&counts), stale, shares(&counts), fields(&counts)].concat();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn subjects(lab: &mut Lab) -> Vec<Subject> {
    let all: Vec<(Pattern, Vec<Scene>)> =
        Pattern::all().map(|pattern| (pattern, scenes(&pair(pattern), lab, 0))).collect();
    let elsewhere: Vec<[Elsewhere; 2]> = all.iter().map(|(pattern, _)| elsewhere(*pattern, &all)).collect();
    let subjects = all.into_iter().zip(elsewhere);
    subjects.map(|((pattern, scenes), elsewhere)| Subject { pattern, scenes, elsewhere }).collect()
}

fn elsewhere(pattern: Pattern, all: &[(Pattern, Vec<Scene>)]) -> [Elsewhere; 2] {
    let of = |side, is: &dyn Fn(Pattern) -> bool| {
        all.iter().filter(|(other, _)| is(*other)).flat_map(|(_, scenes)| sources(scenes, side)).collect()
    };
    [0, 1].map(|side| Elsewhere {
        other_side: of(1 - side, &|other| other == pattern),
        other_sections: of(side, &|other| other.card().section != pattern.card().section),
    })
}

/// Where one side recorded something, each once.
fn sources(scenes: &[Scene], side: usize) -> Vec<Source> {
    let events = scenes.iter().flat_map(|scene| &scene.runs[side].trace.events);
    let sources = events.filter_map(|event| event.source).map(|source| (source.to_string(), source));
    sources.collect::<BTreeMap<_, _>>().into_values().collect()
}

impl Subject {
    /// All mutants of one side and kind, by what is changed.
    fn mutants(&self, side: usize, kind: Kind) -> BTreeMap<String, Vec<Mutant<'_>>> {
        let mut by_what: BTreeMap<String, Vec<Mutant<'_>>> = BTreeMap::new();
        for scene in &self.scenes {
            for mutation in Mutation::all(kind, &scene.runs[side], &self.elsewhere[side]) {
                by_what.entry(mutation.what.clone()).or_default().push(Mutant { scene, side, mutation });
            }
        }
        by_what
    }

    /// Whether a mutant of this kind goes unnoticed.
    fn needs(&self, lawful: &Lawful) -> bool {
        [0, 1].iter().any(|side| {
            let mutants = self.mutants(*side, lawful.kind).remove(lawful.what);
            mutants.into_iter().flatten().any(|mutant| !mutant.is_noticed())
        })
    }
}

/// Tries some mutants of each pattern, side and kind.
fn tried(subjects: &[Subject]) -> Counts {
    let mut random = Rng::with_seed(1);
    let mut counts = Counts::new();
    for subject in subjects {
        for (kind, side) in Kind::ALL.into_iter().flat_map(|kind| [(kind, 0), (kind, 1)]) {
            for mutant in sample(subject.mutants(side, kind), &mut random) {
                let what = mutant.mutation.what.clone();
                let count = counts.entry((subject.pattern, kind, what)).or_default();
                count.mutants += 1;
                count.unnoticed += usize::from(!mutant.is_noticed());
            }
        }
    }
    counts
}

/// Some of them: by turns of each thing that is changed, so that none is left out because another is more frequent.
fn sample<T>(by_what: BTreeMap<String, Vec<T>>, random: &mut Rng) -> Vec<T> {
    let mut stacks: Vec<Vec<T>> = by_what.into_values().collect();
    for stack in &mut stacks {
        random.shuffle(stack);
    }
    random.shuffle(&mut stacks);
    let mut sample = Vec::new();
    while sample.len() < MOST && stacks.iter().any(|stack| !stack.is_empty()) {
        let left = MOST - sample.len();
        sample.extend(stacks.iter_mut().filter_map(Vec::pop).take(left));
    }
    sample
}

/// The sum over all that this is true of.
fn sum(counts: &Counts, of: impl Fn(Pattern, Kind) -> bool) -> Count {
    let counted = counts.iter().filter(|((pattern, kind, _), _)| of(*pattern, *kind));
    counted.fold(Count::default(), |sum, (_, count)| Count {
        mutants: sum.mutants + count.mutants,
        unnoticed: sum.unnoticed + count.unnoticed,
    })
}

/// The table: of each pattern and kind the mutants, and how many of them went unnoticed.
fn print(counts: &Counts) {
    let line = |name: &str, cells: Vec<String>| {
        print!("{name:<25}");
        for cell in cells {
            print!("{cell:>10}");
        }
        println!();
    };
    let counted = |Count { mutants, unnoticed }| match unnoticed {
        0 => format!("{mutants}"),
        _ => format!("{mutants} -{unnoticed}"),
    };
    let share = |count: Count| format!("{:.1} %", percent(count));
    let kinds = || Kind::ALL.into_iter();
    line("", kinds().map(|kind| kind.to_string()).chain(["unnoticed".into()]).collect());
    for pattern in Pattern::all() {
        let cells = kinds().map(|kind| counted(sum(counts, |of, its| of == pattern && its == kind)));
        let all = share(sum(counts, |of, _| of == pattern));
        line(pattern.card().slug, cells.chain([all]).collect());
    }
    line("unnoticed", kinds().map(|kind| share(sum(counts, |_, its| its == kind))).collect());
    let Count { mutants, unnoticed } = sum(counts, |_, _| true);
    println!("{unnoticed} of {mutants} mutants went unnoticed");
}

#[expect(clippy::cast_precision_loss, reason = "there are not so many mutants")]
fn percent(Count { mutants, unnoticed }: Count) -> f64 {
    100.0 * unnoticed as f64 / mutants.max(1) as f64
}

impl Lawful {
    fn is(&self, pattern: Pattern, kind: Kind, what: &str) -> bool {
        (self.pattern, self.kind, self.what) == (pattern, kind, what)
    }
}

/// What goes unnoticed without a reason.
fn unlisted(counts: &Counts) -> Vec<String> {
    let listed = |pattern, kind, what: &str| LAWFUL.iter().any(|lawful| lawful.is(pattern, kind, what));
    let unlisted = counts
        .iter()
        .filter(|((pattern, kind, what), count)| count.unnoticed > 0 && !listed(*pattern, *kind, what));
    unlisted
        .map(|((pattern, kind, what), Count { mutants, unnoticed })| {
            format!(
                "{pattern}: {unnoticed} of {mutants} go unnoticed, and no reason is listed: {kind}, {what}"
            )
        })
        .collect()
}

/// Reasons that no mutant needs. Some take luck, such as two callers that ask at once: where the sample has no such
/// mutant, all are tried, and then those of other runs.
fn stale(subjects: &mut [Subject], counts: &Counts, lab: &mut Lab) -> Vec<String> {
    let sampled = |lawful: &Lawful| {
        let mut unnoticed = counts.iter().filter(|(_, count)| count.unnoticed > 0);
        unnoticed.any(|((pattern, kind, what), _)| lawful.is(*pattern, *kind, what))
    };
    let mut is_needed = |lawful: &Lawful| {
        let subject = subjects.iter_mut().find(|subject| subject.pattern == lawful.pattern);
        let subject = subject.expect("every pattern is a subject");
        (0..ATTEMPTS).any(|attempt| {
            if attempt > 0 {
                subject.scenes = scenes(&pair(subject.pattern), lab, attempt);
            }
            subject.needs(lawful)
        })
    };
    let stale = LAWFUL.iter().filter(|lawful| !lawful.seldom && !sampled(lawful) && !is_needed(lawful));
    stale.map(|Lawful { pattern, kind, what, .. }| format!("{pattern}: stale: {kind}, {what}")).collect()
}

/// Kinds of which too many go unnoticed, whatever the reasons.
fn shares(counts: &Counts) -> Vec<String> {
    let shares = Kind::ALL.into_iter().map(|kind| (kind, sum(counts, |_, its| its == kind)));
    let too_many = shares.filter(|(_, count)| 100 * count.unnoticed > SHARE * count.mutants);
    too_many.map(|(kind, count)| format!("{kind}: {:.1} % go unnoticed", percent(count))).collect()
}

/// Fields that nothing holds, and are not said to be free; and those that are said to be, and are held.
fn fields(counts: &Counts) -> Vec<String> {
    let fields = Pattern::all().flat_map(|pattern| {
        let shapes = pair(pattern).problem().shapes().iter();
        let fields = shapes
            .flat_map(|shape| shape.fields.iter().map(|field| format!("{}.{}", shape.name, field.name)));
        fields.map(move |field| (pattern, field))
    });
    let held: BTreeSet<(Pattern, &str)> = counts
        .iter()
        .filter(|((_, kind, _), count)| *kind == Kind::Field && count.unnoticed < count.mutants)
        .filter_map(|((pattern, _, what), _)| Some((*pattern, what.split_once(": ")?.1)))
        .collect();
    let is_free = |pattern, field: &str| FREE.iter().any(|(of, free, _)| (*of, *free) == (pattern, field));
    let wrong = fields
        .filter(|(pattern, field)| held.contains(&(*pattern, field.as_str())) == is_free(*pattern, field));
    wrong
        .map(|(pattern, field)| format!("{pattern}: {field} is held if, and only if, it is said to be free"))
        .collect()
}
