// Two people, two browsers, one real server: what people do most.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, browser, composer, connected, messageWith, say, Server, visit } from './harness.mjs';

let server, chrome, anna, ben, invite, guildUrl;
const complaints = () => [...anna.complaints, ...(ben?.complaints ?? [])];

before(async () => {
  server = await Server.start();
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await server?.stop();
});

const rail = (page, name) => page.locator('.rail-guilds .rail-tile').filter({ hasText: name });
const channel = (page, name) => page.locator('.channel-row').filter({ hasText: name });
const badgeOf = (locator) => locator.locator('.badge [aria-hidden]');
const menuOf = async (page, text, item) => {
  await messageWith(page, text).last().click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
};

describe('a first day on an empty instance', () => {
  test('the first visitor is asked to create an account, then a server', async () => {
    anna = await visit(chrome, server);
    await anna.getByRole('heading', { name: 'Create your account' }).waitFor();
    assert.deepEqual(await axe(anna), []);
    await anna.getByLabel('User name').fill('anna');
    await anna.getByLabel('Display name').fill('Anna');
    await anna.getByLabel('Password').fill('a long password');
    await anna.getByRole('button', { name: 'Create account' }).click();
    await anna.getByRole('button', { name: /Create a server/ }).click();
    await anna.getByLabel('Server name').fill('The Orchard');
    await anna.getByRole('dialog').getByRole('button', { name: 'Create a server' }).click();
    await composer(anna).waitFor();
    guildUrl = anna.url();
    assert.match(guildUrl, /\/channels\/\d+\/\d+$/);
  });

  test('an invitation link brings the second person in', async () => {
    await anna.getByRole('button', { name: 'Invite people' }).click();
    const link = anna.getByLabel('Invitation link');
    await anna.waitForFunction(() => document.querySelector('.copy-row input')?.value.includes('/invite/'));
    invite = await link.inputValue();
    await anna.keyboard.press('Escape');
    ben = await visit(chrome, server, { path: new URL(invite).pathname });
    await ben.getByText('The Orchard').waitFor();
    await ben.getByLabel('User name').fill('ben');
    await ben.getByLabel('Display name').fill('Ben');
    await ben.getByLabel('Password').fill('another password');
    await ben.getByRole('button', { name: 'Create account' }).click();
    await ben.getByRole('button', { name: /^(Join|Go there)$/ }).click();
    await composer(ben).waitFor();
    await anna.locator('.member').filter({ hasText: 'Ben' }).waitFor();
  });
});

