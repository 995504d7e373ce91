import { batch, createSignal } from 'solid-js';
import { createMutable } from 'solid-js/store';
import { apply } from '../store/apply';
import { emptyState, isPrivate, type State } from '../store/state';
import { windowOf } from '../store/window';
import { Gateway, type GatewayState } from '../wire/gateway';
import { Outbox, type Outgoing, type OutgoingState } from '../wire/outbox';
import { ApiError, Rest } from '../wire/rest';
import type { Message, Status } from '../wire/types';
import * as cache from './cache';

export const state: State = createMutable(emptyState());

const tokenKey = 'kith.token';
const [token, storeToken] = createSignal<string | null>(localStorage.getItem(tokenKey));
export { token };

export const [connection, setConnection] = createSignal<GatewayState>('closed');
/** Rises with each READY that replaced the state, so that views fetch what they may have missed. */
export const [epoch, setEpoch] = createSignal(0);

const apiBase = '/api/v10';

export const rest = new Rest({ base: apiBase, token, onUnauthorized: () => signedOut() });

type Listener = (type: string, data: unknown) => void;
const listeners = new Set<Listener>();

/** Called after the event has been applied. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function dispatched(type: string, data: unknown): void {
  batch(() => apply(state, type, data));
  if (type === 'READY') {
    performance.mark('ready');
    setEpoch(epoch() + 1);
    outbox.restore(cache.outgoing());
  }
  if (type === 'READY' || type === 'RESUMED') outbox.flush();
  if (type === 'MESSAGE_CREATE') received(data as Message);
  for (const listener of listeners) listener(type, data);
  cache.changed(state);
}

function received(m: Message): void {
  if (m.author.id === state.me?.id) {
    if (m.nonce !== undefined) outbox.confirmed(String(m.nonce));
  } else if (isPrivate(state.channels[m.channel_id])) gateway.confirmSoon();
}

const chosenStatus = (): Status => state.settings.status ?? 'online';

export const gateway = new Gateway({
  url: async () => {
    try {
      return sameHost((await rest.get<{ url: string }>('/gateway')).url);
    } catch (error) {
      // A server that names no gateway answers at its own address.
      if (error instanceof ApiError) return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}`;
      throw error;
    }
  },
  token,
  status: chosenStatus,
  onDispatch: dispatched,
  onState: setConnection,
  onRejected: () => signedOut(),
});

/** A page served over TLS may only open wss, whatever scheme the server was told. */
function sameHost(url: string): string {
  return location.protocol === 'https:' ? url.replace(/^ws:/, 'wss:') : url;
}

export const outbox = new Outbox({
  send: (entry, signal, onProgress) =>
    rest.post<Message>(`/channels/${entry.channelId}/messages`, bodyOf(entry), { files: entry.files, signal, onProgress }),
  onState: (entry, to, detail) => batch(() => showOutgoing(entry, to, detail)),
  save: (entries) => cache.saveOutgoing(entries),
});

function bodyOf(entry: Outgoing): Record<string, unknown> {
  return {
    content: entry.content,
    nonce: entry.nonce,
    enforce_nonce: true,
    ...(entry.flags ? { flags: entry.flags } : {}),
    ...(entry.replyTo ? { message_reference: { message_id: entry.replyTo.id }, allowed_mentions: { parse: ['users', 'roles', 'everyone'], replied_user: entry.replyTo.ping } } : {}),
    ...(entry.voice
      ? { attachments: [{ id: '0', filename: entry.files[0]?.name, duration_secs: entry.voice.duration, waveform: entry.voice.waveform }] }
      : entry.files.length ? { attachments: entry.files.map((f, i) => ({ id: String(i), filename: f.name })) } : {}),
  };
}

function showOutgoing(entry: Outgoing, to: OutgoingState, detail: { message?: Message; error?: string; progress?: number } = {}): void {
  const { pending } = windowOf(state, entry.channelId);
  const at = pending.findIndex((p) => p.nonce === entry.nonce);
  if (to === 'sent' && detail.message) {
    // The reply and the event race; whichever comes second finds nothing left to do.
    apply(state, 'MESSAGE_CREATE', { ...detail.message, nonce: entry.nonce });
    return;
  }
  if (to === 'cancelled' || to === 'sent') {
    if (at >= 0) pending.splice(at, 1);
    return;
  }
  if (at < 0) pending.push({ ...entry, state: to, progress: 0 });
  else Object.assign(pending[at]!, { state: to, progress: detail.progress ?? 0, error: detail.error });
}

/** A token from login or register: keep it and connect. */
export function signIn(newToken: string): void {
  localStorage.setItem(tokenKey, newToken);
  storeToken(newToken);
  gateway.start();
}

/** The token ended, here or elsewhere. Drafts and what waits to be sent stay for the next login of this person. */
export function signedOut(): void {
  if (!token()) return;
  localStorage.removeItem(tokenKey);
  gateway.stop();
  batch(() => {
    storeToken(null);
    Object.assign(state, emptyState());
  });
  cache.forgetState();
}

export async function signOut(): Promise<void> {
  const ending = rest.post('/auth/logout');
  outbox.clear();
  await ending.catch(() => undefined);
  signedOut();
}

export function start(): void {
  addEventListener('pagehide', () => cache.leaving(state));
  addEventListener('online', () => gateway.retryNow());
  addEventListener('offline', () => gateway.drop());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && gateway.retryNow());
  // Another tab signed in or out.
  addEventListener('storage', (e) => {
    if (e.key !== tokenKey || e.newValue === token()) return;
    if (e.newValue) location.reload();
    else signedOut();
  });
  if (token()) {
    void cache.restore(state);
    gateway.start();
  }
}
