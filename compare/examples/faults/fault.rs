//! A fault: a mistake that somebody could make, as an edit of one file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use shared::Side;

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What is wrong, as a name.
    pub(crate) slug: &'static str,
    /// What kind of mistake it is.
    pub(crate) class: Class,
    /// The side on which it is made.
    pub(crate) side: Side,
    /// The file, below the `src` of that side. Which patterns it concerns, their imports say (see `concerns`).
    pub(crate) file: &'static str,
    /// What is replaced by what. The first text stands in the file once.
    pub(crate) edits: &'static [(&'static str, &'static str)],
}

/// What kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Class {
    /// What is to go on at once goes on in turn.
    Concurrency,
    /// A task keeps its worker from the others.
    Blocking,
    /// A pause or a timeout is not made, too short, or not where it belongs.
    Waits,
    /// Nobody waits for an actor's end, or too late.
    Ends,
    /// A wrong value.
    Values,
    /// What the cell is about is not used.
    Mechanism,
    /// Done or said in the wrong order.
    Orders,
    /// Lost, doubled, or one too many.
    Counts,
}

impl Class {
    /// Every class, from what only time shows to what every outcome shows.
    pub(crate) const ALL: [Self; 8] = [
        Self::Concurrency,
        Self::Blocking,
        Self::Waits,
        Self::Ends,
        Self::Values,
        Self::Mechanism,
        Self::Orders,
        Self::Counts,
    ];

    /// A mistake of this class in the threads' solution.
    pub(crate) const fn threads(
        self,
        slug: &'static str,
        file: &'static str,
        edits: &'static [(&'static str, &'static str)],
    ) -> Fault {
        Fault { slug, class: self, side: Side::Threaded, file, edits }
    }

    /// A mistake of this class in the tasks' solution.
    pub(crate) const fn tasks(
        self,
        slug: &'static str,
        file: &'static str,
        edits: &'static [(&'static str, &'static str)],
    ) -> Fault {
        Fault { slug, class: self, side: Side::Asynchronous, file, edits }
    }

    /// The class as a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Concurrency => "concurrency",
            Self::Blocking => "blocking",
            Self::Waits => "waits",
            Self::Ends => "ends",
            Self::Values => "values",
            Self::Mechanism => "mechanism",
            Self::Orders => "orders",
            Self::Counts => "counts",
        }
    }
}

impl Fault {
    /// Its file, in a workspace.
    pub(crate) fn path(&self, root: &Path) -> PathBuf {
        root.join(self.side.to_string()).join("src").join(self.file)
    }

    /// The text of its file with the mistake in it.
    pub(crate) fn plant(&self, text: &str) -> anyhow::Result<String> {
        // All places are found before any is replaced: an edit may bring in what another looks for.
        let mut places = Vec::new();
        for &(from, to) in self.edits {
            let mut found = text.match_indices(from);
            let (place, _) =
                found.next().with_context(|| format!("{}: not in {}: {from:?}", self.slug, self.file))?;
            ensure!(found.next().is_none(), "{}: more than once in {}: {from:?}", self.slug, self.file);
            places.push((place, place + from.len(), to));
        }
        places.sort_unstable();
        let apart = places.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        ensure!(apart, "{}: two of its edits meet", self.slug);
        let mut planted = text.to_owned();
        for (start, end, to) in places.into_iter().rev() {
            planted.replace_range(start..end, to);
        }
        Ok(planted)
    }
}
