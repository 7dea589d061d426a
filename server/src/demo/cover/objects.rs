//! Motifs of things: what is made, read, eaten and played with.

use super::{HIGH, Ink, Painter, Shape, WIDE};
use std::f32::consts::{PI, TAU};

/// Tech: rings that spread from a source over a field of dots.
pub fn signals(p: &mut Painter) {
    let i = p.inks;
    let left = p.chance();
    let (cx, cy) = (if left { p.between(5.0, 6.2) } else { p.between(9.8, 11.0) }, p.between(4.6, 5.6));
    for row in 0..9_u8 {
        for column in 0..15_u8 {
            let (x, y) = (1.0 + f32::from(column), 1.0 + f32::from(row));
            p.flat(i.ground.mixed(i.deep, 0.16), &Shape::circle(x, y, 0.06));
        }
    }
    p.paper(i.large, &Shape::circle(cx, cy, 3.7));
    p.paper(i.soft, &Shape::circle(cx, cy, 2.75));
    p.paper(i.light, &Shape::circle(cx, cy, 1.85));
    p.paper(i.accent, &Shape::circle(cx, cy, 0.95));
    let far = if left { p.between(11.8, 12.8) } else { p.between(3.2, 4.2) };
    let low = p.between(6.0, 7.0);
    p.flat(i.deep, &Shape::line((cx, cy), (far, cy), 0.09).or(Shape::line((far, cy), (far, low), 0.09)));
    p.flat(i.deep, &Shape::circle(cx, cy, 0.2));
    p.paper(i.deep, &Shape::rect(far - 1.3, low, 2.6, 1.7, 0.35));
    for n in 0..3_u8 {
        let ink = if n == 1 { i.accent } else { i.light };
        p.flat(ink, &Shape::circle(far - 0.7 + 0.7 * f32::from(n), low + 0.85, 0.17));
    }
}

/// Fashion: lengths of cloth that hang side by side, one with a seam.
pub fn folds(p: &mut Painter) {
    let i = p.inks;
    let cloths = [i.large, i.soft, i.light, i.accent, i.deep, i.soft, i.large];
    let first = p.variety.below(7) as usize;
    let count = 6_u8;
    let width = WIDE / f32::from(count) + 0.5;
    for n in 0..count {
        let left = f32::from(n) * WIDE / f32::from(count) - 0.2;
        let hem = p.between(7.2, 9.3);
        let (sway, start) = (p.between(0.12, 0.3), p.between(0.0, TAU));
        let ink = cloths[(first + usize::from(n)) % cloths.len()];
        let cloth = Shape::rect(left, -1.0, width, hem + 1.0, 0.05)
            .cut(Shape::below(move |x| hem - 0.28 + sway * (x * 2.4 + start).sin()));
        p.paper(ink, &cloth);
        let fold = ink.mixed(i.deep, 0.14);
        for k in 1..3_u8 {
            let x = left + width * f32::from(k) / 3.0;
            p.sheer(fold, 0.7, &Shape::line((x, -1.0), (x + 0.1, hem - 1.1), 0.06));
        }
    }
    let (x, y) = (p.between(3.5, 12.5), p.between(3.2, 4.8));
    p.paper(i.light, &Shape::circle(x, y, 1.15));
    p.flat(i.light.mixed(i.deep, 0.18), &Shape::ring(x, y, 0.88, 0.06));
    for (dx, dy) in [(-0.22, -0.22), (0.22, -0.22), (-0.22, 0.22), (0.22, 0.22)] {
        p.flat(i.deep, &Shape::circle(x + dx, y + dy, 0.11));
    }
}

