import { For, onMount, Show } from 'solid-js';
import { state } from '../../app/client';
import { loadReceipts } from '../../app/pages';
import { lastSeen, nameOf, user } from '../../app/people';
import { compareIds } from '../../wire/snowflake';
import type { User } from '../../wire/types';
import { number } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Dialog, toastError } from '../ui/Overlay';

type Reached = 'read' | 'delivered' | 'sent';

/** Who has read a message, who has received it, and whom it is still on its way to; of the newest of mine where none is named. */
export default function ReceiptsDialog(props: { channelId: string; messageId?: string; close: () => void }) {
  onMount(() => loadReceipts(props.channelId).catch(toastError));
  const id = () => props.messageId ?? state.windows[props.channelId]?.items.findLast((m) => m.author.id === state.me?.id)?.id ?? state.channels[props.channelId]?.last_message_id ?? null;
  const author = () => state.windows[props.channelId]?.items.find((m) => m.id === id())?.author.id;
  const reachedBy = (userId: string): Reached => {
    const r = state.receipts[props.channelId]?.[userId];
    const upTo = (mark: string | null | undefined): boolean => id() !== null && compareIds(mark, id()) >= 0;
    return upTo(r?.read_message_id) ? 'read' : upTo(r?.delivered_message_id) ? 'delivered' : 'sent';
  };
  const groups = (): { reached: Reached; title: string; people: User[] }[] => {
    const others = (state.channels[props.channelId]?.recipients ?? []).filter((u) => u.id !== state.me?.id && u.id !== author());
    return ([['read', t.readBy], ['delivered', t.deliveredTo], ['sent', t.onItsWayTo]] as const)
      .map(([reached, title]) => ({ reached, title, people: others.filter((u) => reachedBy(u.id) === reached) })).filter((g) => g.people.length > 0);
  };
  return (
    <Dialog title={t.receipts} onClose={props.close} size="small">
      <p class="faint">{t.receiptsText}</p>
      <For each={groups()}>
        {(g) => (
          <section class="receipt-group" classList={{ [g.reached]: true }} aria-label={g.title}>
            <h3>{g.title}<span>{number(g.people.length)}</span></h3>
            <ul class="people-list">
              <For each={g.people}>
                {(u) => <li><Avatar user={user(u.id)} size={36} status /><span class="grow"><b dir="auto">{nameOf(user(u.id))}</b><Show when={lastSeen(u.id)}>{(seen) => <small>{seen()}</small>}</Show></span></li>}
              </For>
            </ul>
          </section>
        )}
      </For>
    </Dialog>
  );
}
