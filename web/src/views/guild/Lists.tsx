import { createMemo, createResource, createSignal, For, Show } from 'solid-js';
import { gateway, rest, state } from '../../app/client';
import { nameIn, nameOf, roleColour, user } from '../../app/people';
import { canInGuild, rank } from '../../store/permissions';
import type { GuildState } from '../../store/state';
import { Op, type Ban, type Invite } from '../../wire/types';
import { mediumDate, number, relative } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { openMenu, toastError } from '../ui/Overlay';
import { copyText } from '../conversation/messageActions';
import { openProfile, personMenu } from '../people/profile';
import { searchMembers } from '../../app/actions';

const shownAtOnce = 100;

export function Members(props: { guild: GuildState }) {
  const [query, setQuery] = createSignal('');
  const [count, setCount] = createSignal(shownAtOnce);
  if (props.guild.memberCount > Object.keys(props.guild.members).length) gateway.send(Op.requestMembers, { guild_id: props.guild.id, query: '', limit: 100 });
  const found = createMemo(() => {
    const q = query().toLowerCase();
    return Object.keys(props.guild.members).map(user).filter((u) => !q || u.username.toLowerCase().includes(q) || nameIn(props.guild.id, u).toLowerCase().includes(q))
      .sort((a, b) => rank(props.guild, b.id) - rank(props.guild, a.id) || nameIn(props.guild.id, a).localeCompare(nameIn(props.guild.id, b)));
  });
  const search = (q: string): void => { setQuery(q); setCount(shownAtOnce); if (q.length > 1) searchMembers(props.guild.id, q); };
  const nick = (id: string, value: string): void => void rest.patch(`/guilds/${props.guild.id}/members/${id === state.me?.id ? '@me' : id}`, { nick: value || null }).catch(toastError);
  const mayName = (id: string): boolean => (id === state.me?.id ? canInGuild(state, 'changeNickname', props.guild.id) : canInGuild(state, 'manageNicknames', props.guild.id) && rank(props.guild, state.me!.id) > rank(props.guild, id));
  return (
    <div class="stack">
      <input class="input" type="search" value={query()} placeholder={t.findMembers(number(props.guild.memberCount))} aria-label={t.members} onInput={(e) => search(e.currentTarget.value)} />
      <ul class="people-list roomy">
        <For each={found().slice(0, count())} fallback={<li class="faint">{t.nothingFound}</li>}>
          {(u) => (
            <li><button type="button" class="plain" aria-label={t.profileOf(nameOf(u))} onClick={(e) => openProfile(u.id, props.guild.id, e)}><Avatar user={u} size={36} status /></button>
              <span class="grow"><b dir="auto">{nameOf(u)}</b><small>{u.username}</small></span>
              <span class="role-chips"><For each={props.guild.members[u.id]?.roles.slice(0, 4)}>{(id) => <Show when={props.guild.roles[id]}>{(r) => <span class="role-chip" style={{ '--role': roleColour(r()) }}>{r().name}</span>}</Show>}</For></span>
              <Show when={mayName(u.id)}><input class="input small" aria-label={t.nickname} placeholder={t.nickname} value={props.guild.members[u.id]?.nick ?? ''} maxlength={32} onChange={(e) => nick(u.id, e.currentTarget.value)} /></Show>
              <Show when={u.id !== state.me?.id}><IconButton icon="more" label={t.more} onClick={(e) => openMenu(e, personMenu(u.id, props.guild.id, () => undefined))} /></Show></li>
          )}
        </For>
      </ul>
      <Show when={found().length > count()}><button type="button" class="button quiet" onClick={() => setCount(count() + shownAtOnce)}>{t.loadMore}</button></Show>
    </div>
  );
}

export function Bans(props: { guild: GuildState }) {
  const [bans, { refetch }] = createResource(() => rest.get<Ban[]>(`/guilds/${props.guild.id}/bans`));
  const lift = async (id: string): Promise<void> => { try { await rest.delete(`/guilds/${props.guild.id}/bans/${id}`); await refetch(); } catch (error) { toastError(error); } };
  return (
    <Show when={!bans.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
      <ul class="people-list roomy limited">
        <For each={bans.latest} fallback={<li class="state-note"><Icon name="ban" size={26} /><p class="faint">{bans.loading ? t.loading : t.noBans}</p></li>}>
          {(b) => <li><Avatar user={b.user} size={36} /><span class="grow"><b dir="auto">{nameOf(b.user)}</b><small>{b.reason ?? t.noReason}</small></span><button type="button" class="button quiet" onClick={() => void lift(b.user.id)}>{t.unban}</button></li>}
        </For>
      </ul>
    </Show>
  );
}

export function Invites(props: { guild: GuildState }) {
  const [list, { refetch }] = createResource(() => rest.get<Invite[]>(`/guilds/${props.guild.id}/invites`));
  const revoke = async (code: string): Promise<void> => { try { await rest.delete(`/invites/${code}`); await refetch(); } catch (error) { toastError(error); } };
  const expiry = (i: Invite): string => (i.expires_at ? relative(i.expires_at) : i.max_age && i.created_at ? relative(Date.parse(i.created_at) + i.max_age * 1000) : t.never);
  return (
    <Show when={!list.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
      <ul class="people-list roomy limited">
        <For each={list.latest} fallback={<li class="state-note"><Icon name="link" size={26} /><p class="faint">{list.loading ? t.loading : t.noInvites}</p></li>}>
          {(i) => <li><span class="file-mark"><Icon name="link" size={18} /></span><span class="grow"><b><code>{i.code}</code></b><small>{[i.inviter ? nameOf(i.inviter) : '', `#${i.channel?.name ?? ''}`, t.usesOf(i.uses ?? 0, i.max_uses ?? 0), `${t.expires}: ${expiry(i)}`, i.created_at ? mediumDate(i.created_at) : ''].filter(Boolean).join(' · ')}</small></span>
            <IconButton icon="copy" label={t.copyLink} onClick={() => void copyText(`${location.origin}/invite/${i.code}`)} /><IconButton icon="trash" label={t.revoke} onClick={() => void revoke(i.code)} /></li>}
        </For>
      </ul>
    </Show>
  );
}
