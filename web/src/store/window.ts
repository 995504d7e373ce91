import { compareIds } from '../wire/snowflake';
import type { Message, MessageDelete, Snowflake } from '../wire/types';
import { emptyWindow, ensure, type MessageWindow, type State } from './state';

// A channel's loaded messages: one stretch without holes, sorted by id.

/** Past this many, the end that is out of sight is let go; it can be loaded again. */
export const windowLimit = 200;
const trimTo = 150;

export const windowOf = (s: State, channelId: Snowflake): MessageWindow => ensure(s.windows, channelId, emptyWindow);

/** The first index whose id is not older than `id`. */
export function indexOf(items: readonly Message[], id: Snowflake): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIds(items[middle]!.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function findMessage(s: State, channelId: Snowflake, id: Snowflake): Message | undefined {
  const items = s.windows[channelId]?.items;
  const found = items?.[indexOf(items, id)];
  return found?.id === id ? found : undefined;
}

/** Puts one message in its place; one that is there already is replaced field by field, so that nothing is drawn twice. */
export function insert(items: Message[], m: Message): void {
  const at = indexOf(items, m.id);
  if (items[at]?.id === m.id) renew(items[at], m);
  else items.splice(at, 0, m);
}

/** Takes what differs: a row whose attachments or previews are replaced by equal ones would load them again. */
function renew(known: Message, m: Message): Message {
  for (const key of Object.keys(m) as (keyof Message)[]) {
    if (JSON.stringify(known[key]) !== JSON.stringify(m[key])) Object.assign(known, { [key]: m[key] });
  }
  return known;
}

/** A new message belongs to the window only if the window reaches to the channel's end. */
export function append(s: State, m: Message): void {
  const window = s.windows[m.channel_id];
  if (!window?.atEnd || window.stale) return;
  // An empty window of a channel that was never opened stays empty: its beginning would be a hole.
  if (window.items.length === 0 && !window.atStart) return;
  insert(window.items, m);
}

export function replaceWindow(s: State, channelId: Snowflake, page: readonly Message[], atStart: boolean, atEnd: boolean): void {
  const window = windowOf(s, channelId);
  const known = new Map(window.items.map((m) => [m.id, m]));
  // Rows that stay keep their object, so that a refresh after a reconnect redraws only what changed.
  window.items = [...page].sort((a, b) => compareIds(a.id, b.id)).map((m) => {
    const old = known.get(m.id);
    return old ? renew(old, { ...m, reactions: m.reactions ?? [] }) : m;
  });
  window.atStart = atStart;
  window.atEnd = atEnd;
  window.stale = false;
}

/** `page` is all that exists after `from` and up to `to`: what is known there and not in it was deleted. */
export function correct(s: State, channelId: Snowflake, page: readonly Message[], from: Snowflake, to: Snowflake): void {
  const { items } = windowOf(s, channelId);
  const existing = new Map(page.map((m) => [m.id, m]));
  for (const m of items.filter((x) => compareIds(x.id, from) > 0 && compareIds(x.id, to) <= 0)) {
    const now = existing.get(m.id);
    if (now) renew(m, { ...now, reactions: now.reactions ?? [] });
    else removeMessage(s, m);
  }
}

export function addOlder(s: State, channelId: Snowflake, page: readonly Message[], atStart: boolean): void {
  const window = windowOf(s, channelId);
  const first = window.items[0]?.id;
  const older = page.filter((m) => !first || compareIds(m.id, first) < 0).sort((a, b) => compareIds(a.id, b.id));
  window.items.splice(0, 0, ...older);
  window.atStart = atStart;
  if (window.items.length > windowLimit) {
    window.items.splice(trimTo);
    window.atEnd = false;
  }
}

export function addNewer(s: State, channelId: Snowflake, page: readonly Message[], atEnd: boolean): void {
  const window = windowOf(s, channelId);
  const last = window.items.at(-1)?.id;
  const newer = page.filter((m) => !last || compareIds(m.id, last) > 0).sort((a, b) => compareIds(a.id, b.id));
  window.items.push(...newer);
  window.atEnd = atEnd;
  trimStart(window);
}

/** While one reads at the end, the top may go; while one reads history, `append` must not take it away. */
export function trimStart(window: MessageWindow): void {
  if (window.items.length <= windowLimit) return;
  window.items.splice(0, window.items.length - trimTo);
  window.atStart = false;
}

export function removeMessage(s: State, d: Pick<MessageDelete, 'channel_id' | 'id'>): void {
  const items = s.windows[d.channel_id]?.items;
  if (!items) return;
  const at = indexOf(items, d.id);
  if (items[at]?.id === d.id) items.splice(at, 1);
  for (const m of items) if (m.referenced_message?.id === d.id) m.referenced_message = null;
}
