import { batch, createSignal } from 'solid-js';
import { unwrap } from 'solid-js/store';
import { apply } from '../store/apply';
import type { Channel, Member, Snowflake, User } from '../wire/types';
import { onEvent, rest, state } from './client';

/** As many as the server gives at once. */
const mostAtOnce = 1000;

// Ten thousand people are looked through at each letter: past the store's proxies, which would watch each of their names for ever.
const [met, setMet] = createSignal(0);
onEvent((type) => type === 'GUILD_MEMBERS_CHUNK' && setMet(met() + 1));

/** Whoever is in the channel's server or conversation, with the names they go by there, in lower case. */
function people(channel: Channel | undefined): { id: Snowflake; username: string; names: string[] }[] {
  const { users, guilds, me } = unwrap(state);
  const members = channel?.guild_id ? (guilds[channel.guild_id]?.members ?? {}) : undefined;
  const ids = members ? Object.keys(members) : [...(channel?.recipients ?? []).map((u) => u.id), me?.id ?? ''];
  return ids.flatMap((id) => {
    const u = users[id];
    return u ? [{ id, username: u.username.toLowerCase(), names: [u.username, u.global_name, members?.[id]?.nick].flatMap((n) => n?.toLowerCase() ?? []) }] : [];
  });
}

/** Those known here whose name begins with it, then those whose name has it. Tracks who is met by asking. */
export function matching(channel: Channel | undefined, query: string, limit: number): User[] {
  met();
  return people(channel).map((p) => ({ p, rank: p.names.some((n) => n.startsWith(query)) ? 0 : p.names.some((n) => n.includes(query)) ? 1 : 2 })).filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank || a.p.username.localeCompare(b.p.username)).slice(0, limit).map(({ p }) => state.users[p.id]!);
}

/** By user name, which is unique, or by another name there. Also those who have left, as long as they are remembered. */
export function known(channel: Channel | undefined, name: string): Snowflake | undefined {
  const wanted = name.toLowerCase();
  return Object.values(unwrap(state).users).find((u) => u.username.toLowerCase() === wanted)?.id ?? people(channel).find((p) => p.names.includes(wanted))?.id;
}

/** The same, asking the server for whom this client has not met. */
export async function person(channel: Channel, name: string): Promise<Snowflake | undefined> {
  const found = known(channel, name);
  if (found || !channel.guild_id || !name) return found;
  const members = await rest.get<Member[]>(`/guilds/${channel.guild_id}/members/search`, { query: { query: name, limit: mostAtOnce } });
  batch(() => apply(state, 'GUILD_MEMBERS_CHUNK', { guild_id: channel.guild_id, members }));
  return known(channel, name);
}
