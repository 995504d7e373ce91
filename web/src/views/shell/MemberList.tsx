import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { connection, gateway, state } from '../../app/client';
import { colourIn, isOnline, nameIn, user } from '../../app/people';
import { channelPermissions, Permission } from '../../store/permissions';
import { Op, type Channel, type User } from '../../wire/types';
import { number } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { openProfile } from '../people/profile';

interface Group { key: string; name: string; people: User[] }

/** Rows are of one height (px), so that of thousands only those in view are drawn. */
const rowHeight = 44;
const overscan = 8;
/** Larger servers send those online; the rest is found by search. */
const fetchAllUpTo = 1000;

const asked = new Set<string>();

export function MemberList(props: { channel: Channel }) {
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(800);
  const guild = () => (props.channel.guild_id ? state.guilds[props.channel.guild_id] : undefined);

  createEffect(on(() => [guild()?.id, connection()] as const, ([id, connected]) => {
    if (!id || connected !== 'ready' || asked.has(id)) return;
    const g = state.guilds[id]!;
    if (g.memberCount <= Object.keys(g.members).length || g.memberCount > fetchAllUpTo) return;
    asked.add(id);
    gateway.send(Op.requestMembers, { guild_id: id, query: '', limit: 0, presences: true });
  }));

  const groups = createMemo<Group[]>(() => {
    const g = guild();
    const channel = props.channel;
    if (!g) {
      const people = [...(channel.recipients ?? []), ...(state.me ? [state.me] : [])].map((u) => user(u.id));
      return [{ key: 'all', name: t.members, people: people.sort(byName(null)) }];
    }
    const isRestricted = channel.permission_overwrites?.some((o) => (BigInt(o.deny) & Permission.viewChannel) !== 0n) ?? false;
    const ids = Object.keys(g.members).filter((id) => !isRestricted || (channelPermissions(g, channel, id) & Permission.viewChannel) !== 0n);
    const hoisted = Object.values(g.roles).filter((r) => r.hoist && r.id !== g.id).sort((a, b) => b.position - a.position);
    const buckets = new Map<string, User[]>();
    for (const id of ids) {
      const roles = g.members[id]!.roles;
      const key = !isOnline(id) ? 'offline' : (hoisted.find((r) => roles.includes(r.id))?.id ?? 'online');
      const bucket = buckets.get(key);
      if (bucket) bucket.push(user(id));
      else buckets.set(key, [user(id)]);
    }
    return [...hoisted.map((r) => ({ key: r.id, name: r.name })), { key: 'online', name: t.statusNames.online }, { key: 'offline', name: t.statusNames.offline }]
      .flatMap(({ key, name }) => { const people = buckets.get(key); return people ? [{ key, name, people: people.sort(byName(g.id)) }] : []; });
  });

  type Row = { head: string; count: number } | { person: User; offline: boolean };
  const rows = createMemo<Row[]>(() => groups().flatMap((g) => [{ head: g.name, count: g.people.length }, ...g.people.map((person) => ({ person, offline: g.key === 'offline' }))]));
  const first = () => Math.max(0, Math.floor(top() / rowHeight) - overscan);
  const shown = createMemo(() => rows().slice(first(), Math.ceil((top() + height()) / rowHeight) + overscan));

  return (
    <aside class="members" aria-label={t.members} ref={(el) => new ResizeObserver(() => setHeight(el.clientHeight)).observe(el)} onScroll={(e) => setTop(e.currentTarget.scrollTop)} tabindex="0">
      <div style={{ height: `${rows().length * rowHeight}px`, 'padding-top': `${first() * rowHeight}px` }}>
        <For each={shown()}>
          {(row) => 'head' in row ? <h3 style={{ height: `${rowHeight}px` }}><span>{row.head}</span><span>{number(row.count)}</span></h3> : (
            <button type="button" class="member" classList={{ offline: row.offline }} style={{ height: `${rowHeight}px` }} onClick={(e) => openProfile(row.person.id, props.channel.guild_id ?? null, e)}>
              <Avatar user={row.person} size={32} status />
              <span dir="auto" style={{ color: row.offline ? undefined : colourIn(props.channel.guild_id, row.person.id) }}>{nameIn(props.channel.guild_id, row.person)}</span>
              <Show when={guild()?.ownerId === row.person.id}><span class="owner" title={t.owner}>◆</span></Show>
              <Show when={row.person.bot}><span class="tag">{t.bot}</span></Show>
            </button>
          )}
        </For>
      </div>
    </aside>
  );
}

const byName = (guildId: string | null) => (a: User, b: User): number => nameIn(guildId, a).localeCompare(nameIn(guildId, b));
