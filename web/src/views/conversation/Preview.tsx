import { plain } from '../../text/markdown';
import type { Message } from '../../wire/types';
import { channelName, nameIn, user } from '../../app/people';
import { state } from '../../app/client';
import { t } from '../../i18n';
import { MessageFlags, MessageType } from '../../wire/types';
import { systemText } from './system';

/** One line of a message for lists, replies and notifications. */
export function previewText(m: Message): string {
  if (m.type !== MessageType.default && m.type !== MessageType.reply) return systemText(m);
  if ((m.flags ?? 0) & MessageFlags.voice) return t.voiceMessage;
  const guildId = state.channels[m.channel_id]?.guild_id;
  const text = plain(m.content.slice(0, 300), {
    user: (id) => nameIn(guildId, user(id)),
    role: (id) => (guildId ? state.guilds[guildId]?.roles[id]?.name : undefined) ?? t.deletedRole,
    channel: (id) => channelName(state.channels[id]),
  });
  if (text) return text;
  const first = m.attachments[0];
  if (first) return first.content_type?.startsWith('image/') ? `🖼 ${t.image}` : first.content_type?.startsWith('video/') ? `🎞 ${t.video}` : `📎 ${first.filename}`;
  return m.embeds[0]?.title ?? '';
}

export const Preview = (props: { message: Message }) => <>{previewText(props.message)}</>;
