import { state } from '../../app/client';
import { customEmojis, markOf } from '../../app/emojis';
import type { Snowflake, User } from '../../wire/types';

// In the box people read `@name` and `#channel`; on the wire these are ids. The user name, being unique, is what stands for a person.

const outsideCode = /(```[\s\S]*?```|`[^`\n]*`|<a?:\w+:\d+>|https?:\/\/\S+)/;

function known(channelId: Snowflake): Map<string, User> {
  const channel = state.channels[channelId];
  const ids = channel?.guild_id ? Object.keys(state.guilds[channel.guild_id]?.members ?? {}) : [...(channel?.recipients ?? []).map((u) => u.id), state.me?.id ?? ''];
  return new Map(ids.flatMap((id) => { const u = state.users[id]; return u ? [[u.username.toLowerCase(), u] as const] : []; }));
}

/** `@anna` → `<@id>`, `@Helpers` → `<@&id>`, `#rules` → `<#id>`, `:tada:` → `<:tada:id>`, `:wave:` → 👋; code and addresses stay as they are. */
export async function resolve(text: string, channelId: Snowflake): Promise<string> {
  const withEmoji = /:[\w+~-]{2,}:/.test(text) ? (await import('../../text/emoji')).replaceShortcodes(withCustom(text, channelId)) : text;
  const guildId = state.channels[channelId]?.guild_id;
  const guild = guildId ? state.guilds[guildId] : undefined;
  const people = withEmoji.includes('@') ? known(channelId) : new Map<string, User>();
  // Longer names first: "@Team Lead" is not "@Team" and a word.
  const roles = Object.values(guild?.roles ?? {}).filter((r) => r.id !== guildId && withEmoji.includes(`@${r.name}`)).sort((a, b) => b.name.length - a.name.length);
  const channels = (guild?.channelIds ?? []).flatMap((id) => state.channels[id] ?? []).filter((c) => c.type !== 4 && c.name && withEmoji.includes(`#${c.name}`)).sort((a, b) => b.name!.length - a.name!.length);
  return withEmoji.split(outsideCode).map((part, i) => {
    if (i % 2) return part;
    let out = part;
    for (const r of roles) out = out.replaceAll(`@${r.name}`, `<@&${r.id}>`);
    for (const c of channels) out = replaceWord(out, `#${c.name}`, `<#${c.id}>`);
    return out.replace(/(^|[^\w<@])@([\w.]{2,32})/g, (whole, before: string, name: string) => {
      const exact = people.get(name.toLowerCase()) ?? people.get(name.toLowerCase().replace(/\.+$/, ''));
      return exact ? `${before}<@${exact.id}>${name.slice(exact.username.length)}` : whole;
    });
  }).join('');
}

/** A server's own emoji comes before a common one of the same name: its people chose it. */
function withCustom(text: string, channelId: Snowflake): string {
  const known = new Map(customEmojis(channelId).map((e) => [e.key, markOf(e)]));
  return text.split(outsideCode).map((part, i) => (i % 2 ? part : part.replace(/:(\w{2,32}(?:~\d+)?):/g, (whole, key: string) => known.get(key) ?? whole))).join('');
}

function replaceWord(text: string, word: string, by: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(^|[^\\w<])${escaped}(?![\\w-])`, 'gu'), (_, before: string) => before + by);
}

/** The other way, for editing. */
export function readable(content: string, channelId: Snowflake): string {
  const guildId = state.channels[channelId]?.guild_id;
  const guild = guildId ? state.guilds[guildId] : undefined;
  const emojis = content.includes('<') ? new Map(customEmojis(channelId).map((e) => [e.id, e.key])) : new Map<Snowflake, string>();
  return content
    .replace(/<a?:\w+:(\d+)>/g, (whole, id: string) => (emojis.has(id) ? `:${emojis.get(id)}:` : whole))
    .replace(/<@!?(\d+)>/g, (whole, id: string) => (state.users[id] ? `@${state.users[id].username}` : whole))
    .replace(/<@&(\d+)>/g, (whole, id: string) => (guild?.roles[id] ? `@${guild.roles[id].name}` : whole))
    .replace(/<#(\d+)>/g, (whole, id: string) => (state.channels[id]?.name ? `#${state.channels[id].name}` : whole));
}
