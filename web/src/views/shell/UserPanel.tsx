import { lazy, Show, Suspense } from 'solid-js';
import { signOut, state } from '../../app/client';
import { setStatus } from '../../app/actions';
import { nameOf, statusOf } from '../../app/people';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { IconButton } from '../ui/Icon';
import { openDialog, openMenu, toastError } from '../ui/Overlay';

const UserSettings = lazy(() => import('../settings/UserSettings'));

export const openSettings = (page?: string): void => void openDialog((p) => <Suspense><UserSettings page={page ?? 'profile'} close={p.close} /></Suspense>);

export function UserPanel() {
  return (
    <Show when={state.me}>
      {(me) => (
        <div class="user-panel">
          <button type="button" class="user-button" data-tip={t.status} onClick={(e) => openMenu(e, [
            ...(['online', 'idle', 'dnd', 'invisible'] as const).map((s) => ({ label: t.statusNames[s], checked: statusOf(me().id) === s, run: () => setStatus(s).catch(toastError) })),
            'line' as const,
            { label: t.signOut, icon: 'exit' as const, danger: true, run: () => signOut() },
          ])}>
            <Avatar user={me()} size={34} status />
            <span class="user-text"><b dir="auto">{nameOf(me())}</b><small>{t.statusNames[statusOf(me().id)]}</small></span>
          </button>
          <IconButton icon="settings" label={t.settings} onClick={() => openSettings()} />
        </div>
      )}
    </Show>
  );
}
