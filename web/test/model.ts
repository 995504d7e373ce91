import { apply } from '../src/store/apply';
import type { State } from '../src/store/state';
import type { Channel, Message, User } from '../src/wire/types';
import { isNewer } from '../src/wire/snowflake';

export type Operation =
  | { op: 'send'; who: number; where: number; names: string[] }
  | { op: 'delete'; which: number }
  | { op: 'ack' | 'mark'; who: number; which: number }
  | { op: 'replay'; count: number }
  | { op: 'reconnect' };

interface Event { t: string; d: unknown }

const epochId = 1_000_000_000_000_000_000n;
const user = (i: number): User => ({ id: String(200n + BigInt(i) + epochId), username: `u${i}`, global_name: null, avatar: null });
const guildId = String(epochId + 1n);
const roleId = String(epochId + 2n);
const joinedAt = '2015-01-02T00:00:00.000Z';

/**
 * The counting rules of docs/protocol.md written the naive way: nothing is counted as it happens, everything is counted
 * from the list of messages when it is asked for. The client's counting as it goes is held against this.
 */
export class Model {
  readonly users = [user(0), user(1), user(2)];
  // Two server channels, a group of all three, and a DM of users 0 and 1.
  readonly channels: Channel[] = [
    { id: String(epochId + 10n), type: 0, guild_id: guildId, name: 'a', last_message_id: null },
    { id: String(epochId + 11n), type: 0, guild_id: guildId, name: 'b', last_message_id: null },
    { id: String(epochId + 12n), type: 3, last_message_id: null },
    { id: String(epochId + 13n), type: 1, last_message_id: null },
  ];
  messages: Message[] = [];
  private readonly read: (string | null)[][] = this.users.map(() => this.channels.map(() => null));
  private readonly queues: Event[][] = [[], [], []];
  private readonly sent: Event[][] = [[], [], []];
  private next = epochId + 1000n;

  run(o: Operation): void {
    if (o.op === 'send') this.send(o.who, o.where, o.names);
    else if (o.op === 'delete') this.remove(this.messages[o.which % (this.messages.length || 1)]);
    else if (o.op === 'replay') this.replay(o.count);
    else if (o.op === 'reconnect') return;
    else this.ack(o.who, this.messages[o.which % (this.messages.length || 1)], o.op === 'mark');
  }

  /** Events for the user since last asked. */
  drain(u: number): Event[] {
    const events = this.queues[u]!.splice(0);
    this.sent[u]!.push(...events);
    return events;
  }

  connect(s: State, u: number): void {
    this.queues[u] = [];
    const mine = this.channels.filter((_, i) => this.isIn(u, i));
    const copy = (c: Channel): Channel => ({ ...c });
    apply(s, 'READY', {
      v: 10, user: this.users[u], guilds: [{ id: guildId, unavailable: true }], session_id: 's', resume_gateway_url: '',
      private_channels: mine.filter((c) => !c.guild_id).map((c) => ({ ...c, recipients: this.users.filter((_, i) => i !== u) })),
      read_state: {
        entries: this.channels.flatMap((c, i) => this.isIn(u, i) && (this.read[u]![i] !== null || this.mentions(u, i) > 0)
          ? [{ id: c.id, last_message_id: this.read[u]![i], mention_count: this.mentions(u, i) }] : []),
      },
    });
    apply(s, 'GUILD_CREATE', {
      id: guildId, name: 'g', icon: null, owner_id: this.users[0]!.id, member_count: 3, joined_at: joinedAt,
      channels: mine.filter((c) => c.guild_id).map(copy), roles: [],
      members: [{ user: this.users[u], roles: u === 1 ? [roleId] : [], joined_at: joinedAt }],
    });
  }

  private isIn = (u: number, c: number): boolean => c !== 3 || u < 2;

  private send(who: number, where: number, names: string[]): void {
    if (!this.isIn(who, where)) return;
    const channel = this.channels[where]!;
    const message: Message = {
      id: String(this.next++), channel_id: channel.id, author: this.users[who]!, content: 'x', timestamp: joinedAt, edited_timestamp: null,
      mentions: this.users.filter((_, i) => names.includes(`u${i}`)), mention_roles: names.includes('role') ? [roleId] : [],
      mention_everyone: names.includes('everyone'), attachments: [], embeds: [], pinned: false, type: 0,
      ...(channel.guild_id ? { guild_id: guildId } : {}),
    };
    this.messages.push(message);
    channel.last_message_id = message.id;
    this.emit(where, 'MESSAGE_CREATE', message);
  }

  private remove(m: Message | undefined): void {
    if (!m) return;
    this.messages = this.messages.filter((x) => x !== m);
    this.emit(this.channels.findIndex((c) => c.id === m.channel_id), 'MESSAGE_DELETE', {
      id: m.id, channel_id: m.channel_id, author_id: m.author.id, mentions: m.mentions.map((u) => u.id),
      mention_everyone: m.mention_everyone, mention_roles: m.mention_roles,
    });
  }

  private ack(u: number, m: Message | undefined, manual: boolean): void {
    const c = this.channels.findIndex((x) => x.id === m?.channel_id);
    if (!m || !this.isIn(u, c)) return;
    if (!manual && !isNewer(m.id, this.read[u]![c])) return;
    this.read[u]![c] = m.id;
    this.queues[u]!.push({ t: 'MESSAGE_ACK', d: {
      channel_id: m.channel_id, message_id: m.id, manual, mention_count: this.mentions(u, c), last_message_id: this.channels[c]!.last_message_id,
    } });
  }

  /** What RESUME does when a client missed nothing after all: the last creations once more. Deletes and acks are not repeated here, as a
   *  client that drops repeats by sequence number never sees them twice. */
  private replay(count: number): void {
    this.sent.forEach((sent, u) => this.queues[u]!.push(...sent.slice(sent.length - count).filter((e) => e.t === 'MESSAGE_CREATE')));
  }

  private mentions(u: number, c: number): number {
    const channel = this.channels[c]!;
    return this.messages.filter((m) => m.channel_id === channel.id && m.author.id !== this.users[u]!.id && isNewer(m.id, this.read[u]![c])
      && (!channel.guild_id || m.mention_everyone || m.mentions.some((x) => x.id === this.users[u]!.id) || (u === 1 && m.mention_roles.length > 0))).length;
  }

  private emit(c: number, t: string, d: unknown): void {
    this.queues.forEach((q, u) => this.isIn(u, c) && q.push({ t, d }));
  }
}
