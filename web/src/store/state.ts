import type {
  Channel, Emoji, GuildSettings, Member, Message, ReadStateEntry, Receipt, Relationship, Role, Snowflake, Status, User, UserSettings,
} from '../wire/types';
import type { Outgoing, OutgoingState } from '../wire/outbox';

export interface GuildState {
  id: Snowflake;
  name: string;
  icon: string | null;
  description: string | null;
  ownerId: Snowflake;
  memberCount: number;
  unavailable: boolean;
  joinedAt: string | null;
  defaultNotifications: number;
  roles: Record<Snowflake, Role>;
  emojis: Emoji[];
  channelIds: Snowflake[];
  members: Record<Snowflake, Member>;
}

export interface PendingMessage extends Outgoing {
  state: OutgoingState;
  progress: number;
  error?: string;
}

/** A stretch of a channel's history without holes. */
export interface MessageWindow {
  items: Message[];
  /** Nothing older, or nothing newer, exists than what `items` holds. */
  atStart: boolean;
  atEnd: boolean;
  /** A session was lost since this was loaded: events may be missing after the last message, so live ones are not put there. */
  stale: boolean;
  pending: PendingMessage[];
}

export interface Presence {
  status: Status;
  lastSeenAt: string | null;
}

/** All that the client knows. Events change it in `apply`, and nothing else does but loading of pages. */
export interface State {
  ready: boolean;
  me: User | null;
  users: Record<Snowflake, User>;
  guilds: Record<Snowflake, GuildState>;
  guildIds: Snowflake[];
  channels: Record<Snowflake, Channel>;
  privateIds: Snowflake[];
  relationships: Record<Snowflake, Relationship>;
  readStates: Record<Snowflake, ReadStateEntry>;
  guildSettings: Record<string, GuildSettings>;
  settings: UserSettings;
  presences: Record<Snowflake, Presence>;
  /** channel → user → the moment (ms) at which "is typing" ends. */
  typing: Record<Snowflake, Record<Snowflake, number>>;
  receipts: Record<Snowflake, Record<Snowflake, Receipt>>;
  windows: Record<Snowflake, MessageWindow>;
  notes: Record<Snowflake, string>;
}

export const emptyState = (): State => ({
  ready: false,
  me: null,
  users: {},
  guilds: {},
  guildIds: [],
  channels: {},
  privateIds: [],
  relationships: {},
  readStates: {},
  guildSettings: {},
  settings: {},
  presences: {},
  typing: {},
  receipts: {},
  windows: {},
  notes: {},
});

/**
 * `map[key]`, made first where it is missing. Never `map[key] ??= x` with the result used: that is the bare object, and what is written to it
 * would not be seen by the views, which watch the object read back from the state.
 */
export function ensure<T>(map: Record<string, T>, key: string, make: () => T): T {
  if (map[key] === undefined) map[key] = make();
  return map[key]!;
}

export const emptyWindow = (): MessageWindow => ({ items: [], atStart: false, atEnd: true, stale: false, pending: [] });

export const isPrivate = (c: Channel | undefined): boolean => c?.type === 1 || c?.type === 3;

/** `target[key] = value` for each, without replacing the object that views hold. */
export function assign<T extends object>(target: T, source: Partial<T>): void {
  for (const key of Object.keys(source) as (keyof T)[]) {
    const value = source[key];
    if (value !== undefined && target[key] !== value) target[key] = value as T[keyof T];
  }
}

export function rememberUser(s: State, user: User | undefined | null): void {
  if (!user) return;
  const known = s.users[user.id];
  if (known) assign(known, user);
  else s.users[user.id] = { ...user };
}

export function rememberMember(s: State, guildId: Snowflake | undefined, member: Partial<Member> | undefined, userId?: Snowflake): void {
  const guild = guildId ? s.guilds[guildId] : undefined;
  const id = member?.user?.id ?? userId;
  if (!guild || !member || !id) return;
  rememberUser(s, member.user);
  const { user: _, ...rest } = member;
  const known = guild.members[id];
  if (known) assign(known, rest);
  else guild.members[id] = { roles: [], joined_at: '', ...rest };
}
