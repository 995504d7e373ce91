import { createEffect, lazy, Show, Suspense } from 'solid-js';
import { state } from '../../app/client';
import { nameOf } from '../../app/people';
import { go, route } from '../../app/router';
import { createSample } from '../../app/sample';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { Logo } from '../ui/Logo';
import { openDialog, toastError } from '../ui/Overlay';
import { openDrawer } from './drawer';
import { lastPlace } from './order';
import { createSignal } from 'solid-js';

const CreateGuild = lazy(() => import('../guild/CreateGuild'));

/** The start page goes where one was last; who has been nowhere is shown the first steps. */
export function Welcome() {
  const [busy, setBusy] = createSignal(false);
  createEffect(() => {
    if (!state.ready || route().name !== 'home') return;
    const last = lastPlace();
    if (last && state.channels[last.channelId]) go({ name: 'channel', ...last }, { replace: true });
    else if (state.guildIds[0]) go({ name: 'guild', guildId: state.guildIds[0] }, { replace: true });
    else if (state.privateIds.length > 0) go({ name: 'friends' }, { replace: true });
  });
  const sample = async (): Promise<void> => {
    setBusy(true);
    try {
      go({ name: 'guild', guildId: await createSample() });
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  const create = (join: boolean): void => void openDialog((p) => <Suspense><CreateGuild close={p.close} join={join} /></Suspense>);
  return (
    <Show when={state.ready} fallback={<div class="state-note tall"><Logo size={48} /><p class="faint">{t.loading}</p></div>}>
      <div class="welcome">
        <IconButton class="only-narrow corner" icon="menu" label={t.openNavigation} onClick={() => openDrawer('left')} />
        <Logo size={64} />
        <h1>{t.welcome(nameOf(state.me ?? undefined))}</h1>
        <p class="faint">{t.welcomeText}</p>
        <div class="welcome-steps">
          <button type="button" class="step" onClick={() => create(false)}><Icon name="plus" size={22} /><b>{t.createServer}</b><span>{t.createServerText}</span></button>
          <button type="button" class="step" onClick={() => create(true)}><Icon name="link" size={22} /><b>{t.joinServer}</b><span>{t.joinServerText}</span></button>
          <button type="button" class="step" disabled={busy()} onClick={() => void sample()}><Icon name="smile" size={22} /><b>{t.sampleServer}</b><span>{t.sampleServerText}</span></button>
        </div>
      </div>
    </Show>
  );
}
