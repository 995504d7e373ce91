import { createSignal, Show } from 'solid-js';
import { emojiUrl } from '../../app/emojis';

/** A server's own emoji; its name where the picture is gone. */
export function CustomEmoji(props: { id: string; name: string; animated: boolean }) {
  const [gone, setGone] = createSignal(false);
  return (
    <Show when={!gone()} fallback={<span class="emoji-gone">:{props.name}:</span>}>
      <img class="emoji" src={emojiUrl(props.id, props.animated)} alt={`:${props.name}:`} title={`:${props.name}:`} loading="lazy" draggable={false} onError={() => setGone(true)} />
    </Show>
  );
}
