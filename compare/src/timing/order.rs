//! In which order the two arms take their turns.

use crate::lab::Arm;

/// Which arm runs first, by turns: one, other, other, one.
pub fn order([first, second]: [Arm; 2], round: u32) -> [Arm; 2] {
    if round.is_multiple_of(2) { [first, second] } else { [second, first] }
}

/// Which arm of a process begins: that is drawn, so that neither profits from what the other leaves behind. Nobody needs to
/// draw the same again, and where it came from the seed, all reports would have the same order.
pub fn drawn(arms: [Arm; 2]) -> [Arm; 2] {
    order(arms, fastrand::u32(..2))
}

#[cfg(test)]
mod tests {
    use super::{drawn, order};
    use crate::lab::Arm;

    #[test]
    fn either_arm_is_drawn_about_as_often() {
        let threads = (0..1_000).filter(|_| drawn(Arm::DEFAULT)[0] == Arm::THREADS).count();
        assert!((350..=650).contains(&threads), "{threads}");
    }

    #[test]
    fn the_order_is_abba() {
        let [a, b] = Arm::DEFAULT;
        let orders = (0..4).flat_map(|round| order(Arm::DEFAULT, round));
        assert_eq!(orders.collect::<Vec<_>>(), [a, b, b, a, a, b, b, a]);
    }
}
