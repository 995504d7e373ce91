import { describe, expect, it, vi } from 'vitest';
import { ApiError, Rest, routeKey, Unreachable } from '../src/wire/rest';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

function rest(replies: (Response | Error)[], token: string | null = 'abc') {
  const calls: { url: string; init: RequestInit; at: number }[] = [];
  const clock = { now: 1000 };
  const onUnauthorized = vi.fn();
  const api = new Rest({
    base: '/api/v10', token: () => token, onUnauthorized, now: () => clock.now,
    sleep: (ms) => { clock.now += ms; return Promise.resolve(); },
    fetch: (url, init) => {
      calls.push({ url: String(url), init: init!, at: clock.now });
      const next = replies.shift()!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  });
  return { api, calls, clock, onUnauthorized };
}

describe('REST', () => {
  it('waits out a 429 and asks again', async () => {
    const { api, calls } = rest([answer(429, { retry_after: 1.5, global: false }), answer(200, { ok: 1 })]);
    expect(await api.get('/users/@me')).toEqual({ ok: 1 });
    expect(calls[1]!.at - calls[0]!.at).toBe(1500);
  });

  it('does not ask a bucket that is known to be empty', async () => {
    const { api, calls } = rest([answer(200, [], { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '2' }), answer(200, []), answer(200, [])]);
    await api.get('/channels/123456789012345678/messages');
    await api.get('/channels/999999999999999999/messages');
    await api.get('/channels/123456789012345678/messages');
    expect(calls.map((c) => c.at)).toEqual([1000, 1000, 3000]);
  });

  it('a global limit holds every route', async () => {
    const { api, calls } = rest([answer(429, { retry_after: 1, global: true }), answer(200, {}), answer(200, {})]);
    await api.get('/users/@me');
    await api.get('/gateway');
    expect(calls[2]!.at).toBe(2000);
  });

  it('names the fields that were refused', async () => {
    const { api } = rest([answer(400, { code: 50035, message: 'Invalid Form Body', errors: { username: { _errors: [{ code: 'X', message: 'Too short' }] }, a: { b: { _errors: [{ message: 'No' }] } } } })]);
    const error = await api.post('/auth/register', {}).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).fields).toEqual({ username: 'Too short', 'a.b': 'No' });
  });

  it('tells a server that is away from one that says no', async () => {
    await expect(rest([new TypeError('failed')]).api.get('/x')).rejects.toBeInstanceOf(Unreachable);
    await expect(rest([answer(503, {})]).api.get('/x')).rejects.toBeInstanceOf(Unreachable);
    await expect(rest([answer(403, { code: 50013, message: 'Missing Permissions' })]).api.get('/x')).rejects.toMatchObject({ code: 50013 });
  });

  it('a dead token signs out, a wrong password does not', async () => {
    const dead = rest([answer(401, { code: 0, message: '401: Unauthorized' })]);
    await dead.api.get('/users/@me').catch(() => undefined);
    expect(dead.onUnauthorized).toHaveBeenCalledOnce();
    const wrong = rest([answer(401, { code: 50035, message: 'x' })]);
    await wrong.api.post('/auth/login', {}).catch(() => undefined);
    expect(wrong.onUnauthorized).not.toHaveBeenCalled();
  });

  it('keys a bucket by its major id', () => {
    expect(routeKey('GET', '/channels/123456789012345678/messages/223456789012345678')).toBe('GET /channels/:id/messages/:id 123456789012345678');
    expect(routeKey('PUT', '/channels/123456789012345678/messages/223456789012345678/reactions/%F0%9F%91%8D/@me')).toBe('PUT /channels/:id/messages/:id/reactions 123456789012345678');
  });
});
