import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gateway, type GatewayState } from '../src/wire/gateway';

class Socket {
  static all: Socket[] = [];
  readyState = 1;
  sent: { op: number; d: unknown }[] = [];
  closed: number | undefined;
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) { Socket.all.push(this); }
  send(data: string): void { this.sent.push(JSON.parse(data) as { op: number; d: unknown }); }
  close(code: number): void { this.closed = code; this.readyState = 3; }
  receive(op: number, d: unknown = null, t: string | null = null, s: number | null = null): void { this.onmessage?.({ data: JSON.stringify({ op, d, t, s }) }); }
  die(code: number): void { this.readyState = 3; this.onclose?.({ code }); }
}

const last = (): Socket => Socket.all.at(-1)!;
let events: [string, unknown][];
let states: GatewayState[];
let rejected: number;
let gateway: Gateway;

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

async function connect(): Promise<Socket> {
  gateway.start();
  await settle();
  const socket = last();
  socket.receive(10, { heartbeat_interval: 40_000 });
  socket.receive(0, { session_id: 'S', resume_gateway_url: 'ws://resume' }, 'READY', 1);
  return socket;
}

describe('gateway', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    Socket.all = [];
    events = [];
    states = [];
    rejected = 0;
    gateway = new Gateway({
      url: () => Promise.resolve('ws://host'), token: () => 'T', status: () => 'online', onDispatch: (t, d) => events.push([t, d]), onState: (s) => states.push(s),
      onRejected: () => rejected++, open: (url) => new Socket(url) as unknown as WebSocket,
    });
  });
  afterEach(() => { vi.useRealTimers(); vi.restoreAllMocks(); });

  it('identifies, and is ready after READY', async () => {
    const socket = await connect();
    expect(socket.url).toBe('ws://host/?v=10&encoding=json');
    expect(socket.sent[0]).toMatchObject({ op: 2, d: { token: 'T' } });
    expect(states.at(-1)).toBe('ready');
  });

  it('resumes where it stopped, at the address that READY named', async () => {
    const socket = await connect();
    socket.receive(0, { id: '1' }, 'MESSAGE_CREATE', 7);
    socket.die(1006);
    await settle();
    expect(last().url).toBe('ws://resume/?v=10&encoding=json');
    last().receive(10, { heartbeat_interval: 40_000 });
    expect(last().sent[0]).toEqual({ op: 6, d: { token: 'T', session_id: 'S', seq: 7 } });
    last().receive(0, null, 'RESUMED', 8);
    expect(states.at(-1)).toBe('ready');
  });

  it('begins anew on the same socket when the session is gone', async () => {
    (await connect()).die(1006);
    await settle();
    last().receive(10, { heartbeat_interval: 40_000 });
    last().receive(9, false);
    expect(last().sent.map((f) => f.op)).toEqual([6, 2]);
  });

  it('reconnects when asked to, keeping the session', async () => {
    const socket = await connect();
    socket.receive(7);
    expect(socket.closed).toBe(4900);
    await settle();
    expect(Socket.all).toHaveLength(2);
  });

  it('does not wait for ever on a connection that answers no heartbeat', async () => {
    const socket = await connect();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(socket.sent.at(-1)).toEqual({ op: 1, d: 1 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(socket.closed).toBe(4900);
    expect(Socket.all.length).toBeGreaterThan(1);
  });

  it('confirms many messages with one early heartbeat', async () => {
    const socket = await connect();
    socket.receive(0, {}, 'MESSAGE_CREATE', 2);
    gateway.confirmSoon();
    socket.receive(0, {}, 'MESSAGE_CREATE', 3);
    gateway.confirmSoon();
    await vi.advanceTimersByTimeAsync(250);
    expect(socket.sent.filter((f) => f.op === 1)).toEqual([{ op: 1, d: 3 }]);
  });

  it('a revoked token ends it', async () => {
    (await connect()).die(4004);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rejected).toBe(1);
    expect(Socket.all).toHaveLength(1);
    expect(states.at(-1)).toBe('closed');
  });

  it('waits longer after each failure, at most half a minute, and at once when the network is back', async () => {
    (await connect()).die(1006);
    for (let i = 0; i < 12; i++) {
      await vi.advanceTimersByTimeAsync(31_000);
      last().die(1006);
    }
    const before = Socket.all.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Socket.all).toHaveLength(before);
    gateway.retryNow();
    await settle();
    expect(Socket.all).toHaveLength(before + 1);
    // A resume address that fails is given up, so that a moved server is found again.
    expect(last().url).toBe('ws://host/?v=10&encoding=json');
  });
});
