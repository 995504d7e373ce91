import type { Snowflake } from './types';

const epoch = 1420070400000n;

/** Orders ids by age; decimal strings of different length differ by their length. `null` is older than any id. */
export function compareIds(a: Snowflake | null | undefined, b: Snowflake | null | undefined): number {
  if (a === b) return 0;
  if (!a) return b ? -1 : 0;
  if (!b) return 1;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

export const isNewer = (a: Snowflake | null | undefined, b: Snowflake | null | undefined): boolean => compareIds(a, b) > 0;

export const newest = <T extends Snowflake | null | undefined>(a: T, b: T): T => (compareIds(a, b) >= 0 ? a : b);

/** Ids begin here (ms): of what is older they tell the order, not the time. */
export const idEpoch = Number(epoch);

/** Milliseconds since 1970 at which the id was made. */
export const timeOf = (id: Snowflake): number => Number((BigInt(id) >> 22n) + epoch);

/** The least id of a moment, for paging from a date. */
export const idAt = (ms: number): Snowflake => {
  const since = BigInt(Math.max(0, Math.floor(ms))) - epoch;
  return ((since > 0n ? since : 0n) << 22n).toString();
};

/** The id just before, so that "around" and "after" can include the id itself. */
export const before = (id: Snowflake): Snowflake => (BigInt(id) - 1n).toString();

let counter = 0;

/** A nonce that sorts by time and never repeats within this page or another tab of it. */
export function nonce(now = Date.now()): string {
  counter = (counter + 1) & 0xfff;
  const random = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x3ff;
  return (((BigInt(now) - epoch) << 22n) | (BigInt(random) << 12n) | BigInt(counter)).toString();
}
