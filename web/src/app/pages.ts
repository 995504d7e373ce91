import { batch } from 'solid-js';
import { addNewer, addOlder, correct, findMessage, removeMessage, replaceWindow, windowOf } from '../store/window';
import { learnPeople } from '../store/events/messages';
import { lastRead, unreadOf } from '../store/unread';
import { before, compareIds, idAt, idEpoch, isNewer } from '../wire/snowflake';
import type { Message, MessageDelete, Receipt, Snowflake } from '../wire/types';
import { apply } from '../store/apply';
import { isPrivate } from '../store/state';
import { connection, epoch, onEvent, rest, state } from './client';

// Loading of history. At most one load per channel and direction is under way.

const pageSize = 50;
/** As many as the server gives at once. */
const mostAtOnce = 100;
/** While people react without a pause, a page is taken as it is after so many, and its reactions are read again later. */
const mostAttempts = 4;
const settlePause = 1000;
/** A minute. */
const mostSettling = 60;
const busy = new Map<string, Promise<void>>();
/** The READY after which a channel's loaded messages were last compared with the server's. */
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

const placing = new Set<(channelId: Snowflake) => void>();

/** Called just before a page changes what is loaded: the last moment to look where everything is. */
export function beforePage(listener: (channelId: Snowflake) => void): () => void {
  placing.add(listener);
  return () => placing.delete(listener);
}

/**
 * Runs `place` with the page. It is settled unless newer messages came in between that the page cannot hold: then the end is not reached
 * yet. Edits, deletes and reactions that came in between are newer than the page, which may have been read before them.
 */
async function load(channelId: Snowflake, query: Record<string, string | number>, place: (page: Message[], settled: boolean) => void): Promise<void> {
  const session = epoch();
  let late: ReturnType<typeof watchChanges>;
  let last: Snowflake | null | undefined;
  let page: Message[];
  let attempts = 0;
  do {
    late = watchChanges(channelId);
    last = state.channels[channelId]?.last_message_id;
    page = await fetchPage(channelId, query).finally(late.stop);
  } while (late.unsure(page).length > 0 && ++attempts < mostAttempts);
  const unsure = late.unsure(page);
  const lastNow = state.channels[channelId]?.last_message_id;
  for (const listener of placing) listener(channelId);
  batch(() => {
    for (const m of page) learnPeople(state, m);
    place(late.keepReactions(page), last === lastNow || page.some((m) => m.id === lastNow));
    late.repeat();
    if (session !== epoch()) windowOf(state, channelId).stale = true;
  });
  if (unsure.length > 0) void settleReactions(channelId, unsure);
}

/** Reads messages again, whose reactions nobody knew for sure, until none of them is reacted to meanwhile. */
async function settleReactions(channelId: Snowflake, unsure: Snowflake[]): Promise<void> {
  for (let attempts = 0; unsure.length > 0 && attempts < mostSettling; attempts++) {
    await new Promise((resolve) => setTimeout(resolve, settlePause));
    const late = watchChanges(channelId);
    const read = await Promise.all(unsure.map((id) => fetchPage(channelId, { after: before(id), limit: 1 }))).catch(() => []).finally(late.stop);
    batch(() => {
      for (const [m] of read) {
        const known = m && !late.reacted.has(m.id) ? findMessage(state, channelId, m.id) : undefined;
        if (known) known.reactions = m!.reactions ?? [];
      }
    });
    if (read.length > 0) unsure = unsure.filter((id) => late.reacted.has(id));
  }
}

