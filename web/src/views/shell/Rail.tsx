import { createMemo, For, lazy, Show, Suspense } from 'solid-js';
import { rest, state } from '../../app/client';
import { updateGuildSettings } from '../../app/actions';
import { markRead } from '../../app/acks';
import { currentGuildId, go, route } from '../../app/router';
import { canInGuild, isVisible } from '../../store/permissions';
import { isGuildMuted, unreadOf, unreadOfGuild } from '../../store/unread';
import { t } from '../../i18n';
import { GuildIcon } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { Logo } from '../ui/Logo';
import { confirm, openDialog, openMenu, toastError, type MenuEntry } from '../ui/Overlay';

const CreateGuild = lazy(() => import('../guild/CreateGuild'));
const GuildSettings = lazy(() => import('../guild/GuildSettings'));
const InviteDialog = lazy(() => import('../guild/InviteDialog'));
const NotifyDialog = lazy(() => import('../guild/NotifyDialog'));

/** How many, seen as a number and heard with its meaning. */
export function Badge(props: { count: number; calm?: boolean }) {
  return (
    <Show when={props.count > 0}>
      <span class="badge" classList={{ calm: props.calm ?? false }}><span aria-hidden="true">{props.count > 99 ? '99+' : props.count}</span><span class="sr">{t.mentionCount(props.count)}</span></span>
    </Show>
  );
}

export function Rail() {
  const home = createMemo(() => state.privateIds.reduce((n, id) => n + unreadOf(state, id).mentions, 0));
  const requests = createMemo(() => Object.values(state.relationships).filter((r) => r.type === 3).length);
  const atHome = () => !currentGuildId() && route().name !== 'admin' && route().name !== 'invite';
  return (
    <nav class="rail" aria-label={t.servers}>
      <button type="button" class="rail-tile home" classList={{ active: atHome() }} aria-current={atHome() ? 'page' : undefined} data-tip={t.home} onClick={() => go({ name: 'friends' })}>
        <span class="sr">{t.home}</span>
        <Logo size={26} />
        <Badge count={home() + requests()} />
      </button>
      <hr />
      <div class="rail-guilds">
        <For each={state.guildIds}>{(id) => <Show when={state.guilds[id]}>{(g) => <GuildTile id={g().id} />}</Show>}</For>
      </div>
      <button type="button" class="rail-tile add" aria-label={t.addServer} data-tip={t.addServer} onClick={() => openDialog((p) => <Suspense><CreateGuild close={p.close} /></Suspense>)}><Icon name="plus" size={22} /></button>
    </nav>
  );
}

function GuildTile(props: { id: string }) {
  const guild = () => state.guilds[props.id]!;
  const unread = createMemo(() => unreadOfGuild(state, props.id, (c) => isVisible(state, c)));
  const active = () => currentGuildId() === props.id;
  return (
    <button type="button" class="rail-tile" classList={{ active: active(), unread: unread().unread, muted: isGuildMuted(state, props.id) }} aria-current={active() ? 'page' : undefined}
      data-tip={guild().name} onClick={() => go({ name: 'guild', guildId: props.id })} onContextMenu={(e) => openMenu(e, guildMenu(props.id))}>
      <span class="sr">{guild().name}</span>
      <GuildIcon guild={guild()} size={44} />
      <Badge count={unread().mentions} />
      <Show when={unread().mentions === 0 && unread().unread && !active()}><span class="dot" role="img" aria-label={t.unread} /></Show>
    </button>
  );
}

export function guildMenu(id: string): MenuEntry[] {
  const guild = state.guilds[id]!;
  const muted = isGuildMuted(state, id);
  const owner = guild.ownerId === state.me?.id;
  const manages = (['manageGuild', 'manageRoles', 'manageChannels', 'ban', 'kick', 'viewAuditLog'] as const).some((p) => canInGuild(state, p, id));
  return [
    { label: t.markRead, icon: 'check', run: () => markRead(guild.channelIds).catch(toastError) },
    canInGuild(state, 'createInvite', id) && { label: t.invitePeople, icon: 'userPlus', run: () => openDialog((p) => <Suspense><InviteDialog guildId={id} close={p.close} /></Suspense>) },
    'line',
    { label: muted ? t.unmute : t.mute, icon: muted ? 'bell' : 'bellOff', run: () => updateGuildSettings(id, { muted: !muted }).catch(toastError) },
    { label: t.notifications, icon: 'bell', run: () => openDialog((p) => <Suspense><NotifyDialog guildId={id} close={p.close} /></Suspense>) },
    manages && { label: t.serverSettings, icon: 'settings', run: () => openDialog((p) => <Suspense><GuildSettings guildId={id} close={p.close} /></Suspense>) },
    !owner && 'line',
    !owner && { label: t.leaveServer, icon: 'exit', danger: true, run: () => confirm({ title: t.leaveServer, text: t.leaveServerText(guild.name), action: t.leave, danger: true, run: async () => { await rest.delete(`/users/@me/guilds/${id}`); go({ name: 'friends' }); } }) },
  ];
}
