import { createEffect, createResource, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { channelName } from '../../app/people';
import type { Channel, Message, SearchResult } from '../../wire/types';
import { number } from '../../text/format';
import { parseQuery, toRequest } from '../../text/query';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { Hit } from './Hit';
import { searchFor, setPane, setSearchFor } from './pane';

const pageSize = 25;
const typingPause = 300;

/** `from:anna in:general has:image before:2024-05-01 words` */
export default function SearchPane(props: { channel: Channel }) {
  let input!: HTMLInputElement;
  const [text, setText] = createSignal(searchFor());
  const [asked, setAsked] = createSignal(searchFor());
  const [page, setPage] = createSignal(0);
  createEffect(on(text, (value) => {
    const timer = setTimeout(() => { setPage(0); setAsked(value.trim()); setSearchFor(value.trim()); }, typingPause);
    onCleanup(() => clearTimeout(timer));
  }));
  createEffect(() => input?.focus());

  const request = () => {
    const q = asked();
    return q ? { q, page: page(), guildId: props.channel.guild_id, channelId: props.channel.id } : null;
  };
  const [result] = createResource(request, async (r): Promise<SearchResult> => {
    const people = new Map(Object.values(state.users).map((u) => [u.username.toLowerCase(), u.id]));
    const channels = new Map((r.guildId ? (state.guilds[r.guildId]?.channelIds ?? []) : []).map((id) => [state.channels[id]?.name?.toLowerCase() ?? '', id]));
    const query = { ...toRequest(parseQuery(r.q), { user: (n) => people.get(n), channel: (n) => channels.get(n) }), offset: r.page * pageSize, limit: pageSize };
    return rest.get<SearchResult>(r.guildId ? `/guilds/${r.guildId}/messages/search` : `/channels/${r.channelId}/messages/search`, { query });
  });
  const hits = (): Message[] => result()?.messages.map((group) => group.find((m) => m.hit) ?? group[0]!).filter(Boolean) ?? [];
  const pages = () => Math.ceil(Math.min(result()?.total_results ?? 0, 5000) / pageSize);
  const addFilter = (filter: string): void => { setText(`${text()}${text() && !text().endsWith(' ') ? ' ' : ''}${filter}`); input.focus(); };

  return (
    <aside class="pane" aria-label={t.search} onKeyDown={(e) => e.key === 'Escape' && setPane(null)}>
      <header class="pane-head">
        <div class="search-box"><Icon name="search" size={16} /><input ref={input} type="search" value={text()} placeholder={t.searchIn(props.channel.guild_id ? (state.guilds[props.channel.guild_id]?.name ?? '') : channelName(props.channel))} aria-label={t.search} onInput={(e) => setText(e.currentTarget.value)} /></div>
        <IconButton icon="x" label={t.close} onClick={() => setPane(null)} />
      </header>
      <div class="filters"><For each={['from:', 'in:', 'has:image', 'has:file', 'has:link', 'before:', 'after:']}>{(f) => <button type="button" onClick={() => addFilter(f)}>{f}</button>}</For></div>
      <div class="pane-body" aria-live="polite" aria-busy={result.loading}>
        <Show when={asked()} fallback={<div class="state-note"><Icon name="search" size={26} /><p class="faint">{t.searchHint}</p></div>}>
          <Show when={!result.error} fallback={<div class="state-note"><p>{t.somethingWrong}</p></div>}>
            <Show when={result()} fallback={<p class="faint">{t.loading}</p>}>
              <p class="result-count">{t.results(number(result()!.total_results), result()!.total_results)}</p>
              <For each={hits()} fallback={<div class="state-note"><p class="faint">{t.nothingFound}</p></div>}>{(m) => <Hit message={m} withChannel={!!props.channel.guild_id} />}</For>
              <Show when={pages() > 1}>
                <nav class="pager" aria-label={t.pages}>
                  <button type="button" class="button quiet" disabled={page() === 0} onClick={() => setPage(page() - 1)}>{t.previous}</button>
                  <span>{page() + 1} / {pages()}</span>
                  <button type="button" class="button quiet" disabled={page() + 1 >= pages()} onClick={() => setPage(page() + 1)}>{t.next}</button>
                </nav>
              </Show>
            </Show>
          </Show>
        </Show>
      </div>
    </aside>
  );
}
