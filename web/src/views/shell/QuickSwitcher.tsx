import { createMemo, createSignal, For, Show, type JSX } from 'solid-js';
import { signOut, state } from '../../app/client';
import { openDm, setStatus } from '../../app/actions';
import { markRead } from '../../app/acks';
import { channelName, nameOf } from '../../app/people';
import { setTheme, theme } from '../../app/prefs';
import { currentChannelId, go } from '../../app/router';
import { isVisible } from '../../store/permissions';
import { unreadOf } from '../../store/unread';
import { RelationshipType } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar, ChannelAvatar, GuildIcon } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { Dialog, toastError } from '../ui/Overlay';
import { setPane } from '../conversation/pane';
import { openSettings } from './UserPanel';
import { score } from '../../text/fuzzy';

interface Entry { key: string; label: string; detail?: string; weight: number; mark: () => JSX.Element; run: () => unknown }

const limit = 12;

/** Places and people by name; `>` before it lists commands only, `#`, `@` and `*` narrow to channels, people and servers. */
export default function QuickSwitcher(props: { close: () => void }) {
  const [query, setQuery] = createSignal('');
  const [at, setAt] = createSignal(0);

  const places = (): Entry[] => [
    ...state.guildIds.flatMap((id) => state.guilds[id] ?? []).flatMap((g) => [
      { key: `*${g.id}`, label: g.name, weight: 1, mark: () => <GuildIcon guild={g} size={28} />, run: () => go({ name: 'guild', guildId: g.id }) },
      ...g.channelIds.flatMap((id) => state.channels[id] ?? []).filter((c) => (c.type === 0 || c.type === 5) && isVisible(state, c)).map((c) => ({
        key: `#${c.id}`, label: c.name ?? '', detail: g.name, weight: 2 + Number(unreadOf(state, c.id).unread) + unreadOf(state, c.id).mentions, mark: () => <Icon name="hash" size={20} />,
        run: () => go({ name: 'channel', guildId: g.id, channelId: c.id }),
      })),
    ]),
    ...state.privateIds.flatMap((id) => state.channels[id] ?? []).map((c) => ({
      key: `@${c.id}`, label: channelName(c), detail: c.type === 3 ? t.group : (c.recipients?.[0]?.username ?? ''), weight: 3 + unreadOf(state, c.id).mentions, mark: () => <ChannelAvatar channel={c} size={28} />,
      run: () => go({ name: 'channel', guildId: null, channelId: c.id }),
    })),
    ...Object.values(state.relationships).filter((r) => r.type === RelationshipType.friend && !state.privateIds.some((id) => state.channels[id]?.type === 1 && state.channels[id]?.recipients?.[0]?.id === r.id))
      .flatMap((r) => { const u = state.users[r.id]; return u ? [{ key: `@u${u.id}`, label: nameOf(u), detail: u.username, weight: 1, mark: () => <Avatar user={u} size={28} />, run: () => openDm(u.id) }] : []; }),
  ];

  const command = (label: string, run: () => unknown): Entry => ({ key: `>${label}`, label, weight: 0, mark: () => <Icon name="chevronRight" size={20} />, run });
  const commands = (): Entry[] => [
    command(t.settings, () => openSettings()),
    command(t.friends, () => go({ name: 'friends' })),
    command(t.mentions, () => go({ name: 'mentions' })),
    command(theme() === 'dark' ? t.themeLight : t.themeDark, () => setTheme(theme() === 'dark' ? 'light' : 'dark')),
    ...(currentChannelId() ? [command(t.search, () => setPane('search')), command(t.pins, () => setPane('pins'))] : []),
    command(t.markAllRead, () => markRead(Object.keys(state.channels)).catch(toastError)),
    ...(['online', 'idle', 'dnd', 'invisible'] as const).map((s) => command(`${t.status}: ${t.statusNames[s]}`, () => setStatus(s).catch(toastError))),
    command(t.keyboard, () => openSettings('keyboard')),
    ...(state.me?.admin ? [command(t.admin, () => go({ name: 'admin' }))] : []),
    command(t.signOut, () => signOut()),
  ];

  const found = createMemo(() => {
    setAt(0);
    const raw = query();
    const mark = /^[>#@*]/.test(raw) ? raw[0]! : '';
    const q = (mark ? raw.slice(1) : raw).trim();
    const pool = mark === '>' ? commands() : [...places(), ...(q ? commands() : [])].filter((e) => !mark || e.key.startsWith(mark));
    const scored = pool.map((e) => ({ e, s: q ? score(q, e.label) + (e.detail ? score(q, e.detail) * 0.3 : 0) : e.weight })).filter((x) => !q || x.s > 0);
    return scored.sort((a, b) => b.s - a.s || b.e.weight - a.e.weight).slice(0, limit).map((x) => x.e);
  });

  const choose = (e: Entry | undefined): void => {
    if (!e) return;
    props.close();
    Promise.resolve(e.run()).catch(toastError);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const n = found().length;
    if (e.key === 'ArrowDown') setAt((at() + 1) % Math.max(1, n));
    else if (e.key === 'ArrowUp') setAt((at() - 1 + n) % Math.max(1, n));
    else if (e.key === 'Enter') choose(found()[at()]);
    else return;
    e.preventDefault();
  };

  return (
    <Dialog title={t.quickSwitcher} onClose={props.close} bare>
      <div class="quick" onKeyDown={onKeyDown}>
        <div class="quick-input"><Icon name="search" size={20} />
          <input autofocus type="text" role="combobox" aria-expanded="true" aria-controls="quick-list" aria-activedescendant={found()[at()] ? `q-${at()}` : undefined} aria-label={t.quickSwitcher} placeholder={t.quickPlaceholder} value={query()} onInput={(e) => setQuery(e.currentTarget.value)} />
          <kbd>Esc</kbd></div>
        <div id="quick-list" role="listbox" aria-label={t.suggestions} class="quick-list">
          <For each={found()} fallback={<p class="faint quick-none">{t.nothingFound}</p>}>
            {(e, i) => (
              <div id={`q-${i()}`} role="option" aria-selected={i() === at()} onMouseMove={() => setAt(i())} onClick={() => choose(e)}>
                <span class="quick-mark">{e.mark()}</span><b dir="auto">{e.label}</b><Show when={e.detail}><span>{e.detail}</span></Show>
              </div>
            )}
          </For>
        </div>
        <p class="quick-foot"><kbd>↑↓</kbd> {t.quickMove} <kbd>↵</kbd> {t.quickOpen} <kbd>&gt;</kbd> {t.quickCommands} <kbd>#</kbd> <kbd>@</kbd> <kbd>*</kbd></p>
      </div>
    </Dialog>
  );
}
