import type { Emoji, Member, Message, MessageAck, MessageDelete, Snowflake } from '../../wire/types';
import { rememberMember, rememberUser, isPrivate, type State } from '../state';
import { applyAck, countMessage, entryOf, uncountMessage } from '../unread';
import { append, findMessage, removeMessage } from '../window';

export function learnPeople(s: State, m: Message): void {
  rememberUser(s, m.author);
  const guildId = m.guild_id ?? s.channels[m.channel_id]?.guild_id;
  rememberMember(s, guildId, m.member, m.author.id);
  for (const user of m.mentions) {
    const { member, ...rest } = user as typeof user & { member?: Partial<Member> };
    rememberUser(s, rest);
    rememberMember(s, guildId, member, user.id);
  }
}

export function create(s: State, m: Message): void {
  learnPeople(s, m);
  countMessage(s, m);
  const channel = s.channels[m.channel_id];
  if (isPrivate(channel)) channel!.last_message = m;
  append(s, m);
  settle(s, m);
  const typing = s.typing[m.channel_id];
  if (typing) delete typing[m.author.id];
}

/** My own message has come back: the one that was shown ahead of it goes. */
function settle(s: State, m: Message): void {
  const pending = s.windows[m.channel_id]?.pending;
  if (!pending?.length || m.nonce === undefined || m.author.id !== s.me?.id) return;
  const at = pending.findIndex((p) => p.nonce === String(m.nonce));
  if (at >= 0) pending.splice(at, 1);
}

export function update(s: State, d: Partial<Message> & Pick<Message, 'id' | 'channel_id'>): void {
  const known = findMessage(s, d.channel_id, d.id);
  // An update (a link preview, a pin) carries no `me` for reactions: those are kept by their own events.
  const { reactions: _, ...rest } = d;
  if (known) Object.assign(known, rest);
  for (const m of s.windows[d.channel_id]?.items ?? []) {
    if (m.referenced_message?.id === d.id) Object.assign(m.referenced_message, rest);
  }
  const channel = s.channels[d.channel_id];
  if (channel?.last_message?.id === d.id) Object.assign(channel.last_message, rest);
}

export function remove(s: State, d: MessageDelete): void {
  uncountMessage(s, d, findMessage(s, d.channel_id, d.id));
  removeMessage(s, d);
  const channel = s.channels[d.channel_id];
  if (channel?.last_message?.id === d.id) channel.last_message = s.windows[d.channel_id]?.items.at(-1) ?? null;
}

export function removeMany(s: State, d: { ids: Snowflake[]; channel_id: Snowflake; messages?: MessageDelete[] }): void {
  for (const id of d.ids) remove(s, { ...d.messages?.find((m) => m.id === id), id, channel_id: d.channel_id });
}

export const ack = (s: State, d: MessageAck): void => applyAck(s, d);

/** Roles or permissions changed what counts: the server says what is left. */
export function unreadReset(
  s: State,
  d: { channel_unread_updates: { id: Snowflake; last_message_id?: Snowflake | null; last_read_id?: Snowflake | null; mention_count: number }[] },
): void {
  for (const u of d.channel_unread_updates) {
    const channel = s.channels[u.id];
    if (channel && u.last_message_id) channel.last_message_id = u.last_message_id;
    const entry = entryOf(s, u.id);
    entry.mention_count = u.mention_count;
    if (u.last_read_id) entry.last_message_id = u.last_read_id;
  }
}

interface ReactionEvent {
  channel_id: Snowflake;
  message_id: Snowflake;
  user_id: Snowflake;
  emoji: Emoji;
}

const same = (a: Emoji, b: Emoji): boolean => (a.id ? a.id === b.id : a.name === b.name && !b.id);

export function reactionAdd(s: State, d: ReactionEvent): void {
  const m = findMessage(s, d.channel_id, d.message_id);
  if (!m) return;
  const mine = d.user_id === s.me?.id;
  m.reactions ??= [];
  const known = m.reactions.find((r) => same(r.emoji, d.emoji));
  if (!known) {
    m.reactions.push({ emoji: d.emoji, count: 1, me: mine });
    return;
  }
  // Mine was shown the moment I clicked.
  if (mine && known.me) return;
  known.count++;
  if (mine) known.me = true;
}

export function reactionRemove(s: State, d: ReactionEvent): void {
  const m = findMessage(s, d.channel_id, d.message_id);
  const known = m?.reactions?.find((r) => same(r.emoji, d.emoji));
  if (!m || !known) return;
  const mine = d.user_id === s.me?.id;
  if (mine && !known.me) return;
  known.count--;
  if (mine) known.me = false;
  if (known.count <= 0) m.reactions = m.reactions!.filter((r) => r !== known && !same(r.emoji, d.emoji));
}

export function reactionsClear(s: State, d: { channel_id: Snowflake; message_id: Snowflake }): void {
  const m = findMessage(s, d.channel_id, d.message_id);
  if (m) m.reactions = [];
}

export function reactionsClearEmoji(s: State, d: { channel_id: Snowflake; message_id: Snowflake; emoji: Emoji }): void {
  const m = findMessage(s, d.channel_id, d.message_id);
  if (m?.reactions) m.reactions = m.reactions.filter((r) => !same(r.emoji, d.emoji));
}
