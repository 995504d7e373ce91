// Years of a busy channel: wherever one goes in it, the view stays put while pages come and go, and the page stays small.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { browser, composer, connected, Server, sizes, visit } from './harness.mjs';
import { Wheel } from './wheel.mjs';

const root = new URL('../../', import.meta.url).pathname;
/** All 153 days where they lie beside the checkout, else the ten that come with it. */
const logs = [`${root}../shared/data/irc-ubuntu`, `${root}test/data/irc-ubuntu`].find((folder) => existsSync(folder));
/** Turns of the wheel at each place; KITH_E2E_WHOLE=1 turns from the present to the very first message instead. */
const turns = 60;
const whole = process.env.KITH_E2E_WHOLE === '1';
/** Rows in the page at once: the window's limit and the page that is just coming. */
const rowLimit = 300;
/** The heap may grow by this much (MB) over all that is scrolled past: people met on the way stay known, all 18,000 of them at 4 KB each. */
const heapLimit = whole ? 80 : 25;
/** px; less than the view is high, so that something of the last frame is in the next. */
const step = 560;
/** To see all, the window is as high as several, and each turn goes so much further: every frame costs. */
const heights = 4;
/** Turns between two looks at the heap on the long way. */
const stretch = 500;

let server, chrome, token, path, page, messages, heapAtFirst;

before(async () => {
  let output;
  server = await Server.start({
    prepare: async (s) => {
      output = await s.command('import', 'irc', logs, '--server', 'Ubuntu');
      token = (await s.command('user', 'token', 'archivist')).trim();
    },
  });
  // What people said and did: messages, actions, changes of nick, topics. Each is a row.
  messages = /^[\d,]+ messages.* with/m.exec(output)[0].match(/\d[\d,]*/g).reduce((sum, n) => sum + Number(n.replaceAll(',', '')), 0);
  const [, guildId, channelId] = /Server (\d+), channel (\d+)/.exec(output);
  chrome = await browser();
  path = `/channels/${guildId}/${channelId}`;
  page = await visit(chrome, server, { token, path });
  await composer(page).waitFor();
  await connected(page);
});
after(async () => {
  await chrome?.close();
  await server?.stop();
});

const heap = async () => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  await cdp.detach();
  return usedSize / 1e6;
};

/** Turns the wheel and holds the page to its limits; says how many messages went by. */
async function scroll(direction, most) {
  const wheel = await Wheel.over(page);
  await wheel.run(direction * step, most);
  const rows = await wheel.mostRows();
  const passed = await wheel.passed();
  await wheel.stop();
  assert.ok(rows <= rowLimit, `${rows} rows at once`);
  return passed;
}

/** From the present to the very first message: each of them has been in view. */
async function scrollAll() {
  await page.setViewportSize({ ...sizes.desk, height: sizes.desk.height * heights });
  const wheel = await Wheel.over(page);
  const beganAt = Date.now();
  while (!(await wheel.atEnd(-1))) {
    await wheel.run(-step * heights, stretch);
    console.log(`# ${Math.round((Date.now() - beganAt) / 1000)} s: ${await wheel.passed()} of ${messages} messages, ${await wheel.mostRows()} rows at most, heap ${(await heap()).toFixed(1)} MB`);
  }
  assert.ok((await wheel.mostRows()) <= rowLimit, `${await wheel.mostRows()} rows at once`);
  assert.equal(await wheel.passed(), messages, 'each has been in view');
  await page.locator('.beginning').waitFor();
  await wheel.stop();
  await page.setViewportSize(sizes.desk);
}

