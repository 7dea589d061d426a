// Days as the product counts them: in Korean time.

const DAY = 24 * 60 * 60 * 1000;
const KOREA = 9 * 60 * 60 * 1000;

/** `2027-03-14` */
export function dayAhead(days: number): string {
  return new Date(Date.now() + KOREA + days * DAY).toISOString().slice(0, 10);
}

/** `2027-03` */
export function monthAhead(months: number): string {
  return dayAhead(months * 31).slice(0, 7);
}
