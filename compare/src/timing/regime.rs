//! What runs are timed for, and in which order the two arms take their turns.

use shared::Pace;

use crate::lab::Arm;

/// What runs are timed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// With the notebook's waits, scaled.
    Paced,
    /// Without any wait: what remains is the cost of coordination.
    Coordination,
}

impl Regime {
    /// The regime as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paced => "paced",
            Self::Coordination => "coordination",
        }
    }

    /// The regime as a word for a narrow table.
    pub fn short(self) -> &'static str {
        match self {
            Self::Paced => "paced",
            Self::Coordination => "coord.",
        }
    }
}

/// What runs are timed for at this pace of the waits, and with what pace each.
pub fn regimes(pace: Pace) -> impl Iterator<Item = (Regime, Pace)> {
    let paced = (!pace.is_zero()).then_some((Regime::Paced, pace));
    paced.into_iter().chain([(Regime::Coordination, Pace::ZERO)])
}

/// Which arm runs first, by turns: one, other, other, one, so that neither profits from the other's warmth.
pub fn order([first, second]: [Arm; 2], round: u32) -> [Arm; 2] {
    if round.is_multiple_of(2) { [first, second] } else { [second, first] }
}

#[cfg(test)]
mod tests {
    use super::order;
    use crate::lab::Arm;

    #[test]
    fn the_order_is_abba() {
        let [a, b] = Arm::DEFAULT;
        let orders = (0..4).flat_map(|round| order(Arm::DEFAULT, round));
        assert_eq!(orders.collect::<Vec<_>>(), [a, b, b, a, a, b, b, a]);
    }
}
