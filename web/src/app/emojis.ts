import { can } from '../store/permissions';
import type { Emoji, Snowflake } from '../wire/types';
import { state } from './client';

/** A server's own emoji. Between colons its key names it: the name, with a number where two servers have the same. */
export interface CustomEmoji {
  id: Snowflake;
  name: string;
  animated: boolean;
  guildId: Snowflake;
  key: string;
}

/** All that I may use in a channel: those of its own server first, then the others', where foreign ones are allowed. */
export function customEmojis(channelId: Snowflake): CustomEmoji[] {
  const channel = state.channels[channelId];
  const own = channel?.guild_id;
  const others = can(state, 'externalEmojis', channel) ? state.guildIds.filter((id) => id !== own) : [];
  const taken = new Map<string, number>();
  return [...(own ? [own] : []), ...others].flatMap((guildId) => usable(guildId).map((e) => {
    const name = e.name ?? '';
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return { id: e.id!, name, animated: e.animated ?? false, guildId, key: before === 0 ? name : `${name}~${before}` };
  }));
}

function usable(guildId: Snowflake): Emoji[] {
  const guild = state.guilds[guildId];
  const mine = guild?.members[state.me?.id ?? '']?.roles ?? [];
  return (guild?.emojis ?? []).filter((e) => e.id && e.available !== false && (!e.roles?.length || e.roles.some((r) => mine.includes(r))));
}

/** As a message carries it. */
export const markOf = (e: Pick<CustomEmoji, 'id' | 'name' | 'animated'>): string => `<${e.animated ? 'a' : ''}:${e.name}:${e.id}>`;

const still = matchMedia('(prefers-reduced-motion: reduce)');
/** px; twice the largest size that one is shown at. */
const side = 128;

export const emojiUrl = (id: Snowflake, animated: boolean): string => (animated && !still.matches ? `/emojis/${id}.gif` : `/emojis/${id}.webp?size=${side}`);

/** Reactions name an emoji by name and id alone. */
export const isAnimated = (id: Snowflake): boolean => Object.values(state.guilds).some((g) => g.emojis.some((e) => e.id === id && e.animated));

/** What the picker and the completion offer: a common emoji or a server's own. */
export interface EmojiEntry {
  /** Itself, or the mark of a custom one. */
  emoji: string;
  names: string[];
  label: string;
  /** Lower case. */
  tags: string;
  /** A number of emojibase, or a server's id. */
  group: number | Snowflake;
  custom?: CustomEmoji;
}

export const customEntry = (custom: CustomEmoji): EmojiEntry =>
  ({ emoji: markOf(custom), names: [custom.key], label: custom.name, tags: custom.name.toLowerCase(), group: custom.guildId, custom });

/** As one writes it into the box. */
export const written = (e: EmojiEntry): string => (e.custom ? `:${e.custom.key}: ` : e.emoji);

export const asReaction = (e: EmojiEntry): Emoji => (e.custom ? { id: e.custom.id, name: e.custom.name, animated: e.custom.animated } : { id: null, name: e.emoji });
