import { createMemo, createSignal, For, Show } from 'solid-js';
import { state } from '../../app/client';
import { nameOf, user } from '../../app/people';
import { RelationshipType, type Snowflake } from '../../wire/types';
import { t } from '../../i18n';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

/** Friends first, then people one writes with or shares a server with. */
export function PeoplePicker(props: { chosen: Snowflake[]; onChange: (ids: Snowflake[]) => void; exclude?: Snowflake[]; max: number }) {
  const [query, setQuery] = createSignal('');
  const candidates = createMemo(() => {
    const friends = Object.values(state.relationships).filter((r) => r.type === RelationshipType.friend).map((r) => r.id);
    const talks = state.privateIds.flatMap((id) => state.channels[id]?.recipients?.map((u) => u.id) ?? []);
    const servers = query().length > 1 ? Object.keys(state.users) : [];
    const q = query().toLowerCase();
    return [...new Set([...friends, ...talks, ...servers])].filter((id) => id !== state.me?.id && !props.exclude?.includes(id) && state.relationships[id]?.type !== RelationshipType.blocked)
      .map(user).filter((u) => !q || u.username.toLowerCase().includes(q) || nameOf(u).toLowerCase().includes(q)).slice(0, 60);
  });
  const toggle = (id: Snowflake): void => props.onChange(props.chosen.includes(id) ? props.chosen.filter((x) => x !== id) : [...props.chosen, id].slice(0, props.max));
  return (
    <div class="picker">
      <div class="chips">
        <For each={props.chosen}>{(id) => <button type="button" class="chip" aria-label={t.removePerson(nameOf(user(id)))} onClick={() => toggle(id)}>{nameOf(user(id))} <Icon name="x" size={12} /></button>}</For>
        <input class="input" autofocus type="search" value={query()} placeholder={t.findPeople} aria-label={t.findPeople} onInput={(e) => setQuery(e.currentTarget.value)} />
      </div>
      <ul class="people-list scroll">
        <For each={candidates()} fallback={<li class="state-note"><p class="faint">{t.noPeople}</p></li>}>
          {(u) => (
            <li><label class="person"><Avatar user={u} size={36} status /><span class="grow"><b dir="auto">{nameOf(u)}</b><small>{u.username}</small></span>
              <input type="checkbox" class="check" checked={props.chosen.includes(u.id)} onChange={() => toggle(u.id)} /></label></li>
          )}
        </For>
      </ul>
      <Show when={props.chosen.length >= props.max}><p class="field-hint">{t.groupFull}</p></Show>
    </div>
  );
}
