import { Show } from 'solid-js';
import { state } from '../../app/client';
import { channelName, colourIn, nameIn, user } from '../../app/people';
import { go } from '../../app/router';
import type { Message } from '../../wire/types';
import { stamp } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Attachments } from './Attachments';
import { Content } from './Content';

/** A found, pinned or mentioning message; a click shows it where it was said. */
export function Hit(props: { message: Message; withChannel?: boolean }) {
  const m = () => props.message;
  const guildId = () => state.channels[m().channel_id]?.guild_id ?? null;
  const jump = (): void => go({ name: 'channel', guildId: guildId(), channelId: m().channel_id, messageId: m().id });
  const author = () => state.users[m().author.id] ?? m().author;
  return (
    <article class="hit">
      <Show when={props.withChannel}><p class="hit-channel">{guildId() ? `${state.guilds[guildId()!]?.name ?? ''} › #` : ''}{channelName(state.channels[m().channel_id])}</p></Show>
      <header><Avatar user={user(author().id)} size={24} /><b style={{ color: colourIn(guildId(), author().id) }}><bdi>{nameIn(guildId(), author())}</bdi></b><time>{stamp(m().timestamp)}</time></header>
      <Show when={m().content}><Content text={m().content} guildId={guildId()} edited={m().edited_timestamp} /></Show>
      <Attachments items={m().attachments} voice={false} author={nameIn(guildId(), author())} />
      <button type="button" class="hit-jump" onClick={jump}>{t.jump}</button>
    </article>
  );
}
