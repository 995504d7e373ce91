import { createResource, Show } from 'solid-js';
import { rest } from '../../app/client';
import { nameOf } from '../../app/people';
import { route } from '../../app/router';
import type { Invite } from '../../wire/types';
import { t } from '../../i18n';
import { GuildIcon } from '../ui/Avatar';
import { AuthPage } from './AuthPage';

/** An invited guest first sees to what, then signs in or registers; the invite page follows. */
export function InviteGate() {
  const code = (): string => { const r = route(); return r.name === 'invite' ? r.code : ''; };
  const [invite] = createResource(code, (c) => rest.get<Invite>(`/invites/${encodeURIComponent(c)}`, { query: { with_counts: true } }).catch(() => null));
  return (
    <>
      <Show when={invite()?.guild}>{(g) => <div class="invite-strip"><GuildIcon guild={g()} size={32} /><span>{invite()?.inviter ? t.invitedBy(nameOf(invite()!.inviter)) : t.invited} <b dir="auto">{g().name}</b></span></div>}</Show>
      <AuthPage invite={code()} />
    </>
  );
}
