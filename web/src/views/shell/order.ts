import { state } from '../../app/client';
import { compareIds } from '../../wire/snowflake';
import { isVisible } from '../../store/permissions';
import type { Channel, Snowflake } from '../../wire/types';

const byPosition = (a: Channel, b: Channel): number =>
  Number(a.type === 2) - Number(b.type === 2) || (a.position ?? 0) - (b.position ?? 0) || compareIds(a.id, b.id);

export interface Section { category: Channel | null; channels: Channel[] }

/** Channels as they stand in the list: those of no category first, then category by category. Empty categories show to those who may fill them. */
export function sections(guildId: Snowflake, showEmpty: boolean): Section[] {
  const all = (state.guilds[guildId]?.channelIds ?? []).flatMap((id) => state.channels[id] ?? []);
  const visible = all.filter((c) => isVisible(state, c) && (c.type === 0 || c.type === 2 || c.type === 5));
  const categories = all.filter((c) => c.type === 4).sort(byPosition);
  const known = new Set(categories.map((c) => c.id));
  const loose = visible.filter((c) => !c.parent_id || !known.has(c.parent_id)).sort(byPosition);
  return [
    { category: null, channels: loose },
    ...categories.map((category) => ({ category, channels: visible.filter((c) => c.parent_id === category.id).sort(byPosition) })).filter((s) => s.channels.length > 0 || showEmpty),
  ];
}

export const sortedChannels = (guildId: Snowflake): Channel[] => sections(guildId, false).flatMap((s) => s.channels);

/** Conversations, the latest first; one without a message stands by its own age. */
export function sortedPrivate(): Channel[] {
  const age = (c: Channel): Snowflake => c.last_message_id || c.id;
  return state.privateIds.flatMap((id) => state.channels[id] ?? []).sort((a, b) => compareIds(age(b), age(a)));
}

const key = 'kith.last';
const places = (): Record<string, Snowflake> => JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, Snowflake>;

export const lastChannel = (guildId: Snowflake | null): Snowflake | undefined => places()[guildId ?? '@me'];

export function rememberChannel(guildId: Snowflake | null, channelId: Snowflake): void {
  localStorage.setItem(key, JSON.stringify({ ...places(), [guildId ?? '@me']: channelId, last: `${guildId ?? '@me'}/${channelId}` }));
}

export const lastPlace = (): { guildId: Snowflake | null; channelId: Snowflake } | null => {
  const [guild, channelId] = places().last?.split('/') ?? [];
  return guild && channelId ? { guildId: guild === '@me' ? null : guild, channelId } : null;
};
