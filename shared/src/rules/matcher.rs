//! Matching a trace against a language: Thompson's construction, run without backtracking.
//!
//! Source: Ken Thompson, "Regular Expression Search Algorithm", Communications of the ACM 11(6), 1968. The textbook
//! choice not taken is a table of all sets of states (a DFA): languages here are checked a few times each.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::{Language, Said, Shape, What};

/// What is due of who may be over, as text.
pub(super) const THE_END: &str = "the end";

/// A language, made ready for matching.
///
/// [`check`](Self::check) follows all readings of the words at once and visits each state once a word. Where the next
/// word decides how to go on, as in every language of the patterns, that is one or two states a word, so linear
/// time; a language that can be read in `w` ways at once costs `w` times as much.
#[derive(Debug)]
pub struct Matcher {
    pub(crate) states: Vec<State>,
    pub(crate) start: usize,
}

/// What may come next; the numbers are places in [`Matcher::states`].
#[derive(Debug)]
pub(crate) enum State {
    Accept,
    Word(Word, usize),
    Split(Vec<usize>),
}

#[derive(Debug)]
pub(crate) enum Word {
    Step(Said),
    Kind(&'static Shape),
    Pause(RangeInclusive<Duration>),
    Wait(Duration),
}

/// Where a sequence of words leaves a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The place of the first word that doesn't fit; the number of words where more are due.
    pub at: usize,
    /// What would have fitted, as text.
    pub expected: String,
}

impl Matcher {
    /// The matcher of a language.
    ///
    /// Its size is the size of the language with every bounded repetition written out.
    pub fn new(language: &Language) -> Self {
        let mut states = vec![State::Accept];
        let start = compile(language, 0, &mut states);
        Self { states, start }
    }

    /// Whether the words are in the language.
    ///
    /// # Errors
    /// The first word that no reading allows, and what would have been allowed in its place.
    pub fn check<'a>(&self, words: impl IntoIterator<Item = &'a What>) -> Result<(), Mismatch> {
        let (active, at) = self.read(words)?;
        if active.accepts { Ok(()) } else { Err(Mismatch { at, expected: active.expected(self) }) }
    }

    /// What may come after these words: as text, and the shapes of its steps.
    ///
    /// # Errors
    /// The first word that no reading allows, and what would have been allowed in its place.
    pub(crate) fn due<'a>(
        &self,
        words: impl IntoIterator<Item = &'a What>,
    ) -> Result<(String, Vec<&'static Shape>), Mismatch> {
        let (active, _) = self.read(words)?;
        let shapes = active.words.iter().filter_map(|&state| match &self.states[state] {
            State::Word(Word::Step(Said { shape, .. }) | Word::Kind(shape), _) => Some(*shape),
            _ => None,
        });
        Ok((active.expected(self), shapes.collect()))
    }

    /// What may come after these words, and how many they are.
    fn read<'a>(&self, words: impl IntoIterator<Item = &'a What>) -> Result<(Active, usize), Mismatch> {
        let mut active = Active::new(self);
        active.enter(self, self.start);
        let mut count = 0;
        for what in words {
            let next = active.after(self, what);
            if next.is_empty() {
                return Err(Mismatch { at: count, expected: active.expected(self) });
            }
            active.clear();
            for state in next {
                active.enter(self, state);
            }
            count += 1;
        }
        Ok((active, count))
    }
}

/// Adds the states that read `language` and go on at `next`; answers where to begin.
fn compile(language: &Language, next: usize, states: &mut Vec<State>) -> usize {
    match language {
        Language::Step(step) => add(State::Word(Word::Step(*step), next), states),
        Language::Kind(kind) => add(State::Word(Word::Kind(kind), next), states),
        Language::Pause(range) => add(State::Word(Word::Pause(range.clone()), next), states),
        Language::Wait(most) => add(State::Word(Word::Wait(*most), next), states),
        Language::Sequence(parts) => parts.iter().rev().fold(next, |next, part| compile(part, next, states)),
        Language::Choice(choices) => {
            let starts = choices.iter().map(|choice| compile(choice, next, states)).collect();
            add(State::Split(starts), states)
        }
        Language::Repeat { body, least, most } => {
            let mut start = match most {
                None => {
                    let again = add(State::Split(vec![next]), states);
                    let round = compile(body, again, states);
                    states[again] = State::Split(vec![round, next]);
                    again
                }
                Some(most) => (*least..*most).fold(next, |after, _| {
                    let round = compile(body, after, states);
                    add(State::Split(vec![round, next]), states)
                }),
            };
            for _ in 0..*least {
                start = compile(body, start, states);
            }
            start
        }
    }
}

fn add(state: State, states: &mut Vec<State>) -> usize {
    states.push(state);
    states.len() - 1
}

/// The words that may come next, over all readings.
struct Active {
    words: Vec<usize>,
    accepts: bool,
    /// For each state the round in which it was last entered, so that a round enters it once.
    seen: Vec<usize>,
    round: usize,
}