/// Beauty: a flower of translucent petals and a few drops.
pub fn petals(p: &mut Painter) {
    let i = p.inks;
    let (cx, cy) = (p.between(6.4, 9.6), p.between(4.7, 5.3));
    p.flat(i.ground.mixed(i.light, 0.6), &Shape::circle(cx, cy, 4.5));
    let count = 8 + p.variety.below(3) as u8;
    let turn = p.between(0.0, 1.0);
    for (ring, (reach, fat, ink)) in
        [(4.0, 0.85, i.large), (3.1, 0.72, i.soft), (2.1, 0.5, i.accent)].into_iter().enumerate()
    {
        for n in 0..count {
            let angle = turn + (f32::from(n) + 0.5 * ring as f32) * TAU / f32::from(count);
            let tip = (cx + reach * angle.cos(), cy + reach * angle.sin());
            p.sheer(ink, 0.86, &Shape::leaf((cx, cy), tip, fat));
        }
    }
    p.paper(i.light, &Shape::circle(cx, cy, 0.55));
    for _ in 0..4 {
        let side = if p.chance() { p.between(0.9, 2.2) } else { p.between(13.8, 15.2) };
        let (y, r) = (p.between(1.5, 8.5), p.between(0.22, 0.5));
        let drop = Shape::circle(side, y, r).or(Shape::leaf((side, y - r * 2.6), (side, y + r), r * 0.86));
        p.paper(i.accent, &drop);
    }
}

/// Food: a bowl on a table, what is in it, and steam.
pub fn bowl(p: &mut Painter) {
    let i = p.inks;
    let table = p.between(7.4, 7.9);
    let side = p.side();
    p.flat(i.soft, &Shape::circle(side, 3.4, 2.5));
    p.flat(i.large, &Shape::below(move |_| table));
    let cx = 8.0;
    let fruit = [i.accent, i.light, i.accent.mixed(i.deep, 0.25), i.soft];
    for n in 0..5_u8 {
        let x = cx - 2.3 + 1.15 * f32::from(n) + p.between(-0.1, 0.1);
        let (y, r) = (4.75 - 0.5 * (f32::from(n) * PI / 4.0).sin(), p.between(0.85, 1.05));
        let ink = p.one_of(&fruit);
        p.paper(ink, &Shape::circle(x, y, r));
        p.flat(i.deep, &Shape::leaf((x, y - r + 0.1), (x + 0.55, y - r - 0.35), 0.16));
    }
    let body = Shape::circle(cx, 4.9, 3.6).and(Shape::below(|_| 4.9)).cut(Shape::below(|_| 8.1));
    p.paper(i.light, &body);
    p.paper(i.light.mixed(i.deep, 0.12), &Shape::rect(cx - 1.2, 8.0, 2.4, 0.45, 0.12));
    let band = Shape::circle(cx, 4.9, 3.6).and(Shape::rect(0.0, 5.5, WIDE, 0.28, 0.0));
    p.flat(i.deep, &band);
    for n in 0..3_u8 {
        let x = cx - 1.4 + 1.4 * f32::from(n);
        let start = p.between(0.0, TAU);
        let steam = Shape::ribbon(move |y| x + 0.22 * (y * 2.6 + start).sin(), 0.13);
        // A ribbon runs across; steam rises.
        let up = Shape::rect(0.9, x - 0.6, 1.9, 1.2, 0.1).and(steam).transposed();
        p.sheer(i.light, 0.85, &up);
    }
}

/// Games: a board of tiles with pieces, and a die.
pub fn board(p: &mut Painter) {
    let i = p.inks;
    let tilt = p.between(-0.16, 0.16);
    let centre = (8.0, 5.0);
    p.paper(i.deep, &Shape::rect(3.1, 0.1, 9.8, 9.8, 0.5).turned(centre, tilt));
    for row in 0..6_u8 {
        for column in 0..6_u8 {
            let ink = if (row + column) % 2 == 0 { i.light } else { i.large };
            let (x, y) = (3.5 + 1.5 * f32::from(column), 0.5 + 1.5 * f32::from(row));
            p.flat(ink, &Shape::rect(x + 0.03, y + 0.03, 1.44, 1.44, 0.12).turned(centre, tilt));
        }
    }
    for n in 0..7_u8 {
        let (column, row) = (p.variety.below(6) as f32, p.variety.below(6) as f32);
        let ink = if n % 2 == 0 { i.accent } else { i.soft };
        let place = Shape::circle(4.25 + 1.5 * column, 1.25 + 1.5 * row, 0.5).turned(centre, tilt);
        p.paper(ink, &place);
    }
    let (x, y) = (if p.chance() { 1.0 } else { 12.6 }, p.between(5.6, 6.8));
    let middle = (x + 1.2, y + 1.2);
    let turn = p.between(-0.5, 0.5);
    p.paper(i.light, &Shape::rect(x, y, 2.4, 2.4, 0.45).turned(middle, turn));
    for (dx, dy) in [(-0.6, -0.6), (0.6, -0.6), (0.0, 0.0), (-0.6, 0.6), (0.6, 0.6)] {
        p.flat(i.deep, &Shape::circle(middle.0 + dx, middle.1 + dy, 0.22).turned(middle, turn));
    }
}

