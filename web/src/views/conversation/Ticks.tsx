import { createMemo, Show } from 'solid-js';
import { state } from '../../app/client';
import type { OutgoingState } from '../../wire/outbox';
import { compareIds } from '../../wire/snowflake';
import type { Message } from '../../wire/types';
import { t } from '../../i18n';

export type TickState = 'waiting' | 'sent' | 'delivered' | 'read';

/** In a group all must have received or read it. */
export function tickOf(m: Pick<Message, 'id' | 'channel_id'>): TickState {
  const channel = state.channels[m.channel_id];
  const others = (channel?.recipients ?? []).filter((u) => u.id !== state.me?.id);
  const receipts = state.receipts[m.channel_id];
  if (!receipts || others.length === 0) return 'sent';
  const reached = (field: 'read_message_id' | 'delivered_message_id'): boolean => others.every((u) => compareIds(receipts[u.id]?.[field], m.id) >= 0);
  if (reached('read_message_id')) return 'read';
  return others.every((u) => compareIds(receipts[u.id]?.delivered_message_id, m.id) >= 0 || compareIds(receipts[u.id]?.read_message_id, m.id) >= 0) ? 'delivered' : 'sent';
}

export function Ticks(props: { message: Pick<Message, 'id' | 'channel_id'> }) {
  const tick = createMemo(() => tickOf(props.message));
  return <TickMark state={tick()} />;
}

export const PendingTick = (props: { state: OutgoingState }) => <Show when={props.state !== 'failed'}><TickMark state="waiting" /></Show>;

function TickMark(props: { state: TickState }) {
  return (
    <svg class={`ticks ${props.state}`} viewBox="0 0 20 12" width="18" height="11" role="img" aria-label={t.ticks[props.state]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">
      <title>{t.ticks[props.state]}</title>
      <Show when={props.state === 'waiting'}><circle cx="13" cy="6" r="4.6" /><path d="M13 3.6V6l1.6 1" /></Show>
      <Show when={props.state === 'sent'}><path d="M7 6.4 10.2 9.6 17 2.6" /></Show>
      <Show when={props.state === 'delivered' || props.state === 'read'}><path d="M2 6.4 5.2 9.6 12 2.6" /><path d="M8.6 8.4 9.9 9.6 17 2.6" /></Show>
    </svg>
  );
}
