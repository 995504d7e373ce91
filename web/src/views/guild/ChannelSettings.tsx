import { createMemo, createSignal, For, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { nameIn, roleColour, user } from '../../app/people';
import { can, Permission } from '../../store/permissions';
import type { Channel, Overwrite } from '../../wire/types';
import { t } from '../../i18n';
import { Field, Toggle } from '../ui/Field';
import { Icon, IconButton } from '../ui/Icon';
import { openMenu, toast, toastError } from '../ui/Overlay';
import { SettingsFrame, type Page } from '../settings/Frame';
import { channelPermissionNames } from './permissionList';

export default function ChannelSettings(props: { channelId: string; close: () => void }) {
  const [page, setPage] = createSignal('overview');
  const channel = () => state.channels[props.channelId];
  const pages = (c: Channel): Page[] => [
    ...(can(state, 'manageChannels', c) ? [{ key: 'overview', label: t.overview, view: () => <Overview channel={c} /> }] : []),
    ...(can(state, 'manageRoles', c) ? [{ key: 'permissions', label: t.permissionsTitle, view: () => <Overwrites channel={c} /> }] : []),
  ];
  return <Show when={channel()}>{(c) => <SettingsFrame title={`#${c().name}`} pages={pages(c())} current={page()} onPage={setPage} close={props.close} />}</Show>;
}

const slowSteps = [0, 5, 10, 30, 60, 300, 900, 3600, 21600];

function Overview(props: { channel: Channel }) {
  const [name, setName] = createSignal(props.channel.name ?? '');
  const [topic, setTopic] = createSignal(props.channel.topic ?? '');
  const [slow, setSlow] = createSignal(props.channel.rate_limit_per_user ?? 0);
  const [nsfw, setNsfw] = createSignal(props.channel.nsfw ?? false);
  const [parent, setParent] = createSignal(props.channel.parent_id ?? '');
  const categories = () => (state.guilds[props.channel.guild_id!]?.channelIds ?? []).flatMap((id) => state.channels[id] ?? []).filter((c) => c.type === 4);
  const save = async (): Promise<void> => {
    try {
      await rest.patch(`/channels/${props.channel.id}`, { name: name().trim(), ...(props.channel.type === 4 ? {} : { topic: topic() || null, rate_limit_per_user: slow(), nsfw: nsfw(), parent_id: parent() || null }) });
      toast(t.saved);
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <div class="stack limited">
      <Field label={t.channelName} value={name()} onInput={setName} maxLength={100} required />
      <Show when={props.channel.type !== 4}>
        <Field label={t.topic} value={topic()} onInput={setTopic} multiline maxLength={1024} />
        <div class="field"><label for="slow">{t.slowMode}</label><select id="slow" class="input" value={slow()} onChange={(e) => setSlow(Number(e.currentTarget.value))}><For each={slowSteps}>{(s) => <option value={s} selected={s === slow()}>{t.slowStep(s)}</option>}</For></select></div>
        <div class="field"><label for="parent">{t.category}</label><select id="parent" class="input" onChange={(e) => setParent(e.currentTarget.value)}><option value="" selected={!parent()}>{t.noCategory}</option><For each={categories()}>{(c) => <option value={c.id} selected={c.id === parent()}>{c.name}</option>}</For></select></div>
        <Toggle label={t.nsfw} value={nsfw()} onChange={setNsfw} />
      </Show>
      <button type="button" class="button primary" disabled={!name().trim()} onClick={() => void save()}>{t.save}</button>
    </div>
  );
}

/** For each role or member three states per permission: denied, as inherited, allowed. */
function Overwrites(props: { channel: Channel }) {
  const guild = () => state.guilds[props.channel.guild_id!]!;
  const [chosen, choose] = createSignal(guild().id);
  const known = createMemo(() => {
    const list = props.channel.permission_overwrites ?? [];
    return list.some((o) => o.id === guild().id) ? list : [{ id: guild().id, type: 0 as const, allow: '0', deny: '0' }, ...list];
  });
  const current = (): Overwrite => known().find((o) => o.id === chosen()) ?? { id: chosen(), type: guild().roles[chosen()] ? 0 : 1, allow: '0', deny: '0' };
  const label = (o: Overwrite): string => (o.id === guild().id ? '@everyone' : o.type === 0 ? (guild().roles[o.id]?.name ?? t.deletedRole) : nameIn(guild().id, user(o.id)));
  const put = (o: Overwrite): void => void rest.put(`/channels/${props.channel.id}/permissions/${o.id}`, { type: o.type, allow: o.allow, deny: o.deny }).catch(toastError);
  const set = (bit: bigint, to: 'deny' | 'inherit' | 'allow'): void => {
    const o = current();
    const allow = BigInt(o.allow) & ~bit;
    const deny = BigInt(o.deny) & ~bit;
    put({ ...o, allow: (to === 'allow' ? allow | bit : allow).toString(), deny: (to === 'deny' ? deny | bit : deny).toString() });
  };
  const stateOf = (bit: bigint): 'deny' | 'inherit' | 'allow' => (BigInt(current().allow) & bit ? 'allow' : BigInt(current().deny) & bit ? 'deny' : 'inherit');
  const add = (e: MouseEvent): void => openMenu(e, [
    ...Object.values(guild().roles).filter((r) => !known().some((o) => o.id === r.id)).sort((a, b) => b.position - a.position).map((r) => ({ label: r.name, run: () => { choose(r.id); put({ id: r.id, type: 0, allow: '0', deny: '0' }); } })),
    'line' as const,
    ...Object.keys(guild().members).filter((id) => !known().some((o) => o.id === id)).slice(0, 30).map((id) => ({ label: nameIn(guild().id, user(id)), icon: 'at' as const, run: () => { choose(id); put({ id, type: 1, allow: '0', deny: '0' }); } })),
  ]);
  const remove = (o: Overwrite): void => { choose(guild().id); rest.delete(`/channels/${props.channel.id}/permissions/${o.id}`).catch(toastError); };
  return (
    <div class="split">
      <div class="split-list">
        <button type="button" class="button quiet wide" onClick={add}><Icon name="plus" size={16} /> {t.addOverwrite}</button>
        <For each={known()}>
          {(o) => <div class="split-item" classList={{ active: chosen() === o.id }}><button type="button" class="plain grow" onClick={() => choose(o.id)}><i class="role-dot" style={{ background: guild().roles[o.id] ? roleColour(guild().roles[o.id]!) : undefined }} /><span dir="auto">{label(o)}</span></button>
            <Show when={o.id !== guild().id}><IconButton icon="x" size={14} label={t.remove} onClick={() => remove(o)} /></Show></div>}
        </For>
      </div>
      <div class="split-body stack">
        <For each={channelPermissionNames}>
          {(name) => (
            <div class="toggle-row"><span id={`p-${name}`}>{t.permissions[name]}</span>
              <div class="three" role="radiogroup" aria-labelledby={`p-${name}`}>
                <For each={['deny', 'inherit', 'allow'] as const}>{(v) => <button type="button" role="radio" class={v} aria-checked={stateOf(Permission[name]) === v} aria-label={t.overwriteStates[v]} data-tip={t.overwriteStates[v]} onClick={() => set(Permission[name], v)}>{v === 'deny' ? <Icon name="x" size={14} /> : v === 'allow' ? <Icon name="check" size={14} /> : '/'}</button>}</For>
              </div></div>
          )}
        </For>
      </div>
    </div>
  );
}
