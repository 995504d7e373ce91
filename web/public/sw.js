// Keeps the app itself for when there is no network, and shows pushes. What people write is never kept here: that is the page's store.
const shell = 'kith-shell-v1';

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(shell);
    const manifest = await (await fetch('/manifest.json', { cache: 'no-cache' })).json();
    const files = new Set(['/', '/theme.js', '/icon.svg', '/icon-192.png', '/manifest.webmanifest']);
    for (const chunk of Object.values(manifest)) {
      files.add(`/${chunk.file}`);
      for (const css of chunk.css ?? []) files.add(`/${css}`);
      for (const asset of chunk.assets ?? []) if (asset.includes('latin-wght')) files.add(`/${asset}`);
    }
    await cache.addAll([...files]);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== shell) await caches.delete(name);
    await self.clients.claim();
    await prune();
  })());
});

/** Hashed files of older builds go once the new build's page has been stored. */
async function prune() {
  const cache = await caches.open(shell);
  try {
    const manifest = await (await fetch('/manifest.json', { cache: 'no-cache' })).json();
    const known = new Set(Object.values(manifest).flatMap((c) => [c.file, ...(c.css ?? []), ...(c.assets ?? [])]).map((f) => `/${f}`));
    for (const request of await cache.keys()) {
      const path = new URL(request.url).pathname;
      if (path.startsWith('/assets/') && !known.has(path)) await cache.delete(request);
    }
  } catch {
    // Offline: the next start prunes.
    return;
  }
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || event.request.headers.has('range')) return;
  if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/gateway')) return;
  if (event.request.mode === 'navigate') event.respondWith(page(event.request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(stored(event.request));
  else if (/^\/(theme\.js|icon.*|manifest\.webmanifest)$/.test(url.pathname)) event.respondWith(stored(event.request));
});

/** The page: from the network, and from the store when there is none. */
async function page(request) {
  const cache = await caches.open(shell);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.headers.get('content-type')?.includes('text/html')) await cache.put('/', fresh.clone());
    return fresh.status >= 500 ? ((await cache.match('/')) ?? fresh) : fresh;
  } catch {
    return (await cache.match('/')) ?? Response.error();
  }
}

/** Hashed files never change. */
async function stored(request) {
  const cache = await caches.open(shell);
  const known = await cache.match(request);
  if (known) return known;
  const fresh = await fetch(request);
  if (fresh.ok && fresh.status === 200) await cache.put(request, fresh.clone());
  return fresh;
}

self.addEventListener('push', (event) => event.waitUntil(told(event.data)));

/** One notification per channel: a message takes the place of the one before, and what was read elsewhere goes. */
async function told(data) {
  const push = read(data);
  if (typeof push.badge === 'number' && 'setAppBadge' in self.navigator) await (push.badge > 0 ? self.navigator.setAppBadge(push.badge) : self.navigator.clearAppBadge());
  const tag = push.tag ?? push.channel_id ?? 'kith';
  if (push.type === 'read') {
    for (const shown of await self.registration.getNotifications({ tag })) shown.close();
    return;
  }
  const windows = await self.clients.matchAll({ type: 'window' });
  if (push.channel_id && windows.some((c) => c.focused && c.url.includes(`/${push.channel_id}`))) return;
  const path = push.channel_id ? `/channels/${push.guild_id ?? '@me'}/${push.channel_id}${push.message_id ? `/${push.message_id}` : ''}` : '/';
  await self.registration.showNotification(push.title ?? 'Kith', { body: push.body ?? '', tag, renotify: true, icon: '/icon-192.png', badge: '/icon-192.png', data: { path } });
}

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return { title: 'Kith', body: data.text() };
  }
}

/** Where the app is; a picture in a tab of its own leads nowhere. */
const pages = /^\/($|(channels|friends|mentions|invite|admin|login|register)(\/|$))/;

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = event.notification.data?.path ?? '/';
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const open = windows.find((c) => pages.test(new URL(c.url).pathname));
    if (!open) return self.clients.openWindow(path);
    open.postMessage({ open: path });
    await open.focus();
  })());
});
