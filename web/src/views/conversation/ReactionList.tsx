import { createResource, createSignal, For, Show, Suspense } from 'solid-js';
import { emojiKey } from '../../app/actions';
import { rest, state } from '../../app/client';
import { nameIn } from '../../app/people';
import type { Message, User } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Dialog } from '../ui/Overlay';
import { EmojiMark } from './Reactions';

export function ReactionList(props: { message: Message; close: () => void }) {
  const [chosen, choose] = createSignal(props.message.reactions?.[0]);
  const [people] = createResource(chosen, (r) =>
    rest.get<User[]>(`/channels/${props.message.channel_id}/messages/${props.message.id}/reactions/${encodeURIComponent(emojiKey(r.emoji))}`, { query: { limit: 100 } }));
  return (
    <Dialog title={t.whoReacted} onClose={props.close} size="small">
      <div class="reaction-tabs">
        <For each={props.message.reactions}>{(r) => <button type="button" class="reaction" classList={{ me: chosen() === r }} onClick={() => choose(() => r)}><EmojiMark reaction={r} /><span>{r.count}</span></button>}</For>
      </div>
      <Suspense fallback={<p class="faint">{t.loading}</p>}>
        <ul class="people-list">
          <Show when={!people.error} fallback={<li class="faint">{t.somethingWrong}</li>}>
            <For each={people()}>{(u) => <li><Avatar user={u} size={32} /> <bdi>{nameIn(state.channels[props.message.channel_id]?.guild_id, u)}</bdi></li>}</For>
          </Show>
        </ul>
      </Suspense>
    </Dialog>
  );
}
