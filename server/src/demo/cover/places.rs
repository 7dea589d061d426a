//! Motifs of rooms, landscapes and those who live there.

use super::{HIGH, Painter, Shape, WIDE};
use std::f32::consts::{FRAC_PI_3, TAU};

impl Painter {
    /// Where a sun or a lamp stands: near one side.
    pub(super) fn side(&mut self) -> f32 {
        if self.chance() { self.between(2.6, 4.2) } else { self.between(11.8, 13.4) }
    }

    /// Hills one behind the other inside an area, the nearest darkest.
    fn hills(&mut self, top: f32, area: impl Fn() -> Shape) {
        let i = self.inks;
        let inks = [i.soft, i.large, i.large.mixed(i.deep, 0.6)];
        for (n, ink) in inks.into_iter().enumerate() {
            let y = top + 0.95 * n as f32;
            let (swing, pace, start) =
                (self.between(0.35, 0.7), self.between(0.45, 0.8), self.between(0.0, TAU));
            let slow = pace * 0.4;
            let curve = move |x: f32| y + swing * (x * pace + start).sin() + 0.3 * (x * slow).cos();
            self.paper(ink, &Shape::below(curve).and(area()));
        }
    }
}

/// Home & living: a vase before an arched window.
pub fn window(p: &mut Painter) {
    let i = p.inks;
    let floor = 7.9;
    p.flat(i.ground.mixed(i.deep, 0.1), &Shape::below(move |_| floor));
    let cx = p.between(5.2, 6.6);
    let arch = |grow: f32| {
        Shape::circle(cx, 4.0, 2.7 + grow).or(Shape::rect(cx - 2.7 - grow, 4.0, 5.4 + 2.0 * grow, 3.9, 0.0))
    };
    p.paper(i.light, &arch(0.35));
    p.flat(i.soft, &arch(0.0));
    let sun = p.between(-1.2, 1.2);
    p.flat(i.accent, &Shape::circle(cx + sun, 3.6, 1.05));
    p.hills(5.2, || arch(0.0));
    p.flat(i.light, &Shape::rect(cx - 0.08, 1.2, 0.16, 6.7, 0.0));
    p.flat(i.light, &Shape::rect(cx - 2.7, 4.3, 5.4, 0.16, 0.0));
    let x = p.between(11.2, 12.4);
    let lean = p.between(-0.12, 0.12);
    for n in 0..7_u8 {
        let angle = -1.35 + 0.45 * f32::from(n);
        let (bx, by) = (x + 3.1 * angle.sin(), 5.3 - 3.4 * angle.cos().max(0.25));
        let ink = if n % 2 == 0 { i.large } else { i.deep };
        p.paper(ink, &Shape::leaf((x, 5.8), (bx, by), 0.42).turned((x, 5.8), lean));
    }
    let vase = Shape::ellipse(x, 7.0, 1.45, 1.55)
        .or(Shape::rect(x - 0.6, 5.1, 1.2, 1.4, 0.15))
        .or(Shape::rect(x - 0.8, 8.2, 1.6, 0.45, 0.1));
    p.paper(i.accent, &vase);
    p.paper(i.deep, &Shape::rect(8.7, 8.6, 7.6, 0.35, 0.05));
    p.flat(i.deep, &Shape::rect(9.5, 8.8, 0.3, 2.0, 0.0).or(Shape::rect(15.2, 8.8, 0.3, 2.0, 0.0)));
}

/// Film: a landscape on a screen, with the holes of the strip above and below.
pub fn screen(p: &mut Painter) {
    let i = p.inks;
    p.flat(i.deep, &Shape::rect(-1.0, -1.0, WIDE + 2.0, HIGH + 2.0, 0.0));
    let frame = || Shape::rect(1.0, 1.35, 14.0, 7.3, 0.25);
    p.flat(i.light.mixed(i.soft, 0.35), &frame());
    let (x, y, r) = (p.between(4.0, 12.0), p.between(3.4, 4.4), p.between(1.3, 1.9));
    for n in 0..3_u8 {
        let wide = r + 0.7 * f32::from(3 - n);
        p.sheer(i.accent, 0.16, &Shape::circle(x, y, wide).and(frame()));
    }
    p.flat(i.accent, &Shape::circle(x, y, r).and(frame()));
    p.hills(5.0, frame);
    let (birds_x, birds_y) = (p.between(3.0, 10.0), p.between(2.2, 3.2));
    for n in 0..3_u8 {
        let (bx, by) = (birds_x + 0.9 * f32::from(n), birds_y + 0.3 * f32::from(n % 2));
        let wing = Shape::line((bx - 0.3, by - 0.16), (bx, by), 0.07).or(Shape::line(
            (bx, by),
            (bx + 0.3, by - 0.16),
            0.07,
        ));
        p.flat(i.deep, &wing);
    }
    for n in 0..13_u8 {
        let x = 0.35 + 1.2 * f32::from(n);
        p.flat(i.light, &Shape::rect(x, 0.42, 0.62, 0.46, 0.12));
        p.flat(i.light, &Shape::rect(x, 9.12, 0.62, 0.46, 0.12));
    }
}

