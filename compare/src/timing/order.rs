//! In which order the two arms take their turns.

use crate::lab::Arm;

/// Which arm runs first, by turns: one, other, other, one.
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