/// Comics: panels with rays, dots, a horizon, and somebody talking.
pub fn panels(p: &mut Painter) {
    let i = p.inks;
    let split = p.between(6.4, 9.4);
    let floor = p.between(5.2, 6.0);
    let frames = [
        (0.7, 0.7, split - 0.9, 8.6, i.large),
        (split + 0.1, 0.7, 15.0 - split, floor - 0.9, i.soft),
        (split + 0.1, floor + 0.1, 15.0 - split, 9.2 - floor, i.accent),
    ];
    let panel = |n: usize| {
        let (x, y, w, h, _) = frames[n];
        Shape::rect(x, y, w, h, 0.1)
    };
    for (n, frame) in frames.iter().enumerate() {
        p.paper(frame.4, &panel(n));
    }
    let (cx, cy) = (0.7 + (split - 0.9) / 2.0, 6.4);
    for n in 0..16_u8 {
        let angle = f32::from(n) * TAU / 16.0;
        let (a, b) = (angle - 0.07, angle + 0.07);
        let ray = [
            (cx, cy),
            (cx + 12.0 * a.cos(), cy + 12.0 * a.sin()),
            (cx + 12.0 * b.cos(), cy + 12.0 * b.sin()),
        ];
        p.flat(i.large.mixed(i.light, 0.28), &Shape::polygon(&ray).and(panel(0)));
    }
    p.flat(i.deep, &Shape::circle(cx, cy, 1.25).or(Shape::ellipse(cx, cy + 3.5, 2.2, 2.4)).and(panel(0)));
    p.paper(i.light, &bubble(cx + 0.2, 2.5, 1.9, 1.05, (cx - 0.1, 4.5)));
    for n in 0..3_u8 {
        p.flat(i.deep, &Shape::circle(cx - 0.5 + 0.7 * f32::from(n), 2.5, 0.16));
    }
    for row in 0..12_u8 {
        for column in 0..18_u8 {
            let odd = f32::from(row % 2) * 0.25;
            let (x, y) = (split + 0.3 + 0.5 * f32::from(column) + odd, 0.9 + 0.45 * f32::from(row));
            p.flat(
                i.soft.mixed(i.deep, 0.25),
                &Shape::circle(x, y, 0.03 + 0.012 * f32::from(row)).and(panel(1)),
            );
        }
    }
    p.paper(i.light, &Shape::circle(split + (15.0 - split) * 0.55, floor / 2.0, 1.2));
    let hill = floor + 1.9;
    p.flat(i.accent.mixed(i.deep, 0.35), &Shape::below(move |x| hill + 0.5 * (x * 0.9).sin()).and(panel(2)));
    let x = split + 2.2;
    p.paper(i.light, &bubble(x, floor + 1.35, 1.5, 0.7, (x + 1.5, floor + 2.7)));
}

fn bubble(x: f32, y: f32, rx: f32, ry: f32, tail: (f32, f32)) -> Shape {
    let tail = [(x - 0.45, y + ry * 0.6), (x + 0.35, y + ry * 0.6), tail];
    Shape::ellipse(x, y, rx, ry).or(Shape::polygon(&tail))
}