describe('a channel', () => {
  test('messages arrive at once, with who is typing before', async () => {
    await composer(anna).pressSequentially('Hello ');
    await ben.getByText('Anna is typing…').waitFor();
    await say(anna, 'Hello **Ben** :wave:');
    await messageWith(ben, 'Hello Ben 👋').waitFor();
    assert.equal(await messageWith(ben, 'Hello Ben 👋').locator('strong').innerText(), 'Ben');
    await messageWith(anna, 'Hello Ben 👋').waitFor();
    assert.equal(await messageWith(anna, 'Hello Ben').count(), 1);
    assert.equal(await anna.locator('.row.pending').count(), 0);
  });

  test('edit with arrow up, and the other sees it', async () => {
    await say(anna, 'a tpyo');
    await messageWith(ben, 'a tpyo').waitFor();
    await composer(anna).press('ArrowUp');
    await anna.locator('.edit-box textarea').fill('no typo');
    await anna.locator('.edit-box textarea').press('Enter');
    await messageWith(ben, 'no typo').getByText('(edited)').waitFor();
  });

  test('reply, react, pin', async () => {
    await menuOf(ben, 'no typo', 'Reply');
    await say(ben, 'well done');
    const reply = messageWith(anna, 'well done');
    await reply.locator('.reply-line').getByText('no typo').waitFor();
    await reply.hover();
    await reply.getByRole('button', { name: 'Add reaction' }).first().click();
    await anna.getByLabel('Search emoji').fill('tada');
    await anna.keyboard.press('Enter');
    await messageWith(ben, 'well done').locator('.reaction').filter({ hasText: '🎉' }).click();
    await messageWith(anna, 'well done').locator('.reaction').filter({ hasText: '2' }).waitFor();
    await menuOf(anna, 'no typo', 'Pin');
    await ben.getByText(/Anna.? pinned a message/).waitFor();
    await ben.getByRole('button', { name: 'Pinned messages' }).click();
    await ben.locator('.pane .hit').filter({ hasText: 'no typo' }).waitFor();
    await ben.locator('.pane-head').getByRole('button', { name: 'Close' }).click();
  });

  test('delete asks, and takes it from both', async () => {
    await say(anna, 'not for long');
    await messageWith(ben, 'not for long').waitFor();
    await menuOf(anna, 'not for long', 'Delete');
    await anna.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await messageWith(ben, 'not for long').waitFor({ state: 'detached' });
  });

  test('markup is shown as it was typed, long words and many reactions fit', async () => {
    const nasty = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    await say(anna, nasty);
    await messageWith(ben, '<img src=x').waitFor();
    await say(anna, 'w'.repeat(2000));
    await messageWith(ben, 'wwwwwwww').waitFor();
    await composer(anna).fill('**__*~~||unclosed `` ``` [x](javascript:alert(1)) > ');
    await anna.getByRole('button', { name: 'Send' }).click();
    await messageWith(ben, 'unclosed').waitFor();
    for (const page of [anna, ben]) {
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      assert.equal(await page.evaluate(() => document.querySelector('.stream').scrollWidth <= document.querySelector('.stream').clientWidth), true);
      assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
    }
    await composer(anna).fill('x'.repeat(2001));
    assert.equal(await anna.locator('.count.over').innerText(), '-1');
    await composer(anna).fill('');
  });

  test('code is coloured, spoilers open on click', async () => {
    await composer(anna).fill('```js\nconst a = 1;\n```');
    await anna.getByRole('button', { name: 'Send' }).click();
    await ben.locator('.fence .hljs-keyword').waitFor();
    await say(anna, 'it was ||the butler||');
    const spoiler = messageWith(ben, 'it was').locator('.spoiler');
    await spoiler.click();
    await ben.locator('.spoiler.open').waitFor();
  });

  test('nothing serious for axe', async () => assert.deepEqual(await axe(anna), []));
});

describe('unread', () => {
  test('a mention elsewhere shows a badge; opening it clears it, also after a reload', async () => {
    await anna.getByRole('button', { name: 'Create channel' }).last().click();
    await anna.getByLabel('Channel name').fill('pears');
    await anna.getByRole('dialog').getByRole('button', { name: 'Create channel' }).click();
    await channel(ben, 'pears').waitFor();
    await anna.waitForURL((u) => u.href !== guildUrl);
    await say(anna, 'first');
    await composer(anna).pressSequentially('hey @be');
    await anna.locator('.autocomplete [role=option]').filter({ hasText: 'Ben' }).waitFor();
    await composer(anna).press('Tab');
    await composer(anna).press('Enter');
    await badgeOf(channel(ben, 'pears')).getByText('1', { exact: true }).waitFor();
    await ben.reload();
    await badgeOf(channel(ben, 'pears')).getByText('1', { exact: true }).waitFor();
    await badgeOf(rail(ben, 'The Orchard')).getByText('1', { exact: true }).waitFor();
    await ben.bringToFront();
    await channel(ben, 'pears').click();
    await messageWith(ben, 'hey @Ben').waitFor();
    await ben.locator('.new-line').waitFor();
    await badgeOf(channel(ben, 'pears')).waitFor({ state: 'detached' });
    await ben.reload();
    await connected(ben);
    assert.equal(await badgeOf(channel(ben, 'pears')).count(), 0);
  });

  test('deleting an unread mention takes the badge back', async () => {
    await ben.bringToFront();
    await ben.goto(guildUrl);
    await composer(ben).waitFor();
    await say(anna, '@ben once more');
    await badgeOf(channel(ben, 'pears')).getByText('1', { exact: true }).waitFor();
    await menuOf(anna, 'once more', 'Delete');
    await anna.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await badgeOf(channel(ben, 'pears')).waitFor({ state: 'detached' });
  });

  test('mark unread from a message, and read again by going there anew', async () => {
    await ben.bringToFront();
    await channel(ben, 'pears').click();
    await menuOf(ben, 'first', 'Mark unread');
    await badgeOf(channel(ben, 'pears')).getByText('1', { exact: true }).waitFor();
    await ben.goto(guildUrl);
    await badgeOf(channel(ben, 'pears')).getByText('1', { exact: true }).waitFor();
    await channel(ben, 'pears').click();
    await badgeOf(channel(ben, 'pears')).waitFor({ state: 'detached' });
  });
});

