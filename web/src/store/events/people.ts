import type { GuildSettings, Member, PresenceUpdate, Relationship, Snowflake, User, UserSettings } from '../../wire/types';
import { assign, ensure, rememberMember, rememberUser, type State } from '../state';

const typingFor = 10_000;

export function typing(s: State, d: { channel_id: Snowflake; guild_id?: Snowflake; user_id: Snowflake; member?: Member }): void {
  rememberMember(s, d.guild_id, d.member, d.user_id);
  if (d.user_id === s.me?.id) return;
  ensure<Record<string, number>>(s.typing, d.channel_id, () => ({}))[d.user_id] = Date.now() + typingFor;
}

export function presence(s: State, d: PresenceUpdate): void {
  const before = s.presences[d.user.id];
  const lastSeenAt = d.last_seen_at ?? (d.status === 'offline' && before && before.status !== 'offline' ? new Date().toISOString() : (before?.lastSeenAt ?? null));
  s.presences[d.user.id] = { status: d.status, lastSeenAt };
}

/** USER_UPDATE names oneself, or someone whom one can see. */
export function self(s: State, d: User): void {
  rememberUser(s, d);
  if (s.me?.id === d.id) assign(s.me, d);
}

export function settings(s: State, d: UserSettings): void {
  assign(s.settings, d);
}

export function guildSettings(s: State, d: GuildSettings): void {
  s.guildSettings[d.guild_id ?? '@me'] = d;
}

export function note(s: State, d: { id: Snowflake; note: string }): void {
  s.notes[d.id] = d.note;
}

export function relationship(s: State, d: Relationship): void {
  rememberUser(s, d.user);
  s.relationships[d.id] = { ...s.relationships[d.id], ...d };
}

export function relationshipRemove(s: State, d: { id: Snowflake }): void {
  delete s.relationships[d.id];
}
