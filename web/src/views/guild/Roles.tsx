import { createEffect, createSignal, For, on, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { roleColour } from '../../app/people';
import { Permission, rank } from '../../store/permissions';
import type { GuildState } from '../../store/state';
import type { Role } from '../../wire/types';
import { t } from '../../i18n';
import { Field, Toggle } from '../ui/Field';
import { Icon, IconButton } from '../ui/Icon';
import { confirm, toast, toastError } from '../ui/Overlay';
import { permissionGroups } from './permissionList';

const palette = [0, 0xc8401f, 0xd97a34, 0xb88a12, 0x5d8a2e, 0x0e8a72, 0x1d7fae, 0x3f62c9, 0x7d4fc0, 0xb0429c, 0x7b6a58, 0x5f7a83];

export function Roles(props: { guild: GuildState }) {
  const [chosen, choose] = createSignal<string | null>(null);
  const sorted = () => Object.values(props.guild.roles).sort((a, b) => b.position - a.position);
  const mine = () => rank(props.guild, state.me!.id);
  const editable = (r: Role): boolean => r.id === props.guild.id || r.position < mine();
  const create = async (): Promise<void> => {
    try {
      choose((await rest.post<Role>(`/guilds/${props.guild.id}/roles`, { name: t.newRole })).id);
    } catch (error) {
      toastError(error);
    }
  };
  const move = async (r: Role, by: number): Promise<void> => {
    const list = sorted().filter((x) => x.id !== props.guild.id);
    const at = list.findIndex((x) => x.id === r.id);
    const other = list[at - by];
    if (!other || !editable(other)) return;
    await rest.patch(`/guilds/${props.guild.id}/roles`, [{ id: r.id, position: other.position }, { id: other.id, position: r.position }]).catch(toastError);
  };
  return (
    <div class="split">
      <div class="split-list">
        <button type="button" class="button quiet wide" onClick={() => void create()}><Icon name="plus" size={16} /> {t.createRole}</button>
        <For each={sorted()}>
          {(r) => (
            <div class="split-item" classList={{ active: chosen() === r.id }}>
              <button type="button" class="plain grow" aria-current={chosen() === r.id ? 'true' : undefined} onClick={() => choose(r.id)}><i class="role-dot" style={{ background: roleColour(r) }} /><span dir="auto">{r.id === props.guild.id ? '@everyone' : r.name}</span></button>
              <Show when={r.id !== props.guild.id && editable(r)}>
                <IconButton icon="chevronDown" class="flip" size={14} label={t.moveUp} onClick={() => void move(r, 1)} /><IconButton icon="chevronDown" size={14} label={t.moveDown} onClick={() => void move(r, -1)} />
              </Show>
            </div>
          )}
        </For>
      </div>
      <div class="split-body"><Show when={props.guild.roles[chosen() ?? '']} fallback={<p class="faint">{t.chooseRole}</p>}>{(r) => <RoleForm guild={props.guild} role={r()} locked={!editable(r())} gone={() => choose(null)} />}</Show></div>
    </div>
  );
}

function RoleForm(props: { guild: GuildState; role: Role; locked: boolean; gone: () => void }) {
  const [name, setName] = createSignal('');
  const [colour, setColour] = createSignal(0);
  const [hoist, setHoist] = createSignal(false);
  const [mentionable, setMentionable] = createSignal(false);
  const [bits, setBits] = createSignal(0n);
  createEffect(on(() => props.role.id, () => {
    setName(props.role.name); setColour(props.role.color); setHoist(props.role.hoist); setMentionable(props.role.mentionable); setBits(BigInt(props.role.permissions));
  }));
  const everyone = () => props.role.id === props.guild.id;
  const save = async (): Promise<void> => {
    try {
      await rest.patch(`/guilds/${props.guild.id}/roles/${props.role.id}`, { permissions: bits().toString(), ...(everyone() ? {} : { name: name(), color: colour(), hoist: hoist(), mentionable: mentionable() }) });
      toast(t.saved);
    } catch (error) {
      toastError(error);
    }
  };
  const remove = (): void => confirm({ title: t.deleteRole, text: t.deleteRoleText(props.role.name), action: t.delete, danger: true, run: async () => { await rest.delete(`/guilds/${props.guild.id}/roles/${props.role.id}`); props.gone(); } });
  return (
    <fieldset class="stack bare" disabled={props.locked}>
      <Show when={props.locked}><p class="callout">{t.roleAbove}</p></Show>
      <Show when={!everyone()}>
        <Field label={t.roleName} value={name()} onInput={setName} maxLength={100} />
        <fieldset class="choice"><legend>{t.colour}</legend><div class="palette">
          <For each={palette}>{(c) => <label style={{ '--role': c ? `#${c.toString(16).padStart(6, '0')}` : 'var(--ink-3)' }}><input type="radio" name="role-colour" aria-label={c ? `#${c.toString(16).padStart(6, '0')}` : t.noColour} checked={colour() === c} onChange={() => setColour(c)} /></label>}</For>
          <label class="custom-colour"><input type="color" aria-label={t.otherColour} value={`#${colour().toString(16).padStart(6, '0')}`} onInput={(e) => setColour(Number.parseInt(e.currentTarget.value.slice(1), 16))} /></label>
        </div></fieldset>
        <Toggle label={t.hoist} hint={t.hoistHint} value={hoist()} onChange={setHoist} />
        <Toggle label={t.mentionable} value={mentionable()} onChange={setMentionable} />
      </Show>
      <For each={permissionGroups}>{(g) => <><h3 class="form-head">{t.permissionGroups[g.key]}</h3><For each={g.names}>{(n) => <Toggle label={t.permissions[n]} value={(bits() & Permission[n]) !== 0n} onChange={(v) => setBits(v ? bits() | Permission[n] : bits() & ~Permission[n])} />}</For></>}</For>
      <div class="sticky-foot"><button type="button" class="button primary" onClick={() => void save()}>{t.save}</button><Show when={!everyone() && !props.role.managed}><button type="button" class="button danger" onClick={remove}>{t.deleteRole}</button></Show></div>
    </fieldset>
  );
}
