import { createResource, createSignal, For, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { nameOf, user } from '../../app/people';
import type { GuildState } from '../../store/state';
import type { AuditLogEntry, User } from '../../wire/types';
import { timeOf } from '../../wire/snowflake';
import { stamp } from '../../text/format';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

const pageSize = 50;

interface Log { audit_log_entries: AuditLogEntry[]; users: User[] }

export function AuditLog(props: { guild: GuildState }) {
  const [entries, setEntries] = createSignal<AuditLogEntry[]>([]);
  const [people, setPeople] = createSignal<Record<string, User>>({});
  const [more, setMore] = createSignal(false);
  const [load, { refetch }] = createResource(async () => {
    const last = entries().at(-1)?.id;
    const log = await rest.get<Log>(`/guilds/${props.guild.id}/audit-logs`, { query: { limit: pageSize, ...(last ? { before: last } : {}) } });
    setPeople({ ...people(), ...Object.fromEntries(log.users.map((u) => [u.id, u])) });
    setEntries([...entries(), ...log.audit_log_entries]);
    setMore(log.audit_log_entries.length === pageSize);
    return true;
  });
  const who = (id: string | null): User => (id ? (people()[id] ?? user(id)) : user('0'));
  const target = (e: AuditLogEntry): string => {
    if (!e.target_id) return '';
    const name = e.changes?.find((c) => c.key === 'name');
    return nameOfTarget(e.target_id) ?? String(name?.new_value ?? name?.old_value ?? '');
  };
  const nameOfTarget = (id: string): string | undefined => {
    const person = people()[id] ?? state.users[id];
    return person ? nameOf(person) : (props.guild.roles[id]?.name ?? state.channels[id]?.name ?? (id === props.guild.id ? props.guild.name : undefined));
  };
  const shown = (v: unknown): string => (v === undefined || v === null ? '–' : typeof v === 'object' ? JSON.stringify(v) : String(v));
  return (
    <Show when={!load.error} fallback={<p class="field-error">{t.somethingWrong}</p>}>
      <ul class="audit">
        <For each={entries()} fallback={<li class="state-note"><Icon name="shield" size={26} /><p class="faint">{load.loading ? t.loading : t.noAudit}</p></li>}>
          {(e) => (
            <li><Avatar user={who(e.user_id)} size={32} /><div class="grow">
              <p><b dir="auto">{nameOf(who(e.user_id))}</b> {t.auditActions[e.action_type] ?? t.auditOther(e.action_type)} <b dir="auto">{target(e)}</b></p>
              <Show when={e.changes?.length}><ul class="changes"><For each={e.changes}>{(c) => <li><code>{c.key}</code> {shown(c.old_value)} → {shown(c.new_value)}</li>}</For></ul></Show>
              <Show when={e.reason}><p class="faint">“{e.reason}”</p></Show></div>
              <time>{stamp(timeOf(e.id))}</time></li>
          )}
        </For>
      </ul>
      <Show when={more()}><button type="button" class="button quiet" onClick={() => void refetch()}>{t.loadMore}</button></Show>
    </Show>
  );
}