/// Stage: curtains, a cone of light, and somebody in it.
pub fn stage(p: &mut Painter) {
    let i = p.inks;
    let floor = 7.7;
    p.flat(i.deep, &Shape::rect(-1.0, -1.0, WIDE + 2.0, HIGH + 2.0, 0.0));
    p.flat(i.deep.mixed(i.large, 0.45), &Shape::below(move |_| floor));
    let (from, to) = (p.between(5.0, 11.0), p.between(6.6, 9.4));
    let cone = Shape::polygon(&[(from - 0.2, -1.0), (from + 0.2, -1.0), (to + 2.6, 8.6), (to - 2.6, 8.6)]);
    p.sheer(i.accent, 0.32, &cone);
    p.flat(i.accent.mixed(i.light, 0.35), &Shape::ellipse(to, 8.6, 2.6, 0.55));
    let figure = Shape::circle(to, 5.0, 0.55)
        .or(Shape::rect(to - 0.62, 5.7, 1.24, 2.95, 0.5))
        .or(Shape::line((to - 0.5, 6.1), (to - 1.5, 5.3), 0.3))
        .or(Shape::line((to + 0.5, 6.1), (to + 1.35, 6.9), 0.3));
    p.flat(i.light, &figure);
    for side in [false, true] {
        for n in (0..4_u8).rev() {
            let width = 1.15;
            let near = f32::from(n) * 0.95;
            let left = if side { WIDE - near - width } else { near };
            let ink = if n % 2 == 0 { i.accent.mixed(i.large, 0.5) } else { i.large };
            let sway = p.between(-0.05, 0.05);
            p.paper(ink, &Shape::rect(left, -1.0, width, 10.4, 0.5).turned((left, 0.0), sway));
        }
    }
    for n in 0..8_u8 {
        let ink = if n % 2 == 0 { i.large } else { i.accent.mixed(i.large, 0.5) };
        p.paper(ink, &Shape::circle(1.0 + 2.0 * f32::from(n), 0.1, 1.2));
    }
}

/// Photography: prints on a table, or the blades of a shutter.
pub fn prints(p: &mut Painter) {
    if p.chance() { shutter(p) } else { table(p) }
}

fn table(p: &mut Painter) {
    let i = p.inks;
    let spots = [(4.3, 5.3, -0.13), (11.7, 4.9, 0.12), (8.1, 4.9, -0.03)];
    for (n, (x, y, lean)) in spots.into_iter().enumerate() {
        let turned = move |shape: Shape| shape.turned((x, y), lean);
        p.paper(i.light, &turned(Shape::rect(x - 2.5, y - 3.1, 5.0, 6.2, 0.08)));
        let view = move || turned(Shape::rect(x - 2.15, y - 2.75, 4.3, 4.5, 0.03));
        let sky = [i.soft, i.accent.mixed(i.light, 0.45), i.large][n];
        p.flat(sky, &view());
        let (sun, high) = (p.between(-1.0, 1.0), p.between(-1.6, -0.6));
        let disc = if n == 1 { i.light } else { i.accent };
        p.flat(disc, &Shape::circle(x + sun, y + high, 0.75).and(view()));
        let pace = p.between(0.6, 1.1);
        let near = if n == 2 { i.soft } else { i.large };
        p.flat(near, &Shape::below(move |at| y + 0.35 + 0.4 * (at * pace).sin()).and(view()));
        p.flat(i.deep, &Shape::below(move |at| y + 1.05 + 0.25 * (at * pace * 1.4).cos()).and(view()));
    }
}

fn shutter(p: &mut Painter) {
    let i = p.inks;
    let (cx, cy) = (p.between(6.6, 9.4), 5.0);
    p.paper(i.deep, &Shape::circle(cx, cy, 4.5));
    p.flat(i.deep.mixed(i.light, 0.16), &Shape::ring(cx, cy, 4.15, 0.08));
    let turn = p.between(0.0, 1.0);
    let blades = [i.large, i.soft, i.large.mixed(i.soft, 0.5), i.large, i.soft, i.large.mixed(i.soft, 0.5)];
    p.flat(i.accent, &Shape::circle(cx, cy, 3.75));
    for (n, ink) in blades.into_iter().enumerate() {
        let angle = turn + n as f32 * FRAC_PI_3;
        let at =
            |reach: f32, more: f32| (cx + reach * (angle + more).cos(), cy + reach * (angle + more).sin());
        let blade = Shape::polygon(&[at(1.5, 0.0), at(9.0, 0.5), at(9.0, 1.75), at(1.5, FRAC_PI_3)]);
        p.paper(ink, &blade.and(Shape::circle(cx, cy, 3.75)));
    }
    for _ in 0..5 {
        let (x, y, r) = (p.side(), p.between(1.0, 9.0), p.between(0.15, 0.6));
        let ink = p.one_of(&[i.accent, i.soft, i.light]);
        p.sheer(ink, 0.6, &Shape::circle(x, y, r));
    }
}

