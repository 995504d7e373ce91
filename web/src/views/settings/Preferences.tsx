import { createSignal, For, onMount, Show } from 'solid-js';
import { state } from '../../app/client';
import { updateSettings } from '../../app/actions';
import { density, notifySetting, setDensity, setNotifySetting, setSoundSetting, setTheme, soundSetting, theme } from '../../app/prefs';
import { disablePush, enablePush, pushState } from '../../app/push';
import { locale, locales, setLocale, t, type Locale } from '../../i18n';
import { Choice, Field, Toggle } from '../ui/Field';
import { toast, toastError } from '../ui/Overlay';

export function Appearance() {
  return (
    <div class="stack limited">
      <Choice label={t.theme} value={theme()} options={[['system', t.themeSystem], ['light', t.themeLight], ['dark', t.themeDark]] as const} onChange={setTheme} />
      <Choice label={t.density} value={density()} options={[['cosy', t.cosy], ['compact', t.compact]] as const} onChange={setDensity} />
    </div>
  );
}

export function Language() {
  return <div class="stack limited"><Choice<Locale> label={t.language} value={locale()} options={Object.entries(locales) as [Locale, string][]} onChange={(l) => void setLocale(l).catch(toastError)} /></div>;
}

export function Privacy() {
  const set = (change: Parameters<typeof updateSettings>[0]): void => void updateSettings(change).catch(toastError);
  return (
    <div class="stack limited">
      <Toggle label={t.readReceipts} hint={t.readReceiptsHint} value={state.settings.read_receipts !== false} onChange={(v) => set({ read_receipts: v })} />
      <Toggle label={t.showLastSeen} hint={t.showLastSeenHint} value={state.settings.show_last_seen !== false} onChange={(v) => set({ show_last_seen: v })} />
      <Toggle label={t.friendsOnly} hint={t.friendsOnlyHint} value={state.settings.friends_only_dms === true} onChange={(v) => set({ friends_only_dms: v })} />
    </div>
  );
}

export function Notifications() {
  const [push, setPush] = createSignal<'on' | 'off' | 'unsupported'>('unsupported');
  onMount(() => void pushState().then(setPush));
  const desktop = async (on: boolean): Promise<void> => {
    if (on && (await Notification.requestPermission()) !== 'granted') { toast(t.notifyDenied, 'error'); setNotifySetting('off'); return; }
    setNotifySetting(on ? 'on' : 'off');
  };
  const togglePush = async (on: boolean): Promise<void> => {
    try {
      await (on ? enablePush() : disablePush());
    } catch (error) {
      toastError(error);
    }
    setPush(await pushState());
  };
  return (
    <div class="stack limited">
      <Toggle label={t.desktopNotifications} hint={t.desktopNotificationsHint} value={notifySetting() === 'on'} onChange={(v) => void desktop(v)} />
      <Toggle label={t.pushNotifications} hint={push() === 'unsupported' ? t.pushUnsupported : t.pushHint} value={push() === 'on'} disabled={push() === 'unsupported'} onChange={(v) => void togglePush(v)} />
      <Show when={push() === 'on'}><Toggle label={t.pushPreview} hint={t.pushPreviewHint} value={state.settings.push_preview !== false} onChange={(v) => void updateSettings({ push_preview: v }).catch(toastError)} /></Show>
      <QuietHours />
      <Toggle label={t.emailDigest} hint={t.emailDigestHint} value={state.settings.email_digest !== false} onChange={(v) => void updateSettings({ email_digest: v }).catch(toastError)} />
      <Toggle label={t.sound} value={soundSetting() === 'on'} onChange={(v) => setSoundSetting(v ? 'on' : 'off')} />
    </div>
  );
}

const night = { start: '22:00', end: '07:00' };

/** When no push comes, by the clock of where this is set. */
function QuietHours() {
  const quiet = () => state.settings.quiet_hours ?? null;
  const set = (change: Partial<typeof night> | null): void => {
    const hours = change ? { days: null, ...night, ...quiet(), ...change, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone } : null;
    updateSettings({ quiet_hours: hours }).catch(toastError);
  };
  // While it is typed a time may be empty.
  const setTime = (end: 'start' | 'end', value: string): void => { if (value) set({ [end]: value }); };
  return (
    <>
      <Toggle label={t.quietHours} hint={t.quietHoursHint} value={quiet() !== null} onChange={(on) => set(on ? {} : null)} />
      <Show when={quiet()}>
        {(q) => (
          <div class="row-fields">
            <Field label={t.quietFrom} type="time" value={q().start} onInput={(v) => setTime('start', v)} />
            <Field label={t.quietUntil} type="time" value={q().end} onInput={(v) => setTime('end', v)} />
          </div>
        )}
      </Show>
    </>
  );
}

export function Keyboard() {
  return (
    <table class="keys"><tbody>
      <For each={t.keys}>{([keys, what]) => <tr><td><For each={keys.split(' ')}>{(k) => <kbd>{k}</kbd>}</For></td><td>{what}</td></tr>}</For>
    </tbody></table>
  );
}
