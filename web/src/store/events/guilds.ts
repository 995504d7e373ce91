import type { Emoji, Guild, Member, PresenceUpdate, Role, Snowflake } from '../../wire/types';
import { rememberMember, rememberUser, type GuildState, type State } from '../state';

export function create(s: State, d: Guild): void {
  const old = s.guilds[d.id];
  const guild: GuildState = {
    id: d.id,
    name: d.name,
    icon: d.icon,
    description: d.description ?? null,
    ownerId: d.owner_id,
    memberCount: d.member_count,
    unavailable: false,
    joinedAt: d.joined_at ?? d.members.find((m) => m.user?.id === s.me?.id)?.joined_at ?? old?.joinedAt ?? null,
    defaultNotifications: d.default_message_notifications ?? 0,
    roles: Object.fromEntries(d.roles.map((r) => [r.id, r])),
    emojis: d.emojis ?? [],
    channelIds: d.channels.map((c) => c.id),
    members: {},
  };
  for (const id of old?.channelIds ?? []) if (!guild.channelIds.includes(id)) forgetChannel(s, id);
  s.guilds[d.id] = guild;
  if (!s.guildIds.includes(d.id)) s.guildIds.push(d.id);
  for (const channel of d.channels) s.channels[channel.id] = { ...channel, guild_id: d.id };
  for (const member of d.members) rememberMember(s, d.id, member);
  for (const p of d.presences ?? []) s.presences[p.user.id] = { status: p.status, lastSeenAt: p.last_seen_at ?? null };
}

export function update(s: State, d: Partial<Guild> & { id: Snowflake }): void {
  const guild = s.guilds[d.id];
  if (!guild) return;
  if (d.name !== undefined) guild.name = d.name;
  if (d.icon !== undefined) guild.icon = d.icon;
  if (d.description !== undefined) guild.description = d.description ?? null;
  if (d.owner_id !== undefined) guild.ownerId = d.owner_id;
  if (d.default_message_notifications !== undefined) guild.defaultNotifications = d.default_message_notifications;
  for (const role of d.roles ?? []) guild.roles[role.id] = role;
}

export function remove(s: State, d: { id: Snowflake; unavailable?: boolean }): void {
  const guild = s.guilds[d.id];
  if (d.unavailable) {
    if (guild) guild.unavailable = true;
    return;
  }
  for (const id of guild?.channelIds ?? []) forgetChannel(s, id);
  delete s.guilds[d.id];
  s.guildIds = s.guildIds.filter((id) => id !== d.id);
}

export function emojis(s: State, d: { guild_id: Snowflake; emojis: Emoji[] }): void {
  const guild = s.guilds[d.guild_id];
  if (guild) guild.emojis = d.emojis;
}

export function forgetChannel(s: State, id: Snowflake): void {
  delete s.channels[id];
  delete s.readStates[id];
  delete s.windows[id];
  delete s.typing[id];
  delete s.receipts[id];
}

export function role(s: State, d: { guild_id: Snowflake; role: Role }): void {
  const guild = s.guilds[d.guild_id];
  if (guild) guild.roles[d.role.id] = d.role;
}

export function roleDelete(s: State, d: { guild_id: Snowflake; role_id: Snowflake }): void {
  const guild = s.guilds[d.guild_id];
  if (!guild) return;
  delete guild.roles[d.role_id];
  for (const member of Object.values(guild.members)) {
    if (member.roles.includes(d.role_id)) member.roles = member.roles.filter((id) => id !== d.role_id);
  }
}

export function memberAdd(s: State, d: Member & { guild_id: Snowflake }): void {
  const guild = s.guilds[d.guild_id];
  if (!guild || !d.user) return;
  const { guild_id: _, ...member } = d;
  guild.memberCount++;
  rememberMember(s, guild.id, member);
}

export function memberUpdate(s: State, d: Member & { guild_id: Snowflake }): void {
  const { guild_id, ...member } = d;
  rememberMember(s, guild_id, member);
}

export function memberRemove(s: State, d: { guild_id: Snowflake; user: { id: Snowflake } }): void {
  const guild = s.guilds[d.guild_id];
  if (!guild) return;
  guild.memberCount = Math.max(0, guild.memberCount - 1);
  delete guild.members[d.user.id];
}

export function membersChunk(s: State, d: { guild_id: Snowflake; members: Member[]; presences?: PresenceUpdate[] }): void {
  for (const member of d.members) {
    rememberUser(s, member.user);
    rememberMember(s, d.guild_id, member);
  }
  for (const p of d.presences ?? []) s.presences[p.user.id] = { status: p.status, lastSeenAt: p.last_seen_at ?? null };
}