const openMenu = async (item) => {
  await page.locator('.head-tools').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
const jumpTo = async (date) => {
  await openMenu('Jump to date');
  await page.getByLabel('Date', { exact: true }).fill(date);
  await page.getByRole('dialog').getByRole('button', { name: 'Jump' }).click();
  await page.locator('.message.highlighted').filter({ has: page.locator(`time[datetime^="${date}"]`) }).waitFor();
};
const firstDay = '2004-12-25';

describe(`a channel of ${whole ? 'all its' : 'many'} messages`, () => {
  test('opens at the present and goes back in time', async () => {
    await page.locator('.rows .row[data-id]').first().waitFor();
    await scroll(-1, 10);
    heapAtFirst = await heap();
    if (whole) {
      await page.getByRole('button', { name: 'To the newest' }).click();
      await scrollAll();
    }
    else console.log(`# ${await scroll(-1, turns * 2)} messages scrolled past of ${messages}`);
  });

  test('the start: nothing before, all after', async () => {
    await jumpTo(firstDay);
    await scroll(-1, turns);
    await page.locator('.beginning').waitFor();
    await scroll(1, turns);
    await scroll(-1, turns * 2);
    await page.locator('.beginning').waitFor();
  });

  test('a date in the middle, and both ways from there', async () => {
    await jumpTo('2011-04-28');
    await scroll(1, turns);
    await scroll(-1, turns * 2);
  });

  test('around what a search has found', async () => {
    await page.keyboard.press('Control+f');
    await page.locator('.search-box input:focus').waitFor();
    await page.keyboard.type('"wireless card"');
    const hit = page.locator('.hit').last();
    await hit.waitFor();
    await hit.getByRole('button', { name: 'Jump' }).click();
    await page.locator('.message.highlighted').filter({ hasText: /wireless card/i }).waitFor();
    await page.locator('.pane-head').getByRole('button', { name: 'Close' }).click();
    await scroll(-1, turns);
    await scroll(1, turns * 2);
  });

  test('the present again, in one step', async () => {
    await page.getByRole('button', { name: 'To the newest' }).click();
    const wheel = await Wheel.over(page);
    await page.waitForFunction(() => { const box = document.querySelector('.stream'); return box.scrollHeight - box.scrollTop - box.clientHeight <= 1; });
    assert.equal(await wheel.atEnd(1), true);
    await wheel.stop();
  });

  test('the page has not grown', async () => {
    const now = await heap();
    console.log(`# heap ${heapAtFirst.toFixed(1)} MB at first, ${now.toFixed(1)} MB now`);
    assert.ok(now - heapAtFirst < heapLimit, `${heapAtFirst} MB became ${now} MB`);
    assert.deepEqual(page.complaints, []);
  });
});

describe('search among people whom the page has not met', () => {
  const channelId = () => path.split('/').at(-1);
  const oldest = () => server.api('GET', `/channels/${channelId()}/messages?after=1&limit=100`, token);
  let early, reader;

  before(async () => {
    early = [...new Map((await oldest()).map((m) => [m.author.id, m.author])).values()].filter((u) => /^\w{5,}$/.test(u.username));
    await server.api('POST', `/channels/${channelId()}/messages`, token, { content: `whatever became of <@${early[1].id}>?` });
    reader = await visit(chrome, server, { token, path });
    await composer(reader).waitFor();
    await connected(reader);
    await reader.keyboard.press('Control+f');
    await reader.locator('.search-box input:focus').waitFor();
  });
  const ask = async (text) => {
    await reader.locator('.search-box input').fill('');
    await reader.locator('.hit').first().waitFor({ state: 'detached' });
    await reader.locator('.search-box input').pressSequentially(text);
  };

  test('a few letters after from: suggest a member, and the search is for what that one wrote', async () => {
    const [wanted] = early;
    await ask(`from:${wanted.username.slice(0, 4).toUpperCase()}`);
    await reader.getByRole('option').filter({ hasText: wanted.username }).first().click();
    assert.equal(await reader.locator('.search-box input').inputValue(), `from:${wanted.username} `);
    await reader.locator('.hit').first().waitFor();
    assert.equal(await reader.locator('.search-box input:focus').count(), 1, 'one can go on typing');
    const shown = new Set(await reader.locator('.hit header b').allInnerTexts());
    assert.deepEqual([...shown], [wanted.global_name ?? wanted.username]);
  });

  test('a name that is written out is asked for, with from: and with mentions:', async () => {
    await ask(`from:${early[2].username} `);
    await reader.locator('.hit').filter({ hasText: early[2].username }).first().waitFor();
    await ask(`mentions:${early[1].username} `);
    await reader.locator('.hit').filter({ hasText: 'whatever became of' }).waitFor();
    await ask('from:nobody.of.that.name ');
    await reader.getByText('Nothing found').waitFor();
    assert.deepEqual(reader.complaints, []);
  });
});
