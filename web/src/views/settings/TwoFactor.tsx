import { renderSVG } from 'uqr';
import { createSignal, For, Show } from 'solid-js';
import { rest, signIn, state } from '../../app/client';
import { t } from '../../i18n';
import { copyText } from '../conversation/messageActions';
import { Field } from '../ui/Field';
import { toast, toastError } from '../ui/Overlay';

interface Codes { backup_codes: { code: string; consumed: boolean }[]; token?: string }

export default function TwoFactor() {
  const [enabled, setEnabled] = createSignal(state.me?.mfa_enabled ?? false);
  const [setup, setSetup] = createSignal<{ secret: string; otpauth_url: string } | null>(null);
  const [code, setCode] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [codes, setCodes] = createSignal<string[]>([]);
  const attempt = async (work: () => Promise<void>): Promise<void> => { try { await work(); } catch (error) { toastError(error); } };
  const adopt = (token: string | undefined): void => { if (token) signIn(token); };
  const begin = () => attempt(async () => { setSetup(await rest.post('/users/@me/mfa/totp/enable', {})); });
  const enable = () => attempt(async () => {
    const result = await rest.post<Codes>('/users/@me/mfa/totp/enable', { secret: setup()!.secret, code: code().trim(), password: password() });
    adopt(result.token);
    setCodes(result.backup_codes.map((c) => c.code));
    setSetup(null);
    setEnabled(true);
    setCode('');
    setPassword('');
  });
  const disable = () => attempt(async () => {
    adopt((await rest.post<{ token?: string }>('/users/@me/mfa/totp/disable', { code: code().trim() })).token);
    setEnabled(false);
    setCode('');
    toast(t.saved);
  });
  return (
    <div class="stack">
      <Show when={codes().length > 0}>
        <div class="callout"><p>{t.backupCodesText}</p><ul class="codes"><For each={codes()}>{(c) => <li><code>{c}</code></li>}</For></ul><button type="button" class="button quiet" onClick={() => void copyText(codes().join('\n'))}>{t.copy}</button></div>
      </Show>
      <Show when={!enabled()} fallback={<><p>{t.twoFactorOn}</p><Field label={t.code} value={code()} onInput={setCode} autocomplete="one-time-code" maxLength={16} /><button type="button" class="button danger" disabled={!code()} onClick={() => void disable()}>{t.turnOff}</button></>}>
        <Show when={setup()} fallback={<><p class="faint">{t.twoFactorPitch}</p><button type="button" class="button primary" onClick={() => void begin()}>{t.turnOn}</button></>}>
          {(s) => (
            <div class="stack">
              <p>{t.twoFactorScan}</p>
              {/* Drawn here from the address; it is never sent anywhere. */}
              <div class="qr" role="img" aria-label={t.qrCode} innerHTML={renderSVG(s().otpauth_url, { border: 2 })} />
              <code class="secret">{s().secret}</code>
              <Field label={t.code} value={code()} onInput={setCode} autocomplete="one-time-code" maxLength={6} inputmode="numeric" />
              <Field label={t.password} type="password" value={password()} onInput={setPassword} autocomplete="current-password" />
              <button type="button" class="button primary" disabled={code().trim().length < 6 || !password()} onClick={() => void enable()}>{t.confirm}</button>
            </div>
          )}
        </Show>
      </Show>
    </div>
  );
}
