import { batch } from 'solid-js';
import { unwrap } from 'solid-js/store';
import type { State } from '../store/state';
import type { Outgoing } from '../wire/outbox';

// What was loaded stays readable without a network: one snapshot of the state in IndexedDB, written when things calm down.

const databaseName = 'kith';
const storeName = 'state';
/** Rises with each change of what a state looks like: a snapshot of an older one is not read. */
const shape = 2;
const quietMs = 3000;
/** Messages kept per channel, and channels kept: about 5 MB at most. */
const keepMessages = 60;
const keepChannels = 40;

let pending: ReturnType<typeof setTimeout> | undefined;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, shape);
    request.onupgradeneeded = () => {
      if (request.result.objectStoreNames.contains(storeName)) request.result.deleteObjectStore(storeName);
      request.result.createObjectStore(storeName);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('indexedDB'));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const database = await open();
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      transaction.oncomplete = () => { database.close(); resolve(request.result); };
      transaction.onerror = () => { database.close(); reject(transaction.error ?? new Error('indexedDB')); };
    });
  } catch (error) {
    // Private windows and full disks have no store: then there is no offline reading, and everything else works.
    console.warn('offline store', error);
    return undefined;
  }
}

export function changed(state: State): void {
  if (pending || !state.ready) return;
  pending = setTimeout(() => write(state), quietMs);
}

/** The page goes, perhaps to come back at once: it should not greet with marks that are gone. */
export function leaving(state: State): void {
  if (pending) write(state);
}

function write(state: State): void {
  clearTimeout(pending);
  pending = undefined;
  void run('readwrite', (store) => store.put(snapshot(state), 'snapshot'));
}

function snapshot(live: State): State {
  const s = unwrap(live);
  const recent = Object.entries(s.windows)
    .filter(([, w]) => w.items.length > 0 && w.atEnd)
    .sort(([, a], [, b]) => (b.items.at(-1)!.timestamp > a.items.at(-1)!.timestamp ? 1 : -1))
    .slice(0, keepChannels);
  const windows = Object.fromEntries(recent.map(([id, w]) => [id, {
    items: w.items.slice(-keepMessages), atStart: w.atStart && w.items.length <= keepMessages, atEnd: true, stale: true, pending: [],
  }]));
  // JSON both detaches the copy from the live proxies and drops what IndexedDB could not clone (files).
  return JSON.parse(JSON.stringify({ ...s, windows, typing: {} })) as State;
}

/** Shows what was there last time until READY comes. */
export async function restore(state: State): Promise<void> {
  const saved = await run<State>('readonly', (store) => store.get('snapshot') as IDBRequest<State>);
  if (!saved || state.ready) return;
  batch(() => Object.assign(state, saved, { presences: {} }));
}

export function forgetState(): void {
  clearTimeout(pending);
  pending = undefined;
  void run('readwrite', (store) => store.delete('snapshot'));
}

const outgoingKey = 'kith.outbox';

export function saveOutgoing(entries: readonly Outgoing[]): void {
  if (entries.length === 0) localStorage.removeItem(outgoingKey);
  else localStorage.setItem(outgoingKey, JSON.stringify(entries));
}

export function outgoing(): Outgoing[] {
  const text = localStorage.getItem(outgoingKey);
  return text ? (JSON.parse(text) as Outgoing[]) : [];
}
