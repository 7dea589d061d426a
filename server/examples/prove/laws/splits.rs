//! 9. The won has no minor unit: every split keeps every won.

use super::Law;
use kernel::{Money, Rate};
use rand::{Rng, SeedableRng, rngs::StdRng};

const CASES: usize = 50_000;

pub fn prove(seed: u64) -> Law {
    let mut law = Law::new(9, "every split of an amount keeps every won");
    let mut rng = StdRng::seed_from_u64(seed);
    for _ in 0..CASES {
        let most = 10_i64.pow(rng.random_range(1..13));
        let amount = Money::won(rng.random_range(0..most));
        let rate = Rate::try_from(rng.random_range(0..=10_000)).unwrap_or(Rate::NONE);
        let (part, rest) = amount.part(rate);
        let whole = part.minor() + rest.minor() == amount.minor() && part.minor() >= 0 && rest.minor() >= 0;
        law.case(whole, || format!("{} at {rate} is {} and {}", amount.minor(), part.minor(), rest.minor()));
        let weights: Vec<i64> = (0..rng.random_range(1..6)).map(|_| rng.random_range(0..1000)).collect();
        if let Some(parts) = amount.in_proportion(&weights) {
            let sum: i64 = parts.iter().map(|part| part.minor()).sum();
            law.case(sum == amount.minor(), || format!("{} by {weights:?} sums to {sum}", amount.minor()));
        }
    }
    law
}
