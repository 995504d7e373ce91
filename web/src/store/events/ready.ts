import type { Guild, Ready } from '../../wire/types';
import { applyRecipients } from './channels';
import { assign, rememberUser, type State } from '../state';
import { create, forgetChannel, remove } from './guilds';

/**
 * READY replaces everything but the loaded messages and what waits to be sent: those are refreshed by the views. Servers follow one by one;
 * what was known of them stays until then, so that nobody is thrown out of a channel by a reconnect.
 */
export function ready(s: State, d: Ready): void {
  const listed = new Set(d.guilds.map((g) => g.id));
  for (const id of Object.keys(s.guilds)) if (!listed.has(id)) remove(s, { id });
  for (const window of Object.values(s.windows)) window.stale = window.items.length > 0;
  s.me = d.user;
  s.users = {};
  rememberUser(s, d.user);
  for (const user of d.users ?? []) rememberUser(s, user);
  s.guildIds = d.guilds.map((g) => g.id);
  s.presences = {};
  s.typing = {};
  s.receipts = {};
  const talks = new Set(d.private_channels.map((c) => c.id));
  for (const id of s.privateIds) if (!talks.has(id)) forgetChannel(s, id);
  s.privateIds = [];
  for (const channel of d.private_channels) {
    applyRecipients(s, channel);
    s.channels[channel.id] = channel;
    s.privateIds.push(channel.id);
  }
  s.relationships = {};
  for (const r of d.relationships ?? []) {
    rememberUser(s, r.user);
    s.relationships[r.id] = r;
  }
  const entries = d.read_state?.entries ?? [];
  s.readStates = Object.fromEntries(entries.map((e) => [e.id, { ...e }]));
  s.guildSettings = Object.fromEntries((d.user_guild_settings?.entries ?? []).map((g) => [g.guild_id ?? '@me', g]));
  s.settings = {};
  assign(s.settings, d.user_settings ?? {});
  for (const p of d.presences ?? []) s.presences[p.user.id] = { status: p.status, lastSeenAt: p.last_seen_at ?? null };
  s.notes = d.notes ?? {};
  for (const guild of d.guilds) if ('name' in guild && guild.channels) create(s, guild as Guild);
  s.ready = true;
}
