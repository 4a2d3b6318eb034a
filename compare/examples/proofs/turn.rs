//! The loop that slowdowns are planted in: here, and in what others measure of it.

/// How long the loop is, in rounds: about a hundred microseconds.
const ROUNDS: u64 = 100_000;

/// How many rounds a loop has that is longer by so many hundredths.
pub(crate) fn rounds(longer: u64) -> u64 {
    ROUNDS + ROUNDS * longer / 100
}

/// Keeps a core busy for so many rounds; the last bit of what comes of it is always set.
///
/// Nothing is put into memory meanwhile, as a `black_box` in each round would: how soon a processor reads again what it has
/// just written depends on where in memory the loop lies, and a loop that takes half as long again for that reason would hide
/// what is planted.
#[inline(never)]
pub(crate) fn turn(rounds: u64) -> u64 {
    (0..rounds).fold(1, |number: u64, round| (number.rotate_left(7) ^ round) | 1)
}
