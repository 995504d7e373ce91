import { batch } from 'solid-js';
import { apply } from '../store/apply';
import { lastRead } from '../store/unread';
import { before, compareIds, isNewer } from '../wire/snowflake';
import type { Snowflake } from '../wire/types';
import { Unreachable } from '../wire/rest';
import { rest, state } from './client';

// Tells the server what has been seen. A burst of seen messages becomes one call.

const quietMs = 250;
const seenUpTo = new Map<Snowflake, Snowflake>();
const timers = new Map<Snowflake, ReturnType<typeof setTimeout>>();
/** Channels marked unread by hand: looking at them does not mark them read again until they are left. */
const held = new Set<Snowflake>();

export function seen(channelId: Snowflake, messageId: Snowflake): void {
  if (held.has(channelId) || !isNewer(messageId, seenUpTo.get(channelId) ?? lastRead(state, channelId))) return;
  seenUpTo.set(channelId, messageId);
  if (!timers.has(channelId)) timers.set(channelId, setTimeout(() => void send(channelId), quietMs));
}

/** The page goes: what was seen in the last moment is told now. */
addEventListener('pagehide', () => {
  for (const [channelId, timer] of timers) {
    clearTimeout(timer);
    void send(channelId);
  }
});

async function send(channelId: Snowflake): Promise<void> {
  timers.delete(channelId);
  const messageId = seenUpTo.get(channelId);
  seenUpTo.delete(channelId);
  if (!messageId || held.has(channelId) || !isNewer(messageId, lastRead(state, channelId))) return;
  const channel = state.channels[channelId];
  // Read to the end: nothing is left to count, so the badge goes at once. Otherwise the server's answer says what is left.
  if (channel && compareIds(messageId, channel.last_message_id) >= 0) {
    batch(() => apply(state, 'MESSAGE_ACK', { channel_id: channelId, message_id: messageId, mention_count: 0 }));
  }
  try {
    await rest.post(`/channels/${channelId}/messages/${messageId}/ack`, {}, { keepalive: true });
  } catch (error) {
    // Offline: READY after the reconnect says what the server knows, and what is in view is acked again then.
    if (!(error instanceof Unreachable)) console.warn('ack', error);
  }
}

/** Everything in the channel, or in all of a server's channels. */
export async function markRead(channelIds: readonly Snowflake[]): Promise<void> {
  const entries = channelIds.flatMap((id) => {
    const last = state.channels[id]?.last_message_id;
    return last && isNewer(last, lastRead(state, id)) ? [{ channel_id: id, message_id: last, read_state_type: 0 }] : [];
  });
  if (entries.length === 0) return;
  batch(() => entries.forEach((e) => apply(state, 'MESSAGE_ACK', { ...e, mention_count: 0 })));
  if (entries.length === 1) await rest.post(`/channels/${entries[0]!.channel_id}/messages/${entries[0]!.message_id}/ack`, {});
  else for (let i = 0; i < entries.length; i += 100) await rest.post('/read-states/ack-bulk', { read_states: entries.slice(i, i + 100) });
}

/** Unread from `messageId` on: the last read one becomes the one before it. */
export async function markUnread(channelId: Snowflake, messageId: Snowflake): Promise<void> {
  held.add(channelId);
  const items = state.windows[channelId]?.items ?? [];
  const previous = items[items.findIndex((m) => m.id === messageId) - 1]?.id ?? before(messageId);
  await rest.post(`/channels/${channelId}/messages/${previous}/ack`, { manual: true });
}

export const release = (channelId: Snowflake): void => void held.delete(channelId);
export const isHeld = (channelId: Snowflake): boolean => held.has(channelId);
