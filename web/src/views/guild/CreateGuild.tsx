import { createSignal, Show } from 'solid-js';
import { rest } from '../../app/client';
import { nameOf } from '../../app/people';
import { state } from '../../app/client';
import { go } from '../../app/router';
import { ApiError } from '../../wire/rest';
import type { Guild } from '../../wire/types';
import { t } from '../../i18n';
import { Field } from '../ui/Field';
import { ImagePick } from '../ui/ImagePick';
import { Dialog } from '../ui/Overlay';

export default function CreateGuild(props: { close: () => void; join?: boolean }) {
  const [join, setJoin] = createSignal(props.join ?? false);
  const [name, setName] = createSignal(t.serverOf(nameOf(state.me ?? undefined)));
  const [code, setCode] = createSignal('');
  const [icon, setIcon] = createSignal<string | null>(null);
  const [error, setError] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    setError('');
    if (join()) {
      const wanted = code().trim().split('/').filter(Boolean).at(-1);
      if (wanted) { props.close(); go({ name: 'invite', code: wanted }); }
      return;
    }
    setBusy(true);
    try {
      const guild = await rest.post<Guild>('/guilds', { name: name().trim(), ...(icon() ? { icon: icon() } : {}) });
      props.close();
      go({ name: 'guild', guildId: guild.id });
    } catch (failure) {
      setError(failure instanceof ApiError ? (Object.values(failure.fields)[0] ?? failure.message) : t.unreachable);
      setBusy(false);
    }
  };
  return (
    <Dialog title={join() ? t.joinServer : t.createServer} onClose={props.close} size="small">
      <form class="stack" onSubmit={(e) => void submit(e)}>
        <Show when={!join()} fallback={<Field label={t.inviteLink} value={code()} onInput={setCode} placeholder={`${location.origin}/invite/…`} required autofocus />}>
          <div class="row-fields"><ImagePick label={t.picture} value={icon()} onChange={setIcon} /><Field label={t.serverName} value={name()} onInput={setName} error={error()} required autofocus maxLength={100} /></div>
        </Show>
        <button type="submit" class="button primary wide" disabled={busy() || (join() ? !code().trim() : name().trim().length < 2)}>{join() ? t.continue : t.createServer}</button>
        <button type="button" class="text-button" onClick={() => setJoin(!join())}>{join() ? t.createInstead : t.joinInstead}</button>
      </form>
    </Dialog>
  );
}