/// Publishing: books on a shelf, one leaning.
pub fn books(p: &mut Painter) {
    let i = p.inks;
    let side = p.side();
    p.flat(i.ground.mixed(i.light, 0.55), &Shape::circle(side, 3.2, 2.3));
    let shelf = 8.3;
    let mut x = 1.2;
    let spines = [i.large, i.accent, i.light, i.soft, i.deep];
    let mut last = i.ground;
    while x < 11.6 {
        let (width, height) = (p.between(0.75, 1.5), p.between(4.2, 6.6));
        let mut ink = p.one_of(&spines);
        if ink == last {
            ink = if last == i.large { i.light } else { i.large };
        }
        last = ink;
        p.paper(ink, &Shape::rect(x, shelf - height, width, height, 0.07));
        let mark = if ink == i.deep || ink == i.large { i.light } else { i.deep };
        let (top, inset) = (shelf - height, width * 0.22);
        p.sheer(mark, 0.75, &Shape::rect(x + inset, top + 0.55, width - 2.0 * inset, 0.12, 0.03));
        if p.chance() {
            p.sheer(mark, 0.75, &Shape::rect(x + inset, top + 0.82, width - 2.0 * inset, 0.12, 0.03));
        } else {
            p.sheer(mark, 0.75, &Shape::circle(x + width / 2.0, shelf - 0.8, inset.min(0.26)));
        }
        x += width + 0.05;
    }
    let leaning = Shape::rect(x + 1.55, shelf - 5.7, 1.1, 5.6, 0.07).turned((x + 1.6, shelf), -0.3);
    p.paper(i.accent, &leaning);
    p.paper(i.deep, &Shape::rect(-0.5, shelf, WIDE + 1.0, 0.42, 0.0));
    p.flat(i.ground.mixed(i.deep, 0.12), &Shape::rect(-0.5, shelf + 0.42, WIDE + 1.0, 2.0, 0.0));
}

/// Music: a record, and its sound running across the sheet.
pub fn record(p: &mut Painter) {
    let i = p.inks;
    let left = p.chance();
    let cx = if left { 5.0 } else { 11.0 };
    for n in 0..7_u8 {
        let y = 1.7 + 1.1 * f32::from(n);
        let (swing, start, pace) = (p.between(0.15, 0.55), p.between(0.0, TAU), p.between(0.8, 1.5));
        let ink = if n % 3 == 1 { i.accent } else { i.soft };
        let calm = move |x: f32| y + swing * (x * pace + start).sin();
        p.flat(ink, &Shape::ribbon(calm, 0.16));
    }
    p.paper(i.deep, &Shape::circle(cx, 5.0, 4.05));
    for n in 0..6_u8 {
        let groove = i.deep.mixed(i.light, 0.13);
        p.flat(groove, &Shape::ring(cx, 5.0, 1.85 + 0.36 * f32::from(n), 0.035));
    }
    let shine = Shape::polygon(&[(cx, 5.0), (cx + 1.7, 0.0), (cx + 3.2, 0.0)])
        .or(Shape::polygon(&[(cx, 5.0), (cx - 1.7, 10.0), (cx - 3.2, 10.0)]))
        .and(Shape::ring(cx, 5.0, 2.78, 2.2));
    p.sheer(i.light, 0.1, &shine);
    p.paper(i.accent, &Shape::circle(cx, 5.0, 1.4));
    p.flat(i.light, &Shape::ring(cx, 5.0, 0.95, 0.07));
    p.flat(i.ground, &Shape::circle(cx, 5.0, 0.2));
}

/// Art: leaves and pebbles cut from coloured fields.
pub fn cutouts(p: &mut Painter) {
    let i = p.inks;
    let split = p.between(5.0, 7.0);
    let fields = [
        (0.0, 0.0, split, 5.6, i.large),
        (split, 0.0, WIDE - split, 4.2, i.light),
        (0.0, 5.6, split, 4.4, i.accent),
        (split, 4.2, 4.8, 5.8, i.soft),
        (split + 4.8, 4.2, WIDE, 5.8, i.deep),
    ];
    for (x, y, w, h, ink) in fields {
        p.flat(ink, &Shape::rect(x, y, w, h, 0.0));
    }
    let spots = [
        (split / 2.0, 2.8, i.light),
        (split + (WIDE - split) / 2.0, 2.1, i.accent),
        (split / 2.0, 7.8, i.deep),
        (split + 2.4, 7.1, i.large),
        ((split + 4.8 + WIDE) / 2.0, 7.1, i.light),
    ];
    for (n, (x, y, ink)) in spots.into_iter().enumerate() {
        if n == 1 {
            p.paper(ink, &Shape::ellipse(x - 1.5, y, 1.3, 0.95).turned((x, y), 0.2));
            p.paper(i.large, &Shape::ellipse(x + 1.4, y + 0.1, 0.8, 1.15).turned((x, y), -0.1));
            continue;
        }
        let lean = p.between(-0.35, 0.35);
        let mut frond = Shape::line((x, y - 1.7), (x, y + 1.75), 0.17);
        for k in 0..5_u8 {
            let base = y + 1.2 - 0.62 * f32::from(k);
            let reach = 1.25 - 0.14 * f32::from(k);
            frond = frond.or(Shape::leaf((x - 0.02, base), (x - reach, base - 0.75), 0.24)).or(Shape::leaf(
                (x + 0.02, base),
                (x + reach, base - 0.75),
                0.24,
            ));
        }
        p.paper(ink, &frond.turned((x, y), lean));
    }
}

