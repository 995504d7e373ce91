// eris: log in, be ready, receive, send, edit, react, delete. It speaks HTTPS only, and only with a port that its agent brings.
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import Eris from 'eris';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const address = new URL(settings.address);
  const agent = new Agent({ rejectUnauthorized: false });
  agent.defaultPort = Number(address.port);
  const client = new Eris(`Bot ${settings.token}`, {
    intents: ['all'],
    compress: settings.compress,
    getAllUsers: true,
    rest: { domain: address.hostname, baseURL: '/api/v10', agent },
    ws: { rejectUnauthorized: false },
  });
  client.on('error', (e) => console.error('client error', e));
  const ready = event(client, 'ready');
  await client.connect();
  await ready;
  assert.equal(client.user.id, settings.bot);
  assert.ok(client.guilds.get(settings.guild));
  const incoming = event(client, 'messageCreate', (m) => m.author.id === settings.member);
  await ask('say', { channel: settings.channel, content: 'hello' });
  const heard = await incoming;
  assert.equal(heard.content, 'hello');
  const own = event(client, 'messageCreate', (m) => m.author.id === settings.bot);
  const sent = await client.createMessage(settings.channel, { content: 'hi', messageReference: { messageID: heard.id } });
  assert.equal((await own).id, sent.id);
  const updated = event(client, 'messageUpdate', (m) => m.id === sent.id);
  await sent.edit('hi there');
  assert.equal((await updated)[0].content, 'hi there');
  const reacted = event(client, 'messageReactionAdd', (m) => m.id === sent.id);
  await sent.addReaction('👍');
  await reacted;
  const deleted = event(client, 'messageDelete', (m) => m.id === sent.id);
  await sent.delete();
  await deleted;
  const history = await client.getMessages(settings.channel, { limit: 10 });
  assert.ok(history.some((m) => m.id === heard.id));
  client.disconnect({ reconnect: false });
});
