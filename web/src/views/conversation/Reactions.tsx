import { For, Show } from 'solid-js';
import { isAnimated } from '../../app/emojis';
import type { Emoji, Message, Reaction } from '../../wire/types';
import { t } from '../../i18n';
import { number } from '../../text/format';
import { CustomEmoji } from '../ui/CustomEmoji';
import { Icon } from '../ui/Icon';

export function Reactions(props: { message: Message; onToggle: (e: Emoji) => void; onAdd: (el: HTMLElement) => void }) {
  return (
    <div class="reactions">
      <For each={props.message.reactions}>
        {(r) => (
          <button type="button" class="reaction" classList={{ me: r.me }} aria-pressed={r.me} aria-label={t.reactionLabel(r.emoji.name ?? '', r.count)} onClick={() => props.onToggle({ ...r.emoji })}>
            <EmojiMark reaction={r} /><span>{number(r.count)}</span>
          </button>
        )}
      </For>
      <button type="button" class="reaction add" aria-label={t.addReaction} onClick={(e) => props.onAdd(e.currentTarget)}><Icon name="smile" size={15} /></button>
    </div>
  );
}

export const EmojiMark = (props: { reaction: Pick<Reaction, 'emoji'> }) => (
  <Show when={props.reaction.emoji.id} fallback={<span class="glyph">{props.reaction.emoji.name}</span>}>
    {(id) => <CustomEmoji id={id()} name={props.reaction.emoji.name ?? ''} animated={isAnimated(id())} />}
  </Show>
);
