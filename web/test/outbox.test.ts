import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox, type Outgoing, type OutgoingState } from '../src/wire/outbox';
import { ApiError, Unreachable } from '../src/wire/rest';
import type { Message } from '../src/wire/types';

const entry = (nonce: string, channelId = 'c'): Outgoing => ({ nonce, channelId, content: nonce, files: [], createdAt: 0 });
const message = { id: '1' } as Message;

describe('outbox', () => {
  let online: boolean;
  let sent: string[];
  let states: Record<string, OutgoingState[]>;
  let saved: string[];
  let outbox: Outbox;
  let refuse: string | null;

  beforeEach(() => {
    online = true;
    refuse = null;
    sent = [];
    states = {};
    saved = [];
    outbox = new Outbox({
      send: async (e) => {
        if (!online) throw new Unreachable('offline');
        if (e.nonce === refuse) throw new ApiError(403, 50013, 'Missing Permissions');
        sent.push(e.nonce);
        await Promise.resolve();
        return message;
      },
      onState: (e, s) => (states[e.nonce] ??= []).push(s),
      save: (entries) => (saved = entries.map((e) => e.nonce)),
      retryDelay: 1_000_000,
    });
  });

  it('sends in order', async () => {
    ['a', 'b', 'c'].forEach((n) => outbox.add(entry(n)));
    await vi.waitFor(() => expect(sent).toEqual(['a', 'b', 'c']));
    await vi.waitFor(() => expect(saved).toEqual([]));
  });

  it('waits while offline and sends in order on return, once each', async () => {
    online = false;
    ['a', 'b', 'c'].forEach((n) => outbox.add(entry(n)));
    await vi.waitFor(() => expect(states.a).toContain('sending'));
    expect(saved).toEqual(['a', 'b', 'c']);
    online = true;
    outbox.flush();
    outbox.flush();
    await vi.waitFor(() => expect(sent).toEqual(['a', 'b', 'c']));
  });

  it('one channel that waits does not hold another', async () => {
    refuse = 'a';
    outbox.add(entry('a', 'x'));
    outbox.add(entry('b', 'y'));
    await vi.waitFor(() => expect(sent).toEqual(['b']));
    expect(states.a!.at(-1)).toBe('failed');
  });

  it('a refusal does not stop what comes after, and can be tried again', async () => {
    refuse = 'a';
    outbox.add(entry('a'));
    outbox.add(entry('b'));
    await vi.waitFor(() => expect(sent).toEqual(['b']));
    refuse = null;
    outbox.again('a');
    await vi.waitFor(() => expect(sent).toEqual(['b', 'a']));
  });

  it('what an event has confirmed is not sent again', async () => {
    online = false;
    outbox.add(entry('a'));
    await vi.waitFor(() => expect(states.a!.at(-1)).toBe('queued'));
    outbox.confirmed('a');
    online = true;
    outbox.flush();
    await Promise.resolve();
    expect(sent).toEqual([]);
    expect(saved).toEqual([]);
  });

  it('takes up what an earlier page left, but never twice', async () => {
    online = false;
    outbox.restore([entry('a'), entry('b')]);
    outbox.restore([entry('a')]);
    online = true;
    outbox.flush();
    await vi.waitFor(() => expect(sent).toEqual(['a', 'b']));
  });
});
