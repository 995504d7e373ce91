import { createResource, createSignal, For, Show, type JSX } from 'solid-js';
import { rest, state } from '../../app/client';
import { nameOf } from '../../app/people';
import type { User } from '../../wire/types';
import { bytes, duration, mediumDate, number } from '../../text/format';
import { timeOf } from '../../wire/snowflake';
import { t } from '../../i18n';
import { Avatar, GuildIcon } from '../ui/Avatar';
import { Icon, IconButton } from '../ui/Icon';
import { confirm } from '../ui/Overlay';
import { openDrawer } from '../shell/drawer';

interface Stats {
  users: number; guilds: number; channels: number; messages: number | null; messages_last_day: number | null; attachments: number; attachment_bytes: number;
  database_bytes: number | null; memory_bytes: number; uptime_seconds: number; version: string; health: Record<string, string>;
}
interface PushReport { waiting: number; kinds: Record<string, { sent: number; failed: number; latency_p50: number | null }> }
interface AdminUser extends User { disabled?: boolean; last_seen_at?: string | null }
interface AdminGuild { id: string; name: string; icon: string | null; owner_id: string; member_count: number }

export default function AdminPage() {
  const [tab, setTab] = createSignal<'health' | 'users' | 'servers'>('health');
  return (
    <section class="page" aria-label={t.admin}>
      <header class="conversation-head"><IconButton class="only-narrow" icon="menu" label={t.openNavigation} onClick={() => openDrawer('left')} /><span class="head-mark"><Icon name="shield" size={20} /></span><div class="head-text"><h1>{t.admin}</h1></div></header>
      <div class="page-body">
        <Show when={state.me?.admin} fallback={<div class="state-note"><Icon name="lock" size={28} /><p>{t.adminOnly}</p></div>}>
          <div class="tabs" role="tablist"><For each={['health', 'users', 'servers'] as const}>{(n) => <button type="button" role="tab" aria-selected={tab() === n} onClick={() => setTab(n)}>{t.adminTabs[n]}</button>}</For></div>
          <Show when={tab() === 'health'}><Health /></Show>
          <Show when={tab() === 'users'}><Users /></Show>
          <Show when={tab() === 'servers'}><Servers /></Show>
        </Show>
      </div>
    </section>
  );
}

function Health() {
  const [stats, { refetch }] = createResource(() => rest.get<Stats>('/admin/stats'));
  const [push] = createResource(() => rest.get<PushReport>('/admin/push'));
  const figure = (label: string, value: string): JSX.Element => <div class="figure"><dd>{value}</dd><dt>{label}</dt></div>;
  const counted = (label: string, value: number | null): JSX.Element => (value === null ? null : figure(label, number(value)));
  const uptime = (seconds: number): string => (seconds > 7200 ? t.hours(number(Math.round(seconds / 3600))) : duration(seconds));
  return (
    <Show when={!stats.error} fallback={<div class="state-note"><Icon name="warning" size={26} /><p>{t.somethingWrong}</p><button type="button" class="button quiet" onClick={() => void refetch()}>{t.tryAgain}</button></div>}>
      <Show when={stats()} fallback={<p class="faint">{t.loading}</p>}>
        {(s) => (
          <>
            <dl class="figures">
              {figure(t.stats.users, number(s().users))}{figure(t.stats.guilds, number(s().guilds))}{figure(t.stats.channels, number(s().channels))}{counted(t.stats.messages, s().messages)}
              {counted(t.stats.lastDay, s().messages_last_day)}{figure(t.stats.attachments, number(s().attachments))}{figure(t.stats.attachmentBytes, bytes(s().attachment_bytes))}
              <Show when={s().database_bytes}>{(size) => figure(t.stats.databaseBytes, bytes(size()))}</Show>{figure(t.stats.memory, bytes(s().memory_bytes))}
              {figure(t.stats.uptime, uptime(s().uptime_seconds))}{figure(t.stats.version, s().version)}
              <Show when={!push.error && push()}>{(p) => <>{figure(t.stats.pushed, number(Object.values(p().kinds).reduce((sum, kind) => sum + kind.sent, 0)))}{figure(t.stats.pushWaiting, number(p().waiting))}</>}</Show>
            </dl>
            <ul class="health"><For each={Object.entries(s().health)}>{([name, value]) => <li classList={{ bad: value !== 'ok' }}><i class="online-dot" />{name}<span class="faint">{value}</span></li>}</For></ul>
            <button type="button" class="button quiet" onClick={() => void refetch()}>{t.refresh}</button>
          </>
        )}
      </Show>
    </Show>
  );
}

function Users() {
  const [query, setQuery] = createSignal('');
  const [users, { refetch }] = createResource(query, (q) => rest.get<AdminUser[]>('/admin/users', { query: { ...(q ? { query: q } : {}), limit: 100 } }));
  const act = (u: AdminUser): void => confirm({
    title: u.disabled ? t.enableUser : t.disableUser, text: t.disableUserText(nameOf(u)), action: u.disabled ? t.enableUser : t.disableUser, danger: !u.disabled,
    run: async () => { await rest.patch(`/admin/users/${u.id}`, { disabled: !u.disabled }); await refetch(); },
  });
  return (
    <div class="stack">
      <input class="input" type="search" placeholder={t.findPeople} aria-label={t.findPeople} value={query()} onInput={(e) => setQuery(e.currentTarget.value)} />
      <Show when={!users.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
        <ul class="people-list roomy"><For each={users.latest} fallback={<li class="faint">{users.loading ? t.loading : t.nothingFound}</li>}>
          {(u) => <li><Avatar user={u} size={36} /><span class="grow"><b dir="auto">{nameOf(u)}</b><small>{u.username} · {mediumDate(timeOf(u.id))}{u.last_seen_at ? ` · ${t.lastSeen(mediumDate(u.last_seen_at))}` : ''}</small></span><Show when={u.admin}><span class="tag">{t.admin}</span></Show><Show when={u.bot}><span class="tag">{t.bot}</span></Show><Show when={u.id !== state.me?.id}><button type="button" class="button quiet" onClick={() => act(u)}>{u.disabled ? t.enableUser : t.disableUser}</button></Show></li>}
        </For></ul>
      </Show>
    </div>
  );
}

function Servers() {
  const [list, { refetch }] = createResource(() => rest.get<AdminGuild[]>('/admin/guilds', { query: { limit: 200 } }));
  const remove = (g: AdminGuild): void => confirm({ title: t.deleteServer, text: t.deleteServerText(g.name), action: t.delete, danger: true, run: async () => { await rest.delete(`/admin/guilds/${g.id}`); await refetch(); } });
  return (
    <Show when={!list.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
      <ul class="people-list roomy"><For each={list()} fallback={<li class="faint">{list.loading ? t.loading : t.nothingFound}</li>}>
        {(g) => <li><GuildIcon guild={g} size={36} /><span class="grow"><b dir="auto">{g.name}</b><small>{t.memberCount(number(g.member_count), g.member_count)}</small></span><button type="button" class="button quiet" onClick={() => remove(g)}>{t.delete}</button></li>}
      </For></ul>
    </Show>
  );
}
