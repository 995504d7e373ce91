import { createEffect, createMemo, For, lazy, Show, Suspense } from 'solid-js';
import { connection, state } from '../../app/client';
import { draft, hasDraft } from '../../app/drafts';
import { loadLast, loadReceipts } from '../../app/pages';
import { channelName, nameOf, user } from '../../app/people';
import { currentChannelId, go, pathOf, route } from '../../app/router';
import { isMuted, unreadOf } from '../../store/unread';
import { timeOf } from '../../wire/snowflake';
import type { Channel } from '../../wire/types';
import { shortStamp } from '../../text/format';
import { t } from '../../i18n';
import { ChannelAvatar } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { openDialog, openMenu } from '../ui/Overlay';
import { channelMenu } from '../conversation/Conversation';
import { previewText } from '../conversation/Preview';
import { Ticks } from '../conversation/Ticks';
import { sortedPrivate } from './order';
import { Badge } from './Rail';

const NewConversation = lazy(() => import('../people/NewConversation'));

export function HomeSidebar() {
  const list = createMemo(sortedPrivate);
  const requests = createMemo(() => Object.values(state.relationships).filter((r) => r.type === 3).length);
  return (
    <>
      <header class="sidebar-head"><h2>{t.conversations}</h2><IconButton icon="edit" label={t.newConversation} onClick={() => openDialog((p) => <Suspense><NewConversation close={p.close} /></Suspense>)} /></header>
      <nav class="channels" aria-label={t.conversations}>
        <a class="channel-row" classList={{ active: route().name === 'friends' }} href="/friends" onClick={(e) => { e.preventDefault(); go({ name: 'friends' }); }}>
          <Icon name="users" size={17} /><span>{t.friends}</span><Badge count={requests()} />
        </a>
        <a class="channel-row" classList={{ active: route().name === 'mentions' }} href="/mentions" onClick={(e) => { e.preventDefault(); go({ name: 'mentions' }); }}><Icon name="at" size={17} /><span>{t.mentions}</span></a>
        <Show when={state.me?.admin}>
          <a class="channel-row" classList={{ active: route().name === 'admin' }} href="/admin" onClick={(e) => { e.preventDefault(); go({ name: 'admin' }); }}><Icon name="shield" size={17} /><span>{t.admin}</span></a>
        </Show>
        <div class="talks">
          <For each={list()} fallback={<div class="state-note"><Icon name="message" size={26} /><p class="faint">{t.noConversations}</p></div>}>{(c) => <TalkRow channel={c} />}</For>
        </div>
      </nav>
    </>
  );
}

function TalkRow(props: { channel: Channel }) {
  const c = () => props.channel;
  const unread = createMemo(() => unreadOf(state, c().id));
  const last = () => { const w = state.windows[c().id]; return (w?.atEnd ? w.items.at(-1) : undefined) ?? c().last_message ?? null; };
  const mine = () => last()?.author.id === state.me?.id;
  const active = () => currentChannelId() === c().id;
  const typers = () => Object.entries(state.typing[c().id] ?? {}).some(([, until]) => until > Date.now());
  createEffect(() => { if (connection() === 'ready' && c().last_message_id && !last()) loadLast(c().id).catch(() => undefined); });
  // The ticks of a conversation that was not opened yet.
  createEffect(() => { if (state.ready && connection() === 'ready' && mine() && !state.receipts[c().id]) loadReceipts(c().id).catch(() => undefined); });
  return (
    <a class="talk" classList={{ active: active(), unread: unread().mentions > 0 && !isMuted(state, c()) }} aria-current={active() ? 'page' : undefined} href={pathOf({ name: 'channel', guildId: null, channelId: c().id })}
      onClick={(e) => { if (e.ctrlKey || e.metaKey) return; e.preventDefault(); go({ name: 'channel', guildId: null, channelId: c().id }); }} onContextMenu={(e) => openMenu(e, channelMenu(c()))}>
      <ChannelAvatar channel={c()} size={42} status />
      <span class="talk-top"><b dir="auto">{channelName(c())}</b><Show when={c().last_message_id}>{(id) => <time>{shortStamp(timeOf(id()))}</time>}</Show></span>
      <span class="talk-bottom">
        <span class="talk-preview" dir="auto">
          <Show when={!typers()} fallback={<em class="accent">{t.typingShort}</em>}>
            <Show when={!hasDraft(c().id) || active()} fallback={<><em class="ember">{t.draft}</em> {draft(c().id)}</>}>
              <Show when={last()} fallback={<span class="faint">{c().last_message_id ? '…' : t.noMessagesYet}</span>}>
                {(m) => <><Show when={mine()}><Ticks message={m()} /> </Show><Show when={c().type === 3 && !mine()}>{nameOf(user(m().author.id))}: </Show>{previewText(m())}</>}
              </Show>
            </Show>
          </Show>
        </span>
        <Show when={isMuted(state, c())}><Icon name="bellOff" size={13} /></Show>
        <Badge count={unread().mentions} calm={isMuted(state, c())} />
      </span>
    </a>
  );
}