/// Pets: somebody looks over the edge of the picture.
pub fn visitor(p: &mut Painter) {
    let cat = p.chance();
    let i = p.inks;
    let side = p.side();
    p.flat(i.soft, &Shape::circle(side, 2.9, 1.9));
    let cx = p.between(6.8, 9.2);
    let fur = p.one_of(&[i.large, i.accent, i.deep]);
    let inner = fur.mixed(i.light, 0.45);
    for side in [-1.0_f32, 1.0] {
        if cat {
            let ear = |shrink: f32| {
                [
                    (cx + side * (3.3 - shrink), 5.2 - shrink),
                    (cx + side * (2.7 - shrink * 0.4), 1.5 + shrink * 1.6),
                    (cx + side * (0.75 + shrink), 3.5),
                ]
            };
            p.paper(fur, &Shape::polygon(&ear(0.0)));
            p.flat(inner, &Shape::polygon(&ear(0.42)));
        } else {
            p.paper(fur, &Shape::circle(cx + side * 1.9, 4.0, 1.0));
        }
    }
    p.paper(fur, &Shape::ellipse(cx, 6.6, 3.5, 3.4));
    if !cat {
        for side in [-1.0_f32, 1.0] {
            let ear =
                Shape::ellipse(cx + side * 3.1, 5.9, 0.95, 2.1).turned((cx + side * 3.1, 4.2), side * -0.22);
            p.paper(fur.mixed(i.deep, 0.4), &ear);
        }
    }
    for side in [-1.0_f32, 1.0] {
        p.flat(i.light, &Shape::ellipse(cx + side * 1.35, 6.1, 0.62, 0.7));
        let look = p.between(-0.02, 0.02) + 0.12;
        let pupil = if cat {
            Shape::ellipse(cx + side * 1.35 + look, 6.1, 0.24, 0.55)
        } else {
            Shape::circle(cx + side * 1.35 + look, 6.15, 0.38)
        };
        p.flat(i.deep.mixed(i.light, 0.04), &pupil);
        p.flat(i.light, &Shape::circle(cx + side * 1.35 + look + 0.1, 5.85, 0.11));
    }
    p.flat(inner, &Shape::ellipse(cx, 7.85, 1.35, 0.95));
    p.flat(i.ground.mixed(i.deep, 0.75), &Shape::ellipse(cx, 7.4, 0.42, 0.28));
    if cat {
        for side in [-1.0_f32, 1.0] {
            for n in 0..3_u8 {
                let y = 7.6 + 0.28 * f32::from(n);
                let (from, to) = ((cx + side * 1.5, y), (cx + side * 3.9, y - 0.35 + 0.3 * f32::from(n)));
                p.flat(i.light, &Shape::line(from, to, 0.05));
            }
        }
    }
    p.paper(i.light, &Shape::rect(-1.0, 8.7, WIDE + 2.0, 3.0, 0.0));
    for side in [-1.0_f32, 1.0] {
        let paw = cx + side * 2.4;
        p.paper(fur, &Shape::rect(paw - 0.85, 8.0, 1.7, 1.35, 0.65));
        for n in 0..2_u8 {
            let x = paw - 0.25 + 0.5 * f32::from(n);
            p.flat(fur.mixed(i.deep, 0.4), &Shape::line((x, 8.85), (x, 9.2), 0.06));
        }
    }
}

/// Social impact: people side by side, each in another colour.
pub fn neighbours(p: &mut Painter) {
    let i = p.inks;
    p.flat(i.ground.mixed(i.light, 0.6), &Shape::circle(8.0, 7.6, 6.6));
    let coats = [i.large, i.accent, i.soft, i.deep, i.light, i.large.mixed(i.soft, 0.5)];
    let faces =
        [i.light, i.soft.mixed(i.light, 0.4), i.accent.mixed(i.light, 0.45), i.deep.mixed(i.accent, 0.35)];
    let first = p.variety.below(6) as usize;
    for (line, (count, low, size)) in [(5_u8, 5.4, 0.92), (6, 7.6, 1.08)].into_iter().enumerate() {
        for n in 0..count {
            let x = 8.0 + (f32::from(n) - f32::from(count - 1) / 2.0) * 2.55;
            let tall = low + p.between(-0.5, 0.4);
            let coat = coats[(first + usize::from(n) * 2 + line * 3 + usize::from(n) / 3) % coats.len()];
            let body = Shape::circle(x, tall, 1.22 * size).or(Shape::rect(
                x - 1.22 * size,
                tall,
                2.44 * size,
                8.0,
                0.0,
            ));
            p.paper(coat, &body);
            let face = faces[(usize::from(n) + line * 2 + first) % faces.len()];
            p.paper(face, &Shape::circle(x, tall - 1.35 * size, 0.82 * size));
            if p.chance() {
                let hair = Shape::circle(x, tall - 1.35 * size, 0.84 * size).cut(Shape::circle(
                    x,
                    tall - 0.85 * size,
                    0.95 * size,
                ));
                p.flat(i.deep, &hair);
            }
        }
    }
}
