// Starts the real server on an empty folder, and people in browsers of their own.
import AxeBuilder from 'axe-core';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const root = new URL('../../', import.meta.url).pathname;
export const kith = join(root, 'src/Kith.Server/bin/Release/net10.0/kith.dll');

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

/** How long (ms) a start may take on a machine that also builds. */
const patience = 60_000;

export class Server {
  /** `prepare` works on the empty data folder before the start. */
  static async start({ env = {}, prepare } = {}) {
    if (!existsSync(kith)) throw new Error('Build the server first: dotnet build src/Kith.Server -c Release');
    const server = new Server();
    server.env = env;
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    server.data = mkdtempSync(join(tmpdir(), 'kith-e2e-'));
    await prepare?.(server);
    await server.run();
    return server;
  }

  /** One of the other commands, on the same data. */
  async command(...args) {
    return (await promisify(execFile)('dotnet', [kith, ...args, '--data', this.data])).stdout;
  }

  async run() {
    this.output = '';
    this.process = spawn('dotnet', [kith, 'serve', '--urls', this.url, '--data', this.data], {
      env: { ...process.env, KITH__Web__Folder: join(root, 'web/dist'), KITH__RateLimits__Enabled: 'false', ...this.env },
    });
    this.process.stdout.on('data', (d) => (this.output += d));
    this.process.stderr.on('data', (d) => (this.output += d));
    this.exited = new Promise((resolve) => this.process.on('exit', resolve));
    const until = Date.now() + patience;
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`The server stopped:\n${this.output}`);
      const ok = await fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
      if (ok) return;
      if (Date.now() > until) throw new Error(`The server did not start:\n${this.output}`);
      await new Promise((r) => setTimeout(r, 100));
    }
  }

  /** Gone without a word, as when the power fails; `run` brings it back on the same data and port. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
    rmSync(this.data, { recursive: true, force: true });
  }

  async api(method, path, token, body) {
    const response = await fetch(`${this.url}/api/v10${path}`, { method, headers: { ...(token ? { Authorization: token } : {}), 'Content-Type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** An account made without a browser. */
  async account(username) {
    const { token, user_id } = await this.api('POST', '/auth/register', null, { username, password: `secret-of-${username}`, global_name: username[0].toUpperCase() + username.slice(1) });
    return { username, token, id: user_id };
  }
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  });
}

export const sizes = { desk: { width: 1440, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };

/** A page of one's own: another profile, another person. What it complains about is collected in `page.complaints`. */
export async function visit(chrome, server, { token, path = '/', size = 'desk', scheme = 'light', locale = 'en-GB', patience = 30_000 } = {}) {
  const context = await chrome.newContext({ viewport: sizes[size], colorScheme: scheme, locale, timezoneId: 'UTC', reducedMotion: 'reduce', hasTouch: size === 'phone', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.complaints = [];
  page.on('pageerror', (e) => page.complaints.push(e.message));
  if (token) await page.addInitScript((t) => { if (!sessionStorage.getItem('seeded')) { sessionStorage.setItem('seeded', '1'); localStorage.setItem('kith.token', t); } }, token);
  await page.goto(server.url + path);
  return page;
}

export const composer = (page) => page.locator('.composer textarea');

/** Until then a page shows what it kept from its last visit. */
export const connected = (page) => page.locator('.shell[data-connection=ready]').waitFor();

/** Waits until an asynchronous question to the page is answered with yes. (waitForFunction takes the promise itself for a yes.) */
export async function eventually(page, question, arg, patience = 30_000) {
  for (const until = Date.now() + patience; !(await page.evaluate(question, arg)); await page.waitForTimeout(50)) {
    if (Date.now() > until) throw new Error(`never came true: ${question}`);
  }
}

export async function say(page, text) {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

export const messageWith = (page, text) => page.locator('.rows .row[data-id] .message').filter({ has: page.locator('.content', { hasText: text }) });

/** What axe finds serious or critical, as lines. */
export async function axe(page) {
  await page.evaluate(AxeBuilder.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`));
}
