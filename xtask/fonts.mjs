// Cuts Pretendard into the files that a page asks for by unicode-range.
// node xtask/fonts.mjs OUT_FOLDER TEXTS_FILE
//
// The slices that Pretendard ships make a Korean page load some 19 files and 530 kB. Ours hold the
// weights 400 to 700 only, and one file, `core`, has every letter of our own texts beside the most
// common ones, so that a first view needs that file and perhaps a few small ones.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';

const [, , out, texts] = process.argv;
const pretendard = new URL('../node_modules/pretendard/', import.meta.url);
const FAMILY = 'Pretendard Variable';
const COMMON_SLICES = [91, 90, 89]; // the most frequent syllables, in Pretendard's own order
const FREQUENT_SLICES = [...Array(17).keys()].map((n) => 88 - n); // 88 to 72: the rest of everyday Korean
const PUNCTUATION = [...'·…–—‘’“”₩×•←→'].map((letter) => letter.codePointAt(0));
const SMALL = 48; // letters in a file of frequent syllables
const LARGE = 256; // code points in a file of rare ones

const range = (from, to) => [...Array(to - from + 1).keys()].map((n) => from + n);
const isHangul = (code) => code >= 0xac00 && code <= 0xd7a3;
const hex = (code) => code.toString(16).toUpperCase();

/** The code points of each of Pretendard's slices, by number. */
function pretendardSlices() {
  const css = readFileSync(new URL('dist/web/variable/pretendardvariable-dynamic-subset.css', pretendard), 'utf8');
  return [...css.matchAll(/subset\.(\d+)\.woff2[^}]*unicode-range:([^;}]*)/g)].reduce((slices, [, number, list]) => {
    slices[number] = list.split(',').flatMap((part) => {
      const [from, to] = part.trim().replace(/^U\+/i, '').split('-').map((code) => parseInt(code, 16));
      return range(from, to ?? from);
    });
    return slices;
  }, []);
}

/** U+AC00-AC03,U+AC10 for the code points given. */
function unicodeRange(codes) {
  const parts = [];
  for (const code of [...codes].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else parts.push([code, code]);
  }
  return parts.map(([from, to]) => `U+${hex(from)}${to > from ? `-${hex(to)}` : ''}`).join(',');
}

/** The font, under another name inside: its licence reserves "Pretendard" for unchanged files. */
function source() {
  const font = readFileSync(new URL('dist/public/variable/PretendardVariable.ttf', pretendard));
  const reserved = Buffer.from('Pretendard', 'utf16le').swap16();
  const ours = Buffer.from('DureSansKR', 'utf16le').swap16();
  for (let at = font.indexOf(reserved); at >= 0; at = font.indexOf(reserved, at + 1)) ours.copy(font, at);
  return font;
}

function plan() {
  const slices = pretendardSlices();
  const ours = [...readFileSync(texts, 'utf8')].map((letter) => letter.codePointAt(0));
  const used = new Set();
  const fresh = (codes) => codes.filter((code) => !used.has(code) && used.add(code));

  const core = fresh([...range(0x20, 0x7e), ...PUNCTUATION, ...ours, ...COMMON_SLICES.flatMap((n) => slices[n])]);
  const frequent = fresh(FREQUENT_SLICES.flatMap((n) => slices[n]).filter(isHangul));
  const files = [{ name: 'core', codes: core }];
  for (let at = 0; at < frequent.length; at += SMALL) {
    files.push({ name: `frequent-${at / SMALL}`, codes: frequent.slice(at, at + SMALL) });
  }
  files.push({ name: 'latin', codes: fresh(range(0xa0, 0x17f)) });
  files.push({ name: 'signs', codes: fresh([...range(0x180, 0x24f), ...range(0x2000, 0x22ff), ...range(0x2460, 0x27bf)]) });
  files.push({ name: 'letters', codes: fresh([...range(0x3000, 0x30ff), ...range(0x3131, 0x318e), ...range(0xff01, 0xff5e)]) });
  for (let from = 0xac00; from <= 0xd7a3; from += LARGE) {
    const all = range(from, Math.min(from + LARGE - 1, 0xd7a3));
    // One whole range keeps the style sheet short: of overlapping ranges the later rule wins.
    files.push({ name: `rare-${hex(from)}`, codes: fresh(all), range: all });
  }
  return files;
}

mkdirSync(out, { recursive: true });
const font = source();
const rules = [];
for (const { name, codes, range: whole } of plan()) {
  const text = String.fromCodePoint(...codes);
  const cut = await subsetFont(font, text, {
    targetFormat: 'woff2',
    variationAxes: { wght: { min: 400, max: 700, default: 400 } },
  });
  const file = `${name}.${createHash('sha256').update(cut).digest('hex').slice(0, 16)}.woff2`;
  writeFileSync(`${out}/${file}`, cut);
  rules.unshift(
    `@font-face{font-family:"${FAMILY}";font-weight:400 700;font-display:swap;` +
      `src:url(/fonts/${file})format("woff2");unicode-range:${unicodeRange(whole ?? codes)}}`,
  );
}
writeFileSync(`${out}/LICENSE.txt`, readFileSync(new URL('dist/LICENSE.txt', pretendard)));
writeFileSync(`${out}/fonts.css`, rules.join('\n'));
