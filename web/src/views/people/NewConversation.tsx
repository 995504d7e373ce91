import { createSignal } from 'solid-js';
import { openDm, openGroup } from '../../app/actions';
import { t } from '../../i18n';
import { Dialog, toastError } from '../ui/Overlay';
import { PeoplePicker } from './PeoplePicker';

/** People that a new group may begin with; more can be added later. */
const maxStart = 99;

export default function NewConversation(props: { close: () => void }) {
  const [chosen, setChosen] = createSignal<string[]>([]);
  const [busy, setBusy] = createSignal(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      await (chosen().length === 1 ? openDm(chosen()[0]!) : openGroup(chosen()));
      props.close();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.newConversation} onClose={props.close} size="small" footer={<button type="button" class="button primary" disabled={busy() || chosen().length === 0} onClick={() => void start()}>{chosen().length > 1 ? t.createGroup : t.startTalking}</button>}>
      <PeoplePicker chosen={chosen()} onChange={setChosen} max={maxStart} />
    </Dialog>
  );
}
