import { createSignal } from 'solid-js';
import { rest } from '../../app/client';
import { go } from '../../app/router';
import type { Channel } from '../../wire/types';
import { Permission } from '../../store/permissions';
import { t } from '../../i18n';
import { Choice, Field, Toggle } from '../ui/Field';
import { Dialog, toastError } from '../ui/Overlay';

export default function CreateChannel(props: { guildId: string; parentId: string | null; close: () => void }) {
  const [name, setName] = createSignal('');
  const [kind, setKind] = createSignal<'0' | '4'>('0');
  const [hidden, setHidden] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const create = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    try {
      const overwrites = hidden() ? [{ id: props.guildId, type: 0, allow: '0', deny: Permission.viewChannel.toString() }] : undefined;
      const channel = await rest.post<Channel>(`/guilds/${props.guildId}/channels`, {
        name: name().trim(), type: Number(kind()), ...(kind() === '0' && props.parentId ? { parent_id: props.parentId } : {}), ...(overwrites ? { permission_overwrites: overwrites } : {}),
      });
      props.close();
      if (kind() === '0') go({ name: 'channel', guildId: props.guildId, channelId: channel.id });
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.createChannel} onClose={props.close} size="small">
      <form class="stack" onSubmit={(e) => void create(e)}>
        <Choice label={t.kind} value={kind()} options={[['0', t.textChannel], ['4', t.category]] as const} onChange={setKind} />
        <Field label={t.channelName} value={name()} onInput={setName} required autofocus maxLength={100} />
        <Toggle label={t.privateChannel} hint={t.privateChannelHint} value={hidden()} onChange={setHidden} />
        <button type="submit" class="button primary wide" disabled={busy() || !name().trim()}>{t.createChannel}</button>
      </form>
    </Dialog>
  );
}
