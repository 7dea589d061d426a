//! Shapes by their distance: negative inside, positive outside, in units of the sheet.

use super::canvas::Bounds;

pub struct Shape {
    pub bounds: Bounds,
    distance: Box<dyn Fn(f32, f32) -> f32>,
}

impl Shape {
    pub fn distance(&self, x: f32, y: f32) -> f32 {
        (self.distance)(x, y)
    }

    fn new(bounds: Bounds, distance: impl Fn(f32, f32) -> f32 + 'static) -> Self {
        Self { bounds, distance: Box::new(distance) }
    }

    pub fn circle(cx: f32, cy: f32, r: f32) -> Self {
        let bounds = Bounds { left: cx - r, top: cy - r, right: cx + r, bottom: cy + r };
        Self::new(bounds, move |x, y| (x - cx).hypot(y - cy) - r)
    }

    pub fn ring(cx: f32, cy: f32, r: f32, thick: f32) -> Self {
        let half = thick / 2.0;
        let bounds = Bounds { left: cx - r, top: cy - r, right: cx + r, bottom: cy + r }.grown(half);
        Self::new(bounds, move |x, y| ((x - cx).hypot(y - cy) - r).abs() - half)
    }

    pub fn ellipse(cx: f32, cy: f32, rx: f32, ry: f32) -> Self {
        let bounds = Bounds { left: cx - rx, top: cy - ry, right: cx + rx, bottom: cy + ry };
        Self::new(bounds, move |x, y| {
            let (dx, dy) = ((x - cx) / rx, (y - cy) / ry);
            let reach = dx.hypot(dy);
            let slope = (dx / rx).hypot(dy / ry).max(0.000_1);
            reach * (reach - 1.0) / slope
        })
    }

    /// A rectangle from its upper left corner, with corners of radius `round`.
    pub fn rect(left: f32, top: f32, width: f32, height: f32, round: f32) -> Self {
        let bounds = Bounds { left, top, right: left + width, bottom: top + height };
        let (cx, cy) = (left + width / 2.0, top + height / 2.0);
        let (hw, hh) = (width / 2.0 - round, height / 2.0 - round);
        Self::new(bounds, move |x, y| {
            let (dx, dy) = ((x - cx).abs() - hw, (y - cy).abs() - hh);
            dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - round
        })
    }

    /// A round-ended stroke.
    pub fn line((ax, ay): (f32, f32), (bx, by): (f32, f32), thick: f32) -> Self {
        let half = thick / 2.0;
        let bounds = Bounds { left: ax.min(bx), top: ay.min(by), right: ax.max(bx), bottom: ay.max(by) };
        Self::new(bounds.grown(half), move |x, y| {
            let (lx, ly) = (bx - ax, by - ay);
            let along = (((x - ax) * lx + (y - ay) * ly) / (lx * lx + ly * ly).max(0.000_1)).clamp(0.0, 1.0);
            (x - ax - lx * along).hypot(y - ay - ly * along) - half
        })
    }

    /// A leaf between two points: where two circles meet.
    pub fn leaf((ax, ay): (f32, f32), (bx, by): (f32, f32), fat: f32) -> Self {
        let (mx, my) = ((ax + bx) / 2.0, (ay + by) / 2.0);
        let half = (bx - ax).hypot(by - ay) / 2.0;
        let (nx, ny) = (-(by - ay) / (2.0 * half), (bx - ax) / (2.0 * half));
        let away = (half * half - fat * fat) / (2.0 * fat);
        let r = away + fat;
        let bounds = Bounds { left: mx - half, top: my - half, right: mx + half, bottom: my + half };
        Self::new(bounds, move |x, y| {
            let one = (x - mx - nx * away).hypot(y - my - ny * away) - r;
            let two = (x - mx + nx * away).hypot(y - my + ny * away) - r;
            one.max(two)
        })
    }

