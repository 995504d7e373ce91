// Made by "kith config wire"; a test keeps it so. Change the types of Kith.Protocol.

export type Snowflake = string;

export interface Attachment {
  id: Snowflake;
  filename: string;
  size: number;
  url: string;
  proxy_url: string;
  title?: string;
  description?: string;
  content_type?: string;
  width?: number;
  height?: number;
  duration_secs?: number;
  waveform?: string;
  placeholder?: string;
  placeholder_version?: number;
  flags?: number;
}

export interface Channel {
  id: Snowflake;
  type: number;
  flags: number;
  guild_id?: Snowflake;
  name?: string | null;
  position?: number;
  parent_id?: Snowflake | null;
  topic?: string | null;
  nsfw?: boolean;
  last_message_id?: Snowflake | null;
  last_pin_timestamp?: string;
  rate_limit_per_user?: number;
  bitrate?: number;
  user_limit?: number;
  permission_overwrites?: Overwrite[];
  recipients?: User[];
  owner_id?: Snowflake;
  icon?: string | null;
}

export interface ChannelOverride {
  channel_id: Snowflake;
  muted: boolean;
  mute_config: MuteConfig | null;
  message_notifications: number;
  collapsed: boolean;
}

export interface ChannelReceipt {
  channel_id: Snowflake;
  user_id: Snowflake;
  delivered_message_id: Snowflake | null;
  read_message_id: Snowflake | null;
}

export const ChannelType = {
  guildText: 0,
  dm: 1,
  guildVoice: 2,
  groupDm: 3,
  guildCategory: 4,
  guildAnnouncement: 5,
} as const;

export interface CustomStatus {
  text: string | null;
  emoji_id: Snowflake | null;
  emoji_name: string | null;
  expires_at: string | null;
}

export interface Embed {
  type: string;
  title?: string;
  description?: string;
  url?: string;
  timestamp?: string;
  color?: number;
  footer?: EmbedFooter;
  image?: EmbedMedia;
  thumbnail?: EmbedMedia;
  video?: EmbedMedia;
  provider?: EmbedProvider;
  author?: EmbedAuthor;
  fields?: EmbedField[];
}

export interface EmbedAuthor {
  name: string;
  url?: string;
  icon_url?: string;
}

export interface EmbedField {
  name: string;
  value: string;
  inline: boolean;
}

export interface EmbedFooter {
  text: string;
  icon_url?: string;
}

export interface EmbedMedia {
  url?: string;
  proxy_url?: string;
  width?: number;
  height?: number;
}

export interface EmbedProvider {
  name?: string;
  url?: string;
}

export interface Emoji {
  id: Snowflake | null;
  name: string | null;
  roles?: Snowflake[];
  user?: User;
  require_colons?: boolean;
  managed?: boolean;
  animated?: boolean;
  available?: boolean;
}

export interface Guild {
  id: Snowflake;
  name: string;
  icon: string | null;
  description: string | null;
  home_header: string | null;
  splash: string | null;
  discovery_splash: string | null;
  banner: string | null;
  owner_id: Snowflake;
  application_id: Snowflake | null;
  region: string;
  afk_channel_id: Snowflake | null;
  afk_timeout: number;
  system_channel_id: Snowflake | null;
  system_channel_flags: number;
  widget_enabled: boolean;
  widget_channel_id: Snowflake | null;
  verification_level: number;
  roles: Role[];
  emojis: Emoji[];
  stickers: Sticker[];
  features: string[];
  default_message_notifications: number;
  mfa_level: number;
  explicit_content_filter: number;
  max_presences: number | null;
  max_members: number;
  max_stage_video_channel_users: number;
  max_video_channel_users: number;
  vanity_url_code: string | null;
  premium_tier: number;
  premium_subscription_count: number;
  premium_progress_bar_enabled: boolean;
  preferred_locale: string;
  rules_channel_id: Snowflake | null;
  safety_alerts_channel_id: Snowflake | null;
  public_updates_channel_id: Snowflake | null;
  nsfw: boolean;
  nsfw_level: number;
  incidents_data: unknown | null;
  approximate_member_count?: number;
  approximate_presence_count?: number;
  unavailable?: boolean;
  joined_at?: string;
  large?: boolean;
  member_count?: number;
  channels?: Channel[];
  threads?: unknown[];
  members?: Member[];
  presences?: PresenceUpdate[];
  voice_states?: unknown[];
  stage_instances?: unknown[];
  guild_scheduled_events?: unknown[];
  soundboard_sounds?: unknown[];
}

