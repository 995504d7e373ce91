import { createResource, For, onCleanup, Show } from 'solid-js';
import { onEvent, rest } from '../../app/client';
import type { Channel, Message } from '../../wire/types';
import { t } from '../../i18n';
import { IconButton } from '../ui/Icon';
import { Hit } from './Hit';
import { setPane } from './pane';

export default function PinsPane(props: { channel: Channel }) {
  const [pins, { refetch }] = createResource(() => props.channel.id, (id) => rest.get<Message[]>(`/channels/${id}/pins`));
  onCleanup(onEvent((type, d) => type === 'CHANNEL_PINS_UPDATE' && (d as { channel_id: string }).channel_id === props.channel.id && void refetch()));
  return (
    <aside class="pane" aria-label={t.pins}>
      <header class="pane-head"><h2>{t.pins}</h2><IconButton icon="x" label={t.close} onClick={() => setPane(null)} /></header>
      <div class="pane-body">
        <Show when={!pins.loading} fallback={<p class="faint">{t.loading}</p>}>
          <Show when={!pins.error} fallback={<p class="faint">{t.somethingWrong}</p>}>
            <For each={pins()} fallback={<div class="state-note"><p class="faint">{t.noPins}</p></div>}>{(m) => <Hit message={m} />}</For>
          </Show>
        </Show>
      </div>
    </aside>
  );
}
