import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { searchMembers } from '../../app/actions';
import { state } from '../../app/client';
import { known, matching } from '../../app/members';
import { channelName, nameIn } from '../../app/people';
import { isVisible } from '../../store/permissions';
import type { Channel, User } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

const limit = 8;
const askAfter = 150;

interface Suggestion { value: string; label: string; detail: string; user?: User }

/** The filter at the caret that names something. */
function filterAt(text: string, caret: number): { kind: 'person' | 'channel'; name: string; from: number } | null {
  const m = /(?:^|\s)(from|mentions|in):"?[@#]?([^"\s]*)$/i.exec(text.slice(0, caret));
  return m && { kind: m[1]!.toLowerCase() === 'in' ? 'channel' : 'person', name: m[2]!.toLowerCase(), from: text.slice(0, caret).lastIndexOf(':') + 1 };
}

/** Whether the text ends in a name that nobody known has: there is nothing to search for yet. */
export function isUnfinished(channel: Channel, text: string): boolean {
  const filter = filterAt(text, text.length);
  return filter?.kind === 'person' && !known(channel, filter.name);
}

/** The words and filters of a search; names are completed with those of whoever is in the server, met or not. */
export function SearchBox(props: { channel: Channel; text: string; onText: (text: string) => void; onEnter: () => void; register: (focus: () => void) => void }) {
  let input!: HTMLInputElement;
  const [caret, setCaret] = createSignal(props.text.length);
  const [at, setAt] = createSignal(0);
  const [closed, setClosed] = createSignal(true);
  const filter = createMemo(() => filterAt(props.text, Math.min(caret(), props.text.length)));

  createEffect(on(() => { const f = filter(); return f?.kind === 'person' && f.name.length > 1 && !closed() ? f.name : null; }, (name) => {
    const guildId = props.channel.guild_id;
    if (!name || !guildId) return;
    const timer = setTimeout(() => searchMembers(guildId, name), askAfter);
    onCleanup(() => clearTimeout(timer));
  }));

  const found = createMemo<Suggestion[]>(() => {
    const f = filter();
    if (!f || closed()) return [];
    if (f.kind === 'person') return matching(props.channel, f.name, limit).map((u) => ({ value: u.username, label: nameIn(props.channel.guild_id, u), detail: u.username, user: u }));
    const guild = props.channel.guild_id ? state.guilds[props.channel.guild_id] : undefined;
    return (guild?.channelIds ?? []).flatMap((id) => state.channels[id] ?? []).filter((c) => c.type !== 4 && isVisible(state, c) && c.name?.toLowerCase().includes(f.name)).slice(0, limit)
      .map((c) => ({ value: /\s/.test(c.name!) ? `"${c.name}"` : c.name!, label: `#${channelName(c)}`, detail: '' }));
  });
  createEffect(on(() => filter()?.name, () => setAt(0)));

  const follow = (): void => void setCaret(input.selectionStart ?? props.text.length);
  const accept = (s: Suggestion): void => {
    const rest = props.text.slice(caret());
    const before = `${props.text.slice(0, filter()!.from)}${s.value} `;
    props.onText(before + rest.trimStart());
    setClosed(true);
    input.focus();
    input.setSelectionRange(before.length, before.length);
    follow();
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.isComposing) return;
    const list = found();
    if (list.length === 0) { if (e.key === 'Enter') props.onEnter(); return; }
    if (e.key === 'ArrowDown') setAt((at() + 1) % list.length);
    else if (e.key === 'ArrowUp') setAt((at() - 1 + list.length) % list.length);
    else if (e.key === 'Tab' || e.key === 'Enter') accept(list[at()] ?? list[0]!);
    else if (e.key === 'Escape') setClosed(true);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  props.register(() => { input.focus(); input.setSelectionRange(props.text.length, props.text.length); follow(); setClosed(false); });
  createEffect(() => input.focus());

  return (
    <div class="search-box">
      <Icon name="search" size={16} />
      <input ref={input} type="search" role="combobox" aria-expanded={found().length > 0} aria-controls="search-suggestions" aria-activedescendant={found()[at()] ? `s-${at()}` : undefined} autocomplete="off"
        value={props.text} aria-label={t.search} placeholder={t.searchIn(props.channel.guild_id ? (state.guilds[props.channel.guild_id]?.name ?? '') : channelName(props.channel))}
        onInput={(e) => { props.onText(e.currentTarget.value); follow(); setClosed(false); }} onKeyDown={onKeyDown} onKeyUp={follow} onClick={follow} onBlur={() => setClosed(true)} />
      <div id="search-suggestions" class="autocomplete below" role="listbox" aria-label={t.suggestions} hidden={found().length === 0}>
        <For each={found()}>
          {(s, i) => (
            <div id={`s-${i()}`} role="option" aria-selected={i() === at()} onMouseMove={() => setAt(i())} onPointerDown={(e) => { e.preventDefault(); accept(s); }}>
              <Show when={s.user}>{(u) => <Avatar user={u()} size={22} />}</Show>
              <b><bdi>{s.label}</bdi></b><span>{s.detail}</span>
            </div>
          )}
        </For>
      </div>
    </div>
  );
}
