//! A sheet that shapes are laid on, with smooth edges.

use super::{HIGH, Shape, WIDE};
use image::{Rgb, RgbImage};

/// A colour, each part between 0 and 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink([f32; 3]);

impl Ink {
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red as f32, green as f32, blue as f32])
    }

    /// This colour with `part` of another in it.
    pub fn mixed(self, other: Self, part: f32) -> Self {
        let mut parts = self.0;
        for (mine, theirs) in parts.iter_mut().zip(other.0) {
            *mine += (theirs - *mine) * part;
        }
        Self(parts)
    }
}

const SHADOW: Ink = Ink::hex(0x0020_1a14);
const SHADOW_STRENGTH: f32 = 0.26;
/// How far a shadow falls to the right and down, and how soft it is.
const SHADOW_FALL: (f32, f32) = (0.05, 0.11);
const SHADOW_SOFT: f32 = 0.2;

pub struct Canvas {
    width: usize,
    height: usize,
    /// Pixels of one unit.
    unit: f32,
    pixels: Vec<Ink>,
}

impl Canvas {
    pub fn new(ground: Ink, unit: u32) -> Self {
        let unit = unit as f32;
        let (width, height) = ((WIDE * unit) as usize, (HIGH * unit) as usize);
        Self { width, height, unit, pixels: vec![ground; width * height] }
    }

    pub fn fill(&mut self, ink: Ink, alpha: f32, shape: &Shape) {
        let unit = self.unit;
        self.cover(ink, shape.bounds.grown(0.05), |x, y| {
            (0.5 - shape.distance(x, y) * unit).clamp(0.0, 1.0) * alpha
        });
    }

    pub fn shadow(&mut self, shape: &Shape) {
        let (right, down) = SHADOW_FALL;
        self.cover(SHADOW, shape.bounds.grown(0.4), |x, y| {
            let depth = (0.5 - shape.distance(x - right, y - down) / (2.0 * SHADOW_SOFT)).clamp(0.0, 1.0);
            depth * depth * (3.0 - 2.0 * depth) * SHADOW_STRENGTH
        });
    }

    /// Mixes a colour into the pixels of an area, each as far as it is covered.
    fn cover(&mut self, ink: Ink, area: Bounds, covered: impl Fn(f32, f32) -> f32) {
        let first = |edge: f32| (edge * self.unit).floor().max(0.0) as usize;
        let last = |edge: f32, most: usize| ((edge * self.unit).ceil().max(0.0) as usize).min(most);
        let columns = first(area.left)..last(area.right, self.width);
        for row in first(area.top)..last(area.bottom, self.height) {
            let y = (row as f32 + 0.5) / self.unit;
            for column in columns.clone() {
                let part = covered((column as f32 + 0.5) / self.unit, y);
                if part > 0.0
                    && let Some(pixel) = self.pixels.get_mut(row * self.width + column)
                {
                    *pixel = pixel.mixed(ink, part);
                }
            }
        }
    }

    /// The finished picture, with a breath of paper grain that also keeps wide areas from banding.
    pub fn picture(&self) -> RgbImage {
        let mut picture = RgbImage::new(self.width as u32, self.height as u32);
        for (n, (to, ink)) in picture.pixels_mut().zip(&self.pixels).enumerate() {
            let fibre =
                (n as u32).wrapping_mul(0x9e37_79b9) ^ ((n / self.width) as u32).wrapping_mul(0x85eb_ca6b);
            let grain = ((fibre ^ (fibre >> 15)) & 3) as f32 * 0.7 - 1.05;
            *to = Rgb(ink.0.map(|part| (part + grain).round().clamp(0.0, 255.0) as u8));
        }
        picture
    }
}

/// Where a shape can be at all.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Bounds {
    pub const ALL: Self = Self { left: -1.0, top: -1.0, right: WIDE + 1.0, bottom: HIGH + 1.0 };

    pub fn grown(self, by: f32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }
}
