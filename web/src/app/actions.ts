import { batch } from 'solid-js';
import { apply } from '../store/apply';
import { nonce } from '../wire/snowflake';
import type { Channel, Emoji, GuildSettings, Message, Reaction, Snowflake, UserSettings } from '../wire/types';
import { gateway, outbox, rest, state } from './client';
import { go } from './router';
import { Op } from '../wire/types';

export function sendMessage(channelId: Snowflake, content: string, options: { files?: File[]; replyTo?: { id: Snowflake; ping: boolean } | undefined; voice?: { duration: number; waveform: string } } = {}): void {
  outbox.add({
    nonce: nonce(),
    channelId,
    content,
    files: options.files ?? [],
    createdAt: Date.now(),
    ...(options.replyTo ? { replyTo: options.replyTo } : {}),
    ...(options.voice ? { voice: options.voice, flags: 1 << 13 } : {}),
  });
}

export const editMessage = (m: Message, content: string): Promise<Message> => rest.patch(`/channels/${m.channel_id}/messages/${m.id}`, { content });

export const deleteMessage = (m: Message): Promise<void> => rest.delete(`/channels/${m.channel_id}/messages/${m.id}`);

export const removeEmbeds = (m: Message): Promise<Message> => rest.patch(`/channels/${m.channel_id}/messages/${m.id}`, { flags: (m.flags ?? 0) | 4 });

export const setPinned = (m: Message, pinned: boolean): Promise<void> =>
  pinned ? rest.put(`/channels/${m.channel_id}/pins/${m.id}`) : rest.delete(`/channels/${m.channel_id}/pins/${m.id}`);

export const emojiKey = (e: Emoji): string => (e.id ? `${e.name}:${e.id}` : (e.name ?? ''));

/** Shown at once, taken back if the server says no. */
export async function toggleReaction(m: Message, emoji: Emoji): Promise<void> {
  const mine = m.reactions?.some((r: Reaction) => r.me && emojiKey(r.emoji) === emojiKey(emoji)) ?? false;
  const event = { channel_id: m.channel_id, message_id: m.id, user_id: state.me!.id, emoji };
  const show = (added: boolean): void => batch(() => apply(state, added ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE', event));
  const path = `/channels/${m.channel_id}/messages/${m.id}/reactions/${encodeURIComponent(emojiKey(emoji))}/@me`;
  show(!mine);
  try {
    await (mine ? rest.delete(path) : rest.put(path));
  } catch (error) {
    show(mine);
    throw error;
  }
}

export async function openDm(userId: Snowflake): Promise<void> {
  const known = state.privateIds.find((id) => state.channels[id]?.type === 1 && state.channels[id]?.recipients?.[0]?.id === userId);
  const id = known ?? (await createPrivate({ recipient_id: userId })).id;
  go({ name: 'channel', guildId: null, channelId: id });
}

export async function openGroup(recipients: readonly Snowflake[]): Promise<void> {
  const channel = await createPrivate({ recipients });
  go({ name: 'channel', guildId: null, channelId: channel.id });
}

async function createPrivate(body: object): Promise<Channel> {
  const channel = await rest.post<Channel>('/users/@me/channels', body);
  batch(() => apply(state, 'CHANNEL_CREATE', channel));
  return channel;
}

export const updateSettings = (change: Partial<UserSettings>): Promise<unknown> => {
  batch(() => apply(state, 'USER_SETTINGS_UPDATE', change));
  return rest.patch('/users/@me/settings', change);
};

export async function setStatus(status: 'online' | 'idle' | 'dnd' | 'invisible'): Promise<void> {
  gateway.send(Op.presence, { status, since: 0, activities: [], afk: false });
  await updateSettings({ status });
}

export async function updateGuildSettings(guildId: Snowflake | null, change: Partial<GuildSettings>): Promise<void> {
  const result = await rest.patch<GuildSettings>(`/users/@me/guilds/${guildId ?? '@me'}/settings`, change);
  batch(() => apply(state, 'USER_GUILD_SETTINGS_UPDATE', { ...result, guild_id: guildId }));
}

export function muteChannel(channel: Channel, muted: boolean): Promise<void> {
  const known = state.guildSettings[channel.guild_id ?? '@me']?.channel_overrides ?? [];
  const others = known.filter((o) => o.channel_id !== channel.id);
  const own = known.find((o) => o.channel_id === channel.id);
  return updateGuildSettings(channel.guild_id ?? null, { channel_overrides: [...others, { message_notifications: 3, ...own, channel_id: channel.id, muted }] });
}

const typingEvery = 8000;
const typedAt = new Map<Snowflake, number>();

export function typing(channelId: Snowflake): void {
  const now = Date.now();
  if (now - (typedAt.get(channelId) ?? 0) < typingEvery) return;
  typedAt.set(channelId, now);
  // Nobody misses an indicator that could not be sent.
  rest.post(`/channels/${channelId}/typing`).catch(() => undefined);
}

export const stoppedTyping = (channelId: Snowflake): void => void typedAt.delete(channelId);

/** Members whose names are not known yet, asked for over the gateway in one request per tick. */
const wanted = new Map<Snowflake, Set<Snowflake>>();

export function wantMember(guildId: Snowflake, userId: Snowflake): void {
  if (state.guilds[guildId]?.members[userId]) return;
  const first = wanted.size === 0;
  if (!wanted.has(guildId)) wanted.set(guildId, new Set());
  wanted.get(guildId)!.add(userId);
  if (first) setTimeout(requestWanted, 50);
}

function requestWanted(): void {
  for (const [guildId, ids] of wanted) {
    const all = [...ids];
    for (let i = 0; i < all.length; i += 100) gateway.send(Op.requestMembers, { guild_id: guildId, user_ids: all.slice(i, i + 100) });
  }
  wanted.clear();
}

export const searchMembers = (guildId: Snowflake, query: string): void =>
  void gateway.send(Op.requestMembers, { guild_id: guildId, query, limit: 25, presences: true });
