import { createResource, createSignal, For, Show } from 'solid-js';
import { rest } from '../../app/client';
import type { Message } from '../../wire/types';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { Hit } from '../conversation/Hit';
import { openDrawer } from '../shell/drawer';

const pageSize = 25;

export default function MentionsPage() {
  const [list, setList] = createSignal<Message[]>([]);
  const [more, setMore] = createSignal(true);
  const load = async (): Promise<boolean> => {
    const last = list().at(-1)?.id;
    const page = await rest.get<Message[]>('/users/@me/mentions', { query: { limit: pageSize, ...(last ? { before: last } : {}) } });
    setList([...list(), ...page]);
    setMore(page.length === pageSize);
    return true;
  };
  const [state, { refetch }] = createResource(load);
  return (
    <section class="page" aria-label={t.mentions}>
      <header class="conversation-head"><IconButton class="only-narrow" icon="menu" label={t.openNavigation} onClick={() => openDrawer('left')} /><span class="head-mark"><Icon name="at" size={20} /></span><div class="head-text"><h1>{t.mentions}</h1></div></header>
      <div class="page-body narrow">
        <Show when={!state.error} fallback={<div class="state-note"><p>{t.somethingWrong}</p><button type="button" class="button quiet" onClick={() => void refetch()}>{t.tryAgain}</button></div>}>
          <For each={list()} fallback={<div class="state-note"><Icon name="at" size={28} /><p class="faint">{state.loading ? t.loading : t.noMentions}</p></div>}>{(m) => <Hit message={m} withChannel />}</For>
          <Show when={more() && list().length > 0}><button type="button" class="button quiet" disabled={state.loading} onClick={() => void refetch()}>{t.loadMore}</button></Show>
        </Show>
      </div>
    </section>
  );
}
