import { describe, expect, it } from 'vitest';
import { apply } from '../src/store/apply';
import { channelPermissions, guildPermissions, Permission } from '../src/store/permissions';
import { emptyState, type State } from '../src/store/state';
import { addNewer, addOlder, correct, replaceWindow, windowLimit } from '../src/store/window';
import { score } from '../src/text/fuzzy';
import { parseQuery, toRequest } from '../src/text/query';
import { compareIds, idAt, timeOf } from '../src/wire/snowflake';
import type { Guild, Message } from '../src/wire/types';

const base = 10n ** 18n;
const sid = (n: number): string => String(base + BigInt(n));
const me = sid(1);
const other = sid(2);
const guildId = sid(10);
const channelId = sid(20);

const message = (n: number, more: Partial<Message> = {}): Message => ({
  id: sid(1000 + n), channel_id: channelId, guild_id: guildId, author: { id: other, username: 'o', global_name: null, avatar: null }, content: `m${n}`, timestamp: '2026-01-01T00:00:00Z', edited_timestamp: null,
  mentions: [], mention_roles: [], mention_everyone: false, attachments: [], embeds: [], pinned: false, type: 0, ...more,
});

const everyone = Permission.viewChannel | Permission.sendMessages | Permission.readHistory;

function state(guild: Partial<Guild> = {}): State {
  const s = emptyState();
  apply(s, 'READY', { v: 10, user: { id: me, username: 'me', global_name: null, avatar: null }, guilds: [{ id: guildId }], private_channels: [], session_id: 's', resume_gateway_url: '' });
  apply(s, 'GUILD_CREATE', {
    id: guildId, name: 'g', icon: null, owner_id: other, member_count: 2, joined_at: '2020-01-01T00:00:00Z', channels: [{ id: channelId, type: 0, name: 'c', last_message_id: null }],
    roles: [{ id: guildId, name: '@everyone', permissions: everyone.toString(), position: 0, color: 0 }, { id: sid(30), name: 'r', permissions: '0', position: 1, color: 0 }],
    members: [{ user: { id: me, username: 'me' }, roles: [sid(30)], joined_at: '2020-01-01T00:00:00Z' }], ...guild,
  });
  return s;
}

