import { ApiError, Unreachable } from './rest';
import type { Message, Snowflake } from './types';

export interface Outgoing {
  nonce: string;
  channelId: Snowflake;
  content: string;
  replyTo?: { id: Snowflake; ping: boolean };
  files: File[];
  flags?: number;
  voice?: { duration: number; waveform: string };
  createdAt: number;
}

export type OutgoingState = 'queued' | 'sending' | 'failed' | 'sent' | 'cancelled';

export interface OutboxOptions {
  send: (entry: Outgoing, signal: AbortSignal, onProgress: (fraction: number) => void) => Promise<Message>;
  onState: (entry: Outgoing, state: OutgoingState, detail?: { message?: Message; error?: string; progress?: number }) => void;
  /** Called after each change with what must outlive the page. */
  save: (entries: readonly Outgoing[]) => void;
  retryDelay?: number;
}

/**
 * Messages on their way. Each channel sends one at a time, in order; what cannot reach the server waits and goes when
 * `flush` is called or after a delay. A retry carries the same nonce, so the server stores it once however often it is sent.
 */
export class Outbox {
  private readonly queues = new Map<Snowflake, Outgoing[]>();
  private readonly sending = new Map<Snowflake, AbortController>();
  private readonly failed = new Map<string, Outgoing>();
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts flushes: one that comes during an attempt that fails must not be lost. */
  private flushes = 0;

  constructor(private readonly options: OutboxOptions) {}

  add(entry: Outgoing): void {
    this.queue(entry.channelId).push(entry);
    this.options.onState(entry, 'queued');
    this.changed();
    void this.pump(entry.channelId);
  }

  /** What an earlier page left behind, oldest first. */
  restore(entries: readonly Outgoing[]): void {
    for (const entry of entries) {
      if (this.find(entry.nonce)) continue;
      this.queue(entry.channelId).push(entry);
      this.options.onState(entry, 'queued');
    }
  }

  flush(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.flushes++;
    for (const channel of this.queues.keys()) void this.pump(channel);
  }

  again(nonce: string): void {
    const entry = this.failed.get(nonce);
    if (!entry) return;
    this.failed.delete(nonce);
    this.add(entry);
  }

  cancel(nonce: string): void {
    const entry = this.find(nonce);
    if (!entry) return;
    this.failed.delete(nonce);
    const queue = this.queue(entry.channelId);
    if (queue[0] === entry) this.sending.get(entry.channelId)?.abort();
    remove(queue, entry);
    this.options.onState(entry, 'cancelled');
    this.changed();
  }

  /** The event arrived before the reply, or instead of it. */
  confirmed(nonce: string): void {
    const entry = this.find(nonce);
    if (!entry) return;
    remove(this.queue(entry.channelId), entry);
    this.failed.delete(nonce);
    this.changed();
  }

  clear(): void {
    clearTimeout(this.retry);
    for (const controller of this.sending.values()) controller.abort();
    this.queues.clear();
    this.failed.clear();
    this.changed();
  }

  private async pump(channel: Snowflake): Promise<void> {
    if (this.sending.has(channel)) return;
    const queue = this.queue(channel);
    while (queue[0]) {
      const entry = queue[0];
      const controller = new AbortController();
      this.sending.set(channel, controller);
      const flushes = this.flushes;
      const outcome = await this.attempt(entry, controller);
      this.sending.delete(channel);
      if (outcome === 'later') {
        if (flushes !== this.flushes) continue;
        this.options.onState(entry, 'queued');
        this.retry ??= setTimeout(() => this.flush(), this.options.retryDelay ?? 5000);
        return;
      }
      remove(queue, entry);
      this.changed();
    }
  }

  private async attempt(entry: Outgoing, controller: AbortController): Promise<'done' | 'later'> {
    this.options.onState(entry, 'sending', { progress: 0 });
    try {
      const message = await this.options.send(entry, controller.signal, (progress) => this.options.onState(entry, 'sending', { progress }));
      this.options.onState(entry, 'sent', { message });
    } catch (error) {
      if (controller.signal.aborted) return 'done';
      if (error instanceof Unreachable) return 'later';
      // Signed out: what waits is kept for the next login, and nothing else is tried with the dead token.
      if (error instanceof ApiError && error.status === 401) return 'later';
      this.failed.set(entry.nonce, entry);
      this.options.onState(entry, 'failed', { error: error instanceof Error ? error.message : String(error) });
    }
    return 'done';
  }

  private find(nonce: string): Outgoing | undefined {
    const failed = this.failed.get(nonce);
    if (failed) return failed;
    for (const queue of this.queues.values()) {
      const entry = queue.find((e) => e.nonce === nonce);
      if (entry) return entry;
    }
    return undefined;
  }

  private queue(channel: Snowflake): Outgoing[] {
    let queue = this.queues.get(channel);
    if (!queue) this.queues.set(channel, (queue = []));
    return queue;
  }

  private changed(): void {
    this.options.save([...this.queues.values()].flat().filter((e) => e.files.length === 0));
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
