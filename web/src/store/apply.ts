import type { State } from './state';
import * as channels from './events/channels';
import * as guilds from './events/guilds';
import * as messages from './events/messages';
import * as people from './events/people';
import * as ready from './events/ready';

type Handler = (s: State, d: never) => void;

/** One small handler per event; an event that is not here changes nothing. */
const handlers: Record<string, Handler> = {
  READY: ready.ready,
  GUILD_CREATE: guilds.create,
  GUILD_UPDATE: guilds.update,
  GUILD_DELETE: guilds.remove,
  GUILD_ROLE_CREATE: guilds.role,
  GUILD_ROLE_UPDATE: guilds.role,
  GUILD_ROLE_DELETE: guilds.roleDelete,
  GUILD_EMOJIS_UPDATE: guilds.emojis,
  GUILD_MEMBER_ADD: guilds.memberAdd,
  GUILD_MEMBER_UPDATE: guilds.memberUpdate,
  GUILD_MEMBER_REMOVE: guilds.memberRemove,
  GUILD_MEMBERS_CHUNK: guilds.membersChunk,
  CHANNEL_CREATE: channels.create,
  CHANNEL_UPDATE: channels.update,
  CHANNEL_DELETE: channels.remove,
  CHANNEL_PINS_UPDATE: channels.pins,
  CHANNEL_RECIPIENT_ADD: channels.recipientAdd,
  CHANNEL_RECIPIENT_REMOVE: channels.recipientRemove,
  CHANNEL_RECEIPT_UPDATE: channels.receipt,
  MESSAGE_CREATE: messages.create,
  MESSAGE_UPDATE: messages.update,
  MESSAGE_DELETE: messages.remove,
  MESSAGE_DELETE_BULK: messages.removeMany,
  MESSAGE_REACTION_ADD: messages.reactionAdd,
  MESSAGE_REACTION_REMOVE: messages.reactionRemove,
  MESSAGE_REACTION_REMOVE_ALL: messages.reactionsClear,
  MESSAGE_REACTION_REMOVE_EMOJI: messages.reactionsClearEmoji,
  MESSAGE_ACK: messages.ack,
  CHANNEL_UNREAD_UPDATE: messages.unreadReset,
  TYPING_START: people.typing,
  PRESENCE_UPDATE: people.presence,
  USER_UPDATE: people.self,
  USER_SETTINGS_UPDATE: people.settings,
  USER_GUILD_SETTINGS_UPDATE: people.guildSettings,
  USER_NOTE_UPDATE: people.note,
  RELATIONSHIP_ADD: people.relationship,
  RELATIONSHIP_UPDATE: people.relationship,
  RELATIONSHIP_REMOVE: people.relationshipRemove,
};

export function apply(s: State, type: string, data: unknown): void {
  handlers[type]?.(s, data as never);
}