describe('windows of history', () => {
  const ids = (s: State): string[] => s.windows[channelId]!.items.map((m) => m.content);

  it('keep one stretch, sorted, whatever order pages and events come in', () => {
    const s = state();
    replaceWindow(s, channelId, [message(12), message(10), message(11)], false, true);
    addOlder(s, channelId, [message(9), message(8)], true);
    apply(s, 'MESSAGE_CREATE', message(13));
    apply(s, 'MESSAGE_CREATE', message(13));
    expect(ids(s)).toEqual(['m8', 'm9', 'm10', 'm11', 'm12', 'm13']);
    expect(s.windows[channelId]).toMatchObject({ atStart: true, atEnd: true });
  });

  it('take no live message while the end is not loaded, so that no hole appears', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1), message(2)], true, false);
    apply(s, 'MESSAGE_CREATE', message(9));
    expect(ids(s)).toEqual(['m1', 'm2']);
    addNewer(s, channelId, [message(3), message(9)], true);
    expect(ids(s)).toEqual(['m1', 'm2', 'm3', 'm9']);
  });

  it('let go of the far end when they grow, and know that they did', () => {
    const s = state();
    replaceWindow(s, channelId, Array.from({ length: 190 }, (_, i) => message(100 + i)), false, true);
    addOlder(s, channelId, Array.from({ length: 50 }, (_, i) => message(50 + i)), false);
    expect(s.windows[channelId]!.items.length).toBeLessThanOrEqual(windowLimit);
    expect(s.windows[channelId]!.atEnd).toBe(false);
    expect(ids(s)[0]).toBe('m50');
  });

  it('a refresh keeps the objects of unchanged rows', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1), message(2)], true, true);
    const row = s.windows[channelId]!.items[0];
    replaceWindow(s, channelId, [message(1, { content: 'edited' }), message(3)], true, true);
    expect(s.windows[channelId]!.items[0]).toBe(row);
    expect(ids(s)).toEqual(['edited', 'm3']);
  });

  it('take no live message after a lost session until what came between is there', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1), message(2)], true, true);
    apply(s, 'READY', { v: 10, user: { id: me, username: 'me', global_name: null, avatar: null }, guilds: [{ id: guildId }], private_channels: [], session_id: 's', resume_gateway_url: '' });
    apply(s, 'MESSAGE_CREATE', message(9));
    expect(ids(s)).toEqual(['m1', 'm2']);
    expect(s.channels[channelId]).toBeDefined();
    addNewer(s, channelId, [message(3), message(9)], true);
    expect(ids(s)).toEqual(['m1', 'm2', 'm3', 'm9']);
  });

  it('are corrected within a stretch: edits are taken, what is gone goes, the rest stays', () => {
    const s = state();
    replaceWindow(s, channelId, [1, 2, 3, 4].map((n) => message(n)), true, true);
    const row = s.windows[channelId]!.items[1];
    correct(s, channelId, [message(2, { content: 'edited' })], message(1).id, message(3).id);
    expect(ids(s)).toEqual(['m1', 'edited', 'm4']);
    expect(s.windows[channelId]!.items[1]).toBe(row);
  });

  it('my message replaces the one that was shown ahead of it', () => {
    const s = state();
    replaceWindow(s, channelId, [], true, true);
    s.windows[channelId]!.pending.push({ nonce: '7', channelId, content: 'x', files: [], createdAt: 0, state: 'sending', progress: 0 });
    apply(s, 'MESSAGE_CREATE', message(5, { author: { id: me, username: 'me', global_name: null, avatar: null }, nonce: '7' }));
    expect(s.windows[channelId]!.pending).toEqual([]);
    expect(ids(s)).toEqual(['m5']);
  });

  it('deleting takes the message and what answers point at', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1), message(2, { type: 19, referenced_message: message(1) })], true, true);
    apply(s, 'MESSAGE_DELETE', { id: message(1).id, channel_id: channelId });
    expect(ids(s)).toEqual(['m2']);
    expect(s.windows[channelId]!.items[0]!.referenced_message).toBeNull();
  });

  it('my own reaction counts once, though it is shown before the server says so', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1)], true, true);
    const event = { channel_id: channelId, message_id: message(1).id, user_id: me, emoji: { id: null, name: '👍' } };
    apply(s, 'MESSAGE_REACTION_ADD', event);
    apply(s, 'MESSAGE_REACTION_ADD', event);
    apply(s, 'MESSAGE_REACTION_ADD', { ...event, user_id: other });
    expect(s.windows[channelId]!.items[0]!.reactions).toEqual([{ emoji: event.emoji, count: 2, me: true }]);
    apply(s, 'MESSAGE_REACTION_REMOVE', event);
    apply(s, 'MESSAGE_REACTION_REMOVE', event);
    expect(s.windows[channelId]!.items[0]!.reactions).toEqual([{ emoji: event.emoji, count: 1, me: false }]);
  });
});

