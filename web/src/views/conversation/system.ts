import { MessageType, type Message } from '../../wire/types';
import { nameIn, user } from '../../app/people';
import { state } from '../../app/client';
import { t } from '../../i18n';

/** A name written right to left must not turn the sentence around it. */
const isolate = (name: string): string => `\u2068${name}\u2069`;

export function systemText(m: Message): string {
  const guildId = state.channels[m.channel_id]?.guild_id;
  const who = isolate(nameIn(guildId, user(m.author.id)));
  const whom = m.mentions[0] ? isolate(nameIn(guildId, m.mentions[0])) : t.someone;
  switch (m.type) {
    case MessageType.recipientAdd: return t.systemAdded(who, whom);
    case MessageType.recipientRemove: return m.mentions[0]?.id === m.author.id ? t.systemLeft(who) : t.systemRemoved(who, whom);
    case MessageType.channelName: return t.systemRenamed(who, m.content);
    case MessageType.channelIcon: return t.systemIcon(who);
    case MessageType.pinned: return t.systemPinned(who);
    case MessageType.join: return t.systemJoined(who);
    default: return m.content || t.systemUnknown;
  }
}
