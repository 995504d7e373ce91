import { createResource, createSignal, For, onMount, Show, type JSX } from 'solid-js';
import { rest, state } from '../../app/client';
import { openDm } from '../../app/actions';
import { colourIn, lastSeen, nameIn, nameOf, roleColour, user } from '../../app/people';
import { canInGuild, guildPermissions, Permission, rank } from '../../store/permissions';
import { RelationshipType, type Snowflake } from '../../wire/types';
import { mediumDate } from '../../text/format';
import { timeOf } from '../../wire/snowflake';
import { t } from '../../i18n';
import { Avatar, hueOf } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { confirm, Dialog, openDialog, openMenu, toastError, type MenuEntry } from '../ui/Overlay';
import { Field } from '../ui/Field';

export function openProfile(userId: Snowflake, guildId: Snowflake | null, _e?: Event): void {
  openDialog((p) => <ProfileCard userId={userId} guildId={guildId} close={p.close} />);
}

function ProfileCard(props: { userId: Snowflake; guildId: Snowflake | null; close: () => void }) {
  const u = () => user(props.userId);
  const self = () => props.userId === state.me?.id;
  const relation = () => state.relationships[props.userId]?.type;
  const guild = () => (props.guildId ? state.guilds[props.guildId] : undefined);
  const member = () => guild()?.members[props.userId];
  const roles = () => (member()?.roles ?? []).flatMap((id) => guild()?.roles[id] ?? []).sort((a, b) => b.position - a.position);
  const [noteText, setNote] = createSignal(state.notes[props.userId] ?? '');
  const [seen] = createResource(() => !self() && props.userId, (id) => rest.get<{ status: string; last_seen_at: string | null }>(`/users/${id}/presence`).catch(() => null));
  onMount(() => {
    if (!self() && state.notes[props.userId] === undefined) rest.get<{ note: string }>(`/users/@me/notes/${props.userId}`).then((n) => setNote(n.note), () => undefined);
  });
  const saveNote = (): void => {
    if (noteText() !== (state.notes[props.userId] ?? '')) rest.put(`/users/@me/notes/${props.userId}`, { note: noteText() }).catch(toastError);
  };
  const seenText = (): string => {
    const live = state.presences[props.userId];
    if (live) return lastSeen(props.userId);
    const s = seen();
    return s?.last_seen_at ? t.lastSeen(mediumDate(s.last_seen_at)) : '';
  };
  return (
    <Dialog title={nameOf(u())} onClose={props.close} size="small" bare>
      <div class="profile" style={{ '--hue': hueOf(props.userId) }}>
        <div class="profile-band" />
        <div class="profile-top"><Avatar user={u()} size={84} status />
          <div class="profile-actions">
            <Show when={!self()}>
              <button type="button" class="button primary" onClick={() => { props.close(); openDm(props.userId).catch(toastError); }}><Icon name="message" size={16} /> {t.message}</button>
              <Show when={relation() === undefined && !u().bot}><button type="button" class="button quiet" onClick={() => rest.put(`/users/@me/relationships/${props.userId}`, {}).catch(toastError)}><Icon name="userPlus" size={16} /> {t.addFriend}</button></Show>
              <button type="button" class="button quiet icon-only" aria-label={t.more} onClick={(e) => openMenu(e, personMenu(props.userId, props.guildId, props.close))}><Icon name="more" /></button>
            </Show>
          </div>
        </div>
        <h2 dir="auto" style={{ color: colourIn(props.guildId, props.userId) }}>{nameIn(props.guildId, u())} <Show when={u().bot}><span class="tag">{t.bot}</span></Show></h2>
        <p class="faint">{u().username}<Show when={nameIn(props.guildId, u()) !== nameOf(u())}> · {nameOf(u())}</Show></p>
        <Show when={relation() === RelationshipType.blocked}><p class="profile-note"><Icon name="ban" size={14} /> {t.youBlocked}</p></Show>
        <Show when={relation() === RelationshipType.friend}><p class="profile-note"><Icon name="check" size={14} /> {t.friend}</p></Show>
        <Show when={u().bio}><p class="profile-bio" dir="auto">{u().bio}</p></Show>
        <dl class="facts">
          <Show when={seenText()}><Fact label={t.lastSeenLabel}>{seenText()}</Fact></Show>
          <Show when={/^\d{15,}$/.test(props.userId)}><Fact label={t.memberSince}>{mediumDate(timeOf(props.userId))}</Fact></Show>
          <Show when={member()?.joined_at}><Fact label={t.joinedHere}>{mediumDate(member()!.joined_at)}</Fact></Show>
        </dl>
        <Show when={roles().length > 0}><div class="role-chips"><For each={roles()}>{(r) => <span class="role-chip" style={{ '--role': roleColour(r) }}>{r.name}</span>}</For></div></Show>
        <Show when={!self()}><div class="profile-notes" onFocusOut={saveNote}><Field label={t.note} value={noteText()} onInput={setNote} multiline maxLength={256} placeholder={t.noteHint} /></div></Show>
      </div>
    </Dialog>
  );
}

