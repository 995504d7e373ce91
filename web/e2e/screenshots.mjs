// npm run screenshots [view…]: the main views at three sizes in both themes, from the real server, into docs/screenshots.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, composer, Server, sizes, visit } from './harness.mjs';

const folder = new URL('../../docs/screenshots/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
/** ms; the machine may have other work. */
const patience = 90_000;
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

// A channel of files: pictures that a program can paint, a voice, a document.
const gallery = await channel(guild, 'photos', { topic: 'What grows, and what ate it' });
const paint = (name, ...args) => { const file = join(server.data, name); execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...args, file]); return file; };
const attach = async (who, to, content, files, more = {}) => {
  const form = new FormData();
  form.append('payload_json', JSON.stringify({ content, ...more }));
  files.forEach((file, i) => form.append(`files[${i}]`, new Blob([readFileSync(file)]), file.split('/').at(-1)));
  const reply = await fetch(`${server.url}/api/v10/channels/${to.id}/messages`, { method: 'POST', headers: { Authorization: who.token }, body: form });
  if (!reply.ok) throw new Error(await reply.text());
};
const still = (name, colours) => paint(name, '-f', 'lavfi', '-i', `gradients=size=1200x800:c0=${colours[0]}:c1=${colours[1]}:c2=${colours[2]}:nb_colors=3:seed=${name.length}:speed=0.00001`, '-frames:v', '1');
await attach(jonas, gallery, 'Sunrise over bed 3', [still('sunrise.png', ['0xffb36b', '0xe0563b', '0x33214f'])]);
await attach(ines, gallery, 'and the pond, twice', [still('pond.png', ['0x0e8a72', '0x8fd3c1', '0x123a3a']), still('pond-evening.png', ['0x27476e', '0xb7c9e2', '0x0d1b2a'])]);
await attach(bart, gallery, '', [paint('voice-message.ogg', '-f', 'lavfi', '-i', "aevalsrc='0.6*sin(220*t)*abs(sin(2*t))*abs(sin(0.7*t))':d=9", '-c:a', 'libopus')], { flags: 8192 });
await attach(mara, gallery, 'The plan for spring', [paint('sowing-plan.txt', '-f', 'lavfi', '-i', 'anullsrc=d=0.1', '-f', 'ffmetadata')]);
// Nobody knows this one yet.
const newcomer = await server.account('nele');
// Someone else is here too, and has read.
const companion = await visit(chrome, server, { patience, token: jonas.token, path: `/channels/@me/${dm.id}` });
await composer(companion).waitFor();

const settings = async (page) => {
  await page.locator('.only-narrow').first().click({ timeout: 1000 }).catch(() => undefined);
  await page.locator('.user-panel').getByRole('button', { name: 'Settings' }).click();
  await page.locator('.settings').waitFor();
};
const roles = async (page, size) => {
  if (size === 'phone') await page.getByRole('button', { name: 'Open the lists' }).click();
  await page.locator('.guild-name').click();
  await page.getByRole('menuitem', { name: 'Server settings' }).click();
  await page.locator('.settings-nav').getByRole('button', { name: 'Roles', exact: true }).click();
  await page.locator('.split').getByText('Gardeners').first().click();
};
const search = async (page) => {
  await page.locator('.head-tools').getByRole('button', { name: 'Search' }).click();
  await page.locator('.search-box input').fill('seeds');
  await page.locator('.hit').first().waitFor();
};
const inGuild = `/channels/${guild.id}/${general.id}`;
const views = {
  login: { path: '/login', ready: '.auth-form input' },
  welcome: { path: '/', ready: '.welcome .step', as: newcomer },
  channel: { path: inGuild, ready: '.hljs-keyword', as: mara },
  media: { path: `/channels/${guild.id}/${gallery.id}`, ready: '.voice', as: kei, act: (page) => page.evaluate(() => Promise.all([...document.querySelectorAll('.picture-button img')].map((img) => { img.loading = 'eager'; return img.decode(); }))) },
  conversation: { path: `/channels/@me/${dm.id}`, ready: '.ticks.read', as: mara },
  friends: { path: '/friends', ready: '.talk .ticks.read', as: mara },
  search: { path: inGuild, ready: '.row[data-id]', as: mara, act: search },
  roles: { path: inGuild, ready: '.guild-name', as: mara, act: roles },
  settings: { path: '/friends', ready: '.user-panel', as: mara, act: settings },
};
const chosen = process.argv.slice(2);
for (const [name, view] of Object.entries(views).filter(([name]) => chosen.length === 0 || chosen.includes(name))) {
  for (const size of Object.keys(sizes)) {
    for (const scheme of ['light', 'dark']) {
      const page = await visit(chrome, server, { ...(view.as ? { token: view.as.token } : {}), path: view.path, size, scheme, patience });
      await page.locator(view.ready).first().waitFor({ state: 'attached' });
      await view.act?.(page, size);
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
