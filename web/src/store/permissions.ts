import type { Channel, Snowflake } from '../wire/types';
import type { GuildState, State } from './state';

const bit = (n: number): bigint => 1n << BigInt(n);

export const Permission = {
  createInvite: bit(0), kick: bit(1), ban: bit(2), administrator: bit(3), manageChannels: bit(4), manageGuild: bit(5),
  addReactions: bit(6), viewAuditLog: bit(7), viewChannel: bit(10), sendMessages: bit(11), manageMessages: bit(13), embedLinks: bit(14),
  attachFiles: bit(15), readHistory: bit(16), mentionEveryone: bit(17), externalEmojis: bit(18), changeNickname: bit(26),
  manageNicknames: bit(27), manageRoles: bit(28), manageWebhooks: bit(29), manageEmojis: bit(30), manageThreads: bit(34),
  createThreads: bit(35), timeout: bit(40), sendVoiceMessages: bit(46),
} as const;

export type PermissionName = keyof typeof Permission;

const all = (1n << 53n) - 1n;
const whileTimedOut = Permission.viewChannel | Permission.readHistory;

export function guildPermissions(guild: GuildState, userId: Snowflake): bigint {
  if (guild.ownerId === userId) return all;
  let permissions = BigInt(guild.roles[guild.id]?.permissions ?? 0);
  for (const id of guild.members[userId]?.roles ?? []) permissions |= BigInt(guild.roles[id]?.permissions ?? 0);
  return permissions & Permission.administrator ? all : permissions;
}

/** As Discord documents: everyone's overwrite, then the roles' together, then the member's; then what a missing one implies. */
export function channelPermissions(guild: GuildState, channel: Channel, userId: Snowflake): bigint {
  const base = guildPermissions(guild, userId);
  if (base === all) return all;
  const member = guild.members[userId];
  const overwrites = channel.permission_overwrites ?? [];
  let permissions = base;
  const everyone = overwrites.find((o) => o.id === guild.id);
  if (everyone) permissions = (permissions & ~BigInt(everyone.deny)) | BigInt(everyone.allow);
  let allow = 0n;
  let deny = 0n;
  for (const o of overwrites) {
    if (o.type !== 0 || o.id === guild.id || !member?.roles.includes(o.id)) continue;
    allow |= BigInt(o.allow);
    deny |= BigInt(o.deny);
  }
  permissions = (permissions & ~deny) | allow;
  const own = overwrites.find((o) => o.type === 1 && o.id === userId);
  if (own) permissions = (permissions & ~BigInt(own.deny)) | BigInt(own.allow);
  const until = member?.communication_disabled_until;
  if (until && Date.parse(until) > Date.now()) permissions &= whileTimedOut;
  if (!(permissions & Permission.viewChannel)) return 0n;
  if (!(permissions & Permission.sendMessages)) permissions &= ~(Permission.mentionEveryone | Permission.attachFiles | Permission.embedLinks | Permission.sendVoiceMessages);
  return permissions;
}

const inPrivate = Permission.viewChannel | Permission.sendMessages | Permission.readHistory | Permission.addReactions | Permission.attachFiles
  | Permission.embedLinks | Permission.sendVoiceMessages | Permission.externalEmojis;

export function can(s: State, name: PermissionName, channel: Channel | undefined): boolean {
  if (!channel || !s.me) return false;
  const guild = channel.guild_id ? s.guilds[channel.guild_id] : undefined;
  const permissions = guild ? channelPermissions(guild, channel, s.me.id) : inPrivate;
  return (permissions & Permission[name]) !== 0n;
}

export function canInGuild(s: State, name: PermissionName, guildId: Snowflake): boolean {
  const guild = s.guilds[guildId];
  return !!guild && !!s.me && (guildPermissions(guild, s.me.id) & Permission[name]) !== 0n;
}

export const isVisible = (s: State, channel: Channel): boolean => can(s, 'viewChannel', channel);

/** The position of the highest role; the owner stands above all. */
export function rank(guild: GuildState, userId: Snowflake): number {
  if (guild.ownerId === userId) return Number.MAX_SAFE_INTEGER;
  return Math.max(0, ...(guild.members[userId]?.roles ?? []).map((id) => guild.roles[id]?.position ?? 0));
}