function watchChanges(channelId: Snowflake) {
  const changes: (() => void)[] = [];
  const reacted = new Set<Snowflake>();
  const stop = onEvent((type, data) => {
    const d = data as { channel_id?: Snowflake; message_id?: Snowflake; ids?: Snowflake[] };
    if (d.channel_id !== channelId) return;
    if (type === 'MESSAGE_UPDATE') changes.push(() => apply(state, type, data));
    // Removed again, but not counted again.
    else if (type === 'MESSAGE_DELETE') changes.push(() => removeMessage(state, data as MessageDelete));
    else if (type === 'MESSAGE_DELETE_BULK') changes.push(() => d.ids?.forEach((id) => removeMessage(state, { channel_id: channelId, id })));
    else if (type.startsWith('MESSAGE_REACTION_') && d.message_id) reacted.add(d.message_id);
  });
  return {
    stop, reacted,
    /** Reactions are counted up and down: of a message that was not here yet, nobody knows which of them the page has already. */
    unsure: (page: Message[]) => page.filter((m) => reacted.has(m.id) && !findMessage(state, channelId, m.id)).map((m) => m.id),
    repeat: () => changes.forEach((change) => change()),
    keepReactions: (page: Message[]) => page.map((m) => {
      const known = reacted.has(m.id) ? findMessage(state, channelId, m.id) : undefined;
      return known ? { ...m, reactions: known.reactions ?? [] } : m;
    }),
  };
}

/** What to show first: the first unread message, the message asked for, or the newest. */
export function openAt(channelId: Snowflake, messageId?: Snowflake): Promise<void> {
  return once(`${channelId}:open:${messageId ?? ''}`, async () => {
    const window = windowOf(state, channelId);
    // Before the session stands there is nobody to ask; READY leads to the same.
    if (window.stale && connection() === 'ready') await refresh(channelId);
    if (messageId) return findMessage(state, channelId, messageId) ? undefined : around(channelId, messageId);
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
 * After a new READY: fetches what came since the last known message, then compares what is loaded with what the server has of it now,
 * because edits and deletes of the time between are told by no event.
 */
export function refresh(channelId: Snowflake): Promise<void> {
  return once(`${channelId}:refresh`, async () => {
    while (windowOf(state, channelId).stale || freshIn.get(channelId) !== epoch()) {
      const session = epoch();
      const known = windowOf(state, channelId).items;
      const [first, last] = [known[0]?.id, known.at(-1)?.id];
      if (first && last) {
        if (windowOf(state, channelId).stale) await fill(channelId, last);
        await recheck(channelId, first, last);
      } else windowOf(state, channelId).stale = false;
      freshIn.set(channelId, session);
    }
  });
}

async function fill(channelId: Snowflake, last: Snowflake): Promise<void> {
  const window = windowOf(state, channelId);
  if (!window.atEnd) {
    window.stale = false;
    return;
  }
  await load(channelId, { after: last, limit: mostAtOnce }, (page, settled) => {
    addNewer(state, channelId, page, page.length < mostAtOnce && settled);
    windowOf(state, channelId).stale = false;
  });
}

async function recheck(channelId: Snowflake, first: Snowflake, last: Snowflake): Promise<void> {
  for (let from = before(first); isNewer(last, from); ) {
    await load(channelId, { after: from, limit: mostAtOnce }, (page) => {
      const to = page.length < mostAtOnce ? last : page.map((m) => m.id).sort(compareIds).at(-1)!;
      correct(state, channelId, page, from, to);
      from = to;
    });
  }
}

/** The first message at or after a moment. */
export async function firstSince(channelId: Snowflake, ms: number): Promise<Message | undefined> {
  const [found] = await fetchPage(channelId, { after: before(idAt(ms) === '0' ? '1' : idAt(ms)), limit: 1 });
  if (!found || Date.parse(found.timestamp) >= ms || ms >= idEpoch) return found;
  // Imported messages may be older than ids can tell: there, ids give the order only, and the place is found by halving.
  const [newest] = await fetchPage(channelId, { before: idAt(idEpoch + 1000), limit: 1 });
  let [low, high] = [BigInt(found.id), BigInt(newest!.id) + 1n];
  while (low + 1n < high) {
    const middle = (low + high) / 2n;
    const [next] = await fetchPage(channelId, { after: (middle - 1n).toString(), limit: 1 });
    if (next && BigInt(next.id) < high && Date.parse(next.timestamp) < ms) low = BigInt(next.id);
    else high = middle;
  }
  const [first] = await fetchPage(channelId, { after: low.toString(), limit: 1 });
  return first;
}

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