describe('people', () => {
  test('friends by request, then a conversation with ticks', async () => {
    await anna.getByRole('button', { name: /Conversations and friends/ }).click();
    await anna.getByLabel('Add friend').fill('ben');
    await anna.getByRole('button', { name: 'Send request' }).click();
    await ben.bringToFront();
    await ben.getByRole('button', { name: /Conversations and friends/ }).click();
    await ben.getByRole('tab', { name: /Requests/ }).click();
    await ben.getByRole('button', { name: 'Accept' }).click();
    await anna.locator('.people-list').getByRole('button', { name: 'Message' }).click();
    await anna.getByRole('heading', { name: 'Ben' }).first().waitFor();
    await say(anna, 'just between us');
    const tick = messageWith(anna, 'just between us').locator('.ticks');
    await messageWith(anna, 'just between us').locator('.ticks.delivered').waitFor();
    await badgeOf(ben.locator('.talk').filter({ hasText: 'Anna' })).getByText('1', { exact: true }).waitFor();
    await ben.locator('.talk').filter({ hasText: 'Anna' }).click();
    await messageWith(ben, 'just between us').waitFor();
    await messageWith(anna, 'just between us').locator('.ticks.read').waitFor();
    assert.equal(await tick.getAttribute('aria-label'), 'Read');
    assert.deepEqual(await axe(anna), []);
  });

  test('a group has a name, members, and says who has read', async () => {
    const cleo = await server.account('cleo');
    const token = await anna.evaluate(() => localStorage.getItem('kith.token'));
    const me = await server.api('GET', '/users/@me', token);
    await server.api('POST', '/users/@me/relationships', cleo.token, { username: 'anna' });
    await server.api('PUT', `/users/@me/relationships/${cleo.id}`, token, {});
    assert.equal(me.username, 'anna');
    await anna.getByRole('button', { name: 'New conversation' }).click();
    await anna.locator('.picker .person').filter({ hasText: 'Ben' }).click();
    await anna.locator('.picker .person').filter({ hasText: 'Cleo' }).click();
    await anna.getByRole('button', { name: 'Create group' }).click();
    await anna.getByRole('heading', { name: /Ben, Cleo|Cleo, Ben/ }).first().waitFor();
    await say(anna, 'hello both');
    await ben.locator('.talk').filter({ hasText: 'hello both' }).click();
    await messageWith(ben, 'hello both').waitFor();
    await menuOf(anna, 'hello both', 'Who has read');
    const reached = (name) => anna.getByRole('region', { name });
    await reached('Read by').locator('li').filter({ hasText: 'Ben' }).waitFor();
    await reached('Not there yet').locator('li').filter({ hasText: 'Cleo' }).waitFor();
    await server.api('POST', `/channels/${anna.url().split('/').at(-1)}/messages/${await messageWith(anna, 'hello both').locator('..').getAttribute('data-id')}/ack`, cleo.token, {});
    await reached('Read by').locator('li').filter({ hasText: 'Cleo' }).waitFor();
    assert.equal(await reached('Not there yet').count(), 0);
    await anna.keyboard.press('Escape');
  });
});

