import { isNewer } from '../../wire/snowflake';
import type { Channel, Receipt, Snowflake, User } from '../../wire/types';
import { assign, ensure, rememberUser, type State } from '../state';
import { forgetChannel } from './guilds';

/** The server may name a conversation's people by object or by id; the state keeps both the people and the objects. */
export function applyRecipients(s: State, channel: Channel): void {
  for (const user of channel.recipients ?? []) rememberUser(s, user);
  channel.recipients ??= (channel.recipient_ids ?? []).flatMap((id) => s.users[id] ?? []);
  // A new group's event is one for all its people, oneself among them.
  channel.recipients = channel.recipients.filter((user) => user.id !== s.me?.id);
}

export function create(s: State, d: Channel): void {
  const known = s.channels[d.id];
  if (known) return update(s, d);
  if (d.guild_id) {
    const guild = s.guilds[d.guild_id];
    if (!guild) return;
    s.channels[d.id] = d;
    if (!guild.channelIds.includes(d.id)) guild.channelIds.push(d.id);
    return;
  }
  applyRecipients(s, d);
  s.channels[d.id] = d;
  if (!s.privateIds.includes(d.id)) s.privateIds.push(d.id);
}

export function update(s: State, d: Channel): void {
  const known = s.channels[d.id];
  if (!known) return create(s, d);
  // The counters of this side may be ahead of the snapshot in the event.
  const { last_message_id, ...rest } = d;
  for (const user of d.recipients ?? []) rememberUser(s, user);
  assign(known, rest);
  if (isNewer(last_message_id, known.last_message_id)) known.last_message_id = last_message_id!;
}

export function remove(s: State, d: Channel): void {
  const guild = d.guild_id ? s.guilds[d.guild_id] : undefined;
  if (guild) guild.channelIds = guild.channelIds.filter((id) => id !== d.id);
  else s.privateIds = s.privateIds.filter((id) => id !== d.id);
  forgetChannel(s, d.id);
}

export function pins(s: State, d: { channel_id: Snowflake; last_pin_timestamp?: string | null }): void {
  const channel = s.channels[d.channel_id];
  if (channel) channel.last_pin_timestamp = d.last_pin_timestamp ?? null;
}

export function recipientAdd(s: State, d: { channel_id: Snowflake; user: User }): void {
  const channel = s.channels[d.channel_id];
  rememberUser(s, d.user);
  if (channel && !channel.recipients?.some((u) => u.id === d.user.id)) channel.recipients = [...(channel.recipients ?? []), d.user];
}

export function recipientRemove(s: State, d: { channel_id: Snowflake; user: User }): void {
  const channel = s.channels[d.channel_id];
  if (!channel) return;
  if (d.user.id === s.me?.id) return remove(s, channel);
  channel.recipients = channel.recipients?.filter((u) => u.id !== d.user.id) ?? [];
}

/** Watermarks only rise. */
export function receipt(s: State, d: Receipt): void {
  const channel = ensure<Record<string, Receipt>>(s.receipts, d.channel_id, () => ({}));
  const known = channel[d.user_id];
  if (!known) {
    channel[d.user_id] = { ...d };
    return;
  }
  if (isNewer(d.delivered_message_id, known.delivered_message_id)) known.delivered_message_id = d.delivered_message_id;
  if (isNewer(d.read_message_id, known.read_message_id)) known.read_message_id = d.read_message_id;
}
