//! A step as its pattern knows it: an enum, and the enum of its kinds.

use std::fmt::Debug;
use std::hash::Hash;

use super::{Said, Shape, Values};

/// A step: a name and at most three scalars. Declared with [`steps!`](crate::steps).
///
/// A step is `Copy` and holds no string, so that saying one costs no allocation. Patterns say typed steps, and declare
/// and judge by them; whatever carries a step from there on carries a [`Said`].
pub trait Step: Copy + Debug + Eq + Hash + Send + Sync + 'static {
    /// The steps' names as a type: a step without its scalars.
    type Kind: Kind<Step = Self>;

    /// This step without its scalars.
    fn kind(&self) -> Self::Kind;

    /// The scalars of this step, encoded.
    fn values(&self) -> Values;

    /// This step without its type.
    #[inline]
    fn said(&self) -> Said {
        Said { shape: self.kind().shape(), values: self.values() }
    }

    /// The step that was said; `None` where this pattern has none like it.
    fn read(said: &Said) -> Option<Self>;
}

/// The name of a step, as a type of its own: what laws and languages speak about when the scalars don't matter.
pub trait Kind: Copy + Debug + Eq + Hash + Send + Sync + 'static {
    /// The steps whose kinds these are.
    type Step: Step<Kind = Self>;

    /// Every kind, in the order of declaration.
    const ALL: &'static [Self];

    /// How a step of each kind looks, in the same order.
    const SHAPES: &'static [Shape];

    /// How a step of this kind looks.
    fn shape(self) -> &'static Shape;

    /// The step's name, as declared.
    fn name(self) -> &'static str {
        self.shape().name
    }

    /// The kind of this shape; `None` where it is another pattern's.
    fn of(shape: &Shape) -> Option<Self> {
        Self::ALL.get(usize::from(shape.index)).copied().filter(|kind| kind.shape() == shape)
    }
}
