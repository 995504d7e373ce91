import { createEffect, createSignal, lazy, Match, on, Show, Suspense, Switch } from 'solid-js';
import { state } from '../../app/client';
import { channelName, isOnline, lastSeen } from '../../app/people';
import { showMembers, setShowMembers } from '../../app/prefs';
import { isPrivate } from '../../store/state';
import { muteChannel } from '../../app/actions';
import { markRead } from '../../app/acks';
import { canInGuild, can } from '../../store/permissions';
import { isMuted } from '../../store/unread';
import { t } from '../../i18n';
import { ChannelAvatar } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { confirm, openDialog, openMenu, toastError, type MenuEntry } from '../ui/Overlay';
import { Composer } from './Composer';
import { Stream } from './Stream';
import { MemberList } from '../shell/MemberList';
import { openDrawer } from '../shell/drawer';
import { rest } from '../../app/client';
import { pane, setPane } from './pane';
import type { Channel } from '../../wire/types';

const SearchPane = lazy(() => import('./SearchPane'));
const PinsPane = lazy(() => import('./PinsPane'));
const ChannelSettings = lazy(() => import('../guild/ChannelSettings'));
const GroupDialog = lazy(() => import('../people/GroupDialog'));
const ReceiptsDialog = lazy(() => import('./ReceiptsDialog'));
const DateDialog = lazy(() => import('./DateDialog'));

/** There the members are in a drawer. */
const narrow = matchMedia('(max-width: 1000px)');
const [isNarrow, setNarrow] = createSignal(narrow.matches);
narrow.addEventListener('change', () => setNarrow(narrow.matches));

export function Conversation(props: { channelId: string; messageId: string | undefined }) {
  const channel = () => state.channels[props.channelId];
  const [nsfwOk, setNsfwOk] = createSignal(false);
  createEffect(on(() => props.channelId, () => { setPane(null); setNsfwOk(false); }, { defer: true }));
  return (
    <Show when={channel()} fallback={<Gone />}>
      {(c) => (
        <section class="conversation" aria-label={channelName(c())}>
          <Header channel={c()} />
          <div class="conversation-body">
            <Show when={!c().nsfw || nsfwOk()} fallback={
              <div class="state-note tall"><Icon name="warning" size={30} /><h2>{t.nsfwTitle}</h2><p>{t.nsfwText}</p><button type="button" class="button primary" onClick={() => setNsfwOk(true)}>{t.nsfwGo}</button></div>
            }>
              <div class="conversation-main">
                <Stream channelId={props.channelId} messageId={props.messageId} />
                <Composer channelId={props.channelId} />
              </div>
            </Show>
            <Suspense>
              <Switch>
                <Match when={pane() === 'search'}><SearchPane channel={c()} /></Match>
                <Match when={pane() === 'pins'}><PinsPane channel={c()} /></Match>
                <Match when={(c().guild_id || c().type === 3) && showMembers() === 'yes'}><MemberList channel={c()} /></Match>
              </Switch>
            </Suspense>
          </div>
        </section>
      )}
    </Show>
  );
}

function Gone() {
  return (
    <div class="state-note tall">
      <Show when={state.ready} fallback={<p class="faint">{t.loading}</p>}><Icon name="lock" size={30} /><h2>{t.channelGone}</h2><p class="faint">{t.channelGoneText}</p></Show>
    </div>
  );
}

function Header(props: { channel: Channel }) {
  const c = () => props.channel;
  const other = () => (c().type === 1 ? c().recipients?.[0] : undefined);
  return (
    <header class="conversation-head">
      <IconButton class="only-narrow" icon="menu" label={t.openNavigation} onClick={() => openDrawer('left')} />
      <Show when={isPrivate(c())} fallback={<span class="head-mark"><Icon name={c().type === 2 ? 'speaker' : c().type === 5 ? 'bell' : 'hash'} size={20} /></span>}><ChannelAvatar channel={c()} size={32} status /></Show>
      <div class="head-text">
        <h1 dir="auto">{channelName(c())}</h1>
        <Show when={c().topic}><p class="topic" dir="auto" title={c().topic!}>{c().topic}</p></Show>
        <Show when={other()}>{(u) => <p class="topic" classList={{ online: isOnline(u().id) }}>{lastSeen(u().id)}</p>}</Show>
        <Show when={c().type === 3}><p class="topic">{t.groupMembers((c().recipients?.length ?? 0) + 1)}</p></Show>
      </div>
      <div class="head-tools">
        <IconButton class="not-narrow" icon="pin" label={t.pins} pressed={pane() === 'pins'} onClick={() => setPane(pane() === 'pins' ? null : 'pins')} />
        <IconButton icon="search" label={t.search} pressed={pane() === 'search'} onClick={() => setPane(pane() === 'search' ? null : 'search')} />
        <Show when={c().guild_id || c().type === 3}>
          <IconButton icon="users" label={t.members} pressed={showMembers() === 'yes' && !pane() && !isNarrow()} onClick={() => {
            if (isNarrow()) { setShowMembers('yes'); openDrawer('right'); } else { setPane(null); setShowMembers(showMembers() === 'yes' && !pane() ? 'no' : 'yes'); }
          }} />
        </Show>
        <IconButton icon="more" label={t.more} onClick={(e) => openMenu(e, channelMenu(c(), true))} />
      </div>
    </header>
  );
}

export function channelMenu(c: Channel, inHeader = false): MenuEntry[] {
  const muted = isMuted(state, c);
  const inGuild = c.guild_id !== undefined;
  return [
    { label: t.markRead, icon: 'check', run: () => markRead([c.id]).catch(toastError) },
    { label: muted ? t.unmute : t.mute, icon: muted ? 'bell' : 'bellOff', run: () => muteChannel(c, !muted).catch(toastError) },
    inHeader && { label: t.pins, icon: 'pin', run: () => setPane('pins') },
    inHeader && { label: t.jumpToDate, icon: 'calendar', run: () => openDialog((p) => <Suspense><DateDialog channelId={c.id} close={p.close} /></Suspense>) },
    isPrivate(c) && { label: t.receipts, icon: 'eye', run: () => openDialog((p) => <Suspense><ReceiptsDialog channelId={c.id} close={p.close} /></Suspense>) },
    inGuild && (can(state, 'manageChannels', c) || can(state, 'manageRoles', c)) && { label: t.channelSettings, icon: 'settings', run: () => openDialog((p) => <Suspense><ChannelSettings channelId={c.id} close={p.close} /></Suspense>) },
    c.type === 3 && { label: t.editGroup, icon: 'settings', run: () => openDialog((p) => <Suspense><GroupDialog channelId={c.id} close={p.close} /></Suspense>) },
    isPrivate(c) && 'line',
    c.type === 1 && { label: t.closeDm, icon: 'x', run: () => rest.delete(`/channels/${c.id}`).catch(toastError) },
    c.type === 3 && { label: t.leaveGroup, icon: 'exit', danger: true, run: () => confirm({ title: t.leaveGroup, text: t.leaveGroupText, action: t.leave, danger: true, run: () => rest.delete(`/channels/${c.id}`) }) },
    inGuild && canInGuild(state, 'manageChannels', c.guild_id!) && 'line',
    inGuild && canInGuild(state, 'manageChannels', c.guild_id!) && {
      label: t.deleteChannel, icon: 'trash', danger: true,
      run: () => confirm({ title: t.deleteChannel, text: t.deleteChannelText(c.name ?? ''), action: t.delete, danger: true, run: () => rest.delete(`/channels/${c.id}`) }),
    },
  ];
}
