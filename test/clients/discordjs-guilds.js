// A bot in several guilds: all arrive, events go to the right one, and joining and leaving are seen.
import assert from 'node:assert/strict';
import { login } from './discordjs.js';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const client = await login();
  assert.deepEqual([...client.guilds.cache.keys()].sort(), [...settings.guilds].sort());
  for (const guild of client.guilds.cache.values()) {
    assert.equal(guild.available, true);
    const heard = event(client, 'messageCreate', (m) => m.guildId === guild.id);
    const channel = guild.channels.cache.find((c) => c.isTextBased());
    await ask('say', { channel: channel.id, content: `in ${guild.id}` });
    assert.equal((await heard).content, `in ${guild.id}`);
  }
  const joined = event(client, 'guildCreate');
  const added = await ask('addToNewGuild');
  const guild = await joined;
  assert.equal(guild.id, added);
  assert.ok(guild.members.cache.has(client.user.id));
  const left = event(client, 'guildDelete', (g) => g.id === added);
  await guild.leave();
  await left;
  const renamed = event(client, 'guildUpdate', (_, g) => g.id === settings.guilds[0] && g.name === 'Renamed');
  await ask('rename', { guild: settings.guilds[0], name: 'Renamed' });
  await renamed;
  const gone = event(client, 'guildDelete', (g) => g.id === settings.guilds[0]);
  await ask('deleteGuild', { guild: settings.guilds[0] });
  await gone;
  assert.equal(client.guilds.cache.has(settings.guilds[0]), false);
  await client.destroy();
});
