import { idAt } from '../wire/snowflake';

export interface SearchQuery {
  words: string;
  from: string[];
  in: string[];
  mentions: string[];
  has: string[];
  before?: string;
  after?: string;
  pinned?: boolean;
}

const filter = /(?:^|\s)(from|in|mentions|has|before|after|on|pinned):("[^"]*"|\S+)/gi;

/** Filters may stand anywhere; a value with spaces goes in quotes. */
export function parseQuery(source: string): SearchQuery {
  const query: SearchQuery = { words: '', from: [], in: [], mentions: [], has: [] };
  query.words = source.replace(filter, (_, name: string, raw: string) => {
    const value = raw.replace(/^"|"$/g, '').replace(/^[@#]/, '');
    switch (name.toLowerCase()) {
      case 'from': query.from.push(value); break;
      case 'in': query.in.push(value); break;
      case 'mentions': query.mentions.push(value); break;
      case 'has': query.has.push(value.toLowerCase()); break;
      case 'before': query.before = value; break;
      case 'after': query.after = value; break;
      case 'on': query.after = value; query.before = nextDay(value); break;
      case 'pinned': query.pinned = value.toLowerCase() !== 'false'; break;
    }
    return ' ';
  }).replace(/\s+/g, ' ').trim();
  return query;
}

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? day : new Date(date.getTime() + 86_400_000).toISOString().slice(0, 10);
}

/** Days are the reader's own: local midnight. */
function dayId(day: string): string | undefined {
  const time = new Date(`${day}T00:00`).getTime();
  return Number.isNaN(time) ? undefined : idAt(time);
}

export function toRequest(q: SearchQuery, find: { user: (name: string) => string | undefined; channel: (name: string) => string | undefined }): Record<string, string | string[] | boolean> {
  // A name that nobody has must find nothing, not everything: 0 is no one's id.
  const users = (names: string[]): string[] => names.map((n) => (/^\d{15,}$/.test(n) ? n : (find.user(n.toLowerCase()) ?? '0')));
  const channels = q.in.map((n) => (/^\d{15,}$/.test(n) ? n : (find.channel(n.toLowerCase()) ?? '0')));
  const maxId = q.before ? dayId(q.before) : undefined;
  const minId = q.after ? dayId(q.after) : undefined;
  return {
    ...(q.words ? { content: q.words } : {}),
    ...(q.from.length ? { author_id: users(q.from) } : {}),
    ...(q.mentions.length ? { mentions: users(q.mentions) } : {}),
    ...(channels.length ? { channel_id: channels } : {}),
    ...(q.has.length ? { has: q.has } : {}),
    ...(q.pinned !== undefined ? { pinned: q.pinned } : {}),
    ...(maxId ? { max_id: maxId } : {}),
    ...(minId ? { min_id: minId } : {}),
  };
}
