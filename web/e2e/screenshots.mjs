// npm run screenshots: the main views at three sizes in both themes, from the real server, into docs/screenshots.
import { mkdirSync } from 'node:fs';
import { browser, composer, Server, sizes, visit } from './harness.mjs';

const folder = new URL('../../docs/screenshots/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const server = await Server.start();
const chrome = await browser();

const people = {};
for (const [name, shown] of [['mara', 'Mara Lindqvist'], ['jonas', 'Jonas'], ['ines', 'Inês Carvalho 🌿'], ['yusuf', 'يوسف العلي'], ['kei', '慧'], ['bart', 'Bartholomew Featherstonehaugh']]) {
  people[name] = await server.account(name);
  await server.api('PATCH', '/users/@me', people[name].token, { global_name: shown });
}
const { mara, jonas, ines, yusuf, kei, bart } = people;
const as = (who) => (method, path, body) => server.api(method, path, who.token, body);
const owner = as(mara);
const say = (who, channel, content, more = {}) => as(who)('POST', `/channels/${channel.id}/messages`, { content, ...more });
const channel = (guild, name, more = {}) => owner('POST', `/guilds/${guild.id}/channels`, { name, type: 0, ...more });

const guild = await owner('POST', '/guilds', { name: 'Riverside Garden' });
const general = (await owner('GET', `/guilds/${guild.id}/channels`)).find((c) => c.type === 0);
await owner('PATCH', `/channels/${general.id}`, { topic: 'Anything that fits nowhere else' });
const workshops = await channel(guild, 'Workshops', { type: 4 });
const seeds = await channel(guild, 'seed-exchange', { parent_id: workshops.id });
await channel(guild, 'irrigation-and-water', { parent_id: workshops.id });
await channel(guild, 'a-rather-long-channel-name-that-will-not-fit', { parent_id: workshops.id });
const { code } = await owner('POST', `/channels/${general.id}/invites`, {});
for (const who of [jonas, ines, yusuf, kei, bart]) await as(who)('POST', `/invites/${code}`, {});
const role = await owner('POST', `/guilds/${guild.id}/roles`, { name: 'Gardeners', color: 0x0e8a72, hoist: true, mentionable: true });
for (const who of [mara, jonas, yusuf]) await owner('PUT', `/guilds/${guild.id}/members/${who.id}/roles/${role.id}`);

const first = await say(jonas, general, 'Morning! The tomatoes survived the night ❄️');
for (const [who, emoji] of [[mara, '🍅'], [ines, '🍅'], [kei, '🎉']]) await as(who)('PUT', `/channels/${general.id}/messages/${first.id}/reactions/${encodeURIComponent(emoji)}/@me`);
await say(jonas, general, 'I moved the trays into the shed, there is room for about `12` more.');
await say(mara, general, 'Sure. I will be there at nine.', { message_reference: { message_id: first.id } });
await say(yusuf, general, 'صباح الخير جميعاً، سأحضر البذور الجديدة معي يوم السبت إن شاء الله');
await say(bart, general, '**Watering plan**\n- Beds 1–4 in the morning\n- Beds 5–9 at dusk\n> drought warning until Friday\n```ts\nconst litres = beds.reduce((sum, b) => sum + b.need, 0);\n```');
await say(kei, general, 'it was ||the slugs|| 🐌');
const read = await say(ines, general, '🌧️🎉');
await owner('POST', `/channels/${general.id}/messages/${read.id}/ack`, {});
await say(ines, general, `<@${mara.id}> could you bring the *long* hose on Saturday?`);
await say(kei, seeds, `<@${mara.id}> I kept some bean seeds for you`);
await owner('POST', '/users/@me/relationships', { username: 'jonas' });
await as(jonas)('PUT', `/users/@me/relationships/${mara.id}`, {});
await as(ines)('POST', '/users/@me/relationships', { username: 'mara' });
const dm = await owner('POST', '/users/@me/channels', { recipient_id: jonas.id });
for (const [who, text] of [[mara, 'Are you coming on Saturday?'], [jonas, 'Yes! I take the early train'], [jonas, 'Do we need bread?'], [mara, 'Always. The dark one, if they have it'], [jonas, 'Deal 👍'], [mara, 'And bring your boots, it has rained for three days and the lower path is more of a pond than a path by now.'], [jonas, '😂'], [mara, 'See you then']]) await say(who, dm, text);
await as(yusuf)('POST', '/users/@me/channels', { recipient_id: mara.id }).then((c) => say(yusuf, c, 'هل وصلت الرسالة؟'));
await owner('POST', '/users/@me/channels', { recipients: [ines.id, kei.id] }).then((c) => owner('PATCH', `/channels/${c.id}`, { name: 'Allotment 14' }).then(() => say(mara, c, 'The key hangs behind the door.')));
// Someone else is here too, and has read.
const companion = await visit(chrome, server, { token: jonas.token, path: `/channels/@me/${dm.id}` });
await composer(companion).waitFor();

const views = {
  login: { path: '/login', ready: '.auth-form input' },
  channel: { path: `/channels/${guild.id}/${general.id}`, ready: '.new-line', signedIn: true },
  conversation: { path: `/channels/@me/${dm.id}`, ready: '.ticks.read', signedIn: true },
  friends: { path: '/friends', ready: '.talk .ticks.read', signedIn: true },
  settings: { path: '/friends', ready: '.user-panel', signedIn: true, act: async (page) => { await page.locator('.only-narrow').first().click({ timeout: 1000 }).catch(() => undefined); await page.locator('.user-panel').getByRole('button', { name: 'Settings' }).click(); await page.locator('.settings').waitFor(); } },
};
for (const [name, view] of Object.entries(views)) {
  for (const size of Object.keys(sizes)) {
    for (const scheme of ['light', 'dark']) {
      const page = await visit(chrome, server, { ...(view.signedIn ? { token: mara.token } : {}), path: view.path, size, scheme });
      await page.locator(view.ready).first().waitFor({ state: 'attached' });
      await view.act?.(page);
      await page.evaluate(() => document.fonts.ready);
      // The mention in view would be read, and the next picture would lack its line.
      await page.screenshot({ path: `${folder}${name}-${size}-${scheme}.png` });
      await page.context().close();
      if (name === 'channel') await owner('POST', `/channels/${general.id}/messages/${read.id}/ack`, { manual: true });
    }
  }
}
await chrome.close();
await server.stop();
