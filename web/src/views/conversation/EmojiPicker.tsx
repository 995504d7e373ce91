import { createMemo, createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js';
import { Portal } from 'solid-js/web';
import { customEmojis, customEntry, type EmojiEntry } from '../../app/emojis';
import { state } from '../../app/client';
import { all, find, groupIcon, groups } from '../../text/emoji';
import { t } from '../../i18n';
import { GuildIcon } from '../ui/Avatar';
import { CustomEmoji } from '../ui/CustomEmoji';
import { setPickerRequest, type PickerRequest } from './emojiOpen';

const recentKey = 'kith.emoji';
const keepRecent = 24;
/** With and without the mark that asks for the coloured form, an emoji is the same. */
const bare = (emoji: string): string => emoji.replaceAll('\ufe0f', '');
const recent = (): string[] => (localStorage.getItem(recentKey) ?? '👍 ❤️ 😂 🎉 🙏 👀').split(' ');

/** Grid with arrow keys; Enter picks, Shift+Enter picks and stays. */
export default function EmojiPicker(props: { request: PickerRequest }) {
  const [query, setQuery] = createSignal('');
  const [group, setGroup] = createSignal<number | string>(-1);
  const [at, setAt] = createSignal(0);
  let box!: HTMLDivElement;
  let grid!: HTMLDivElement;
  const columns = 8;
  const custom = createMemo(() => customEmojis(props.request.channelId).map(customEntry));
  const guilds = createMemo(() => [...new Set(custom().map((e) => e.group))].flatMap((id) => state.guilds[id] ?? []));
  const shown = createMemo<EmojiEntry[]>(() => {
    setAt(0);
    if (query().trim()) return find(query().trim(), 120, custom());
    const every = [...custom(), ...all];
    if (group() === -1) return [...recent().flatMap((emoji) => every.find((e) => bare(e.emoji) === bare(emoji)) ?? []), ...all.filter((e) => e.group === 0)];
    return every.filter((e) => e.group === group());
  });
  const close = (): void => { setPickerRequest(null); props.request.focusBack?.focus({ preventScroll: true }); };
  const pick = (e: EmojiEntry, stay: boolean): void => {
    localStorage.setItem(recentKey, [e.emoji, ...recent().filter((x) => x !== e.emoji)].slice(0, keepRecent).join(' '));
    props.request.pick(e);
    if (!stay) close();
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[e.key];
    if (e.key === 'Escape') close();
    else if (e.key === 'Enter') { const chosen = shown()[at()]; if (chosen) pick(chosen, e.shiftKey); }
    else if (step !== undefined && !(query() && (e.key === 'ArrowLeft' || e.key === 'ArrowRight') && at() === 0 && step < 0)) {
      setAt(Math.max(0, Math.min(shown().length - 1, at() + step)));
      grid.children[at()]?.scrollIntoView({ block: 'nearest' });
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  onMount(() => {
    const { width, height } = box.getBoundingClientRect();
    const from = props.request.from;
    box.style.left = `${Math.max(8, Math.min(from.right - width, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, from.top - height - 8 > 8 ? from.top - height - 8 : Math.min(from.bottom + 8, innerHeight - height - 8))}px`;
    const outside = (e: Event): void => { if (!box.contains(e.target as Node)) setPickerRequest(null); };
    addEventListener('pointerdown', outside, true);
    onCleanup(() => removeEventListener('pointerdown', outside, true));
    box.querySelector('input')?.focus();
  });
  const heading = (): string => state.guilds[group()]?.name ?? t.emojiGroups[group() as number] ?? '';
  const Tab = (p: { group: number | string; label: string; class?: string; children: JSX.Element }) => (
    <button type="button" role="tab" class={p.class} aria-selected={group() === p.group && !query()} aria-label={p.label} title={p.label} onClick={() => { setQuery(''); setGroup(p.group); }}>{p.children}</button>
  );
  return (
    <Portal>
      <div ref={box} class="emoji-picker" role="dialog" aria-label={t.emoji} onKeyDown={onKeyDown}>
        <input type="search" class="input" placeholder={t.searchEmoji} aria-label={t.searchEmoji} value={query()} onInput={(e) => setQuery(e.currentTarget.value)} />
        <div class="emoji-groups" role="tablist">
          <Tab group={-1} label={t.emojiGroups[-1]!}>🕘</Tab>
          <For each={guilds()}>{(g) => <Tab group={g.id} label={g.name} class="of-guild"><GuildIcon guild={g} size={22} /></Tab>}</For>
          <For each={groups}>{(g) => <Tab group={g} label={t.emojiGroups[g]!}>{groupIcon[g]}</Tab>}</For>
        </div>
        <p class="emoji-head">{query() ? t.search : heading()}</p>
        <div ref={grid} class="emoji-grid" role="listbox" aria-label={t.emoji}>
          <For each={shown()} fallback={<p class="faint emoji-none">{t.nothingFound}</p>}>
            {(e, i) => (
              <button type="button" role="option" aria-selected={i() === at()} tabindex="-1" title={e.names[0] ? `:${e.names[0]}:` : e.label} aria-label={e.label}
                onMouseEnter={() => setAt(i())} onClick={(event) => pick(e, event.shiftKey)}><Glyph entry={e} /></button>
            )}
          </For>
        </div>
        <p class="emoji-name"><Show when={shown()[at()]}>{(e) => <><span><Glyph entry={e()} /></span> {e().label} <em>{e().names[0] ? `:${e().names[0]}:` : ''}</em></>}</Show></p>
      </div>
    </Portal>
  );
}

const Glyph = (props: { entry: EmojiEntry }) => <Show when={props.entry.custom} fallback={props.entry.emoji}>{(c) => <CustomEmoji {...c()} />}</Show>;