const Fact = (props: { label: string; children: JSX.Element }) => <div><dt>{props.label}</dt><dd>{props.children}</dd></div>;

/** What one may do about a person, in general and in a server. */
export function personMenu(userId: Snowflake, guildId: Snowflake | null, done: () => void): MenuEntry[] {
  const relation = state.relationships[userId]?.type;
  const u = user(userId);
  const guild = guildId ? state.guilds[guildId] : undefined;
  const me = state.me!.id;
  const above = guild !== undefined && guild.members[userId] !== undefined && rank(guild, me) > rank(guild, userId);
  const relate = (work: Promise<unknown>): Promise<unknown> => work.catch(toastError);
  return [
    relation === RelationshipType.friend && { label: t.removeFriend, icon: 'x', run: () => relate(rest.delete(`/users/@me/relationships/${userId}`)) },
    relation === RelationshipType.blocked
      ? { label: t.unblock, icon: 'ban', run: () => relate(rest.delete(`/users/@me/relationships/${userId}`)) }
      : { label: t.block, icon: 'ban', danger: true, run: () => confirm({ title: t.block, text: t.blockText(nameOf(u)), action: t.block, danger: true, run: () => rest.put(`/users/@me/relationships/${userId}`, { type: 2 }) }) },
    above && 'line',
    above && canInGuild(state, 'timeout', guild.id) && {
      label: t.timeout, icon: 'clock', run: () => rest.patch(`/guilds/${guild.id}/members/${userId}`, { communication_disabled_until: new Date(Date.now() + 600_000).toISOString() }).catch(toastError),
    },
    above && canInGuild(state, 'kick', guild.id) && { label: t.kick, icon: 'exit', danger: true, run: () => confirm({ title: t.kick, text: t.kickText(nameOf(u)), action: t.kick, danger: true, run: async () => { await rest.delete(`/guilds/${guild.id}/members/${userId}`); done(); } }) },
    above && canInGuild(state, 'ban', guild.id) && { label: t.ban, icon: 'ban', danger: true, run: () => confirm({ title: t.ban, text: t.banText(nameOf(u)), action: t.ban, danger: true, run: async () => { await rest.put(`/guilds/${guild.id}/bans/${userId}`, { delete_message_seconds: 0 }); done(); } }) },
    guild !== undefined && (guildPermissions(guild, me) & Permission.manageRoles) !== 0n && 'line',
    ...(guild !== undefined && (guildPermissions(guild, me) & Permission.manageRoles) !== 0n
      ? Object.values(guild.roles).filter((r) => r.id !== guild.id && !r.managed && r.position < rank(guild, me)).sort((a, b) => b.position - a.position).map((r) => {
        const has = guild.members[userId]?.roles.includes(r.id) ?? false;
        return { label: r.name, checked: has, run: () => (has ? rest.delete(`/guilds/${guild.id}/members/${userId}/roles/${r.id}`) : rest.put(`/guilds/${guild.id}/members/${userId}/roles/${r.id}`)).catch(toastError) };
      }) : []),
  ];
}
