import { batch, createResource, createSignal, For, lazy, Show, Suspense } from 'solid-js';
import { apply } from '../../store/apply';
import { rest, signIn, state } from '../../app/client';
import { ApiError } from '../../wire/rest';
import type { AuthSession, User } from '../../wire/types';
import { relative } from '../../text/format';
import { t } from '../../i18n';
import { Field } from '../ui/Field';
import { Icon } from '../ui/Icon';
import { toast, toastError } from '../ui/Overlay';

const TwoFactor = lazy(() => import('./TwoFactor'));

export function Account() {
  const me = state.me!;
  const [email, setEmail] = createSignal(me.email ?? '');
  const [username, setUsername] = createSignal(me.username);
  const [current, setCurrent] = createSignal('');
  const [next, setNext] = createSignal('');
  const [errors, setErrors] = createSignal<Record<string, string>>({});
  const save = async (change: object): Promise<void> => {
    try {
      const user = await rest.patch<User & { token?: string }>('/users/@me', change);
      const { token, ...rest_ } = user;
      // A changed password ends the other sessions, and this one goes on under a new token.
      if (token) { localStorage.setItem('kith.token', token); signIn(token); }
      batch(() => apply(state, 'USER_UPDATE', rest_));
      setErrors({});
      setCurrent('');
      setNext('');
      toast(t.saved);
    } catch (error) {
      if (error instanceof ApiError) setErrors(error.fields);
      toastError(error);
    }
  };
  return (
    <div class="stack limited">
      <Field label={t.userName} value={username()} onInput={setUsername} error={errors().username} maxLength={32} autocomplete="username" />
      <Field label={t.email} type="email" value={email()} onInput={setEmail} error={errors().email} autocomplete="email" />
      <h2 class="form-head">{t.changePassword}</h2>
      <Field label={t.currentPassword} type="password" value={current()} onInput={setCurrent} autocomplete="current-password" error={errors().password} hint={t.currentPasswordHint} />
      <Field label={t.newPassword} type="password" value={next()} onInput={setNext} autocomplete="new-password" error={errors().new_password} hint={t.passwordHint} />
      <button type="button" class="button primary" onClick={() => void save({
        ...(username() !== me.username ? { username: username() } : {}), ...(email() !== (me.email ?? '') ? { email: email() || null } : {}), ...(current() ? { password: current() } : {}), ...(next() ? { new_password: next() } : {}),
      })}>{t.save}</button>
      <h2 class="form-head">{t.twoFactor}</h2>
      <Suspense fallback={<p class="faint">{t.loading}</p>}><TwoFactor /></Suspense>
    </div>
  );
}

export function Sessions() {
  const [list, { refetch }] = createResource(() => rest.get<{ user_sessions: AuthSession[] }>('/auth/sessions'));
  const end = async (ids: string[]): Promise<void> => {
    try {
      await rest.post('/auth/sessions/logout', { session_ids: ids });
      await refetch();
    } catch (error) {
      toastError(error);
    }
  };
  const others = () => list.latest?.user_sessions.filter((s) => !s.current) ?? [];
  return (
    <div class="stack limited">
      <p class="faint">{t.sessionsText}</p>
      <Show when={!list.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
        <ul class="people-list roomy">
          <For each={list.latest?.user_sessions}>
            {(s) => (
              <li><span class="file-mark"><Icon name={s.current ? 'check' : 'clock'} size={18} /></span>
                <span class="grow"><b>{[s.client_info?.platform, s.client_info?.os].filter(Boolean).join(' · ') || t.unknownDevice}</b><small>{s.current ? t.thisSession : s.approx_last_used_time ? relative(s.approx_last_used_time) : ''} {s.client_info?.location ?? ''}</small></span>
                <Show when={!s.current && s.id}><button type="button" class="button quiet" onClick={() => void end([s.id!])}>{t.end}</button></Show></li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={others().length > 0}><button type="button" class="button danger" onClick={() => void end(others().flatMap((s) => s.id ?? []))}>{t.endOthers}</button></Show>
    </div>
  );
}
