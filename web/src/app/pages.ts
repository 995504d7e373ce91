import { batch } from 'solid-js';
import { addNewer, addOlder, findMessage, indexOf, replaceWindow, windowOf } from '../store/window';
import { learnPeople } from '../store/events/messages';
import { lastRead, unreadOf } from '../store/unread';
import { compareIds, isNewer } from '../wire/snowflake';
import type { Message, Receipt, Snowflake } from '../wire/types';
import { apply } from '../store/apply';
import { isPrivate } from '../store/state';
import { rest, state } from './client';

// Loading of history. At most one load per channel and direction is under way.

const pageSize = 50;
const busy = new Map<string, Promise<void>>();
/** The READY after which a window was last compared with the server; an older one may lack edits and deletes. */
const freshIn = new Map<Snowflake, number>();

function once(key: string, work: () => Promise<void>): Promise<void> {
  const running = busy.get(key);
  if (running) return running;
  const started = work().finally(() => busy.delete(key));
  busy.set(key, started);
  return started;
}

const fetchPage = (channelId: Snowflake, query: Record<string, string | number>): Promise<Message[]> =>
  rest.get<Message[]>(`/channels/${channelId}/messages`, { query });

/** Runs `place` with the page unless newer events came in between that the page cannot hold: then the end is not reached yet. */
async function load(channelId: Snowflake, query: Record<string, string | number>, place: (page: Message[], settled: boolean) => void): Promise<void> {
  const before = state.channels[channelId]?.last_message_id;
  const page = await fetchPage(channelId, query);
  const after = state.channels[channelId]?.last_message_id;
  batch(() => {
    for (const m of page) learnPeople(state, m);
    place(page, before === after || page.some((m) => m.id === after));
  });
}

/** What to show first: the first unread message, the message asked for, or the newest. */
export function openAt(channelId: Snowflake, messageId?: Snowflake): Promise<void> {
  return once(`${channelId}:open`, async () => {
    if (messageId) return findMessage(state, channelId, messageId) ? undefined : around(channelId, messageId);
    const window = windowOf(state, channelId);
    const read = lastRead(state, channelId);
    const unread = unreadOf(state, channelId).unread;
    const hasEnd = window.atEnd && window.items.length > 0;
    if (hasEnd && (!unread || !isNewer(window.items[0]!.id, read))) return;
    if (unread && read) return around(channelId, read);
    return latest(channelId);
  });
}

export function latest(channelId: Snowflake): Promise<void> {
  return load(channelId, { limit: pageSize }, (page, settled) => replaceWindow(state, channelId, page, page.length < pageSize, settled));
}

export function around(channelId: Snowflake, id: Snowflake): Promise<void> {
  return load(channelId, { around: id, limit: 100 }, (page, settled) => {
    const last = state.channels[channelId]?.last_message_id;
    const older = page.filter((m) => compareIds(m.id, id) < 0).length;
    const newer = page.filter((m) => isNewer(m.id, id)).length;
    const reachesEnd = newer === 0 || !last || page.some((m) => compareIds(m.id, last) >= 0);
    replaceWindow(state, channelId, page, older === 0, reachesEnd && settled);
  });
}

export function older(channelId: Snowflake): Promise<void> {
  return once(`${channelId}:older`, async () => {
    const window = windowOf(state, channelId);
    const first = window.items[0]?.id;
    if (window.atStart || !first) return;
    await load(channelId, { before: first, limit: pageSize }, (page) => {
      if (windowOf(state, channelId).items[0]?.id === first) addOlder(state, channelId, page, page.length < pageSize);
    });
  });
}

export function newer(channelId: Snowflake): Promise<void> {
  return once(`${channelId}:newer`, async () => {
    const window = windowOf(state, channelId);
    const last = window.items.at(-1)?.id;
    if (window.atEnd || !last) return;
    await load(channelId, { after: last, limit: pageSize }, (page, settled) => {
      if (windowOf(state, channelId).items.at(-1)?.id === last) addNewer(state, channelId, page, page.length < pageSize && settled);
    });
  });
}

/**
 * After a new READY: asks only for what came since, with the last screenful repeated so that edits and deletes in it show too.
 */
export function refresh(channelId: Snowflake, ready: number): Promise<void> {
  return once(`${channelId}:refresh`, async () => {
    if (freshIn.get(channelId) === ready) return;
    const window = windowOf(state, channelId);
    const known = window.items;
    const from = known[Math.max(0, known.length - pageSize)];
    freshIn.set(channelId, ready);
    if (!from || !window.atEnd) return;
    await load(channelId, { after: from.id, limit: 100 }, (page, settled) => {
      const items = windowOf(state, channelId).items;
      const kept = items.slice(0, indexOf(items, from.id) + 1);
      const w = windowOf(state, channelId);
      replaceWindow(state, channelId, [...kept, ...page], w.atStart, page.length < 100 && settled);
    });
  });
}

export const markFresh = (channelId: Snowflake, ready: number): void => void freshIn.set(channelId, ready);

/** The newest message of a conversation that was not opened yet, for the list. */
export function loadLast(channelId: Snowflake): Promise<void> {
  return once(`${channelId}:last`, async () => {
    const [last] = await fetchPage(channelId, { limit: 1 });
    const channel = state.channels[channelId];
    if (!last || !channel || channel.last_message) return;
    batch(() => {
      learnPeople(state, last);
      channel.last_message = last;
    });
  });
}

export async function loadReceipts(channelId: Snowflake): Promise<void> {
  if (!isPrivate(state.channels[channelId])) return;
  state.receipts[channelId] ??= {};
  const receipts = await rest.get<Receipt[]>(`/channels/${channelId}/receipts`);
  batch(() => receipts.forEach((r) => apply(state, 'CHANNEL_RECEIPT_UPDATE', { ...r, channel_id: channelId })));
}
