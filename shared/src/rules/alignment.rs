//! Aligning what an actor did with its role's language, so that one sees not only where it goes wrong first, but what
//! is missing, what is too much, and what was right after all.
//!
//! Source: approximate matching of regular expressions as a shortest path through the product of the words and the
//! automaton (Eugene W. Myers and Webb Miller, "Approximate Matching of Regular Expressions", Bulletin of Mathematical
//! Biology 51(1), 1989). A step of the path costs nothing or one, so all that costs the same is looked at together.

use super::matcher::{Matcher, State};
use crate::What;

/// One place of an alignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aligned {
    /// The word of this place is due here.
    Kept(usize),
    /// The word of this place is too much.
    Extra(usize),
    /// A word is missing here: this one, as text.
    Missing(String),
}

/// How many pairs of a word and a state are looked at, at most: some milliseconds, and about 16 MB.
const MOST: usize = 400_000;

/// How a pair of a word and a state was reached: from which pair, and by what.
#[derive(Clone, Copy)]
struct Reached {
    from: usize,
    by: By,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Start,
    Split,
    Kept,
    Extra,
    Missing,
}

impl Matcher {
    /// The alignment of these words that leaves out and puts in the fewest words to make them a part of the language;
    /// `None` where words and language together are too long to look for it.
    pub fn align(&self, words: &[&What]) -> Option<Vec<Aligned>> {
        let width = self.states.len();
        let pairs = width.checked_mul(words.len() + 1).filter(|&pairs| pairs <= MOST)?;
        let mut reached: Vec<Option<Reached>> = vec![None; pairs];
        // What was found last is looked at first: of equally good alignments that one is taken that keeps more at its
        // begin.
        let mut free = vec![(self.start, Reached { from: self.start, by: By::Start })];
        let mut later = Vec::new();
        loop {
            let Some((pair, how)) = free.pop() else {
                // Leaving out every word and putting in others always leads to the end, so there is something left.
                std::mem::swap(&mut free, &mut later);
                continue;
            };
            if reached[pair].is_some() {
                continue;
            }
            reached[pair] = Some(how);
            let (at, state) = (pair / width, pair % width);
            let reach = |at: usize, state: usize, by| (at * width + state, Reached { from: pair, by });
            if at == words.len() && matches!(self.states[state], State::Accept) {
                return Some(self.path(&reached, pair));
            }
            match &self.states[state] {
                State::Accept => {}
                State::Split(ways) => {
                    for &way in ways.iter().rev() {
                        free.push(reach(at, way, By::Split));
                    }
                }
                State::Word(word, next) => {
                    if words.get(at).is_some_and(|what| word.fits(what)) {
                        free.push(reach(at + 1, *next, By::Kept));
                    }
                    later.push(reach(at, *next, By::Missing));
                }
            }
            if at < words.len() {
                later.push(reach(at + 1, state, By::Extra));
            }
        }
    }

    /// The way to this pair, from its start.
    fn path(&self, reached: &[Option<Reached>], mut pair: usize) -> Vec<Aligned> {
        let width = self.states.len();
        let mut path = Vec::new();
        while let Some(Reached { from, by }) = reached[pair] {
            let (at, state) = (from / width, from % width);
            match (by, &self.states[state]) {
                (By::Start, _) => break,
                (By::Kept, _) => path.push(Aligned::Kept(at)),
                (By::Extra, _) => path.push(Aligned::Extra(at)),
                (By::Missing, State::Word(word, _)) => path.push(Aligned::Missing(word.text())),
                _ => {}
            }
            pair = from;
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::naive::{self, Kind, Step};
    use super::Aligned;
    use crate::{Language, Matcher, What, at_least, pause, script, times};

    fn align(language: &Language, words: &[What]) -> Vec<Aligned> {
        Matcher::new(language).align(&words.iter().collect::<Vec<_>>()).expect("they are short")
    }

    #[test]
    fn a_missing_word_and_one_too_many_are_reported() {
        let language = script![Step::Enter, pause(Duration::ZERO), Kind::Got, Step::Leave];
        let words = [Step::Enter, Step::Enter, Step::Got { item: 1 }].map(What::said);
        assert_eq!(
            align(&language, &words),
            [
                Aligned::Kept(0),
                Aligned::Missing("pauses 0ns".into()),
                Aligned::Extra(1),
                Aligned::Kept(2),
                Aligned::Missing("Leave".into()),
            ]
        );
    }

    #[test]
    fn a_loop_is_aligned_round_by_round() {
        let language = at_least(0, script![Step::Enter, Step::Leave]);
        let words = [Step::Enter, Step::Enter, Step::Leave].map(What::said);
        let aligned = align(&language, &words);
        let kept = aligned.iter().filter(|place| matches!(place, Aligned::Kept(_))).count();
        assert_eq!((aligned.len(), kept), (3, 2), "{aligned:?}");
    }

    #[test]
    fn what_is_too_long_is_not_aligned() {
        let matcher = Matcher::new(&times(1_000, Step::Enter));
        let word = What::said(Step::Enter);
        assert_eq!(matcher.align(&vec![&word; 1_000]), None);
    }

    /// The words that an alignment keeps and leaves out are the words; those that it keeps and puts in, the language's.
    fn spells(language: &Language, words: &[What], aligned: &[Aligned]) -> bool {
        let places = aligned.iter().filter_map(|place| match place {
            Aligned::Kept(at) | Aligned::Extra(at) => Some(*at),
            Aligned::Missing(_) => None,
        });
        let whole = places.eq(0..words.len());
        let changes = aligned.iter().filter(|place| !matches!(place, Aligned::Kept(_))).count();
        let fits = naive::furthest(language, words).is_ok();
        whole && fits == (changes == 0)
    }

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn an_alignment_changes_nothing_only_where_nothing_is_wrong(
            language in naive::any_language(),
            words in prop::collection::vec(naive::any_word(), 0..10),
        ) {
            let aligned = align(&language, &words);
            prop_assert!(spells(&language, &words, &aligned), "{:?}", aligned);
        }
    }
}
