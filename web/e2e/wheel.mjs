// Scrolls the stream as a hand does, and looks at every painted frame: what is in view may move only as far as the wheel has turned.
import assert from 'node:assert/strict';

/** Positions within this distance (px) are the same: rows have fractions of pixels, scroll positions need not. */
const tolerance = 3;
/** Frames until a turn that does not come through is given up. */
const patience = 600;

export class Wheel {
  /** Starts to watch the open stream of the page. */
  static async over(page) {
    const box = await page.locator('.stream').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.evaluate(watch, [tolerance, patience]);
    await page.waitForFunction(() => window.watched.looking());
    return Object.assign(new Wheel(), { page });
  }

  /** Turns by `step` px and waits until the view has moved by as much, or has come to an end of what is loaded. */
  async turn(step) {
    await this.page.evaluate((s) => window.watched.expect(s), step);
    await this.page.mouse.wheel(0, step);
    await this.page.waitForFunction(() => window.watched.arrived(10), null, { polling: 'raf' });
    await this.check();
  }

  /** As many turns as that, or as there is something to scroll to, without the way through the browser's input: as quick as frames come. */
  async run(step, most) {
    await this.page.evaluate(([s, n]) => window.watched.run(s, n), [step, most]);
    await this.check();
  }

  async check() {
    assert.deepEqual(await this.page.evaluate(() => window.watched.jumps), [], 'jumps');
  }

  /** Whether there is nothing more in this direction, neither shown nor to be loaded. */
  atEnd(step) {
    return this.page.evaluate((s) => window.watched.atEnd(s), step);
  }

  /** The most rows that were in the page at once. */
  mostRows() {
    return this.page.evaluate(() => window.watched.mostRows);
  }

  /** How many messages have been in view. */
  passed() {
    return this.page.evaluate(() => window.watched.passed);
  }

  async stop() {
    await this.check();
    await this.page.evaluate(() => window.watched.stop());
  }
}

/** Runs in the page. */
function watch([tolerance, patience]) {
  const box = document.querySelector('.stream');
  let before = null;
  let owed = 0;
  let touchedEdge = false;
  let frames = 0;
  let running = true;
  // Where nothing jumps, what was in view is one stretch: two ends and a count tell it, however long it is.
  let lowest = null;
  let highest = null;
  const isOlder = (a, b) => a.length < b.length || (a.length === b.length && a < b);
  const state = {
    jumps: [],
    passed: 0,
    mostRows: 0,
    expect(step) { owed = step; touchedEdge = false; frames = 0; },
    /** At the edge the rest is lost; the wheel itself may take some frames to get there. */
    arrived: (delay) => Math.abs(owed) <= tolerance || (touchedEdge && frames > delay),
    atEnd(step) {
      const rows = box.querySelector('.rows');
      const beyond = step < 0 ? rows.previousElementSibling : rows.nextElementSibling;
      return isAtEdge(step) && !beyond?.matches('.loading-edge');
    },
    async run(step, most) {
      for (let i = 0; i < most && !state.atEnd(step) && state.jumps.length === 0; i++) {
        state.expect(step);
        box.scrollTop += step;
        do await new Promise(requestAnimationFrame); while (!state.arrived(0) && frames < patience);
        if (frames >= patience) state.jumps.push(`${Math.round(owed)} px never came`);
      }
    },
    looking: () => before !== null,
    stop() { running = false; },
  };
  const isAtEdge = (step) => (step < 0 ? box.scrollTop <= 1 : box.scrollHeight - box.scrollTop - box.clientHeight <= 1);
  // As painted: the observer is told after all work of the frame, and after the older observers of the page itself.
  const frame = () => {
    if (!running) return;
    const last = new ResizeObserver(() => { last.disconnect(); look(); });
    last.observe(box);
    requestAnimationFrame(frame);
  };
  const look = () => {
    const rows = document.querySelectorAll('.rows > [data-id]');
    const frameTop = box.getBoundingClientRect().top;
    const frameBottom = frameTop + box.clientHeight;
    state.mostRows = Math.max(state.mostRows, rows.length);
    const now = new Map();
    for (const row of rows) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > frameTop && top < frameBottom) { now.set(row.dataset.id, bottom); }
    }
    if (before) compare(now);
    count([...now.keys()]);
    before = now;
    frames++;
    touchedEdge ||= isAtEdge(owed);
  };
  const count = (ids) => {
    if (ids.length === 0) return;
    state.passed += ids.filter((id) => lowest === null || isOlder(id, lowest) || isOlder(highest, id)).length;
    if (lowest === null || isOlder(ids[0], lowest)) lowest = ids[0];
    if (highest === null || isOlder(highest, ids.at(-1))) highest = ids.at(-1);
  };
  const compare = (now) => {
    const common = [...now.keys()].filter((id) => before.has(id));
    if (common.length === 0) {
      if (now.size && before.size) state.jumps.push('nothing that was in view is in view');
      return;
    }
    for (const id of common) {
      const moved = before.get(id) - now.get(id);
      const wrong = owed < 0 ? moved > tolerance || moved < owed - tolerance : moved < -tolerance || moved > owed + tolerance;
      if (wrong) { state.jumps.push(`${Math.round(moved)} px where ${Math.round(owed)} were to go`); break; }
    }
    owed -= before.get(common[0]) - now.get(common[0]);
  };
  window.watched = state;
  requestAnimationFrame(frame);
}
