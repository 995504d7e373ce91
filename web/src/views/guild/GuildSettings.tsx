import { createSignal, Show } from 'solid-js';
import { rest, state } from '../../app/client';
import { go } from '../../app/router';
import { canInGuild } from '../../store/permissions';
import type { GuildState } from '../../store/state';
import { t } from '../../i18n';
import { iconUrl } from '../ui/Avatar';
import { Choice, Field } from '../ui/Field';
import { ImagePick } from '../ui/ImagePick';
import { confirm, toast, toastError } from '../ui/Overlay';
import { SettingsFrame, type Page } from '../settings/Frame';
import { AuditLog } from './AuditLog';
import { Bans, Invites, Members } from './Lists';
import { Roles } from './Roles';
import { ChannelOrder } from './ChannelOrder';

export default function GuildSettings(props: { guildId: string; close: () => void }) {
  const [page, setPage] = createSignal('overview');
  const guild = () => state.guilds[props.guildId];
  const may = (name: Parameters<typeof canInGuild>[1]) => canInGuild(state, name, props.guildId);
  const pages = (g: GuildState): Page[] => [
    ...(may('manageGuild') ? [{ key: 'overview', label: t.overview, view: () => <Overview guild={g} /> }] : []),
    ...(may('manageRoles') ? [{ key: 'roles', label: t.roles, view: () => <Roles guild={g} /> }] : []),
    ...(may('manageChannels') ? [{ key: 'channels', label: t.channels, view: () => <ChannelOrder guild={g} /> }] : []),
    { key: 'members', label: t.members, view: () => <Members guild={g} /> },
    ...(may('ban') ? [{ key: 'bans', label: t.bans, view: () => <Bans guild={g} /> }] : []),
    ...(may('manageGuild') ? [{ key: 'invites', label: t.invites, view: () => <Invites guild={g} /> }] : []),
    ...(may('viewAuditLog') ? [{ key: 'audit', label: t.auditLog, view: () => <AuditLog guild={g} /> }] : []),
  ];
  const remove = (): void => confirm({ title: t.deleteServer, text: t.deleteServerText(guild()?.name ?? ''), action: t.delete, danger: true, run: async () => { await rest.delete(`/guilds/${props.guildId}`); props.close(); go({ name: 'friends' }); } });
  return (
    <Show when={guild()}>
      {(g) => <SettingsFrame title={g().name} pages={pages(g())} current={page()} onPage={setPage} close={props.close} foot={<Show when={g().ownerId === state.me?.id}><button type="button" class="danger" onClick={remove}>{t.deleteServer}</button></Show>} />}
    </Show>
  );
}

function Overview(props: { guild: GuildState }) {
  const [name, setName] = createSignal(props.guild.name);
  const [about, setAbout] = createSignal(props.guild.description ?? '');
  const [icon, setIcon] = createSignal<string | null | undefined>(undefined);
  const [level, setLevel] = createSignal(String(props.guild.defaultNotifications) as '0' | '1');
  const save = async (): Promise<void> => {
    try {
      await rest.patch(`/guilds/${props.guild.id}`, { name: name().trim(), description: about() || null, default_message_notifications: Number(level()), ...(icon() !== undefined ? { icon: icon() } : {}) });
      setIcon(undefined);
      toast(t.saved);
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <div class="stack limited">
      <div class="row-fields">
        <ImagePick label={t.picture} value={icon() ?? null} current={icon() === undefined ? iconUrl(props.guild) : null} onChange={setIcon} />
        <Show when={icon() || (icon() === undefined && props.guild.icon)}><button type="button" class="button quiet" onClick={() => setIcon(null)}>{t.removePicture}</button></Show>
        <Field label={t.serverName} value={name()} onInput={setName} maxLength={100} required />
      </div>
      <Field label={t.description} value={about()} onInput={setAbout} multiline maxLength={300} />
      <Choice label={t.defaultNotifications} value={level()} options={[['0', t.allMessages], ['1', t.onlyMentions]] as const} onChange={setLevel} />
      <button type="button" class="button primary" disabled={name().trim().length < 2} onClick={() => void save()}>{t.save}</button>
    </div>
  );
}