impl Active {
    fn new(matcher: &Matcher) -> Self {
        Self { words: Vec::new(), accepts: false, seen: vec![0; matcher.states.len()], round: 1 }
    }

    fn clear(&mut self) {
        self.words.clear();
        self.accepts = false;
        self.round += 1;
    }

    fn enter(&mut self, matcher: &Matcher, state: usize) {
        // A stack of our own: a long optional tail would overflow the call stack.
        let mut pending = vec![state];
        while let Some(state) = pending.pop() {
            if self.seen[state] == self.round {
                continue;
            }
            self.seen[state] = self.round;
            match &matcher.states[state] {
                State::Accept => self.accepts = true,
                State::Word(..) => self.words.push(state),
                State::Split(ways) => pending.extend(ways.iter().rev()),
            }
        }
    }

    fn after(&self, matcher: &Matcher, what: &What) -> Vec<usize> {
        let fits = |&state: &usize| match &matcher.states[state] {
            State::Word(word, next) if word.fits(what) => Some(*next),
            _ => None,
        };
        self.words.iter().filter_map(fits).collect()
    }

    fn expected(&self, matcher: &Matcher) -> String {
        let mut choices: Vec<String> = Vec::new();
        for &state in &self.words {
            if let State::Word(word, _) = &matcher.states[state] {
                let text = format!("`{}`", word.text());
                if !choices.contains(&text) {
                    choices.push(text);
                }
            }
        }
        if self.accepts {
            choices.push(THE_END.into());
        }
        choices.join(" or ")
    }
}

impl Word {
    pub(crate) fn fits(&self, what: &What) -> bool {
        match (self, what) {
            (Self::Step(step), What::Said(said)) => said.is(step.shape) && said.values == step.values,
            (Self::Kind(shape), What::Said(said)) => said.is(shape),
            (Self::Pause(range), What::Paused(paused)) => range.contains(paused),
            (Self::Wait(most), What::Waits(waits)) => most == waits,
            _ => false,
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Step(step) => step.to_string(),
            Self::Kind(shape) => shape.name.into(),
            Self::Pause(range) if range.start() == range.end() => What::Paused(*range.start()).to_string(),
            Self::Pause(range) => format!("pauses {:?} to {:?}", range.start(), range.end()),
            Self::Wait(most) => What::Waits(*most).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::naive::{self, Kind, Step};
    use super::Matcher;
    use crate::{Language, What, any_of, at_least, optional, pause, script, times};

    const NAP: Duration = Duration::from_millis(100);

    fn said(step: Step) -> What {
        What::said(step)
    }

    #[test]
    fn a_mismatch_names_the_word_and_what_was_due() {
        let language = script![Step::Enter, times(2, script![pause(NAP), Kind::Got]), optional(Step::Leave)];
        let matcher = Matcher::new(&language);
        let good = [said(Step::Enter), What::Paused(NAP), said(Step::Got { item: 1 }), What::Paused(NAP)];

        let early = matcher.check(&good[..3]).unwrap_err();
        assert_eq!((early.at, early.expected.as_str()), (3, "`pauses 100ms`"));

        let wrong = matcher.check(&[good.as_slice(), &[said(Step::Leave)]].concat()).unwrap_err();
        assert_eq!((wrong.at, wrong.expected.as_str()), (4, "`Got`"));

        let whole = [good.as_slice(), &[said(Step::Got { item: 2 })]].concat();
        assert_eq!(matcher.check(&whole), Ok(()));

        let long = matcher.check(&[whole.as_slice(), &[said(Step::Enter)]].concat()).unwrap_err();
        assert_eq!((long.at, long.expected.as_str()), (5, "`Leave` or the end"));
    }

    #[test]
    fn a_long_optional_tail_does_not_overflow_the_stack() {
        let language: Language = crate::between(0..=200_000, Kind::Got);
        assert_eq!(Matcher::new(&language).check(&[said(Step::Got { item: 1 })]), Ok(()));
    }

    #[test]
    #[should_panic(expected = "at least one word")]
    fn a_repeated_part_must_not_be_empty() {
        let _: Language = at_least(0, optional(Step::Enter));
    }

    #[test]
    fn a_choice_takes_either() {
        let matcher = Matcher::new(&any_of([script![Step::Enter, Step::Leave], script![Step::Enter]]));
        assert_eq!(matcher.check(&[said(Step::Enter)]), Ok(()));
        assert_eq!(matcher.check(&[said(Step::Enter), said(Step::Leave)]), Ok(()));
        assert!(matcher.check(&[said(Step::Leave)]).is_err());
    }

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn the_matcher_agrees_with_the_naive_one(
            language in naive::any_language(),
            words in prop::collection::vec(naive::any_word(), 0..12),
        ) {
            let furthest = naive::furthest(&language, &words);
            let found = Matcher::new(&language).check(&words).map_err(|mismatch| mismatch.at);
            prop_assert_eq!(found, furthest);
        }
    }
}
