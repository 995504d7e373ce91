import { locale, t } from '../i18n';

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  let f = cache.get(key);
  if (!f) cache.set(key, (f = new Intl.DateTimeFormat(locale() === 'en' ? undefined : locale(), options)));
  return f;
}

const day = 86_400_000;
const startOfDay = (d: Date): number => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();

export const clock = (at: number | string | Date): string => formatter({ hour: '2-digit', minute: '2-digit' }).format(new Date(at));
export const fullDate = (at: number | string | Date): string => formatter({ dateStyle: 'full', timeStyle: 'short' }).format(new Date(at));
export const mediumDate = (at: number | string | Date): string => formatter({ dateStyle: 'medium' }).format(new Date(at));
export const dayKey = (at: string): number => startOfDay(new Date(at));

const daysAgo = (at: Date): number => Math.round((startOfDay(new Date()) - startOfDay(at)) / day);

/** The line between two days. */
export function dayName(at: number | string): string {
  const date = new Date(at);
  const ago = daysAgo(date);
  if (ago === 0) return t.today;
  if (ago === 1) return t.yesterday;
  if (ago > 1 && ago < 7) return formatter({ weekday: 'long' }).format(date);
  return formatter({ day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** Beside a name: short today, with the date before. */
export function stamp(at: number | string): string {
  const date = new Date(at);
  const ago = daysAgo(date);
  if (ago === 0) return clock(date);
  if (ago === 1) return `${t.yesterday} ${clock(date)}`;
  return `${formatter({ dateStyle: 'medium' }).format(date)} ${clock(date)}`;
}

/** In a narrow list. */
export function shortStamp(at: number | string): string {
  const date = new Date(at);
  const ago = daysAgo(date);
  if (ago <= 0) return clock(date);
  if (ago === 1) return t.yesterday;
  if (ago < 7) return formatter({ weekday: 'short' }).format(date);
  return formatter({ day: '2-digit', month: '2-digit', year: '2-digit' }).format(date);
}

export function relative(at: number | string): string {
  const seconds = (new Date(at).getTime() - Date.now()) / 1000;
  const f = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3600], ['minute', 60]];
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return f.format(Math.round(seconds / size), unit);
  return f.format(Math.round(seconds), 'second');
}

/** Discord's `<t:unix:style>`. */
export function discordTime(at: number, style: string): string {
  const date = new Date(at);
  switch (style) {
    case 't': return clock(date);
    case 'T': return formatter({ timeStyle: 'medium' }).format(date);
    case 'd': return formatter({ dateStyle: 'short' }).format(date);
    case 'D': return formatter({ dateStyle: 'long' }).format(date);
    case 'F': return fullDate(date);
    case 'R': return relative(at);
    default: return formatter({ dateStyle: 'long', timeStyle: 'short' }).format(date);
  }
}

export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) { n /= 1000; i++; }
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: n < 10 && i > 0 ? 1 : 0 }).format(n)} ${units[i]}`;
}

export const number = (n: number): string => new Intl.NumberFormat(locale()).format(n);

export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}
