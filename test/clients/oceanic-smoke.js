// oceanic.js: log in, be ready, receive, send, reply, edit, react, delete.
import assert from 'node:assert/strict';
import { Client } from 'oceanic.js';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const client = new Client({
    auth: `Bot ${settings.token}`,
    rest: { baseURL: `${settings.address}/api/v10` },
    gateway: { intents: ['ALL'], compress: settings.compress ? "zlib-stream" : false },
  });
  client.on('error', (e) => console.error('client error', e));
  const ready = event(client, 'ready');
  await client.connect();
  await ready;
  assert.equal(client.user.id, settings.bot);
  // It is ready two seconds after READY, whatever has come by then.
  if (!client.guilds.has(settings.guild)) await event(client, 'guildAvailable', (g) => g.id === settings.guild);
  const incoming = event(client, 'messageCreate', (m) => m.author.id === settings.member);
  await ask('say', { channel: settings.channel, content: 'hello' });
  const heard = await incoming;
  assert.equal(heard.content, 'hello');
  const own = event(client, 'messageCreate', (m) => m.author.id === settings.bot);
  const sent = await client.rest.channels.createMessage(settings.channel, { content: 'hi', messageReference: { messageID: heard.id } });
  assert.equal((await own).id, sent.id);
  const updated = event(client, 'messageUpdate', (m) => m.id === sent.id);
  await sent.edit({ content: 'hi there' });
  assert.equal((await updated)[0].content, 'hi there');
  const reacted = event(client, 'messageReactionAdd', (m) => m.id === sent.id);
  await sent.createReaction('👍');
  await reacted;
  const deleted = event(client, 'messageDelete', (m) => m.id === sent.id);
  await sent.delete();
  await deleted;
  const history = await client.rest.channels.getMessages(settings.channel, { limit: 10 });
  assert.ok(history.some((m) => m.id === heard.id));
  assert.equal((await client.guilds.get(settings.guild).fetchMembers()).length, 3);
  client.disconnect(false);
});
