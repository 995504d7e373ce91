/** A refusal by the server, with Discord's code and tree of field errors. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly errors?: unknown,
  ) {
    super(message);
  }

  /** `{username: "Must be 2 to 32 characters"}` out of Discord's nested `_errors`. */
  get fields(): Record<string, string> {
    const found: Record<string, string> = {};
    const walk = (node: unknown, path: string): void => {
      if (!node || typeof node !== 'object') return;
      for (const [key, value] of Object.entries(node)) {
        if (key === '_errors' && Array.isArray(value)) found[path] = (value[0] as { message?: string } | undefined)?.message ?? this.message;
        else walk(value, path ? `${path}.${key}` : key);
      }
    };
    walk(this.errors, '');
    return found;
  }
}

/** The server could not be reached: worth trying again, unlike an ApiError. */
export class Unreachable extends Error {}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  body?: unknown;
  files?: readonly File[];
  reason?: string;
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
  /** Goes on when the page is left. */
  keepalive?: boolean;
}

export interface RestOptions {
  base: string;
  token: () => string | null;
  onUnauthorized: () => void;
  fetch?: typeof fetch;
  sleep?: (ms: number) => Promise<void>;
  now?: () => number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const maxRetries = 5;

/** Calls the REST API, waiting out rate limits: a bucket known to be empty is not asked, a 429 is retried. */
export class Rest {
  private readonly notBefore = new Map<string, number>();
  private globalNotBefore = 0;

  constructor(private readonly options: RestOptions) {}

  get = <T>(path: string, o?: RequestOptions) => this.request<T>('GET', path, o);
  post = <T>(path: string, body?: unknown, o?: RequestOptions) => this.request<T>('POST', path, { ...o, body: body ?? {} });
  put = <T>(path: string, body?: unknown, o?: RequestOptions) => this.request<T>('PUT', path, { ...o, body });
  patch = <T>(path: string, body: unknown, o?: RequestOptions) => this.request<T>('PATCH', path, { ...o, body });
  delete = <T>(path: string, o?: RequestOptions) => this.request<T>('DELETE', path, o);

  async request<T>(method: Method, path: string, o: RequestOptions = {}): Promise<T> {
    const route = routeKey(method, path);
    for (let attempt = 0; ; attempt++) {
      await this.waitTurn(route);
      o.signal?.throwIfAborted();
      const reply = await this.exchange(method, path, o);
      this.learn(route, reply);
      if (reply.status === 429 && attempt < maxRetries) {
        const body = reply.json as { retry_after?: number; global?: boolean } | null;
        const until = this.now() + Math.max(50, (body?.retry_after ?? 1) * 1000);
        if (body?.global) this.globalNotBefore = until;
        else this.notBefore.set(route, until);
        continue;
      }
      if (reply.status < 300) return reply.json as T;
      // Login and register answer 401 and 400 of their own; only a token that was sent can have been revoked.
      if (reply.status === 401 && this.options.token() && !path.startsWith('/auth/')) this.options.onUnauthorized();
      const body = reply.json as { code?: number; message?: string; errors?: unknown } | null;
      throw new ApiError(reply.status, body?.code ?? 0, body?.message ?? `HTTP ${reply.status}`, body?.errors);
    }
  }

  private now = () => (this.options.now ?? Date.now)();

  private async waitTurn(route: string): Promise<void> {
    const sleep = this.options.sleep ?? ((ms: number) => new Promise<void>((r) => setTimeout(r, ms)));
    for (;;) {
      const wait = Math.max(this.notBefore.get(route) ?? 0, this.globalNotBefore) - this.now();
      if (wait <= 0) return;
      await sleep(wait);
    }
  }

  private learn(route: string, reply: Reply): void {
    const remaining = reply.header('x-ratelimit-remaining');
    const after = reply.header('x-ratelimit-reset-after');
    if (remaining === '0' && after) this.notBefore.set(route, this.now() + Number(after) * 1000);
  }

  private exchange(method: Method, path: string, o: RequestOptions): Promise<Reply> {
    const url = this.options.base + path + queryString(o.query);
    const headers: Record<string, string> = {};
    const token = this.options.token();
    if (token) headers.Authorization = token;
    if (o.reason) headers['X-Audit-Log-Reason'] = encodeURIComponent(o.reason);
    let body: BodyInit | undefined;
    if (o.files?.length) {
      const form = new FormData();
      form.append('payload_json', JSON.stringify(o.body ?? {}));
      o.files.forEach((file, i) => form.append(`files[${i}]`, file, file.name));
      body = form;
    } else if (o.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(o.body);
    }
    return o.files?.length ? upload(method, url, headers, body as FormData, o) : this.plain(method, url, headers, body, o);
  }

  private async plain(method: string, url: string, headers: Record<string, string>, body: BodyInit | undefined, o: RequestOptions): Promise<Reply> {
    const doFetch = this.options.fetch ?? fetch;
    let response: Response;
    let text: string;
    try {
      response = await doFetch(url, { method, headers, body: body ?? null, signal: o.signal ?? null, ...(o.keepalive ? { keepalive: true } : {}) });
      text = response.status === 204 ? '' : await response.text();
    } catch (error) {
      if (o.signal?.aborted) throw error;
      throw new Unreachable(String(error));
    }
    // A proxy whose server is down, and the server while it stops.
    if (response.status === 502 || response.status === 503 || response.status === 504) throw new Unreachable(`HTTP ${response.status}`);
    return { status: response.status, json: parse(text), header: (name) => response.headers.get(name) };
  }
}

interface Reply {
  status: number;
  json: unknown;
  header: (name: string) => string | null;
}

/** fetch cannot report the progress of an upload; XMLHttpRequest can. */
function upload(method: string, url: string, headers: Record<string, string>, body: FormData, o: RequestOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (e) => e.lengthComputable && o.onProgress?.(e.loaded / e.total);
    xhr.onload = () => resolve({ status: xhr.status, json: parse(xhr.responseText), header: (name) => xhr.getResponseHeader(name) });
    xhr.onerror = () => reject(new Unreachable('upload failed'));
    xhr.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    o.signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(body);
  });
}

function parse(text: string): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    // An error page of a proxy is not JSON; the status says what happened.
    return null;
  }
}

function queryString(query: RequestOptions['query']): string {
  if (!query) return '';
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const v of value) q.append(key, v);
    else if (value !== undefined) q.set(key, String(value));
  }
  const s = q.toString();
  return s && `?${s}`;
}

/** Discord's buckets: the method and the path with minor ids blanked, the major one (channel, guild) kept. */
export function routeKey(method: string, path: string): string {
  const major = /^\/(channels|guilds|webhooks)\/(\d+)/.exec(path);
  const blank = path.replace(/\/\d{15,20}/g, '/:id').replace(/\/reactions\/.*/, '/reactions');
  return `${method} ${blank} ${major?.[2] ?? ''}`;
}
