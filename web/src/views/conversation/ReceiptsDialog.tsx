import { For, onMount } from 'solid-js';
import { state } from '../../app/client';
import { loadReceipts } from '../../app/pages';
import { lastSeen, nameOf, user } from '../../app/people';
import { compareIds } from '../../wire/snowflake';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Dialog, toastError } from '../ui/Overlay';

/** Who has received and read my newest message here. */
export default function ReceiptsDialog(props: { channelId: string; close: () => void }) {
  onMount(() => loadReceipts(props.channelId).catch(toastError));
  const newest = () => state.windows[props.channelId]?.items.findLast((m) => m.author.id === state.me?.id)?.id ?? state.channels[props.channelId]?.last_message_id ?? null;
  const stateOf = (id: string): string => {
    const r = state.receipts[props.channelId]?.[id];
    if (compareIds(r?.read_message_id, newest()) >= 0 && newest()) return t.ticks.read;
    return compareIds(r?.delivered_message_id, newest()) >= 0 && newest() ? t.ticks.delivered : t.ticks.sent;
  };
  return (
    <Dialog title={t.receipts} onClose={props.close} size="small">
      <p class="faint">{t.receiptsText}</p>
      <ul class="people-list">
        <For each={state.channels[props.channelId]?.recipients?.filter((u) => u.id !== state.me?.id)}>
          {(u) => <li><Avatar user={user(u.id)} size={36} status /><span class="grow"><b>{nameOf(user(u.id))}</b><small>{lastSeen(u.id)}</small></span><span class="faint">{stateOf(u.id)}</span></li>}
        </For>
      </ul>
    </Dialog>
  );
}
