import { compareIds, idAt, isNewer, newest } from '../wire/snowflake';
import type { Channel, GuildSettings, Message, MessageAck, MessageDelete, ReadStateEntry, Snowflake } from '../wire/types';
import { ensure, isPrivate, type State } from './state';

// The counting rules of docs/protocol.md, kept in one place: what a live client counts must equal what READY would say.

/** The id after which messages are unread. Without an entry, that is the moment of joining. */
export function lastRead(s: State, channelId: Snowflake): Snowflake | null {
  const entry = s.readStates[channelId];
  if (entry?.last_message_id) return entry.last_message_id;
  const channel = s.channels[channelId];
  const joined = channel?.guild_id ? s.guilds[channel.guild_id]?.joinedAt : null;
  return joined ? (BigInt(idAt(Date.parse(joined))) - 1n).toString() : null;
}

export function entryOf(s: State, channelId: Snowflake): ReadStateEntry {
  return ensure(s.readStates, channelId, () => ({ id: channelId, last_message_id: null, mention_count: 0 }));
}

interface Mentioning {
  authorId: Snowflake | undefined;
  users: readonly Snowflake[];
  everyone: boolean;
  roles: readonly Snowflake[];
}

/** Whether a message counts on my badge: once, however many ways it names me. */
export function mentionsMe(s: State, channel: Channel | undefined, m: Mentioning): boolean {
  const me = s.me?.id;
  if (!me || m.authorId === me) return false;
  if (isPrivate(channel)) return true;
  if (m.everyone || m.users.includes(me)) return true;
  const mine = channel?.guild_id ? s.guilds[channel.guild_id]?.members[me]?.roles : undefined;
  return mine !== undefined && m.roles.some((r) => mine.includes(r));
}

export const mentioning = (m: Message): Mentioning => ({
  authorId: m.author.id,
  users: m.mentions.map((u) => u.id),
  everyone: m.mention_everyone,
  roles: m.mention_roles,
});

/** Counts a new message; one that was counted already (a replay after RESUME) changes nothing. */
export function countMessage(s: State, m: Message): void {
  const channel = s.channels[m.channel_id];
  if (!channel || !isNewer(m.id, channel.last_message_id)) return;
  channel.last_message_id = m.id;
  if (mentionsMe(s, channel, mentioning(m)) && isNewer(m.id, lastRead(s, channel.id))) entryOf(s, channel.id).mention_count++;
}

export function uncountMessage(s: State, d: MessageDelete, known: Message | undefined): void {
  const entry = s.readStates[d.channel_id];
  if (!entry || entry.mention_count === 0 || !isNewer(d.id, lastRead(s, d.channel_id))) return;
  const m: Mentioning | null = known
    ? mentioning(known)
    : d.author_id !== undefined
      ? { authorId: d.author_id, users: d.mentions ?? [], everyone: d.mention_everyone ?? false, roles: d.mention_roles ?? [] }
      : null;
  if (m && mentionsMe(s, s.channels[d.channel_id], m)) entry.mention_count--;
}

export function applyAck(s: State, d: MessageAck): void {
  const entry = entryOf(s, d.channel_id);
  if (!d.manual && !isNewer(d.message_id, entry.last_message_id)) return;
  entry.last_message_id = d.message_id;
  entry.mention_count = d.mention_count ?? 0;
  const channel = s.channels[d.channel_id];
  if (channel && d.last_message_id) channel.last_message_id = newest(channel.last_message_id ?? d.last_message_id, d.last_message_id);
}

export interface Unread {
  unread: boolean;
  mentions: number;
}

export function unreadOf(s: State, channelId: Snowflake): Unread {
  const channel = s.channels[channelId];
  const entry = s.readStates[channelId];
  const unread = channel !== undefined && channel.type !== 4 && !!channel.last_message_id && compareIds(channel.last_message_id, lastRead(s, channelId)) > 0;
  return { unread, mentions: entry?.mention_count ?? 0 };
}

const stillMuted = (g: GuildSettings | undefined): boolean => {
  if (!g?.muted) return false;
  const until = g.mute_config?.end_time;
  return !until || Date.parse(until) > Date.now();
};

export function isMuted(s: State, channel: Channel): boolean {
  const settings = s.guildSettings[channel.guild_id ?? '@me'];
  const own = settings?.channel_overrides?.find((o) => o.channel_id === channel.id);
  const parent = channel.parent_id ? settings?.channel_overrides?.find((o) => o.channel_id === channel.parent_id) : undefined;
  return own?.muted === true || parent?.muted === true;
}

export const isGuildMuted = (s: State, guildId: Snowflake): boolean => stillMuted(s.guildSettings[guildId]);

/** The dot and the badge of a server: unread by its unmuted channels, mentions by all of them. */
export function unreadOfGuild(s: State, guildId: Snowflake, visible: (c: Channel) => boolean): Unread {
  const total = { unread: false, mentions: 0 };
  const guild = s.guilds[guildId];
  if (!guild) return total;
  const muted = isGuildMuted(s, guildId);
  for (const id of guild.channelIds) {
    const channel = s.channels[id];
    if (!channel || !visible(channel)) continue;
    const one = unreadOf(s, id);
    total.mentions += one.mentions;
    if (one.unread && !muted && !isMuted(s, channel)) total.unread = true;
  }
  return total;
}