describe('when things go wrong', () => {
  test('what is written offline is sent in order on return, once each', async () => {
    await anna.goto(guildUrl);
    await ben.goto(guildUrl);
    await composer(anna).waitFor();
    await composer(ben).waitFor();
    await anna.context().setOffline(true);
    await anna.evaluate(() => dispatchEvent(new Event('offline')));
    for (const text of ['queued one', 'queued two', 'queued three']) await say(anna, text);
    assert.equal(await anna.locator('.row.pending').count(), 3);
    await anna.context().setOffline(false);
    await messageWith(ben, 'queued three').waitFor();
    const texts = (await ben.locator('.rows .content').allInnerTexts()).filter((x) => x.startsWith('queued'));
    assert.deepEqual(texts, ['queued one', 'queued two', 'queued three']);
    await anna.locator('.row.pending').first().waitFor({ state: 'detached' });
    const mine = (await anna.locator('.rows .content').allInnerTexts()).filter((x) => x.startsWith('queued'));
    assert.deepEqual(mine, texts);
  });

  test('a server that dies and comes back: written meanwhile arrives, nothing doubles, badges are right', async () => {
    await say(anna, 'before the fall');
    await messageWith(ben, 'before the fall').waitFor();
    await server.kill();
    await say(anna, 'while it was down');
    await anna.locator('.connection').waitFor();
    await server.run();
    await anna.getByRole('button', { name: 'Try now' }).click({ timeout: 2000 }).catch(() => undefined);
    await messageWith(ben, 'while it was down').waitFor({ timeout: 60_000 });
    for (const page of [anna, ben]) assert.equal((await page.locator('.rows .content').allInnerTexts()).filter((x) => x === 'while it was down').length, 1);
    for (const page of [anna, ben]) {
      const live = await page.locator('.rail .badge [aria-hidden], .channels .badge [aria-hidden]').allInnerTexts();
      await page.reload();
      await connected(page);
      assert.deepEqual(await page.locator('.rail .badge [aria-hidden], .channels .badge [aria-hidden]').allInnerTexts(), live);
    }
  });

  test('after a lost session only what is missing is fetched, and edits and deletes of before are caught', async () => {
    const channelId = new URL(guildUrl).pathname.split('/').at(-1);
    const token = await anna.evaluate(() => localStorage.getItem('kith.token'));
    const post = (content) => server.api('POST', `/channels/${channelId}/messages`, token, { content });
    const [edited, deleted] = [await post('a fact'), await post('a secret')];
    await ben.bringToFront();
    await messageWith(ben, 'a secret').waitFor();
    await ben.context().setOffline(true);
    await ben.evaluate(() => dispatchEvent(new Event('offline')));
    await server.kill();
    await server.run();
    await server.api('PATCH', `/channels/${channelId}/messages/${edited.id}`, token, { content: 'a corrected fact' });
    await server.api('DELETE', `/channels/${channelId}/messages/${deleted.id}`, token);
    await post('said meanwhile');
    const asked = [];
    ben.on('request', (r) => { const u = new URL(r.url()); if (r.method() === 'GET' && u.pathname.endsWith('/messages')) asked.push(u.search); });
    await ben.context().setOffline(false);
    await messageWith(ben, 'said meanwhile').waitFor({ timeout: 30_000 });
    await messageWith(ben, 'a corrected fact').waitFor();
    await messageWith(ben, 'a secret').waitFor({ state: 'detached' });
    // One page of what is missing, one of what was loaded.
    assert.equal(asked.length, 2, asked.join(' '));
    assert.match(asked[0], new RegExp(`after=${deleted.id}`));
  });

  test('a revoked token leads to the login, and the draft is kept', async () => {
    await composer(ben).fill('half a thought');
    const token = await ben.evaluate(() => localStorage.getItem('kith.token'));
    const { user_sessions } = await server.api('GET', '/auth/sessions', token);
    await server.api('POST', '/auth/sessions/logout', token, { session_ids: user_sessions.map((s) => s.id) });
    await ben.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await ben.getByLabel('User name or email').fill('ben');
    await ben.getByLabel('Password').fill('another password');
    await ben.getByRole('button', { name: 'Sign in' }).click();
    await composer(ben).waitFor();
    assert.equal(await composer(ben).inputValue(), 'half a thought');
    await composer(ben).fill('');
  });

  test('no page has complained', () => assert.deepEqual(complaints(), []));
});
