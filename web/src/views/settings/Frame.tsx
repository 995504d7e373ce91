import { For, Show, type JSX } from 'solid-js';
import { t } from '../../i18n';
import { IconButton } from '../ui/Icon';
import { Dialog } from '../ui/Overlay';

export interface Page { key: string; label: string; view: () => JSX.Element }

/** Pages with their names at the left; on a phone the names are a row above. */
export function SettingsFrame(props: { title: string; pages: Page[]; current: string; onPage: (key: string) => void; close: () => void; foot?: JSX.Element }) {
  const page = () => props.pages.find((p) => p.key === props.current) ?? props.pages[0]!;
  return (
    <Dialog title={props.title} onClose={props.close} size="full" bare>
      <div class="settings">
        <nav class="settings-nav" aria-label={props.title}>
          <h2 dir="auto">{props.title}</h2>
          <For each={props.pages}>{(p) => <button type="button" aria-current={p.key === page().key ? 'page' : undefined} onClick={() => props.onPage(p.key)}>{p.label}</button>}</For>
          <Show when={props.foot}><hr />{props.foot}</Show>
        </nav>
        <section class="settings-page" aria-label={page().label}>
          <header><h1>{page().label}</h1><IconButton icon="x" label={t.close} onClick={props.close} /></header>
          <div class="settings-body"><Show when={page()} keyed>{(p) => p.view()}</Show></div>
        </section>
      </div>
    </Dialog>
  );
}
