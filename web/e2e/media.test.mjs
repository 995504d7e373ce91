// Files of all kinds, between two browsers and the real server; and pushes, as the service worker takes them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, browser, composer, connected, eventually, messageWith, say, Server, visit } from './harness.mjs';

let server, chrome, owner, guest, path, page, other, channelId;
const made = (name) => join(server.data, name);
const ffmpeg = (...args) => execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...args]);

before(async () => {
  server = await Server.start();
  chrome = await browser();
  owner = await server.account('mira');
  guest = await server.account('nils');
  const guild = await server.api('POST', '/guilds', owner.token, { name: 'Gallery' });
  channelId = (await server.api('GET', `/guilds/${guild.id}/channels`, owner.token)).find((c) => c.type === 0).id;
  const { code } = await server.api('POST', `/channels/${channelId}/invites`, owner.token, {});
  await server.api('POST', `/invites/${code}`, guest.token, {});
  ffmpeg('-f', 'lavfi', '-i', 'mandelbrot=size=1600x1000', '-frames:v', '1', made('wide.png'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=300x400', '-frames:v', '1', made('tall.jpg'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10:duration=2', '-c:v', 'libvpx', made('clip.webm'));
  path = `/channels/${guild.id}/${channelId}`;
  page = await visit(chrome, server, { token: owner.token, path });
  other = await visit(chrome, server, { token: guest.token, path });
  for (const p of [page, other]) { await composer(p).waitFor(); await connected(p); }
});
after(async () => {
  await chrome?.close();
  await server?.stop();
});

const attach = (p, ...files) => p.locator('.composer input[type=file]').setInputFiles(files);
const newest = async () => (await server.api('GET', `/channels/${channelId}/messages?limit=1`, owner.token))[0];
const loaded = (image) => image.evaluate((img) => img.decode().then(() => ({ width: img.naturalWidth, height: img.naturalHeight })));
/** The files as a browser hands them over when they are pasted or dropped. */
const transfer = (p, files) => p.evaluateHandle((list) => {
  const data = new DataTransfer();
  for (const { name, type, base64 } of list) data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
  return data;
}, files.map(([name, type]) => ({ name, type, base64: readFileSync(made(name)).toString('base64') })));

describe('files', () => {
  test('a picture from the button is shown to both in its own shape, and opens large', async () => {
    await attach(page, made('wide.png'));
    await page.locator('.tray li').filter({ hasText: 'wide.png' }).waitFor();
    await say(page, 'look at this');
    const picture = messageWith(other, 'look at this').locator('.picture-button');
    await picture.waitFor();
    const box = await picture.boundingBox();
    assert.ok(Math.abs(box.width / box.height - 1.6) < 0.02, `${box.width} × ${box.height}`);
    const shown = await loaded(picture.locator('img'));
    assert.ok(shown.width >= 480 && shown.width < 1600, `made as large as it is shown: ${shown.width}`);
    await picture.click();
    assert.equal((await loaded(other.locator('.lightbox-image img'))).width, 1600);
    assert.deepEqual(await axe(other), []);
    await other.keyboard.press('Escape');
    await other.locator('.lightbox').waitFor({ state: 'detached' });
  });

  test('pictures pasted and dropped go together', async () => {
    await composer(page).focus();
    const pasted = await transfer(page, [['tall.jpg', 'image/jpeg']]);
    await page.evaluate((data) => document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })), pasted);
    const dropped = await transfer(page, [['wide.png', 'image/png']]);
    await page.dispatchEvent('.stream', 'dragenter', { dataTransfer: dropped });
    await page.locator('.drop-hint').waitFor();
    await page.dispatchEvent('.stream', 'drop', { dataTransfer: dropped });
    await page.locator('.tray li').nth(1).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const pictures = other.locator('.row[data-id]').last().locator('.pictures.many .picture-button');
    await pictures.nth(1).waitFor();
    await pictures.first().click();
    await other.keyboard.press('ArrowRight');
    await other.locator('.lightbox header').filter({ hasText: 'wide.png' }).waitFor();
    await other.keyboard.press('Escape');
  });

  test('an upload shows how far it is, and can be cancelled: nothing is sent', async () => {
    const last = (await newest()).id;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 });
    await attach(page, { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(6_000_000, 7) });
    await composer(page).press('Enter');
    await page.waitForFunction(() => document.querySelector('.upload progress')?.value > 0);
    await page.locator('.row.pending').getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.row.pending').waitFor({ state: 'detached' });
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await cdp.detach();
    await say(page, 'after all not');
    await messageWith(other, 'after all not').waitFor();
    assert.equal((await server.api('GET', `/channels/${channelId}/messages?after=${last}`, owner.token)).length, 1);
  });

  test('a video plays in its place, other files are there to be taken', async () => {
    writeFileSync(made('notes.zip'), Buffer.from('PK\u0005\u0006'.padEnd(22, '\0')));
    await attach(page, made('clip.webm'), made('notes.zip'));
    await say(page, 'moving');
    const video = messageWith(other, 'moving').locator('video');
    await video.waitFor();
    const played = await video.evaluate(async (v) => { v.muted = true; await v.play(); await new Promise((r) => v.addEventListener('timeupdate', r, { once: true })); return { duration: v.duration, width: v.videoWidth }; });
    assert.ok(played.duration > 1.5 && played.width === 320);
    const [download] = await Promise.all([other.waitForEvent('download'), messageWith(other, 'moving').locator('.file-card').filter({ hasText: 'notes.zip' }).click()]);
    assert.equal(download.suggestedFilename(), 'notes.zip');
  });

  test('a voice message is recorded, sent with its wave, and played', async () => {
    await page.getByRole('button', { name: 'Record a voice message' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.voice-wave.live i').length > 12);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const voice = other.locator('.row[data-id]').last().locator('.voice');
    await voice.waitFor();
    const { attachments: [sent], flags } = await newest();
    assert.equal(flags & 8192, 8192);
    assert.ok(sent.duration_secs > 0.5 && Buffer.from(sent.waveform, 'base64').some((x) => x > 0), 'the microphone was heard');
    await voice.getByRole('button', { name: 'Play' }).click();
    await other.waitForFunction(() => [...document.querySelectorAll('.voice audio')].at(-1).currentTime > 0);
  });

  test('a picture that cannot be loaded says so and can still be downloaded', async () => {
    await other.route('**/attachments/**', (route) => route.abort());
    await attach(page, made('tall.jpg'));
    await say(page, 'not for you');
    await messageWith(other, 'not for you').locator('.file-card').filter({ hasText: 'tall.jpg' }).waitFor();
    await other.unroute('**/attachments/**');
  });

  test('a picture of oneself and of the server is seen by the other', async () => {
    await page.locator('.user-panel').getByRole('button', { name: 'Settings' }).click();
    await page.locator('.settings-nav').getByRole('button', { name: 'Profile', exact: true }).click();
    await page.locator('.image-pick input').setInputFiles(made('tall.jpg'));
    await page.locator('.image-pick img').waitFor();
    await page.locator('.settings-body, .settings-page').getByRole('button', { name: 'Save' }).last().click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    const face = messageWith(other, 'look at this').locator('.gutter img');
    await face.waitFor();
    assert.equal((await loaded(face)).width, 128);
  });

  test('the picture of the server is seen by both in the rail, and goes again', async () => {
    const icon = (p) => p.locator('.rail-tile.active img');
    const save = () => page.locator('.settings-page').getByRole('button', { name: 'Save' }).click();
    await page.locator('.guild-name').click();
    await page.getByRole('menuitem', { name: 'Server settings' }).click();
    await page.locator('.settings-page .image-pick input').setInputFiles(made('wide.png'));
    await page.locator('.settings-page .image-pick img').waitFor();
    await save();
    for (const p of [page, other]) assert.equal((await loaded(icon(p))).width, 128);
    await page.getByRole('button', { name: 'Remove picture' }).click();
    await page.locator('.settings-page .image-pick img').waitFor({ state: 'detached' });
    await save();
    for (const p of [page, other]) await icon(p).waitFor({ state: 'detached' });
    assert.equal((await server.api('GET', `/guilds/${path.split('/')[2]}`, owner.token)).icon, null);
    await page.keyboard.press('Escape');
  });
});

