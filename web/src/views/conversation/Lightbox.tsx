import { createSignal, Show } from 'solid-js';
import type { Attachment } from '../../wire/types';
import { bytes } from '../../text/format';
import { fileUrl } from '../../text/media';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { Dialog } from '../ui/Overlay';

export function Lightbox(props: { items: Attachment[]; start: Attachment; author: string; close: () => void }) {
  const [at, setAt] = createSignal(Math.max(0, props.items.findIndex((a) => a.id === props.start.id)));
  const [zoomed, setZoomed] = createSignal(false);
  const item = () => props.items[at()]!;
  const step = (by: number): void => { setZoomed(false); setAt((at() + by + props.items.length) % props.items.length); };
  return (
    <Dialog title={t.openImage(item().filename)} onClose={props.close} size="full" bare>
      <div class="lightbox" onKeyDown={(e) => { if (e.key === 'ArrowRight') step(1); if (e.key === 'ArrowLeft') step(-1); }}
        onClick={(e) => e.target === e.currentTarget && props.close()}>
        <header>
          <div><b>{props.author}</b><span>{item().filename} · {bytes(item().size)}</span></div>
          <a class="icon-button" href={fileUrl(item().url)} download={item().filename} target="_blank" rel="noopener" aria-label={t.download}><Icon name="download" /></a>
          <IconButton icon="x" label={t.close} onClick={props.close} />
        </header>
        <button type="button" class="lightbox-image" classList={{ zoomed: zoomed() }} aria-label={t.zoom} autofocus onClick={() => setZoomed(!zoomed())}>
          <img src={fileUrl(item().url)} alt={item().description ?? item().filename} />
        </button>
        <Show when={props.items.length > 1}>
          <IconButton class="lightbox-previous" icon="arrowLeft" label={t.previous} onClick={() => step(-1)} />
          <IconButton class="lightbox-next" icon="chevronRight" label={t.next} onClick={() => step(1)} />
        </Show>
      </div>
    </Dialog>
  );
}
