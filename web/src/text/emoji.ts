import data from 'virtual:emoji/en';
import type { EmojiEntry } from '../app/emojis';
import { locale } from '../i18n';

const localized = locale() === 'de' ? (await import('virtual:emoji/de')).default : {};

/** In the order in which keyboards show them. */
export const all: EmojiEntry[] = data.map(([emoji, group, names, label, tags]) => {
  const [ownLabel, ownTags] = localized[emoji] ?? [label, ''];
  return { emoji, group, names: names.split(' '), label: ownLabel, tags: `${label} ${tags} ${ownLabel} ${ownTags}`.toLowerCase() };
});

const byName = new Map(all.flatMap((e) => e.names.map((n) => [n, e.emoji] as const)));

export const groups = [0, 1, 3, 4, 5, 6, 7, 8, 9];
export const groupIcon: Record<number, string> = { 0: '😀', 1: '👋', 3: '🐻', 4: '🍎', 5: '🚲', 6: '⚽', 7: '💡', 8: '🔣', 9: '🏳️' };

/** Best first; among equals the custom ones. */
export function find(query: string, limit: number, custom: readonly EmojiEntry[]): EmojiEntry[] {
  const q = query.toLowerCase();
  const score = (e: EmojiEntry): number => {
    const names = e.custom ? [e.tags, e.custom.key.toLowerCase()] : e.names;
    if (names.some((n) => n === q)) return 0;
    if (names.some((n) => n.startsWith(q))) return 1;
    if (names.some((n) => n.includes(q))) return 2;
    return e.tags.includes(q) ? 3 : 9;
  };
  return [...custom, ...all].map((e) => [score(e), e] as const).filter(([s]) => s < 9).sort((a, b) => a[0] - b[0]).slice(0, limit).map(([, e]) => e);
}

/** `:wave:` → 👋, outside of code. */
export const replaceShortcodes = (text: string): string =>
  text.split(/(```[\s\S]*?```|`[^`\n]*`|<a?:\w+:\d+>|https?:\/\/\S+)/).map((part, i) => (i % 2 ? part : part.replace(/:([\w+-]{1,40}):/g, (whole, name: string) => byName.get(name) ?? whole))).join('');
