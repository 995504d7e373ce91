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

export const badge = (n: number): string => (n > 99 ? '99+' : String(n));

export function Rail() {
  const home = createMemo(() => state.privateIds.reduce((n, id) => n + unreadOf(state, id).mentions, 0));
  const requests = createMemo(() => Object.values(state.relationships).filter((r) => r.type === 3).length);
  const atHome = () => !currentGuildId() && route().name !== 'admin' && route().name !== 'invite';
  return (
    <nav class="rail" aria-label={t.servers}>
      <button type="button" class="rail-tile home" classList={{ active: atHome() }} aria-current={atHome() ? 'page' : undefined} aria-label={home() + requests() > 0 ? t.withMentions(t.home, home() + requests()) : t.home} data-tip={t.home} onClick={() => go({ name: 'friends' })}>
        <Logo size={26} />
        <Show when={home() + requests() > 0}><span class="badge">{badge(home() + requests())}</span></Show>
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
  const label = () => (unread().mentions > 0 ? t.withMentions(guild().name, unread().mentions) : unread().unread ? t.withUnread(guild().name) : guild().name);
  return (
    <button type="button" class="rail-tile" classList={{ active: active(), unread: unread().unread, muted: isGuildMuted(state, props.id) }} aria-current={active() ? 'page' : undefined}
      aria-label={label()} data-tip={guild().name} onClick={() => go({ name: 'guild', guildId: props.id })} onContextMenu={(e) => openMenu(e, guildMenu(props.id))}>
      <GuildIcon guild={guild()} size={44} />
      <Show when={unread().mentions > 0} fallback={<Show when={unread().unread && !active()}><span class="dot" /></Show>}><span class="badge">{badge(unread().mentions)}</span></Show>
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
