//! Random numbers that are fixed by what they are drawn for.

/// Spreads the bits of a number over all 64.
///
/// Source: the finaliser of Sebastiano Vigna's `SplitMix64` (2015).
pub(crate) fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
