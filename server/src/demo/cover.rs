//! Covers painted from paper shapes in natural dyes: one motif for each category, laid out from a seed.

mod canvas;
mod objects;
mod places;
mod shape;

use crate::life::Variety;
use canvas::{Canvas, Ink};
use image::RgbImage;
use projects::Category;
use shape::Shape;

/// The size of a cover in its own units; a cover is as wide as pages show it at most.
const WIDE: f32 = 16.0;
const HIGH: f32 = 10.0;
/// Painting takes very long without optimisation; debug builds make do with smaller pictures.
const UNIT: u32 = if cfg!(debug_assertions) { 50 } else { 100 };

/// Dyes that go together. Text never stands on a cover, so contrast is free.
#[derive(Clone, Copy, Debug)]
struct Palette {
    ground: Ink,
    large: Ink,
    soft: Ink,
    accent: Ink,
    deep: Ink,
    light: Ink,
}

const fn palette(dyes: [u32; 6]) -> Palette {
    let [ground, large, soft, accent, deep, light] = dyes;
    Palette {
        ground: Ink::hex(ground),
        large: Ink::hex(large),
        soft: Ink::hex(soft),
        accent: Ink::hex(accent),
        deep: Ink::hex(deep),
        light: Ink::hex(light),
    }
}

const PALETTES: [Palette; 7] = [
    // Orchard
    palette([0xece4d1, 0x1f6f54, 0x9dba96, 0xd9763f, 0x17402f, 0xfbf6ea]),
    // Apricot
    palette([0xf5d6b3, 0xd9763f, 0xefb98a, 0xb65a5c, 0x5d302b, 0xfdf4e6]),
    // Indigo
    palette([0xdde5e6, 0x3c5a86, 0xa9bfd0, 0xe6bd5c, 0x24344f, 0xf8f5ec]),
    // Pine at night
    palette([0x18392f, 0x2c6b53, 0x86a884, 0xe6bd5c, 0x0f2820, 0xf3ead6]),
    // Plum
    palette([0xe8dce3, 0x70567f, 0xc4b3cb, 0xe0a24c, 0x3d2c48, 0xfaf4f1]),
    // Clay
    palette([0xefe2d0, 0xbf6d47, 0xe2b692, 0x6f8a6a, 0x4b342a, 0xfcf6ec]),
    // Indigo at night
    palette([0x222f49, 0x3c5a86, 0x8ea9c0, 0xe58a5a, 0x151e31, 0xf4ecd9]),
];

/// What a motif paints with.
struct Painter {
    canvas: Canvas,
    inks: Palette,
    variety: Variety,
}

impl Painter {
    /// A number between two others.
    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.variety.below(10_000) as f32 / 10_000.0
    }

    fn one_of(&mut self, inks: &[Ink]) -> Ink {
        let n = usize::try_from(self.variety.below(inks.len() as u64)).unwrap_or_default();
        inks.get(n).copied().unwrap_or(self.inks.large)
    }

    fn chance(&mut self) -> bool {
        self.variety.below(2) == 0
    }

    fn flat(&mut self, ink: Ink, shape: &Shape) {
        self.canvas.fill(ink, 1.0, shape);
    }

    /// As [`Painter::flat`], seen through.
    fn sheer(&mut self, ink: Ink, alpha: f32, shape: &Shape) {
        self.canvas.fill(ink, alpha, shape);
    }

    /// A shape cut from paper: it throws a soft shadow on what lies below.
    fn paper(&mut self, ink: Ink, shape: &Shape) {
        self.canvas.shadow(shape);
        self.canvas.fill(ink, 1.0, shape);
    }
}

/// Paints the cover of the `n`-th project. The same numbers give the same picture.
pub fn paint(category: Category, n: usize) -> RgbImage {
    painted(category, n, UNIT)
}

fn painted(category: Category, n: usize, unit: u32) -> RgbImage {
    let seed = n as u64;
    // Neighbours in the list, and the projects of one category, get different dyes.
    let inks = PALETTES[(n * 3 + n / 7) % PALETTES.len()];
    let canvas = Canvas::new(inks.ground, unit);
    let mut painter = Painter { canvas, inks, variety: Variety::new(seed.wrapping_mul(7919) + 145) };
    let motif = match category {
        Category::Tech => objects::signals,
        Category::Fashion => objects::folds,
        Category::Living => places::window,
        Category::Beauty => objects::petals,
        Category::Food => objects::bowl,
        Category::Games => objects::board,
        Category::Comics => objects::panels,
        Category::Publishing => objects::books,
        Category::Music => objects::record,
        Category::Film => places::screen,
        Category::Art => objects::cutouts,
        Category::Stage => places::stage,
        Category::Design => objects::tiles,
        Category::Crafts => objects::handwork,
        Category::Photo => places::prints,
        Category::Journalism => objects::newspaper,
        Category::Pets => places::visitor,
        Category::Social => places::neighbours,
    };
    motif(&mut painter);
    painter.canvas.picture()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn covers_differ_between_categories_and_projects() {
        // Small ones, which are painted in no time.
        let small = |n: usize| Category::ALL.iter().map(move |category| painted(*category, n, 8).into_raw());
        let covers: HashSet<Vec<u8>> = small(0).chain(small(1)).collect();
        assert_eq!(covers.len(), Category::ALL.len() * 2);
    }
}