    pub fn polygon(corners: &[(f32, f32)]) -> Self {
        let mut bounds = Bounds { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN };
        for (x, y) in corners {
            bounds.left = bounds.left.min(*x);
            bounds.right = bounds.right.max(*x);
            bounds.top = bounds.top.min(*y);
            bounds.bottom = bounds.bottom.max(*y);
        }
        let next = corners.iter().cycle().skip(1);
        let edges: Vec<_> = corners.iter().copied().zip(next.copied()).collect();
        Self::new(bounds, move |x, y| {
            let (mut nearest, mut inside) = (f32::MAX, false);
            for ((ax, ay), (bx, by)) in &edges {
                let (ex, ey) = (bx - ax, by - ay);
                let along =
                    (((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey).max(0.000_1)).clamp(0.0, 1.0);
                nearest = nearest.min((x - ax - ex * along).hypot(y - ay - ey * along));
                if (*ay > y) != (*by > y) && x < ex * (y - ay) / ey + ax {
                    inside = !inside;
                }
            }
            if inside { -nearest } else { nearest }
        })
    }

    /// Everything below a curve.
    pub fn below(curve: impl Fn(f32) -> f32 + 'static) -> Self {
        let (top, _) = reach(&curve);
        Self::new(Bounds { top, ..Bounds::ALL }, move |x, y| {
            let slope = (curve(x + 0.05) - curve(x - 0.05)) / 0.1;
            (curve(x) - y) / 1.0_f32.hypot(slope)
        })
    }

    /// A wavy band along a curve.
    pub fn ribbon(curve: impl Fn(f32) -> f32 + 'static, thick: f32) -> Self {
        let (top, bottom) = reach(&curve);
        let bounds = Bounds { top: top - thick, bottom: bottom + thick, ..Bounds::ALL };
        Self::new(bounds, move |x, y| {
            let slope = (curve(x + 0.05) - curve(x - 0.05)) / 0.1;
            (curve(x) - y).abs() / 1.0_f32.hypot(slope) - thick / 2.0
        })
    }

    /// Where both are.
    pub fn and(self, other: Self) -> Self {
        let (a, b) = (self.bounds, other.bounds);
        let bounds = Bounds {
            left: a.left.max(b.left),
            top: a.top.max(b.top),
            right: a.right.min(b.right),
            bottom: a.bottom.min(b.bottom),
        };
        Self::new(bounds, move |x, y| self.distance(x, y).max(other.distance(x, y)))
    }

    /// Where at least one is.
    pub fn or(self, other: Self) -> Self {
        let (a, b) = (self.bounds, other.bounds);
        let bounds = Bounds {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        };
        Self::new(bounds, move |x, y| self.distance(x, y).min(other.distance(x, y)))
    }

    /// Where this is and the other is not.
    pub fn cut(self, other: Self) -> Self {
        Self::new(self.bounds, move |x, y| self.distance(x, y).max(-other.distance(x, y)))
    }

    /// Turned around a point, clockwise, in radians.
    pub fn turned(self, (cx, cy): (f32, f32), angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        let b = self.bounds;
        let corners = [(b.left, b.top), (b.right, b.top), (b.left, b.bottom), (b.right, b.bottom)];
        let mut bounds = Bounds { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN };
        for (x, y) in corners {
            let (x, y) = (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos);
            bounds.left = bounds.left.min(x);
            bounds.right = bounds.right.max(x);
            bounds.top = bounds.top.min(y);
            bounds.bottom = bounds.bottom.max(y);
        }
        Self::new(bounds, move |x, y| {
            self.distance(cx + (x - cx) * cos + (y - cy) * sin, cy - (x - cx) * sin + (y - cy) * cos)
        })
    }

    /// With across and down exchanged.
    pub fn transposed(self) -> Self {
        let b = self.bounds;
        let bounds = Bounds { left: b.top, top: b.left, right: b.bottom, bottom: b.right };
        Self::new(bounds, move |x, y| self.distance(y, x))
    }
}

/// The highest and the lowest point of a curve on the sheet.
fn reach(curve: &impl Fn(f32) -> f32) -> (f32, f32) {
    let points = (-10..=180).map(|tenth| curve(tenth as f32 / 10.0));
    points.fold((f32::MAX, f32::MIN), |(top, bottom), y| (top.min(y - 0.02), bottom.max(y + 0.02)))
}