/// Design: a grid of quarter circles, discs and halves.
pub fn tiles(p: &mut Painter) {
    let i = p.inks;
    let grounds = [i.ground, i.light, i.soft, i.large, i.deep, i.ground];
    let size = 2.0;
    for row in 0..5_u8 {
        for column in 0..8_u8 {
            let (x, y) = (f32::from(column) * size, f32::from(row) * size);
            let ground = p.one_of(&grounds);
            let mut ink = p.one_of(&[i.large, i.accent, i.deep, i.light, i.soft]);
            if ink == ground {
                ink = if ground == i.large || ground == i.deep { i.light } else { i.large };
            }
            let tile = || Shape::rect(x, y, size, size, 0.0);
            p.flat(ground, &tile());
            let corner = p.variety.below(4);
            let (ox, oy) =
                (if corner.is_multiple_of(2) { x } else { x + size }, if corner < 2 { y } else { y + size });
            let shape = match p.variety.below(6) {
                0 | 1 => Shape::circle(ox, oy, size).and(tile()),
                2 => Shape::circle(x + 1.0, y + 1.0, 0.72),
                3 => Shape::circle(ox, oy, size).cut(Shape::circle(ox, oy, size / 2.0)).and(tile()),
                4 => Shape::circle(ox, y + 1.0, 1.0).and(tile()),
                _ => Shape::polygon(&[(x, y + size), (x + size, y + size), (ox, y)]),
            };
            p.flat(ink, &shape);
        }
    }
}

/// Crafts: a moon jar on a table, or a patchwork with its seams.
pub fn handwork(p: &mut Painter) {
    if p.chance() { jar(p) } else { patchwork(p) }
}

fn jar(p: &mut Painter) {
    let i = p.inks;
    let table = 8.2;
    p.flat(i.soft, &Shape::below(move |_| table));
    p.paper(i.large, &Shape::rect(1.2, -1.0, 5.2, 9.2, 0.05));
    let cx = p.between(8.4, 9.6);
    let whole = Shape::ellipse(cx, 5.0, 3.55, 3.35)
        .or(Shape::rect(cx - 1.35, 1.35, 2.7, 0.8, 0.1))
        .or(Shape::rect(cx - 1.2, 7.9, 2.4, 0.55, 0.05));
    p.paper(i.light, &whole);
    let dark = i.light.mixed(i.deep, 0.1);
    p.sheer(dark, 0.8, &Shape::ellipse(cx, 5.0, 3.55, 3.35).cut(Shape::circle(cx - 1.0, 4.4, 3.7)));
    p.sheer(
        i.accent,
        0.8,
        &Shape::ribbon(move |x| 5.05 + 0.05 * ((x - cx) * 2.0).sin(), 0.045)
            .and(Shape::ellipse(cx, 5.0, 3.5, 3.3)),
    );
    p.paper(i.accent, &Shape::circle(13.9, 7.45, 0.75));
    p.paper(i.deep, &Shape::leaf((13.9, 6.8), (14.6, 6.2), 0.17));
}

