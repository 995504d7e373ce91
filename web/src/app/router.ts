import { createSignal } from 'solid-js';
import type { Snowflake } from '../wire/types';

export type Route =
  | { name: 'home' }
  | { name: 'friends' }
  | { name: 'channel'; guildId: Snowflake | null; channelId: Snowflake; messageId?: Snowflake }
  | { name: 'guild'; guildId: Snowflake }
  | { name: 'invite'; code: string }
  | { name: 'mentions' }
  | { name: 'login' }
  | { name: 'register' }
  | { name: 'admin' };

export function parse(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  if (parts[0] === 'invite' && parts[1]) return { name: 'invite', code: parts[1] };
  if (parts[0] === 'login' || parts[0] === 'register' || parts[0] === 'admin' || parts[0] === 'friends' || parts[0] === 'mentions') return { name: parts[0] };
  if (parts[0] === 'channels' && parts[1]) {
    const guildId = parts[1] === '@me' ? null : parts[1];
    if (parts[2]) return { name: 'channel', guildId, channelId: parts[2], ...(parts[3] ? { messageId: parts[3] } : {}) };
    return guildId ? { name: 'guild', guildId } : { name: 'friends' };
  }
  return { name: 'home' };
}

export function pathOf(route: Route): string {
  switch (route.name) {
    case 'home': return '/';
    case 'channel': return `/channels/${route.guildId ?? '@me'}/${route.channelId}${route.messageId ? `/${route.messageId}` : ''}`;
    case 'guild': return `/channels/${route.guildId}`;
    case 'invite': return `/invite/${encodeURIComponent(route.code)}`;
    default: return `/${route.name}`;
  }
}

const [route, setRoute] = createSignal<Route>(parse(location.pathname), { equals: false });
export { route };

export function go(to: Route, options: { replace?: boolean } = {}): void {
  const path = pathOf(to);
  if (path !== location.pathname) history[options.replace ? 'replaceState' : 'pushState'](null, '', path);
  setRoute(to);
}

addEventListener('popstate', () => setRoute(parse(location.pathname)));

export const currentChannelId = (): Snowflake | null => {
  const r = route();
  return r.name === 'channel' ? r.channelId : null;
};

export const currentGuildId = (): Snowflake | null => {
  const r = route();
  return r.name === 'channel' ? r.guildId : r.name === 'guild' ? r.guildId : null;
};