describe('a server’s own emojis', () => {
  const guildId = () => path.split('/')[2];
  const dataUri = (name, type) => `data:${type};base64,${readFileSync(made(name)).toString('base64')}`;
  const picker = (p) => p.locator('.emoji-picker');
  const openPicker = async (p) => { await p.locator('.composer').getByRole('button', { name: 'Emoji' }).click(); await picker(p).waitFor(); };
  const offered = (p) => picker(p).getByRole('option').evaluateAll((list) => list.map((o) => o.title));
  const emojiIn = (p, text) => messageWith(p, text).locator('.content img.emoji');
  let party, spin, annexed;

  before(async () => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=96x96', '-frames:v', '1', made('party.png'));
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1', made('spin.gif'));
    const make = (guild, name, image) => server.api('POST', `/guilds/${guild}/emojis`, owner.token, { name, image });
    const annex = await server.api('POST', '/guilds', owner.token, { name: 'Annex' });
    party = await make(guildId(), 'party', dataUri('party.png', 'image/png'));
    spin = await make(guildId(), 'spin', dataUri('spin.gif', 'image/gif'));
    annexed = await make(annex.id, 'party', dataUri('party.png', 'image/png'));
  });

  test('the picker has a section for each server, and what is picked there is seen by the other', async () => {
    await openPicker(page);
    await picker(page).getByRole('tab', { name: 'Annex' }).click();
    assert.deepEqual(await offered(page), [':party~1:']);
    await picker(page).getByRole('tab', { name: 'Gallery' }).click();
    assert.deepEqual(await offered(page), [':party:', ':spin:']);
    assert.ok((await loaded(picker(page).getByRole('option').first().locator('img'))).width >= 64);
    assert.deepEqual(await axe(page), []);
    await picker(page).getByRole('option').first().click();
    assert.equal(await composer(page).inputValue(), ':party: ');
    await composer(page).pressSequentially('for all');
    await composer(page).press('Enter');
    await emojiIn(other, 'for all').waitFor();
    assert.equal((await newest()).content, `<:party:${party.id}> for all`);
    assert.ok((await loaded(emojiIn(other, 'for all'))).width >= 64);
  });

  test('a few letters between colons complete it; of two with one name each keeps its own', async () => {
    await composer(page).pressSequentially('next door :part');
    await page.getByRole('option', { name: ':party~1:' }).click();
    await composer(page).pressSequentially(':spin: `:party:`');
    await composer(page).press('Enter');
    await emojiIn(other, 'next door').nth(1).waitFor();
    assert.equal((await newest()).content, `next door <:party:${annexed.id}> <a:spin:${spin.id}> \`:party:\``);
  });

  test('who edits reads the name, and changes nothing else', async () => {
    await composer(page).press('ArrowUp');
    const box = page.locator('.edit-box textarea');
    await box.waitFor();
    assert.equal(await box.inputValue(), 'next door :party~1: :spin: `:party:`');
    await box.press('End');
    await box.pressSequentially('!');
    await box.press('Enter');
    await messageWith(other, 'next door').locator('.edited').waitFor();
    assert.equal((await newest()).content, `next door <:party:${annexed.id}> <a:spin:${spin.id}> \`:party:\`!`);
  });

  test('reactions with it are seen and joined by the other', async () => {
    await messageWith(page, 'for all').hover();
    await page.locator('.row[data-id]').filter({ hasText: 'for all' }).getByRole('button', { name: 'Add reaction' }).first().click();
    await picker(page).getByRole('searchbox').fill('spin');
    await picker(page).getByRole('option').first().click();
    const reaction = (p) => messageWith(p, 'for all').locator('.reaction').filter({ has: p.locator('img.emoji[alt=":spin:"]') });
    await reaction(other).click();
    await reaction(page).getByText('2', { exact: true }).waitFor();
    const { id } = (await server.api('GET', `/channels/${channelId}/messages?limit=10`, owner.token)).find((m) => m.content.includes('for all'));
    const { reactions } = await server.api('GET', `/channels/${channelId}/messages/${id}`, owner.token);
    assert.deepEqual(reactions.map((r) => [r.emoji.id, r.emoji.name, r.count]), [[spin.id, 'spin', 2]]);
    await reaction(other).click();
    await reaction(page).getByText('1', { exact: true }).waitFor();
  });

  test('one that is deleted is offered no longer, and a guest is offered only what is the guest’s', async () => {
    await openPicker(other);
    assert.equal(await picker(other).getByRole('tab', { name: 'Annex' }).count(), 0);
    await server.api('DELETE', `/guilds/${guildId()}/emojis/${spin.id}`, owner.token);
    await picker(other).getByRole('tab', { name: 'Gallery' }).click();
    await picker(other).getByRole('option', { name: 'spin' }).waitFor({ state: 'detached' });
    assert.deepEqual(await offered(other), [':party:']);
    await other.keyboard.press('Escape');
  });
});

