import { batch, createEffect, createResource, createSignal, For, on, onCleanup, Show, Suspense } from 'solid-js';
import { rest, state } from '../../app/client';
import { person } from '../../app/members';
import type { Channel, Message, SearchResult } from '../../wire/types';
import { number } from '../../text/format';
import { parseQuery, toRequest } from '../../text/query';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { Hit } from './Hit';
import { searchFor, setPane, setSearchFor } from './pane';
import { isUnfinished, SearchBox } from './SearchBox';

const pageSize = 25;
const typingPause = 300;

/** `from:anna in:general has:image before:2024-05-01 words` */
export default function SearchPane(props: { channel: Channel }) {
  let focus!: () => void;
  const [text, setText] = createSignal(searchFor());
  const [asked, setAsked] = createSignal(searchFor());
  const [page, setPage] = createSignal(0);
  createEffect(on(text, (value) => {
    if (isUnfinished(props.channel, value)) return;
    const timer = setTimeout(() => ask(value), typingPause);
    onCleanup(() => clearTimeout(timer));
  }));
  const ask = (value: string): void => void batch(() => { setPage(0); setAsked(value.trim()); setSearchFor(value.trim()); });

  const request = () => {
    const q = asked();
    return q ? { q, page: page(), channel: props.channel, guildId: props.channel.guild_id, channelId: props.channel.id } : null;
  };
  const [result] = createResource(request, async (r): Promise<SearchResult> => {
    const parsed = parseQuery(r.q);
    const people = new Map(await Promise.all([...parsed.from, ...parsed.mentions].map(async (n) => [n.toLowerCase(), await person(r.channel, n)] as const)));
    const channels = new Map((r.guildId ? (state.guilds[r.guildId]?.channelIds ?? []) : []).map((id) => [state.channels[id]?.name?.toLowerCase() ?? '', id]));
    const query = { ...toRequest(parsed, { user: (n) => people.get(n), channel: (n) => channels.get(n) }), offset: r.page * pageSize, limit: pageSize };
    return rest.get<SearchResult>(r.guildId ? `/guilds/${r.guildId}/messages/search` : `/channels/${r.channelId}/messages/search`, { query });
  });
  const hits = (): Message[] => result.latest?.messages.map((group) => group.find((m) => m.hit) ?? group[0]!).filter(Boolean) ?? [];
  const pages = () => Math.ceil(Math.min(result.latest?.total_results ?? 0, 5000) / pageSize);
  const addFilter = (filter: string): void => { setText(`${text()}${text() && !text().endsWith(' ') ? ' ' : ''}${filter}`); focus(); };

  return (
    <aside class="pane" aria-label={t.search} onKeyDown={(e) => e.key === 'Escape' && setPane(null)}>
      <header class="pane-head">
        <SearchBox channel={props.channel} text={text()} onText={setText} onEnter={() => ask(text())} register={(f) => (focus = f)} />
        <IconButton icon="x" label={t.close} onClick={() => setPane(null)} />
      </header>
      <div class="filters"><For each={['from:', 'mentions:', 'in:', 'has:image', 'has:file', 'has:link', 'before:', 'after:']}>{(f) => <button type="button" onClick={() => addFilter(f)}>{f}</button>}</For></div>
      <div class="pane-body" aria-live="polite" aria-busy={result.loading}>
        <Show when={asked()} fallback={<div class="state-note"><Icon name="search" size={26} /><p class="faint">{t.searchHint}</p></div>}>
          <Show when={!result.error} fallback={<div class="state-note"><p>{t.somethingWrong}</p></div>}>
            <Suspense fallback={<p class="faint">{t.loading}</p>}>
              <Show when={result.latest}>{(found) => <p class="result-count">{t.results(number(found().total_results), found().total_results)}</p>}</Show>
              <For each={hits()} fallback={<div class="state-note"><p class="faint">{t.nothingFound}</p></div>}>{(m) => <Hit message={m} withChannel={!!props.channel.guild_id} />}</For>
              <Show when={pages() > 1}>
                <nav class="pager" aria-label={t.pages}>
                  <button type="button" class="button quiet" disabled={page() === 0} onClick={() => setPage(page() - 1)}>{t.previous}</button>
                  <span>{page() + 1} / {pages()}</span>
                  <button type="button" class="button quiet" disabled={page() + 1 >= pages()} onClick={() => setPage(page() + 1)}>{t.next}</button>
                </nav>
              </Show>
            </Suspense>
          </Show>
        </Show>
      </div>
    </aside>
  );
}