describe('servers', () => {
  it('a left server leaves nothing behind', () => {
    const s = state();
    replaceWindow(s, channelId, [message(1)], true, true);
    apply(s, 'GUILD_DELETE', { id: guildId });
    expect([s.guildIds, Object.keys(s.channels), Object.keys(s.windows)]).toEqual([[], [], []]);
  });

  it('an outage keeps it in the list', () => {
    const s = state();
    apply(s, 'GUILD_DELETE', { id: guildId, unavailable: true });
    expect(s.guildIds).toEqual([guildId]);
    expect(s.guilds[guildId]!.unavailable).toBe(true);
  });

  it('a deleted role is taken from everyone', () => {
    const s = state();
    apply(s, 'GUILD_ROLE_DELETE', { guild_id: guildId, role_id: sid(30) });
    expect(s.guilds[guildId]!.members[me]!.roles).toEqual([]);
  });

  it('receipts only rise', () => {
    const s = state();
    const r = (read: number) => ({ channel_id: channelId, user_id: other, delivered_message_id: sid(5), read_message_id: sid(read) });
    apply(s, 'CHANNEL_RECEIPT_UPDATE', r(5));
    apply(s, 'CHANNEL_RECEIPT_UPDATE', r(3));
    expect(s.receipts[channelId]![other]!.read_message_id).toBe(sid(5));
  });
});

describe('permissions', () => {
  const overwrite = (id: string, type: 0 | 1, allow: bigint, deny: bigint) => ({ id, type, allow: allow.toString(), deny: deny.toString() });
  const of = (s: State, ...list: ReturnType<typeof overwrite>[]): bigint => channelPermissions(s.guilds[guildId]!, { ...s.channels[channelId]!, permission_overwrites: list }, me);

  it.each<[string, ReturnType<typeof overwrite>[], bigint, bigint]>([
    ['a role allows what everyone is denied', [overwrite(guildId, 0, 0n, Permission.sendMessages), overwrite(sid(30), 0, Permission.sendMessages, 0n)], Permission.sendMessages, Permission.sendMessages],
    ['a member is denied what a role allows', [overwrite(sid(30), 0, Permission.attachFiles, 0n), overwrite(me, 1, 0n, Permission.attachFiles)], Permission.attachFiles, 0n],
    ['who cannot see can do nothing', [overwrite(guildId, 0, 0n, Permission.viewChannel)], Permission.sendMessages, 0n],
    ['who cannot send cannot attach', [overwrite(me, 1, Permission.attachFiles, Permission.sendMessages)], Permission.attachFiles, 0n],
  ])('%s', (_, list, bit, expected) => expect(of(state(), ...list) & bit).toBe(expected));

  it('the owner and administrators may everything', () => {
    const s = state();
    expect(guildPermissions(s.guilds[guildId]!, other) & Permission.ban).not.toBe(0n);
    s.guilds[guildId]!.roles[sid(30)]!.permissions = Permission.administrator.toString();
    expect(of(s, overwrite(me, 1, 0n, Permission.viewChannel)) & Permission.viewChannel).not.toBe(0n);
  });

  it('a timeout leaves reading', () => {
    const s = state();
    s.guilds[guildId]!.members[me]!.communication_disabled_until = new Date(Date.now() + 60_000).toISOString();
    expect(of(s)).toBe(Permission.viewChannel | Permission.readHistory);
  });
});

describe('small things', () => {
  it('ids compare by age and tell the time', () => {
    expect([sid(3), '999', null, sid(1)].sort(compareIds)).toEqual([null, '999', sid(1), sid(3)]);
    expect(timeOf(idAt(1_700_000_000_000))).toBe(1_700_000_000_000);
    expect(idAt(0)).toBe('0');
  });

  it('search filters become a request', () => {
    const q = parseQuery('from:Anna in:#general has:image "two words" before:2026-01-02 rest');
    expect(q).toMatchObject({ words: '"two words" rest', from: ['Anna'], in: ['general'], has: ['image'], before: '2026-01-02' });
    const r = toRequest(q, { user: (n) => (n === 'anna' ? '5' : undefined), channel: () => undefined });
    expect(r).toMatchObject({ author_id: ['5'], channel_id: ['0'], content: '"two words" rest' });
  });

  it('the switcher prefers beginnings of words', () => {
    expect(score('gen', 'general')).toBeGreaterThan(score('gen', 'oxygen'));
    expect(score('rg', 'Riverside Garden')).toBeGreaterThan(0);
    expect(score('xyz', 'general')).toBe(0);
  });
});
