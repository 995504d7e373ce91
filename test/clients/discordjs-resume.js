// Loses the TCP connection again and again while others talk: every message must come exactly once and in order, by resuming, without a new session.
import assert from 'node:assert/strict';
import { login } from './discordjs.js';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const client = await login();
  const seen = [];
  let resumes = 0;
  let sessions = 0;
  client.on('messageCreate', (m) => seen.push(m.content));
  client.on('shardResume', () => resumes++);
  client.on('shardReady', () => sessions++);
  const rounds = settings.rounds;
  for (let round = 0; round < rounds; round++) {
    const resumed = event(client, 'shardResume');
    // Some before the cut, some while nobody is connected, some after: the test sends them all by other people.
    await ask('talkAndCut', { round, how: settings.how });
    await resumed;
  }
  const end = event(client, 'messageCreate', (m) => m.content === 'end');
  await ask('say', { channel: settings.channel, content: 'end' });
  await end;
  const expected = [];
  for (let round = 0; round < rounds; round++) for (let i = 0; i < settings.perRound; i++) expected.push(`${round}/${i}`);
  expected.push('end');
  assert.deepEqual(seen, expected);
  assert.equal(resumes, rounds);
  assert.equal(sessions, 0, 'no new session was needed after the first');
  await client.destroy();
});