fn patchwork(p: &mut Painter) {
    let i = p.inks;
    let cloths =
        [i.large, i.soft, i.accent, i.light, i.deep, i.soft.mixed(i.light, 0.5), i.large.mixed(i.soft, 0.5)];
    let mut patches = vec![(0.0_f32, 0.0_f32, WIDE, HIGH)];
    for _ in 0..19 {
        // The largest patch is cut across its longer side, off the middle.
        let largest = (0..patches.len()).max_by(|a, b| {
            let area = |n: usize| patches[n].2 * patches[n].3;
            area(*a).total_cmp(&area(*b))
        });
        let (x, y, w, h) = patches.swap_remove(largest.unwrap_or_default());
        let part = p.between(0.3, 0.7);
        if w > h {
            patches.extend([(x, y, w * part, h), (x + w * part, y, w * (1.0 - part), h)]);
        } else {
            patches.extend([(x, y, w, h * part), (x, y + h * part, w, h * (1.0 - part))]);
        }
    }
    let first = p.variety.below(7) as usize;
    for (n, (x, y, w, h)) in patches.into_iter().enumerate() {
        let ink = cloths[(first + n * 3) % cloths.len()];
        p.flat(ink, &Shape::rect(x, y, w, h, 0.0));
        p.sheer(
            ink.mixed(i.deep, 0.3),
            0.5,
            &Shape::rect(x, y, w, 0.06, 0.0).or(Shape::rect(x, y, 0.06, h, 0.0)),
        );
        let thread: Ink = if ink == i.light { i.accent } else { i.light };
        let mut at = x + 0.2;
        while at < x + w - 0.25 {
            p.sheer(thread, 0.75, &Shape::line((at, y + 0.2), (at + 0.13, y + 0.2), 0.035));
            at += 0.28;
        }
        let mut at = y + 0.34;
        while at < y + h - 0.25 {
            p.sheer(thread, 0.75, &Shape::line((x + 0.2, at), (x + 0.2, at + 0.13), 0.035));
            at += 0.28;
        }
    }
}

/// Journalism: newspapers on a desk, with a lens over them.
pub fn newspaper(p: &mut Painter) {
    let i = p.inks;
    let tilt = p.between(0.05, 0.14);
    let left = p.chance();
    let lean = if left { tilt } else { -tilt };
    p.paper(i.soft, &Shape::rect(3.2, 0.9, 9.6, 11.0, 0.06).turned((8.0, 6.0), -lean));
    let sheet = |shape: Shape| shape.turned((8.0, 6.0), lean);
    p.paper(i.light, &sheet(Shape::rect(3.2, 0.9, 9.6, 11.0, 0.06)));
    p.flat(i.deep, &sheet(Shape::rect(3.9, 1.6, 8.2, 0.75, 0.03)));
    p.flat(i.deep, &sheet(Shape::rect(3.9, 2.6, 8.2, 0.06, 0.0)));
    let picture = 3.9 + 2.85 * p.variety.below(2) as f32;
    p.flat(i.large, &sheet(Shape::rect(picture, 2.95, 5.35, 3.0, 0.03)));
    p.flat(i.accent, &sheet(Shape::circle(picture + 3.6, 4.1, 0.7)));
    let hills = Shape::ellipse(picture + 1.5, 6.1, 2.2, 1.4).or(Shape::ellipse(picture + 4.2, 6.3, 1.9, 1.2));
    p.flat(i.deep, &sheet(hills.and(Shape::rect(picture, 2.95, 5.35, 3.0, 0.03))));
    let grey = i.light.mixed(i.deep, 0.35);
    for column in 0..3_u8 {
        let x = 3.9 + 2.85 * f32::from(column);
        let beside = x + 0.1 < picture || x > picture + 5.0;
        for row in 0..22_u8 {
            let y = if beside { 3.0 } else { 6.35 } + 0.3 * f32::from(row);
            if y > 10.3 {
                break;
            }
            let width = if row % 6 == 5 { p.between(0.9, 2.0) } else { 2.5 };
            p.flat(grey, &sheet(Shape::rect(x, y, width, 0.11, 0.03)));
        }
    }
    let (x, y) = (if left { p.between(11.2, 12.2) } else { p.between(3.8, 4.8) }, p.between(6.4, 7.2));
    let handle = if left { 1.0 } else { -1.0 };
    p.paper(i.accent, &Shape::line((x + 1.3 * handle, y + 1.3), (x + 3.0 * handle, y + 3.0), 0.55));
    p.sheer(i.light, 0.45, &Shape::circle(x, y, 1.75));
    p.paper(i.accent, &Shape::ring(x, y, 1.75, 0.3));
}
