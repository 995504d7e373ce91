import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { searchMembers } from '../../app/actions';
import { state } from '../../app/client';
import { customEmojis, customEntry, written, type CustomEmoji as Custom } from '../../app/emojis';
import { matching } from '../../app/members';
import { nameIn, roleColour } from '../../app/people';
import { can, isVisible } from '../../store/permissions';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { CustomEmoji } from '../ui/CustomEmoji';
import { Icon } from '../ui/Icon';
import type { User } from '../../wire/types';

export interface Suggestion {
  label: string;
  detail?: string;
  insert: string;
  from: number;
  to: number;
  user?: User;
  glyph?: string;
  custom?: Custom;
  colour?: string | undefined;
}

const limit = 8;
const askAfter = 150;

/** The word at the caret, if it begins with a mark that names something. */
function wordAt(text: string, caret: number): { mark: '@' | '#' | ':'; query: string; from: number } | null {
  const m = /(?:^|[\s(>])([@#:])([^\s@#:]{0,32})$/.exec(text.slice(0, caret));
  if (!m || (m[1] === ':' && m[2]!.length < 2)) return null;
  return { mark: m[1] as '@' | '#' | ':', query: m[2]!.toLowerCase(), from: caret - m[2]!.length - 1 };
}

export function Autocomplete(props: { channelId: string; text: string; caret: number; onAccept: (s: Suggestion) => void; register: (handler: (e: KeyboardEvent) => boolean) => void }) {
  const [at, setAt] = createSignal(0);
  const [dismissed, setDismissed] = createSignal(-1);
  const channel = () => state.channels[props.channelId];
  const word = createMemo(() => wordAt(props.text, Math.min(props.caret, props.text.length)));
  // No resource: one that is still loading would take the box that is typed in out of the page.
  const [emoji, setEmoji] = createSignal<typeof import('../../text/emoji')>();
  createEffect(() => { if (word()?.mark === ':' && !emoji()) void import('../../text/emoji').then((m) => setEmoji(() => m)); });

  // The server knows members whom this client has not met.
  createEffect(on(() => { const w = word(); return w?.mark === '@' && w.query.length > 1 ? w.query : null; }, (query) => {
    const guildId = channel()?.guild_id;
    if (!query || !guildId) return;
    const timer = setTimeout(() => searchMembers(guildId, query), askAfter);
    onCleanup(() => clearTimeout(timer));
  }));

  const found = createMemo<Suggestion[]>(() => {
    const w = word();
    if (!w || dismissed() === w.from) return [];
    const place = { from: w.from, to: w.from + w.query.length + 1 };
    if (w.mark === ':') return emojis(w.query).map((e) => ({ ...e, ...place }));
    if (w.mark === '#') return channels(w.query).map((c) => ({ label: `#${c.name}`, insert: `#${c.name} `, glyph: '#', ...place }));
    return [...matching(channel(), w.query, limit).map((u) => ({ label: nameIn(channel()?.guild_id, u), detail: u.username, insert: `@${u.username} `, user: u, ...place })), ...groups(w.query).map((g) => ({ ...g, ...place }))].slice(0, limit);
  });

  function emojis(query: string) {
    return (emoji()?.find(query, limit, customEmojis(props.channelId).map(customEntry)) ?? []).map((e) => ({
      label: `:${e.names[0] ?? e.label}:`, insert: `${written(e).trim()} `, glyph: e.emoji, ...(e.custom ? { custom: e.custom, detail: state.guilds[e.custom.guildId]?.name ?? '' } : {}),
    }));
  }

  function channels(query: string) {
    const guild = channel()?.guild_id ? state.guilds[channel()!.guild_id!] : undefined;
    return (guild?.channelIds ?? []).flatMap((id) => state.channels[id] ?? []).filter((c) => c.type !== 4 && isVisible(state, c) && c.name?.toLowerCase().includes(query)).slice(0, limit);
  }

  function groups(query: string) {
    const guild = channel()?.guild_id ? state.guilds[channel()!.guild_id!] : undefined;
    if (!guild) return [];
    const everyone = can(state, 'mentionEveryone', channel());
    const roles = Object.values(guild.roles).filter((r) => r.id !== guild.id && (r.mentionable || everyone) && r.name.toLowerCase().includes(query));
    const all = everyone ? (['everyone', 'here'] as const).filter((n) => n.startsWith(query)).map((n) => ({ label: `@${n}`, detail: n === 'everyone' ? t.everyoneHint : t.hereHint, insert: `@${n} `, glyph: '@' })) : [];
    return [...roles.map((r) => ({ label: `@${r.name}`, detail: t.role, insert: `@${r.name} `, glyph: '@', colour: roleColour(r) })), ...all];
  }

  createEffect(on(() => [word()?.query, word()?.mark] as const, () => setAt(0)));
  createEffect(() => { if (!word()) setDismissed(-1); });

  props.register((e) => {
    const list = found();
    if (list.length === 0) return false;
    if (e.key === 'ArrowDown') setAt((at() + 1) % list.length);
    else if (e.key === 'ArrowUp') setAt((at() - 1 + list.length) % list.length);
    else if (e.key === 'Tab' || (e.key === 'Enter' && !e.shiftKey)) props.onAccept(list[at()] ?? list[0]!);
    else if (e.key === 'Escape') setDismissed(word()!.from);
    else return false;
    e.stopPropagation();
    return true;
  });

  return (
    <Show when={found().length > 0}>
      <div class="autocomplete" role="listbox" aria-label={t.suggestions}>
        <For each={found()}>
          {(s, i) => (
            <div role="option" aria-selected={i() === at()} onMouseEnter={() => setAt(i())} onPointerDown={(e) => { e.preventDefault(); props.onAccept(s); }}>
              <Show when={s.user} fallback={<span class="glyph"><Show when={s.custom} fallback={s.glyph ?? <Icon name="hash" size={16} />}>{(c) => <CustomEmoji {...c()} />}</Show></span>}>{(u) => <Avatar user={u()} size={22} />}</Show>
              <b style={{ color: s.colour }}><bdi>{s.label}</bdi></b><span>{s.detail}</span>
            </div>
          )}
        </For>
      </div>
    </Show>
  );
}
