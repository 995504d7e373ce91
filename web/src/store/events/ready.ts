import type { Guild, Ready } from '../../wire/types';
import { applyRecipients } from './channels';
import { assign, rememberUser, type State } from '../state';
import { create } from './guilds';

/** READY replaces everything but the loaded messages and what waits to be sent: those are refreshed by the views. */
export function ready(s: State, d: Ready): void {
  s.me = d.user;
  s.users = {};
  rememberUser(s, d.user);
  for (const user of d.users ?? []) rememberUser(s, user);
  s.guilds = {};
  s.channels = {};
  s.guildIds = d.guilds.map((g) => g.id);
  s.presences = {};
  s.typing = {};
  s.receipts = {};
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
  const entries = Array.isArray(d.read_state) ? d.read_state : (d.read_state?.entries ?? []);
  s.readStates = Object.fromEntries(entries.map((e) => [e.id, { ...e }]));
  s.guildSettings = Object.fromEntries((d.user_guild_settings?.entries ?? []).map((g) => [g.guild_id ?? '@me', g]));
  s.settings = {};
  assign(s.settings, d.user_settings ?? {});
  for (const p of d.presences ?? []) s.presences[p.user.id] = { status: p.status, lastSeenAt: p.last_seen_at ?? null };
  s.notes = d.notes ?? {};
  for (const guild of d.guilds) if ('name' in guild && guild.channels) create(s, guild as Guild);
  s.ready = true;
}