export interface GuildMembersChunk {
  guild_id: Snowflake;
  members: Member[];
  chunk_index: number;
  chunk_count: number;
  not_found: Snowflake[];
  presences?: PresenceUpdate[];
  nonce?: string;
}

export interface Invite {
  type: number;
  code: string;
  inviter?: User;
  expires_at: string | null;
  guild: InviteGuild;
  guild_id: Snowflake;
  channel: InviteChannel;
  flags: number;
  approximate_member_count?: number;
  approximate_presence_count?: number;
  max_age?: number;
  max_uses?: number;
  uses?: number;
  temporary?: boolean;
  created_at?: string;
  new_member?: boolean;
}

export interface InviteChannel {
  id: Snowflake;
  type: number;
  name: string | null;
}

export interface InviteGuild {
  id: Snowflake;
  name: string;
  splash: string | null;
  banner: string | null;
  description: string | null;
  icon: string | null;
  features: string[];
  verification_level: number;
  vanity_url_code: string | null;
  nsfw_level: number;
  nsfw: boolean;
  premium_subscription_count: number;
}

export interface Member {
  user?: User;
  guild_id?: Snowflake;
  nick: string | null;
  avatar: string | null;
  banner: string | null;
  roles: Snowflake[];
  joined_at: string;
  premium_since: string | null;
  communication_disabled_until: string | null;
  flags: number;
  pending: boolean;
  mute: boolean;
  deaf: boolean;
}

export interface Message {
  id: Snowflake;
  channel_id: Snowflake;
  guild_id?: Snowflake;
  type: number;
  content: string;
  author: User;
  member?: Member;
  timestamp: string;
  edited_timestamp: string | null;
  tts: boolean;
  pinned: boolean;
  mention_everyone: boolean;
  mentions: User[];
  mention_roles: Snowflake[];
  attachments: Attachment[];
  embeds: Embed[];
  components: unknown[];
  flags: number;
  sticker_items?: StickerItem[];
  reactions?: Reaction[];
  nonce?: unknown;
  message_reference?: MessageReference;
  hit?: boolean;
  referenced_message?: Message | null;
}

export interface MessageAck {
  channel_id: Snowflake;
  message_id: Snowflake;
  mention_count: number;
  last_message_id: Snowflake | null;
  manual: boolean;
  version: number;
}

export interface MessageDelete {
  id: Snowflake;
  channel_id: Snowflake;
  guild_id?: Snowflake;
  author_id: Snowflake;
  mentions: Snowflake[];
  mention_roles: Snowflake[];
  mention_everyone: boolean;
  last_message_id: Snowflake | null;
}

export interface MessageDeleteBulk {
  ids: Snowflake[];
  channel_id: Snowflake;
  guild_id?: Snowflake;
  messages: MessageDelete[];
  last_message_id: Snowflake | null;
}

export const MessageFlags = {
  none: 0,
  suppressEmbeds: 4,
  suppressNotifications: 4096,
  isVoiceMessage: 8192,
} as const;

export interface MessageReference {
  type: number;
  channel_id: Snowflake;
  message_id?: Snowflake;
  guild_id?: Snowflake;
}

export const MessageType = {
  default: 0,
  recipientAdd: 1,
  recipientRemove: 2,
  channelNameChange: 4,
  channelIconChange: 5,
  channelPinnedMessage: 6,
  userJoin: 7,
  reply: 19,
} as const;

export interface MuteConfig {
  end_time: string | null;
  selected_time_window: number | null;
}

export interface Overwrite {
  id: Snowflake;
  type: number;
  allow: string;
  deny: string;
}

export const OverwriteType = {
  role: 0,
  member: 1,
} as const;

export interface PartialUser {
  id: Snowflake;
}

export interface PresenceUpdate {
  user: PartialUser;
  guild_id?: Snowflake;
  status: string;
  activities: unknown[];
  client_status: Record<string, string>;
}

export interface QuietHours {
  time_zone: string;
  start: string;
  end: string;
  days: number[] | null;
}

export interface Reaction {
  emoji: Emoji;
  count: number;
  me: boolean;
  me_burst: boolean;
  count_details: ReactionCountDetails;
  burst_colors: string[];
}

export interface ReactionCountDetails {
  normal: number;
  burst: number;
}

