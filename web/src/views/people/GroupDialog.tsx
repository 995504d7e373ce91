import { createSignal, For, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { nameOf, user } from '../../app/people';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { IconButton } from '../ui/Icon';
import { Field } from '../ui/Field';
import { ImagePick } from '../ui/ImagePick';
import { Dialog, toastError } from '../ui/Overlay';
import { PeoplePicker } from './PeoplePicker';

export default function GroupDialog(props: { channelId: string; close: () => void }) {
  const channel = () => state.channels[props.channelId];
  const [name, setName] = createSignal(channel()?.name ?? '');
  const [added, setAdded] = createSignal<string[]>([]);
  const [icon, setIcon] = createSignal<string | null>(null);
  const owner = () => channel()?.owner_id === state.me?.id;
  const save = async (): Promise<void> => {
    try {
      const change = { ...(name() !== (channel()?.name ?? '') ? { name: name() || null } : {}), ...(icon() ? { icon: icon() } : {}) };
      if (Object.keys(change).length > 0) await rest.patch(`/channels/${props.channelId}`, change);
      for (const id of added()) await rest.put(`/channels/${props.channelId}/recipients/${id}`, {});
      props.close();
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Dialog title={t.editGroup} onClose={props.close} size="small" footer={<button type="button" class="button primary" onClick={() => void save()}>{t.save}</button>}>
      <div class="row-fields"><ImagePick label={t.picture} value={icon()} onChange={setIcon} /><Field label={t.groupName} value={name()} onInput={setName} maxLength={100} /></div>
      <h3 class="form-head">{t.members}</h3>
      <ul class="people-list">
        <For each={channel()?.recipients?.filter((u) => u.id !== state.me?.id)}>
          {(u) => <li><Avatar user={user(u.id)} size={32} status /><span class="grow" dir="auto">{nameOf(user(u.id))}</span><Show when={owner()}><IconButton icon="x" label={t.removePerson(nameOf(u))} onClick={() => void rest.delete(`/channels/${props.channelId}/recipients/${u.id}`).catch(toastError)} /></Show></li>}
        </For>
      </ul>
      <h3 class="form-head">{t.addPeople}</h3>
      <PeoplePicker chosen={added()} onChange={setAdded} exclude={channel()?.recipients?.map((u) => u.id) ?? []} max={100} />
    </Dialog>
  );
}
