import { createResource, createSignal, Show } from 'solid-js';
import { rest, signIn } from '../../app/client';
import { go, route } from '../../app/router';
import { ApiError } from '../../wire/rest';
import { t } from '../../i18n';
import { Field } from '../ui/Field';
import { Icon } from '../ui/Icon';
import { Logo } from '../ui/Logo';

interface Instance { registration?: string; is_new?: boolean }

/** Log in and register: one form, two faces; the second factor follows where the account has one. */
export function AuthPage(props: { invite?: string }) {
  const [instance] = createResource(() => rest.get<Instance>('/instance').catch((): Instance => ({})));
  // Whom an invitation brings has most often no account yet.
  const isRegister = () => route().name === 'register' || (route().name === 'invite' ? !switched() : route().name !== 'login' && instance()?.is_new === true);
  const [switched, setSwitched] = createSignal(false);
  const [ticket, setTicket] = createSignal<string | null>(null);
  const [fields, setFields] = createSignal({ login: '', password: '', name: '', email: '', code: '' });
  const [errors, setErrors] = createSignal<Record<string, string>>({});
  const [problem, setProblem] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const set = (key: keyof ReturnType<typeof fields>) => (value: string): void => { setFields({ ...fields(), [key]: value }); setErrors({}); setProblem(''); };

  const submit = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setErrors({});
    setProblem('');
    try {
      const f = fields();
      if (ticket()) signIn((await rest.post<{ token: string }>('/auth/mfa/totp', { ticket: ticket(), code: f.code.trim() })).token);
      else if (isRegister()) {
        signIn((await rest.post<{ token: string }>('/auth/register', {
          username: f.login.trim(), password: f.password, ...(f.name.trim() ? { global_name: f.name.trim() } : {}), ...(f.email.trim() ? { email: f.email.trim() } : {}), ...(props.invite ? { invite: props.invite } : {}),
        })).token);
        if (route().name !== 'invite') go({ name: 'home' }, { replace: true });
      } else {
        const result = await rest.post<{ token?: string | null; mfa?: boolean; ticket?: string }>('/auth/login', { login: f.login.trim(), password: f.password });
        if (result.mfa && result.ticket) setTicket(result.ticket);
        else if (result.token) signIn(result.token);
      }
    } catch (error) {
      if (error instanceof ApiError) {
        setErrors(error.fields);
        setProblem(Object.keys(error.fields).length === 0 ? error.message : '');
      } else setProblem(t.unreachable);
    }
    setBusy(false);
  };

  const other = (): void => { setErrors({}); setProblem(''); if (route().name === 'invite') setSwitched(!switched()); else go({ name: isRegister() ? 'login' : 'register' }); };
  const first = () => instance()?.is_new === true;

  return (
    <main class="auth">
      <section class="auth-art" aria-hidden="true"><Art /></section>
      <section class="auth-panel">
        <form class="auth-form" onSubmit={(e) => void submit(e)}>
          <div class="auth-brand"><Logo size={36} /><span>Kith</span></div>
          <h1>{ticket() ? t.twoFactor : first() ? t.firstRun : isRegister() ? t.createAccount : t.welcomeBack}</h1>
          <p class="faint">{ticket() ? t.twoFactorText : first() ? t.firstRunText : isRegister() ? t.createAccountText : t.welcomeBackText}</p>
          <Show when={!ticket()} fallback={<Field label={t.code} value={fields().code} onInput={set('code')} autocomplete="one-time-code" error={errors().code} required autofocus maxLength={16} />}>
            <Field label={isRegister() ? t.userName : t.userNameOrEmail} value={fields().login} onInput={set('login')} autocomplete="username" error={errors().username ?? errors().login} {...(isRegister() ? { hint: t.userNameHint } : {})} required autofocus maxLength={isRegister() ? 32 : 254} />
            <Show when={isRegister()}>
              <Field label={t.displayName} value={fields().name} onInput={set('name')} autocomplete="nickname" error={errors().global_name} maxLength={32} placeholder={t.optional} />
              <Field label={t.email} type="email" inputmode="email" value={fields().email} onInput={set('email')} autocomplete="email" error={errors().email} placeholder={t.optional} maxLength={254} />
            </Show>
            <Field label={t.password} type="password" value={fields().password} onInput={set('password')} autocomplete={isRegister() ? 'new-password' : 'current-password'} error={errors().password} {...(isRegister() ? { hint: t.passwordHint } : {})} required maxLength={128} />
          </Show>
          <Show when={problem()}><p class="form-problem" role="alert"><Icon name="warning" size={16} /> {problem()}</p></Show>
          <button type="submit" class="button primary wide" disabled={busy()}>{ticket() ? t.confirm : isRegister() ? t.createAccount : t.signIn}</button>
          <Show when={!ticket() && !first()} fallback={<Show when={ticket()}><button type="button" class="text-button" onClick={() => setTicket(null)}>{t.back}</button></Show>}>
            <Show when={isRegister() || instance()?.registration !== 'closed'}><p class="auth-switch">{isRegister() ? t.haveAccount : t.noAccount} <button type="button" class="text-button" onClick={other}>{isRegister() ? t.signIn : t.createAccount}</button></p></Show>
          </Show>
        </form>
      </section>
    </main>
  );
}

/** Overlapping leaves in the colours of the two themes; drawn, so it costs nothing to load. */
function Art() {
  return (
    <svg viewBox="-50 40 750 740" preserveAspectRatio="xMidYMax meet">
      <path class="leaf one" d="M330 720C120 700 40 560 40 360c0-60 10-120 26-160 170 14 264 120 264 290z" />
      <path class="leaf two" d="M360 720V470c0-170 104-266 256-284 12 40 20 86 20 134 0 220-94 380-276 400z" />
      <path class="leaf three" d="M345 500C230 470 190 380 200 260c4-40 14-76 28-104 90 36 130 110 122 216z" />
      <circle class="leaf four" cx="430" cy="170" r="54" />
    </svg>
  );
}
