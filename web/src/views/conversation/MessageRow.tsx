import { createMemo, For, onCleanup, Show } from 'solid-js';
import { outbox, state } from '../../app/client';
import { toggleReaction } from '../../app/actions';
import { colourIn, isBlocked, nameIn, user } from '../../app/people';
import { go } from '../../app/router';
import { isPrivate, type PendingMessage } from '../../store/state';
import { MessageFlags, MessageType, type Message } from '../../wire/types';
import { clock, dayKey, dayName, fullDate, stamp } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { openMenu, toastError } from '../ui/Overlay';
import { openProfile } from '../people/profile';
import { Attachments } from './Attachments';
import { Content } from './Content';
import { Embeds } from './Embeds';
import { EditBox } from './EditBox';
import { Preview } from './Preview';
import { Reactions } from './Reactions';
import { systemText } from './system';
import { PendingTick, Ticks } from './Ticks';
import { editing } from './editing';
import { canEdit, canReact, canReply, messageMenu, pickReaction, startReply, showReceipts } from './messageActions';
import { setEditing } from './editing';

/** Messages of one person within this time stand under one name. */
const groupWithin = 7 * 60_000;

function continues(m: Message, previous: Message | undefined): boolean {
  return previous !== undefined && previous.author.id === m.author.id && isText(previous) && isText(m) && m.type !== MessageType.reply
    && dayKey(m.timestamp) === dayKey(previous.timestamp) && Date.parse(m.timestamp) - Date.parse(previous.timestamp) < groupWithin;
}

const isText = (m: Message): boolean => m.type === MessageType.default || m.type === MessageType.reply;

interface RowProps {
  message: Message;
  previous: Message | undefined;
  isNewLine: boolean;
  active: boolean;
  highlighted: boolean;
  onActivate: () => void;
}

export function MessageRow(props: RowProps) {
  let row!: HTMLDivElement;
  const m = () => props.message;
  const guildId = () => state.channels[m().channel_id]?.guild_id ?? null;
  const mine = () => m().author.id === state.me?.id;
  const newDay = createMemo(() => !props.previous || dayKey(props.previous.timestamp) !== dayKey(m().timestamp));
  const grouped = createMemo(() => !props.isNewLine && continues(m(), props.previous));
  const named = createMemo(() => mentionsMe(m()));
  const author = () => user(m().author.id);
  const hidden = () => isBlocked(m().author.id);
  return (
    <div ref={row} class="row" data-id={m().id} tabindex="-1" onMouseEnter={() => props.onActivate()} onFocusIn={() => props.onActivate()}>
      <Show when={newDay()}><div class="day-line" role="separator"><span>{dayName(m().timestamp)}</span></div></Show>
      <Show when={props.isNewLine}><div class="new-line" role="separator"><span>{t.newMessages}</span></div></Show>
      <Show when={isText(m())} fallback={<SystemRow message={m()} />}>
        <article class="message" classList={{ grouped: grouped(), mine: mine(), named: named(), highlighted: props.highlighted, editing: editing() === m().id }}
          aria-label={t.messageFrom(nameIn(guildId(), author()), stamp(m().timestamp))}
          onContextMenu={(e) => { if (!(e.target as HTMLElement).closest('a,input,textarea') && getSelection()?.isCollapsed !== false) openMenu(e, messageMenu(m(), row)); }}>
          <Show when={m().type === MessageType.reply}><ReplyLine message={m()} /></Show>
          <div class="gutter">
            <Show when={!grouped()} fallback={<time class="gutter-time" datetime={m().timestamp} title={fullDate(m().timestamp)}>{clock(m().timestamp)}</time>}>
              <button type="button" class="plain" aria-hidden="true" tabindex="-1" onClick={(e) => openProfile(m().author.id, guildId(), e)}><Avatar user={author()} size={40} /></button>
            </Show>
          </div>
          <div class="body">
            <Show when={!grouped()}>
              <header>
                <button type="button" class="author" tabindex="-1" style={{ color: colourIn(guildId(), m().author.id) }} onClick={(e) => openProfile(m().author.id, guildId(), e)}>
                  <bdi>{nameIn(guildId(), author())}</bdi>
                </button>
                <Show when={author().bot}><span class="tag">{t.bot}</span></Show>
                <time datetime={m().timestamp} title={fullDate(m().timestamp)}>{stamp(m().timestamp)}</time>
              </header>
            </Show>
            <Show when={!hidden()} fallback={<p class="faint">{t.blockedMessage}</p>}>
              <Show when={editing() === m().id} fallback={
                <Show when={m().content || m().edited_timestamp}><Content text={m().content} guildId={guildId()} edited={m().edited_timestamp} /></Show>
              }><EditBox message={m()} /></Show>
              <Attachments items={m().attachments} voice={((m().flags ?? 0) & MessageFlags.voice) !== 0} author={nameIn(guildId(), author())} />
              <Show when={m().embeds.length > 0 && !((m().flags ?? 0) & MessageFlags.suppressEmbeds)}><Embeds items={m().embeds} guildId={guildId()} /></Show>
            </Show>
            <Show when={isPrivate(state.channels[m().channel_id])}>
              <span class="bubble-foot"><Show when={m().pinned}><Icon name="pin" size={12} /></Show><time datetime={m().timestamp} title={fullDate(m().timestamp)}>{clock(m().timestamp)}</time><Show when={mine()}><Show when={state.channels[m().channel_id]?.type === 3} fallback={<Ticks message={m()} />}><button type="button" class="plain" data-tip={t.receipts} onClick={() => showReceipts(m())}><Ticks message={m()} /></button></Show></Show></span>
            </Show>
            <Show when={m().reactions?.length}>
              <Reactions message={m()} onToggle={(e) => void toggleReaction(m(), e).catch(toastError)} onAdd={(el) => pickReaction(m(), el)} />
            </Show>
          </div>
          <Show when={props.active && editing() !== m().id}>
            <div class="message-tools" role="toolbar" aria-label={t.messageActions}>
              <Show when={canReact(m())}><IconButton icon="smile" label={t.addReaction} size={17} onClick={(e) => pickReaction(m(), e.currentTarget)} /></Show>
              <Show when={canReply(m())}><IconButton icon="reply" label={t.reply} size={17} onClick={() => startReply(m())} /></Show>
              <Show when={canEdit(m())}><IconButton icon="edit" label={t.edit} size={17} onClick={() => setEditing(m().id)} /></Show>
              <IconButton icon="more" label={t.more} size={17} onClick={(e) => openMenu(e, messageMenu(m(), row))} />
            </div>
          </Show>
        </article>
      </Show>
    </div>
  );
}

