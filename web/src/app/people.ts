import type { Channel, Role, Snowflake, Status, User } from '../wire/types';
import { RelationshipType } from '../wire/types';
import { t } from '../i18n';
import { relative } from '../text/format';
import { state } from './client';

export const nameOf = (u: User | undefined): string => u?.global_name || u?.username || t.someone;

export const user = (id: Snowflake): User => state.users[id] ?? { id, username: t.someone, global_name: null, avatar: null };

/** The name within a server: the nickname there comes first. */
export function nameIn(guildId: Snowflake | null | undefined, u: User): string {
  const nick = guildId ? state.guilds[guildId]?.members[u.id]?.nick : undefined;
  return nick || nameOf(state.users[u.id] ?? u);
}

/** The colour of the highest coloured role, as CSS, or nothing. */
export function colourIn(guildId: Snowflake | null | undefined, userId: Snowflake): string | undefined {
  const guild = guildId ? state.guilds[guildId] : undefined;
  if (!guild) return undefined;
  let best: Role | undefined;
  for (const id of guild.members[userId]?.roles ?? []) {
    const role = guild.roles[id];
    if (role?.color && (!best || role.position > best.position)) best = role;
  }
  // Mixed with the ink, so that any colour a role may have can be read on either theme.
  return best && `color-mix(in oklab, ${roleColour(best)} 74%, var(--ink))`;
}

export const roleColour = (role: Pick<Role, 'color'>): string | undefined => (role.color ? `#${role.color.toString(16).padStart(6, '0')}` : undefined);

export function statusOf(id: Snowflake): Status {
  if (id === state.me?.id) return state.settings.status === 'invisible' ? 'invisible' : (state.settings.status ?? 'online');
  return state.presences[id]?.status ?? 'offline';
}

export const isOnline = (id: Snowflake): boolean => {
  const status = statusOf(id);
  return status !== 'offline' && status !== 'invisible';
};

export function lastSeen(id: Snowflake): string {
  const p = state.presences[id];
  if (p && p.status !== 'offline') return t.statusNames[p.status];
  return p?.lastSeenAt ? t.lastSeen(relative(p.lastSeenAt)) : t.statusNames.offline;
}

export const isBlocked = (id: Snowflake): boolean => state.relationships[id]?.type === RelationshipType.blocked;

/** A channel's name as a person says it. */
export function channelName(c: Channel | undefined): string {
  if (!c) return t.unknownChannel;
  if (c.type === 1) return nameOf(c.recipients?.[0] && user(c.recipients[0].id));
  if (c.type === 3) return c.name || c.recipients?.map((u) => nameOf(user(u.id))).join(', ') || t.emptyGroup;
  return c.name ?? '';
}
