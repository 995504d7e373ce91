// The shapes that cross the wire: Discord API v10's, and the extensions written down in docs/protocol.md.
// Nothing else in the client names a JSON field that is not here, so generated types can take this file's place.

export type Snowflake = string;

export interface User {
  id: Snowflake;
  username: string;
  global_name: string | null;
  avatar: string | null;
  discriminator?: string;
  bot?: boolean;
  banner?: string | null;
  accent_color?: number | null;
  bio?: string | null;
  // Only of oneself.
  email?: string | null;
  mfa_enabled?: boolean;
  flags?: number;
  admin?: boolean;
}

export interface Role {
  id: Snowflake;
  name: string;
  color: number;
  hoist: boolean;
  position: number;
  permissions: string;
  managed: boolean;
  mentionable: boolean;
}

export interface Member {
  user?: User;
  nick?: string | null;
  avatar?: string | null;
  roles: Snowflake[];
  joined_at: string;
  communication_disabled_until?: string | null;
}

export interface Overwrite {
  id: Snowflake;
  type: 0 | 1;
  allow: string;
  deny: string;
}

export const ChannelType = { text: 0, dm: 1, voice: 2, group: 3, category: 4, announcement: 5, publicThread: 11, privateThread: 12, forum: 15 } as const;

export interface Channel {
  id: Snowflake;
  type: number;
  guild_id?: Snowflake;
  name?: string | null;
  topic?: string | null;
  position?: number;
  parent_id?: Snowflake | null;
  nsfw?: boolean;
  rate_limit_per_user?: number;
  permission_overwrites?: Overwrite[];
  last_message_id?: Snowflake | null;
  last_pin_timestamp?: string | null;
  recipients?: User[];
  recipient_ids?: Snowflake[];
  owner_id?: Snowflake;
  icon?: string | null;
  // Extension: the newest message of a DM or group, for the list of conversations.
  last_message?: Message | null;
}

export interface Guild {
  id: Snowflake;
  name: string;
  icon: string | null;
  description?: string | null;
  owner_id: Snowflake;
  roles: Role[];
  channels: Channel[];
  members: Member[];
  member_count: number;
  presences?: PresenceUpdate[];
  unavailable?: boolean;
  joined_at?: string;
  default_message_notifications?: number;
  system_channel_id?: Snowflake | null;
}

export interface Emoji {
  id: Snowflake | null;
  name: string | null;
  animated?: boolean;
}

export interface Reaction {
  emoji: Emoji;
  count: number;
  me: boolean;
}

export interface Attachment {
  id: Snowflake;
  filename: string;
  size: number;
  url: string;
  proxy_url: string;
  content_type?: string;
  width?: number | null;
  height?: number | null;
  description?: string | null;
  duration_secs?: number;
  waveform?: string;
  placeholder?: string;
}

export interface Embed {
  type?: string;
  url?: string;
  title?: string;
  description?: string;
  color?: number;
  timestamp?: string;
  author?: { name: string; url?: string; icon_url?: string };
  provider?: { name?: string; url?: string };
  footer?: { text: string; icon_url?: string };
  image?: EmbedMedia;
  thumbnail?: EmbedMedia;
  video?: EmbedMedia;
  fields?: { name: string; value: string; inline?: boolean }[];
}

export interface EmbedMedia {
  url?: string;
  proxy_url?: string;
  width?: number;
  height?: number;
}

export const MessageType = {
  default: 0, recipientAdd: 1, recipientRemove: 2, call: 3, channelName: 4, channelIcon: 5, pinned: 6, join: 7, reply: 19,
} as const;

export const MessageFlags = { suppressEmbeds: 1 << 2, voice: 1 << 13 } as const;

export interface Message {
  id: Snowflake;
  channel_id: Snowflake;
  guild_id?: Snowflake;
  author: User;
  member?: Partial<Member>;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  mentions: User[];
  mention_roles: Snowflake[];
  mention_everyone: boolean;
  attachments: Attachment[];
  embeds: Embed[];
  reactions?: Reaction[];
  pinned: boolean;
  type: number;
  flags?: number;
  nonce?: string | number;
  message_reference?: { message_id?: Snowflake; channel_id?: Snowflake; guild_id?: Snowflake };
  referenced_message?: Message | null;
}

export type Status = 'online' | 'idle' | 'dnd' | 'invisible' | 'offline';

export interface PresenceUpdate {
  user: { id: Snowflake };
  status: Status;
  guild_id?: Snowflake;
  last_seen_at?: string | null;
}

export const RelationshipType = { friend: 1, blocked: 2, incoming: 3, outgoing: 4 } as const;

export interface Relationship {
  id: Snowflake;
  type: number;
  user?: User;
  since?: string;
  nickname?: string | null;
}

export interface ReadStateEntry {
  id: Snowflake;
  last_message_id: Snowflake | null;
  mention_count: number;
  last_pin_timestamp?: string | null;
}

export interface GuildSettings {
  guild_id: Snowflake | null;
  muted?: boolean;
  mute_config?: { end_time: string | null; selected_time_window?: number } | null;
  message_notifications?: number;
  suppress_everyone?: boolean;
  suppress_roles?: boolean;
  channel_overrides?: { channel_id: Snowflake; muted?: boolean; message_notifications?: number }[];
}

export interface UserSettings {
  status?: Status;
  theme?: string;
  locale?: string;
  read_receipts?: boolean;
  show_last_seen?: boolean;
  friends_only_dms?: boolean;
  push_preview?: boolean;
  custom_status?: { text?: string | null } | null;
  [key: string]: unknown;
}

export interface Receipt {
  channel_id: Snowflake;
  user_id: Snowflake;
  delivered_message_id: Snowflake | null;
  read_message_id: Snowflake | null;
}

export interface Ready {
  v: number;
  user: User;
  guilds: (Guild | { id: Snowflake; unavailable?: boolean })[];
  private_channels: Channel[];
  users?: User[];
  relationships?: Relationship[];
  read_state?: { entries: ReadStateEntry[]; version?: number } | ReadStateEntry[];
  user_guild_settings?: { entries: GuildSettings[] };
  user_settings?: UserSettings | null;
  presences?: PresenceUpdate[];
  notes?: Record<Snowflake, string>;
  session_id: string;
  resume_gateway_url: string;
}

export interface MessageAck {
  channel_id: Snowflake;
  message_id: Snowflake;
  mention_count?: number;
  last_message_id?: Snowflake | null;
  manual?: boolean;
  version?: number;
}

export interface MessageDelete {
  id: Snowflake;
  channel_id: Snowflake;
  guild_id?: Snowflake;
  // Extensions, so that an unread mention can be taken back.
  author_id?: Snowflake;
  mentions?: Snowflake[];
  mention_everyone?: boolean;
  mention_roles?: Snowflake[];
}

export interface UnreadInfo {
  last_read_message_id: Snowflake | null;
  last_read_at: string | null;
  first_unread_message_id: Snowflake | null;
  unread_count: number;
  mention_count: number;
}

export interface Invite {
  code: string;
  guild?: { id: Snowflake; name: string; icon: string | null; description?: string | null };
  guild_id?: Snowflake;
  channel: { id: Snowflake; name: string | null; type: number } | null;
  inviter?: User;
  approximate_member_count?: number;
  approximate_presence_count?: number;
  expires_at?: string | null;
  max_age?: number;
  max_uses?: number;
  uses?: number;
  created_at?: string;
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