function mentionsMe(m: Message): boolean {
  const me = state.me?.id;
  const guildId = state.channels[m.channel_id]?.guild_id;
  if (!me || m.author.id === me || !guildId) return false;
  const roles = state.guilds[guildId]?.members[me]?.roles ?? [];
  return m.mention_everyone || m.mentions.some((u) => u.id === me) || m.mention_roles.some((r) => roles.includes(r));
}

function ReplyLine(props: { message: Message }) {
  const original = () => props.message.referenced_message;
  const jump = (): void => {
    const o = original();
    if (o) go({ name: 'channel', guildId: state.channels[o.channel_id]?.guild_id ?? null, channelId: o.channel_id, messageId: o.id });
  };
  return (
    <div class="reply-line">
      <Show when={original()} fallback={<span class="faint">{t.originalGone}</span>}>
        {(o) => (
          <button type="button" onClick={jump}>
            <Avatar user={user(o().author.id)} size={16} />
            <b style={{ color: colourIn(state.channels[o().channel_id]?.guild_id, o().author.id) }}>{nameIn(state.channels[o().channel_id]?.guild_id, o().author)}</b>
            <span dir="auto"><Preview message={o()} /></span>
          </button>
        )}
      </Show>
    </div>
  );
}

function SystemRow(props: { message: Message }) {
  return (
    <div class="system">
      <Icon name={props.message.type === MessageType.pinned ? 'pin' : props.message.type === MessageType.join ? 'userPlus' : 'chevronRight'} size={16} />
      <p>{systemText(props.message)}</p>
      <time title={fullDate(props.message.timestamp)}>{stamp(props.message.timestamp)}</time>
    </div>
  );
}

/** A message on its way, or one that did not get through. */
export function PendingRow(props: { pending: PendingMessage; previous: Message | undefined; first: boolean }) {
  const p = () => props.pending;
  const guildId = () => state.channels[p().channelId]?.guild_id ?? null;
  const grouped = () => !props.first || (props.previous?.author.id === state.me?.id && !p().replyTo && p().createdAt - Date.parse(props.previous!.timestamp) < groupWithin);
  const failed = () => p().state === 'failed';
  return (
    <div class="row pending">
      <article class="message mine" classList={{ grouped: grouped(), failed: failed() }}>
        <div class="gutter"><Show when={!grouped() && state.me}><Avatar user={state.me!} size={40} /></Show></div>
        <div class="body">
          <Show when={!grouped() && state.me}>
            <header><span class="author" style={{ color: colourIn(guildId(), state.me!.id) }}>{nameIn(guildId(), state.me!)}</span><time>{clock(p().createdAt)}</time></header>
          </Show>
          <Show when={p().content}><Content text={p().content} guildId={guildId()} /></Show>
          <For each={p().files}>{(file) => (
            <div class="upload"><UploadMark file={file} /><span dir="auto">{file.name}</span>
              <Show when={p().state === 'sending'}><progress max="1" value={p().progress} aria-label={t.uploading} /></Show></div>
          )}</For>
          <span class="bubble-foot"><PendingTick state={p().state} /><Show when={isPrivate(state.channels[p().channelId])}><time>{clock(p().createdAt)}</time></Show></span>
          <Show when={failed()}>
            <p class="failed-note" role="alert"><Icon name="warning" size={14} /> {p().error ?? t.notSent}
              <button type="button" onClick={() => outbox.again(p().nonce)}>{t.tryAgain}</button>
              <button type="button" onClick={() => outbox.cancel(p().nonce)}>{t.delete}</button></p>
          </Show>
          <Show when={!failed() && (p().files.length > 0 || p().state === 'queued')}>
            <button type="button" class="text-button" onClick={() => outbox.cancel(p().nonce)}>{t.cancel}</button>
          </Show>
        </div>
      </article>
    </div>
  );
}

function UploadMark(props: { file: File }) {
  const url = props.file.type.startsWith('image/') ? URL.createObjectURL(props.file) : null;
  onCleanup(() => { if (url) URL.revokeObjectURL(url); });
  return <Show when={url} fallback={<Icon name="file" size={18} />}>{(src) => <img src={src()} alt="" width="44" height="44" />}</Show>;
}
