// One bot's day: everything a bot commonly does, each step asserted by what discord.js made of the server's answers and events.
import assert from 'node:assert/strict';
import { ChannelType, EmbedBuilder, PermissionFlagsBits } from 'discord.js';
import { login } from './discordjs.js';
import { ask, event, run, settings } from './harness.js';

await run(async () => {
  const client = await login();
  assert.equal(client.user.id, settings.bot);
  assert.equal(client.user.bot, true);
  const guild = client.guilds.cache.get(settings.guild);
  assert.ok(guild, 'the guild came with GUILD_CREATE');
  assert.equal(guild.available, true);
  assert.equal(guild.memberCount, 3);

  // Channels.
  const created = event(client, 'channelCreate', (c) => c.name === 'workshop');
  const channel = await guild.channels.create({ name: 'workshop', topic: 'Tools', type: ChannelType.GuildText, rateLimitPerUser: 0 });
  assert.equal((await created).id, channel.id);
  assert.equal(channel.topic, 'Tools');
  const category = await guild.channels.create({ name: 'Rooms', type: ChannelType.GuildCategory });
  await channel.setParent(category.id, { lockPermissions: false });
  assert.equal(channel.parentId, category.id);
  await channel.setTopic('Better tools', 'they were blunt');
  assert.equal(channel.topic, 'Better tools');

  // Sending and receiving.
  const own = event(client, 'messageCreate', (m) => m.author.id === client.user.id && m.content === 'hello');
  const sent = await channel.send('hello');
  assert.equal((await own).id, sent.id);
  assert.equal(sent.guild.id, guild.id);
  const incoming = event(client, 'messageCreate', (m) => m.author.id === settings.member);
  await ask('say', { channel: channel.id, content: `hello <@${client.user.id}> 你好 👋` });
  const heard = await incoming;
  assert.equal(heard.content, `hello <@${client.user.id}> 你好 👋`);
  assert.ok(heard.mentions.users.has(client.user.id));
  assert.equal(heard.member.id, settings.member);

  // Replying, editing, deleting.
  const reply = await heard.reply({ content: 'hello back', allowedMentions: { repliedUser: true } });
  assert.equal(reply.reference.messageId, heard.id);
  assert.equal((await reply.fetchReference()).id, heard.id);
  assert.ok(reply.mentions.users.has(settings.member));
  const updated = event(client, 'messageUpdate', (_, m) => m.id === reply.id && m.editedTimestamp);
  const edited = await reply.edit('hello again');
  assert.equal(edited.content, 'hello again');
  const [, after] = await updated;
  assert.equal(after.content, 'hello again');
  const deleted = event(client, 'messageDelete', (m) => m.id === reply.id);
  await reply.delete();
  await deleted;
  await assert.rejects(channel.messages.fetch({ message: reply.id, force: true }), { code: 10008 });

  // Embeds.
  const embed = new EmbedBuilder().setTitle('Title').setDescription('Text').setColor(0x00aa77).addFields({ name: 'a', value: 'b', inline: true }).setTimestamp();
  const withEmbed = await channel.send({ embeds: [embed] });
  assert.equal(withEmbed.embeds[0].title, 'Title');
  assert.equal(withEmbed.embeds[0].color, 0x00aa77);
  assert.deepEqual(withEmbed.embeds[0].fields, [{ name: 'a', value: 'b', inline: true }]);

  // Reactions.
  const reacted = event(client, 'messageReactionAdd', (r, u) => r.message.id === heard.id && u.id === client.user.id);
  await heard.react('👍');
  const [reaction] = await reacted;
  assert.equal(reaction.emoji.name, '👍');
  const alsoReacted = event(client, 'messageReactionAdd', (r, u) => r.message.id === heard.id && u.id === settings.member);
  await ask('react', { channel: channel.id, message: heard.id, emoji: '👍' });
  await alsoReacted;
  const counted = (await channel.messages.fetch({ message: heard.id, force: true })).reactions.cache.get('👍');
  assert.equal(counted.count, 2);
  assert.equal(counted.me, true);
  assert.deepEqual([...(await counted.users.fetch()).keys()].sort(), [client.user.id, settings.member].sort());
  const unreacted = event(client, 'messageReactionRemove', (r, u) => r.message.id === heard.id && u.id === client.user.id);
  await counted.users.remove(client.user.id);
  await unreacted;

  // History, page by page.
  const history = await guild.channels.create({ name: 'history' });
  const ids = [];
  for (let i = 0; i < 130; i++) ids.push((await history.send(`line ${i}`)).id);
  const paged = [];
  for (let before; ; ) {
    const page = await history.messages.fetch({ limit: 50, before });
    paged.push(...page.keys());
    if (page.size < 50) break;
    before = page.last().id;
  }
  assert.deepEqual(paged.reverse(), ids);
  const around = await history.messages.fetch({ limit: 5, around: ids[60] });
  assert.deepEqual([...around.keys()].sort(), ids.slice(58, 63).sort());
  assert.deepEqual([...(await history.messages.fetch({ limit: 3, after: ids[10] })).keys()].sort(), ids.slice(11, 14).sort());
  const bulk = event(client, 'messageDeleteBulk');
  await history.bulkDelete(ids.slice(0, 10));
  assert.deepEqual([...(await bulk)[0].keys()].sort(), ids.slice(0, 10).sort());

  // Members.
  const members = await guild.members.fetch();
  assert.deepEqual([...members.keys()].sort(), [client.user.id, settings.member, settings.owner].sort());
  assert.equal((await guild.members.fetch({ query: settings.memberName.slice(0, 3), limit: 5 })).has(settings.member), true);
  const role = await guild.roles.create({ name: 'smith', colors: { primaryColor: 0x123456 }, mentionable: true });
  const given = event(client, 'guildMemberUpdate', (_, m) => m.id === settings.member && m.roles.cache.has(role.id));
  await members.get(settings.member).roles.add(role);
  await given;
  const roleMention = event(client, 'messageCreate', (m) => m.mentions.roles.has(role.id));
  await ask('say', { channel: channel.id, content: `<@&${role.id}> attention` });
  await roleMention;
  await members.get(settings.member).setNickname('Wayland');
  assert.equal((await guild.members.fetch({ user: settings.member, force: true })).nickname, 'Wayland');

  // Typing, both ways.
  const typing = event(client, 'typingStart', (t) => t.user.id === settings.member);
  await ask('type', { channel: channel.id });
  assert.equal((await typing).channel.id, channel.id);
  await channel.sendTyping();

  // Permission overwrites.
  const closed = event(client, 'channelUpdate', (_, c) => c.id === channel.id && c.permissionOverwrites.cache.has(guild.id));
  await channel.permissionOverwrites.edit(guild.roles.everyone, { SendMessages: false });
  await closed;
  assert.equal(channel.permissionsFor(settings.member).has(PermissionFlagsBits.SendMessages), false);
  assert.equal(await ask('trySay', { channel: channel.id, content: 'not allowed' }), 50013);
  await channel.permissionOverwrites.edit(settings.member, { SendMessages: true });
  assert.equal(await ask('trySay', { channel: channel.id, content: 'allowed again' }), 0);
  const opened = event(client, 'channelUpdate', (_, c) => c.id === channel.id && !c.permissionOverwrites.cache.has(guild.id));
  await channel.permissionOverwrites.delete(guild.roles.everyone);
  await opened;
  assert.equal(channel.permissionOverwrites.cache.has(guild.id), false);

  // Pins.
  const pinned = event(client, 'channelPinsUpdate', (c) => c.id === channel.id);
  await heard.pin();
  await pinned;
  const pins = await channel.messages.fetchPins();
  assert.deepEqual(pins.items.map((p) => p.message.id), [heard.id]);
  await heard.unpin();
  assert.equal((await channel.messages.fetchPins()).items.length, 0);

  // Search, for which discord.js has no method but its REST manager.
  await channel.send('the quick brown fox');
  const found = await client.rest.get(`/guilds/${guild.id}/messages/search`, { query: new URLSearchParams({ content: 'brown fox' }) });
  assert.equal(found.total_results, 1);
  assert.equal(found.messages[0][0].content, 'the quick brown fox');

  // Invites and the audit log.
  const invite = await channel.createInvite({ maxAge: 60, maxUses: 1, unique: true });
  assert.equal((await client.fetchInvite(invite.code)).guild.id, guild.id);
  const log = await guild.fetchAuditLogs({ limit: 100 });
  assert.ok(log.entries.some((e) => e.reason === 'they were blunt' && e.executor.id === client.user.id));

  // A direct message.
  const direct = event(client, 'messageCreate', (m) => !m.guild && m.author.id === settings.member);
  const user = await client.users.fetch(settings.member);
  const dm = await user.send('psst');
  await ask('say', { channel: dm.channelId, content: 'yes?' });
  assert.equal((await direct).content, 'yes?');

  await channel.delete();
  await client.destroy();
});