export interface ReadStateEntry {
  id: Snowflake;
  last_message_id: Snowflake;
  mention_count: number;
  last_pin_timestamp: string | null;
  version: number;
}

export interface Ready {
  v: number;
  user: SelfUser;
  guilds: UnavailableGuild[];
  session_id: string;
  session_type: string;
  resume_gateway_url: string;
  shard?: number[];
  application: ReadyApplication;
  private_channels: Channel[];
  relationships: Relationship[];
  presences: PresenceUpdate[];
  users?: User[];
  read_state?: ReadyReadState;
  user_guild_settings?: ReadyGuildSettings;
  user_settings?: UserSettings;
  notes?: Record<Snowflake, string>;
  sessions?: ReadySession[];
}

export interface ReadyApplication {
  id: Snowflake;
  flags: number;
}

export interface ReadyClient {
  client: string;
}

export interface ReadyGuildSettings {
  entries: UserGuildSettings[];
}

export interface ReadyReadState {
  entries: ReadStateEntry[];
  version: number;
}

export interface ReadySession {
  status: string;
  client_info: ReadyClient;
}

export interface Relationship {
  id: Snowflake;
  type: number;
  user: User;
  nickname: string | null;
  since: string;
}

export const RelationshipType = {
  friend: 1,
  blocked: 2,
  incoming: 3,
  outgoing: 4,
} as const;

export interface Role {
  id: Snowflake;
  name: string;
  permissions: string;
  position: number;
  color: number;
  colors: RoleColors;
  hoist: boolean;
  managed: boolean;
  mentionable: boolean;
  icon: string | null;
  unicode_emoji: string | null;
  flags: number;
  tags?: RoleTags;
}

export interface RoleColors {
  primary_color: number;
  secondary_color: number | null;
  tertiary_color: number | null;
}

export interface RoleTags {
  bot_id: Snowflake | null;
}

export interface SelfUser {
  mfa_enabled: boolean;
  verified: boolean;
  locale: string;
  premium_type: number;
  email: string | null;
  phone: string | null;
  bio: string | null;
  admin?: boolean;
  token?: string;
  id: Snowflake;
  username: string;
  discriminator: string;
  global_name: string | null;
  avatar: string | null;
  banner: string | null;
  accent_color: number | null;
  avatar_decoration_data: unknown | null;
  collectibles: unknown | null;
  primary_guild: unknown | null;
  public_flags: number;
  flags: number;
  bot?: boolean;
  system?: boolean;
  member?: Member;
}

export interface Sticker {
  id: Snowflake;
  guild_id: Snowflake;
  name: string;
  description: string | null;
  tags: string;
  type: number;
  format_type: number;
  available: boolean;
  user?: User;
}

export const StickerFormat = {
  png: 1,
  apng: 2,
  lottie: 3,
  gif: 4,
} as const;

export interface StickerItem {
  id: Snowflake;
  name: string;
  format_type: number;
}

export interface TypingStart {
  channel_id: Snowflake;
  guild_id?: Snowflake;
  user_id: Snowflake;
  timestamp: number;
  member?: Member;
}

export interface UnavailableGuild {
  id: Snowflake;
  unavailable?: boolean;
}

export interface User {
  id: Snowflake;
  username: string;
  discriminator: string;
  global_name: string | null;
  avatar: string | null;
  banner: string | null;
  accent_color: number | null;
  avatar_decoration_data: unknown | null;
  collectibles: unknown | null;
  primary_guild: unknown | null;
  public_flags: number;
  flags: number;
  bot?: boolean;
  system?: boolean;
  member?: Member;
}

export interface UserGuildSettings {
  guild_id: Snowflake | null;
  muted: boolean;
  mute_config: MuteConfig | null;
  message_notifications: number;
  suppress_everyone: boolean;
  suppress_roles: boolean;
  channel_overrides: ChannelOverride[];
  version: number;
}

export interface UserNote {
  id: Snowflake;
  note: string;
}

export interface UserSettings {
  status: string;
  custom_status: CustomStatus | null;
  theme: string;
  locale: string;
  read_receipts: boolean;
  show_last_seen: boolean;
  friends_only_dms: boolean;
  push_preview: boolean;
  email_digest: boolean;
  quiet_hours: QuietHours | null;
  developer_mode: boolean;
  message_display_compact: boolean;
  guild_positions: Snowflake[];
}
