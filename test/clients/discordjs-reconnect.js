// The server asks for a reconnect (op 7): discord.js comes back by itself, resumes, and misses nothing.
import assert from 'node:assert/strict';
import { login } from './discordjs.js';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const client = await login();
  const seen = [];
  let sessions = 0;
  client.on('messageCreate', (m) => seen.push(m.content));
  client.on('shardReady', () => sessions++);
  const resumed = event(client, 'shardResume');
  await ask('reconnect');
  await resumed;
  const last = event(client, 'messageCreate', (m) => m.content === 'after');
  await ask('say', { channel: settings.channel, content: 'after' });
  await last;
  assert.deepEqual(seen, ['during', 'after']);
  assert.equal(sessions, 0, 'the session was resumed, not replaced');
  await client.destroy();
});
