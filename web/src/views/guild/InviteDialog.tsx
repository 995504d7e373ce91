import { createResource, createSignal, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { currentChannelId } from '../../app/router';
import type { Invite } from '../../wire/types';
import { t } from '../../i18n';
import { Choice } from '../ui/Field';
import { Dialog } from '../ui/Overlay';
import { copyText } from '../conversation/messageActions';
import { sortedChannels } from '../shell/order';

export default function InviteDialog(props: { guildId: string; close: () => void }) {
  const [age, setAge] = createSignal<'3600' | '86400' | '604800' | '0'>('604800');
  const [uses, setUses] = createSignal<'0' | '1' | '10'>('0');
  const channel = () => { const id = currentChannelId(); return id && state.channels[id]?.guild_id === props.guildId ? id : sortedChannels(props.guildId)[0]?.id; };
  const [invite] = createResource(() => { const c = channel(); return c ? { c, age: age(), uses: uses() } : null; }, (r) =>
    rest.post<Invite>(`/channels/${r.c}/invites`, { max_age: Number(r.age), max_uses: Number(r.uses) }));
  const link = () => (invite.state === 'ready' ? `${location.origin}/invite/${invite().code}` : '');
  return (
    <Dialog title={t.invitePeople} onClose={props.close} size="small">
      <div class="stack">
        <p class="faint">{t.inviteText(state.guilds[props.guildId]?.name ?? '')}</p>
        <div class="copy-row"><input class="input" readonly value={link()} aria-label={t.inviteLink} onFocus={(e) => e.currentTarget.select()} /><button type="button" class="button primary" disabled={!link()} autofocus onClick={() => void copyText(link())}>{t.copy}</button></div>
        <Show when={invite.error}><p class="field-error" role="alert">{String((invite.error as Error).message)}</p></Show>
        <Choice label={t.expires} value={age()} options={[['3600', t.oneHour], ['86400', t.oneDay], ['604800', t.oneWeek], ['0', t.never]] as const} onChange={setAge} />
        <Choice label={t.maxUses} value={uses()} options={[['0', t.unlimited], ['1', '1'], ['10', '10']] as const} onChange={setUses} />
      </div>
    </Dialog>
  );
}
