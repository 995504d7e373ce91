import { createEffect, createMemo, createSignal, lazy, Match, on, onCleanup, onMount, Show, Suspense, Switch } from 'solid-js';
import { connection, gateway, state } from '../../app/client';
import { currentChannelId, currentGuildId, go, route } from '../../app/router';
import { isVisible } from '../../store/permissions';
import { t } from '../../i18n';
import { closeDialogs, dialogOpen, openDialog } from '../ui/Overlay';
import { Icon } from '../ui/Icon';
import { Conversation } from '../conversation/Conversation';
import { FriendsPage } from '../people/FriendsPage';
import { Welcome } from './Welcome';
import { GuildSidebar } from './GuildSidebar';
import { HomeSidebar } from './HomeSidebar';
import { Rail } from './Rail';
import { UserPanel } from './UserPanel';
import { drawer, setDrawer, swipes } from './drawer';
import { shortcuts } from './shortcuts';
import { lastChannel, rememberChannel, sortedChannels } from './order';

const MentionsPage = lazy(() => import('../people/MentionsPage'));
const AdminPage = lazy(() => import('../admin/AdminPage'));
const InvitePage = lazy(() => import('../guild/InvitePage'));
const QuickSwitcher = lazy(() => import('./QuickSwitcher'));

export function Shell() {
  let frame!: HTMLDivElement;
  const guildId = currentGuildId;
  // What a conversation still does while it is being left, it does in its own channel.
  const shownChannel = createMemo<string>((before) => currentChannelId() ?? before, '');
  const shownMessage = () => { const r = route(); return r.name === 'channel' ? r.messageId : undefined; };
  const guild = () => (guildId() ? state.guilds[guildId()!] : undefined);

  onMount(() => {
    swipes(frame);
    const quick = (): void => { if (!dialogOpen()) openDialog((p) => <Suspense><QuickSwitcher close={p.close} /></Suspense>); };
    onCleanup(shortcuts(quick));
  });
  // Opening a place closes the drawer that it was chosen in, and whatever lay above.
  createEffect(on(route, (r) => {
    if (r.name === 'channel') {
      rememberChannel(r.guildId, r.channelId);
      setDrawer(null);
    } else if (r.name !== 'guild') setDrawer(null);
    closeDialogs();
  }, { defer: true }));
  // "A server" means its last visited channel, or the first that one may see.
  createEffect(() => {
    const r = route();
    if (r.name !== 'guild') return;
    const g = state.guilds[r.guildId];
    if (!g) return;
    const known = lastChannel(g.id);
    const channel = known && state.channels[known]?.guild_id === g.id && isVisible(state, state.channels[known]!) ? state.channels[known] : sortedChannels(g.id).find((c) => c.type === 0 || c.type === 5);
    if (channel) go({ name: 'channel', guildId: g.id, channelId: channel.id }, { replace: true });
  });

  return (
    <div ref={frame} class="shell" data-connection={connection()} classList={{ 'drawer-left': drawer() === 'left', 'drawer-right': drawer() === 'right' }}>
      <a class="skip" href="#main">{t.skip}</a>
      <div class="nav-side">
        <Rail />
        <div class="sidebar">
          <Show when={guild()} fallback={<HomeSidebar />}>{(g) => <GuildSidebar guild={g()} />}</Show>
          <UserPanel />
        </div>
      </div>
      <Show when={drawer()}><button type="button" class="drawer-scrim" aria-label={t.close} onClick={() => setDrawer(null)} /></Show>
      <main id="main" class="sheet" tabindex="-1">
        <ConnectionBanner />
        <Suspense>
          <Switch fallback={<Welcome />}>
            <Match when={route().name === 'channel'}><Conversation channelId={shownChannel()} messageId={shownMessage()} /></Match>
            <Match when={route().name === 'friends'}><FriendsPage /></Match>
            <Match when={route().name === 'mentions'}><MentionsPage /></Match>
            <Match when={route().name === 'admin'}><AdminPage /></Match>
            <Match when={route().name === 'invite'}><InvitePage code={inviteCode()} /></Match>
            <Match when={route().name === 'guild' && guild()}>{(g) => <div class="state-note tall"><Icon name="hash" size={30} /><h2>{g().name}</h2><p class="faint">{t.noChannels}</p></div>}</Match>
            <Match when={route().name === 'guild'}><div class="state-note tall"><Show when={state.ready} fallback={<p class="faint">{t.loading}</p>}><h2>{t.guildGone}</h2></Show></div></Match>
          </Switch>
        </Suspense>
      </main>
    </div>
  );

  function inviteCode(): string {
    const r = route();
    return r.name === 'invite' ? r.code : '';
  }
}

/** Only what lasts is told: a lost connection is usually back before anyone would have read about it. */
const tellAfter = 1200;

function ConnectionBanner() {
  const [shown, setShown] = createSignal(false);
  createEffect(() => {
    if (connection() === 'ready') { setShown(false); return; }
    const timer = setTimeout(() => setShown(true), tellAfter);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <Show when={shown() && state.me}>
      <div class="connection" role="status"><span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>
        <span>{navigator.onLine ? t.reconnecting : t.offline}</span>
        <button type="button" class="text-button" onClick={() => gateway.retryNow()}>{t.tryNow}</button></div>
    </Show>
  );
}
