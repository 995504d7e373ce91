import { Op } from './types';
import type { Status } from './types';

export type GatewayState = 'connecting' | 'ready' | 'waiting' | 'closed';

export interface GatewayOptions {
  url: () => Promise<string>;
  token: () => string | null;
  status: () => Status;
  onDispatch: (type: string, data: unknown) => void;
  onState: (state: GatewayState, retryAt?: number) => void;
  /** The token is no longer good (4004). */
  onRejected: () => void;
  open?: (url: string) => WebSocket;
}

interface Frame {
  op: number;
  d: unknown;
  s: number | null;
  t: string | null;
}

/** After these codes another attempt would end the same way. */
const fatal = new Set([4004, 4010, 4011, 4012, 4013, 4014]);
/** The codes after which the session is gone and RESUME is pointless. */
const sessionLost = new Set([1000, 1001, 4003, 4007, 4009]);
const confirmDelay = 250;
const maxBackoff = 30_000;

/** One logical session over many sockets: heartbeats, RESUME, and waiting longer after each failure. */
export class Gateway {
  private socket: WebSocket | null = null;
  private sequence: number | null = null;
  private sessionId: string | null = null;
  private resumeUrl: string | null = null;
  private failures = 0;
  private acked = true;
  private beat: ReturnType<typeof setInterval> | undefined;
  private firstBeat: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private confirm: ReturnType<typeof setTimeout> | undefined;
  private generation = 0;
  private stopped = true;

  constructor(private readonly options: GatewayOptions) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.failures = 0;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.generation++;
    this.sessionId = null;
    this.sequence = null;
    this.clearTimers();
    this.socket?.close(1000);
    this.socket = null;
    this.options.onState('closed');
  }

  /** The network came back, or the person asked: no more waiting. */
  retryNow(): void {
    if (this.stopped || !this.retry) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    void this.connect();
  }

  /** The network went away; the browser would notice only after minutes. */
  drop(): void {
    if (!this.stopped && this.socket) this.lost(4900);
  }

  send(op: number, d: unknown): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify({ op, d }));
    return true;
  }

  /** A heartbeat soon tells the sender that the message has arrived; one serves all messages of a quarter of a second. */
  confirmSoon(): void {
    this.confirm ??= setTimeout(() => {
      this.confirm = undefined;
      this.send(Op.heartbeat, this.sequence);
    }, confirmDelay);
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    this.clearTimers();
    this.options.onState('connecting');
    let url: string;
    try {
      url = (this.sessionId && this.resumeUrl) || (await this.options.url());
    } catch {
      if (generation === this.generation) this.waitAndRetry();
      return;
    }
    if (this.stopped || generation !== this.generation) return;
    const open = this.options.open ?? ((u: string) => new WebSocket(u));
    const socket = open(`${url.replace(/\/$/, '')}/?v=10&encoding=json`);
    this.socket = socket;
    socket.onmessage = (e) => generation === this.generation && this.receive(JSON.parse(e.data as string) as Frame);
    socket.onclose = (e) => generation === this.generation && this.lost(e.code);
    socket.onerror = () => undefined;
  }

  private receive(frame: Frame): void {
    if (frame.s !== null && frame.s !== undefined) this.sequence = frame.s;
    switch (frame.op) {
      case Op.hello:
        this.startHeartbeat((frame.d as { heartbeat_interval: number }).heartbeat_interval);
        this.introduce();
        break;
      case Op.ack:
        this.acked = true;
        break;
      case Op.heartbeat:
        this.send(Op.heartbeat, this.sequence);
        break;
      case Op.reconnect:
        this.lost(4900);
        break;
      case Op.invalidSession:
        if (frame.d !== true) this.forget();
        this.introduce();
        break;
      case Op.dispatch:
        this.dispatched(frame);
        break;
    }
  }

  private dispatched(frame: Frame): void {
    if (frame.t === 'READY') {
      const ready = frame.d as { session_id: string; resume_gateway_url?: string };
      this.sessionId = ready.session_id;
      this.resumeUrl = ready.resume_gateway_url || null;
    }
    if (frame.t === 'READY' || frame.t === 'RESUMED') this.failures = 0;
    this.options.onDispatch(frame.t!, frame.d);
    if (frame.t === 'READY' || frame.t === 'RESUMED') this.options.onState('ready');
  }

  private introduce(): void {
    const token = this.options.token();
    if (this.sessionId) {
      this.send(Op.resume, { token, session_id: this.sessionId, seq: this.sequence });
      return;
    }
    this.send(Op.identify, {
      token,
      properties: { os: 'web', browser: 'Kith', device: '' },
      presence: { status: this.options.status(), since: 0, activities: [], afk: false },
      intents: 0x3ffff,
    });
  }

  private startHeartbeat(interval: number): void {
    this.acked = true;
    const beat = (): void => {
      if (!this.acked) return this.lost(4900);
      this.acked = false;
      this.send(Op.heartbeat, this.sequence);
    };
    this.firstBeat = setTimeout(beat, interval * Math.random());
    this.beat = setInterval(beat, interval);
  }

  private lost(code: number): void {
    this.clearTimers();
    const socket = this.socket;
    this.socket = null;
    this.generation++;
    if (socket && socket.readyState < 2) socket.close(4900);
    if (sessionLost.has(code)) this.forget();
    if (fatal.has(code)) {
      this.stopped = true;
      this.forget();
      this.options.onState('closed');
      if (code === 4004) this.options.onRejected();
      return;
    }
    if (!this.stopped) this.waitAndRetry();
  }

  private waitAndRetry(): void {
    // The first attempt comes at once: most losses are a server's restart or a changed network.
    const base = this.failures === 0 ? 0 : Math.min(maxBackoff, 500 * 2 ** (this.failures - 1));
    const delay = base * (0.75 + Math.random() / 2);
    this.failures++;
    // A resume address that cannot be reached must not be tried for ever.
    if (this.failures > 3) this.resumeUrl = null;
    this.options.onState('waiting', Date.now() + delay);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      void this.connect();
    }, delay);
  }

  private forget(): void {
    this.sessionId = null;
    this.sequence = null;
    this.resumeUrl = null;
  }

  private clearTimers(): void {
    clearInterval(this.beat);
    clearTimeout(this.firstBeat);
    clearTimeout(this.retry);
    clearTimeout(this.confirm);
    this.retry = this.confirm = undefined;
  }
}
