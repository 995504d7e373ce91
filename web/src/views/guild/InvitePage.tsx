import { createResource, createSignal, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { nameOf } from '../../app/people';
import { go } from '../../app/router';
import type { Invite } from '../../wire/types';
import { number } from '../../text/format';
import { t } from '../../i18n';
import { GuildIcon } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { toastError } from '../ui/Overlay';

export default function InvitePage(props: { code: string }) {
  const [busy, setBusy] = createSignal(false);
  const [invite] = createResource(() => props.code, (code) => rest.get<Invite>(`/invites/${encodeURIComponent(code)}`, { query: { with_counts: true } }));
  const guildId = () => invite()?.guild?.id;
  const join = async (): Promise<void> => {
    setBusy(true);
    try {
      const id = guildId();
      if (id && !state.guilds[id]) await rest.post(`/invites/${encodeURIComponent(props.code)}`, {});
      if (id) go({ name: 'guild', guildId: id }, { replace: true });
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return (
    <div class="invite-page">
      <Show when={!invite.error} fallback={<div class="invite-card"><Icon name="warning" size={32} /><h1>{t.inviteBad}</h1><p class="faint">{t.inviteBadText}</p><button type="button" class="button quiet" onClick={() => go({ name: 'home' })}>{t.back}</button></div>}>
        <Show when={invite()} fallback={<p class="faint">{t.loading}</p>}>
          {(i) => (
            <div class="invite-card">
              <Show when={i().guild}>{(g) => <GuildIcon guild={g()} size={88} />}</Show>
              <p class="faint">{i().inviter ? t.invitedBy(nameOf(i().inviter)) : t.invited}</p>
              <h1 dir="auto">{i().guild?.name ?? i().channel?.name}</h1>
              <Show when={i().guild?.description}><p dir="auto">{i().guild!.description}</p></Show>
              <p class="invite-counts"><Show when={i().approximate_presence_count !== undefined}><span><i class="online-dot" /> {t.onlineCount(number(i().approximate_presence_count!))}</span></Show><span>{t.memberCount(number(i().approximate_member_count ?? 0), i().approximate_member_count ?? 0)}</span></p>
              <button type="button" class="button primary wide" disabled={busy()} onClick={() => void join()}>{guildId() && state.guilds[guildId()!] ? t.goThere : t.join}</button>
            </div>
          )}
        </Show>
      </Show>
    </div>
  );
}
