import { createSignal } from 'solid-js';
import { state } from '../../app/client';
import { firstSince } from '../../app/pages';
import { go } from '../../app/router';
import { t } from '../../i18n';
import { Dialog, toast, toastError } from '../ui/Overlay';
import { Field } from '../ui/Field';

export default function DateDialog(props: { channelId: string; close: () => void }) {
  const [date, setDate] = createSignal('');
  const jump = async (): Promise<void> => {
    try {
      const found = await firstSince(props.channelId, new Date(`${date()}T00:00`).getTime());
      if (!found) return toast(t.nothingSince);
      props.close();
      go({ name: 'channel', guildId: state.channels[props.channelId]?.guild_id ?? null, channelId: props.channelId, messageId: found.id });
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={t.jumpToDate} onClose={props.close} size="small" footer={<button type="button" class="button primary" disabled={!date()} onClick={() => void jump()}>{t.jump}</button>}>
      <Field label={t.date} type="date" value={date()} onInput={setDate} autofocus />
    </Dialog>
  );
}
