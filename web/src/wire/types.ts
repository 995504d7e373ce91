// The shapes that cross the wire, from those that the server generates of its own types (wire.gen.ts). Below are the few that it keeps beside
// its endpoints; docs/protocol.md describes them.
import * as wire from './wire.gen';

export type { Attachment, Embed, EmbedMedia, Overwrite, Snowflake } from './wire.gen';
type Snowflake = wire.Snowflake;

/** The fields of a payload that the client cannot do without; the others may be absent, as in events that carry parts. */
type Relies<T, K extends keyof T> = Pick<T, K> & Partial<Omit<T, K>>;

export type User = Relies<wire.User, 'id' | 'username' | 'global_name' | 'avatar'> & Partial<Pick<wire.SelfUser, 'email' | 'bio' | 'mfa_enabled' | 'admin'>>;
export type Role = wire.Role;
export type Member = Relies<Omit<wire.Member, 'user'>, 'roles' | 'joined_at'> & { user?: User };

/** Messages' types and channels' that the server never makes are left out by it, and by name here. */
export const ChannelType = {
  text: wire.ChannelType.guildText, dm: wire.ChannelType.dm, voice: wire.ChannelType.guildVoice, group: wire.ChannelType.groupDm,
  category: wire.ChannelType.guildCategory, announcement: wire.ChannelType.guildAnnouncement,
} as const;

export type Channel = Relies<Omit<wire.Channel, 'recipients' | 'last_pin_timestamp'>, 'id' | 'type'> & {
  recipients?: User[];
  last_pin_timestamp?: string | null;
  /** Where the server names people by id. */
  recipient_ids?: Snowflake[];
  /** Kept here: the newest message of a conversation, for the list. */
  last_message?: Message | null;
};

export type Guild = Relies<Omit<wire.Guild, 'channels' | 'members' | 'member_count' | 'presences'>, 'id' | 'name' | 'icon' | 'owner_id' | 'roles'> & {
  channels: Channel[];
  members: Member[];
  member_count: number;
  presences?: PresenceUpdate[];
};

export type Emoji = Relies<wire.Emoji, 'id' | 'name'>;
export type Reaction = Relies<Omit<wire.Reaction, 'emoji'>, 'count' | 'me'> & { emoji: Emoji };

export const MessageType = {
  default: wire.MessageType.default, recipientAdd: wire.MessageType.recipientAdd, recipientRemove: wire.MessageType.recipientRemove, channelName: wire.MessageType.channelNameChange,
  channelIcon: wire.MessageType.channelIconChange, pinned: wire.MessageType.channelPinnedMessage, join: wire.MessageType.userJoin, reply: wire.MessageType.reply,
} as const;

export const MessageFlags = { suppressEmbeds: wire.MessageFlags.suppressEmbeds, voice: wire.MessageFlags.isVoiceMessage } as const;

export type Message = Relies<
  Omit<wire.Message, 'author' | 'mentions' | 'member' | 'reactions' | 'referenced_message' | 'nonce'>,
  'id' | 'channel_id' | 'content' | 'timestamp' | 'edited_timestamp' | 'mention_roles' | 'mention_everyone' | 'attachments' | 'embeds' | 'pinned' | 'type'
> & {
  author: User;
  mentions: User[];
  member?: Partial<Member>;
  reactions?: Reaction[];
  referenced_message?: Message | null;
  nonce?: string | number;
};

export type Status = 'online' | 'idle' | 'dnd' | 'invisible' | 'offline';

export type PresenceUpdate = Relies<Omit<wire.PresenceUpdate, 'status'>, 'user'> & { status: Status; last_seen_at?: string | null };

export const RelationshipType = { friend: 1, blocked: 2, incoming: 3, outgoing: 4 } as const;

export type Relationship = Relies<Omit<wire.Relationship, 'user'>, 'id' | 'type'> & { user?: User };
export type GuildSettings = Relies<Omit<wire.UserGuildSettings, 'channel_overrides'>, 'guild_id'> & { channel_overrides?: Relies<wire.ChannelOverride, 'channel_id'>[] };
export type UserSettings = Partial<Omit<wire.UserSettings, 'status' | 'custom_status'>> & { status?: Status; custom_status?: Partial<wire.CustomStatus> | null };
/** Kept here also for channels that were never read. */
export type ReadStateEntry = Relies<Omit<wire.ReadStateEntry, 'last_message_id'>, 'id' | 'mention_count'> & { last_message_id: Snowflake | null };
export type Receipt = wire.ChannelReceipt;
export type MessageAck = Relies<wire.MessageAck, 'channel_id' | 'message_id'>;
export type MessageDelete = Relies<wire.MessageDelete, 'id' | 'channel_id'>;
export type Invite = Relies<Omit<wire.Invite, 'guild' | 'inviter'>, 'code' | 'channel'> & { guild?: Relies<wire.InviteGuild, 'id' | 'name' | 'icon'>; inviter?: User };

export type Ready = Relies<Omit<wire.Ready, 'user' | 'guilds' | 'private_channels' | 'users' | 'relationships' | 'user_settings' | 'presences' | 'user_guild_settings' | 'read_state'>, 'session_id' | 'resume_gateway_url'> & {
  user: User;
  guilds: (Guild | wire.UnavailableGuild)[];
  private_channels: Channel[];
  users?: User[];
  relationships?: Relationship[];
  read_state?: { entries: ReadStateEntry[] };
  user_settings?: UserSettings;
  user_guild_settings?: { entries: GuildSettings[] };
  presences?: PresenceUpdate[];
};

export interface UnreadInfo {
  last_read_message_id: Snowflake | null;
  last_read_at: string | null;
  first_unread_message_id: Snowflake | null;
  unread_count: number;
  mention_count: number;
}

export interface Ban { user: User; reason: string | null }

export interface AuditLogEntry {
  id: Snowflake;
  action_type: number;
  user_id: Snowflake | null;
  target_id: Snowflake | null;
  changes?: { key: string; old_value?: unknown; new_value?: unknown }[];
  options?: Record<string, string>;
  reason?: string;
}

export interface AuthSession {
  id?: string;
  id_hash?: string;
  approx_last_used_time?: string;
  created_at?: string;
  client_info?: { os?: string; platform?: string; location?: string; ip?: string; user_agent?: string };
  current?: boolean;
}

export interface SearchResult {
  total_results: number;
  messages: (Message & { hit?: boolean })[][];
}

export const Op = { dispatch: 0, heartbeat: 1, identify: 2, presence: 3, voice: 4, resume: 6, reconnect: 7, requestMembers: 8, invalidSession: 9, hello: 10, ack: 11 } as const;
