import { createSignal } from 'solid-js';
import { signOut } from '../../app/client';
import { t } from '../../i18n';
import { confirm } from '../ui/Overlay';
import { Account, Sessions } from './Account';
import { Appearance, Keyboard, Language, Notifications, Privacy } from './Preferences';
import { Profile } from './Profile';
import { SettingsFrame } from './Frame';

export default function UserSettings(props: { page: string; close: () => void }) {
  const [page, setPage] = createSignal(props.page);
  return (
    <SettingsFrame title={t.settings} current={page()} onPage={setPage} close={props.close} pages={[
      { key: 'profile', label: t.profile, view: () => <Profile /> },
      { key: 'account', label: t.account, view: () => <Account /> },
      { key: 'sessions', label: t.sessions, view: () => <Sessions /> },
      { key: 'privacy', label: t.privacy, view: () => <Privacy /> },
      { key: 'appearance', label: t.appearance, view: () => <Appearance /> },
      { key: 'notifications', label: t.notifications, view: () => <Notifications /> },
      { key: 'language', label: t.language, view: () => <Language /> },
      { key: 'keyboard', label: t.keyboard, view: () => <Keyboard /> },
    ]} foot={<button type="button" class="danger" onClick={() => confirm({ title: t.signOut, text: t.signOutText, action: t.signOut, run: () => signOut() })}>{t.signOut}</button>} />
  );
}