describe('pushes', () => {
  const push = async (context, data) => {
    const cdp = await context.newCDPSession(context.pages()[0]);
    const registrations = new Promise((resolve) => cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [r] }) => r && resolve(r.registrationId)));
    await cdp.send('ServiceWorker.enable');
    await cdp.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId: await registrations, data: JSON.stringify(data) });
    await cdp.detach();
  };
  const notes = (p) => p.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => ({ title: n.title, body: n.body, tag: n.tag, path: n.data.path })));
  const until = async (p, count) => {
    await eventually(p, async (n) => (await (await navigator.serviceWorker.ready).getNotifications()).length === n, count);
    return notes(p);
  };

  test('one notification per channel, which leads to the message and goes when it was read elsewhere', async () => {
    await other.context().grantPermissions(['notifications']);
    await other.goto(`${server.url}/friends`);
    await connected(other);
    await other.evaluate(() => navigator.serviceWorker.ready);
    const about = (body) => ({ type: 'message', tag: channelId, title: 'Mira (#general, Gallery)', body, channel_id: channelId, guild_id: path.split('/')[2], message_id: '123456789012345678', badge: 1 });
    await push(other.context(), about('first'));
    await until(other, 1);
    await push(other.context(), about('second'));
    await eventually(other, async () => (await (await navigator.serviceWorker.ready).getNotifications())[0]?.body === 'second');
    assert.deepEqual(await notes(other), [{ title: 'Mira (#general, Gallery)', body: 'second', tag: channelId, path: `${path}/123456789012345678` }]);
    await push(other.context(), { type: 'read', tag: channelId, channel_id: channelId, badge: 0 });
    await until(other, 0);
  });

  test('reading a channel here takes its notification away', async () => {
    await say(page, 'come and see');
    await push(other.context(), { type: 'message', tag: channelId, title: 'Mira', body: 'come and see', channel_id: channelId, guild_id: path.split('/')[2] });
    await until(other, 1);
    await other.bringToFront();
    await other.goto(server.url + path);
    await messageWith(other, 'come and see').waitFor();
    await until(other, 0);
  });

  // A machine without a desktop has nobody to click, and only a real click lets a worker open and focus windows: it is the event that is made here.
  const click = (context) => context.serviceWorkers()[0].evaluate(async () => {
    const asked = { opened: [], focused: [] };
    Clients.prototype.openWindow = async (url) => void asked.opened.push(url);
    WindowClient.prototype.focus = async function () { asked.focused.push(new URL(this.url).pathname); };
    const [notification] = await self.registration.getNotifications();
    const event = new NotificationEvent('notificationclick', { notification });
    const work = new Promise((resolve, reject) => { event.waitUntil = (promise) => promise.then(resolve, reject); });
    self.dispatchEvent(event);
    await work;
    return { ...asked, left: (await self.registration.getNotifications()).length };
  });

  test('a click on one opens the message, in the window that is there or in a new one', async () => {
    const { id } = await server.api('POST', `/channels/${channelId}/messages`, owner.token, { content: 'the one that was told of' });
    for (let i = 0; i < 120; i++) await server.api('POST', `/channels/${channelId}/messages`, owner.token, { content: `later ${i}` });
    const about = { type: 'message', tag: channelId, title: 'Mira', body: 'the one that was told of', channel_id: channelId, guild_id: path.split('/')[2], message_id: id };
    const found = () => other.locator('.message.highlighted').filter({ hasText: 'the one that was told of' }).waitFor();
    await other.goto(`${server.url}/friends`);
    await connected(other);
    await push(other.context(), about);
    await until(other, 1);
    assert.deepEqual(await click(other.context()), { opened: [], focused: ['/friends'], left: 0 });
    await found();
    assert.equal(new URL(other.url()).pathname, `${path}/${id}`);

    await other.goto(`${server.url}/friends`);
    await connected(other);
    await push(other.context(), about);
    await until(other, 1);
    await other.goto(`${server.url}/icon-192.png`);
    const { opened: [address], left } = await click(other.context());
    assert.equal(left, 0);
    await other.goto(server.url + address);
    await found();
  });

  test('no page has complained', () => assert.deepEqual([...page.complaints, ...other.complaints], []));
});
