// Scrolls the stream as a hand does, and looks at every painted frame: what is in view may move only as far as the wheel has turned.
import assert from 'node:assert/strict';

/** Positions within this distance (px) are the same: rows have fractions of pixels, scroll positions need not. */
const tolerance = 3;

export class Wheel {
  /** Starts to watch the open stream of the page. */
  static async over(page) {
    const box = await page.locator('.stream').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.evaluate(watch, tolerance);
    return Object.assign(new Wheel(), { page });
  }

  /** Turns by `step` px and waits until the view has moved by as much, or has come to an end of what is loaded. */
  async turn(step) {
    await this.page.evaluate((s) => window.watched.expect(s), step);
    await this.page.mouse.wheel(0, step);
    await this.page.waitForFunction(() => window.watched.arrived(), null, { polling: 'raf' });
    await this.check();
  }

  async check() {
    assert.deepEqual(await this.page.evaluate(() => window.watched.jumps), [], 'jumps');
  }

  /** Whether there is nothing more in this direction, neither shown nor to be loaded. */
  atEnd(step) {
    return this.page.evaluate((s) => {
      const box = document.querySelector('.stream');
      return s < 0 ? box.scrollTop <= 1 && !document.querySelector('.rows')?.previousElementSibling?.matches('.loading-edge') : box.scrollHeight - box.scrollTop - box.clientHeight <= 1 && !document.querySelector('.rows')?.nextElementSibling?.matches('.loading-edge');
    }, step);
  }

  /** The most rows that were in the page at once. */
  mostRows() {
    return this.page.evaluate(() => window.watched.mostRows);
  }

  async stop() {
    await this.check();
    await this.page.evaluate(() => window.watched.stop());
  }
}

/** Runs in the page. */
function watch(tolerance) {
  const box = document.querySelector('.stream');
  let before = null;
  let owed = 0;
  let atEdge = 0;
  let running = true;
  const state = {
    jumps: [],
    mostRows: 0,
    expect(step) { owed = step; atEdge = 0; },
    arrived: () => Math.abs(owed) <= tolerance || atEdge > 1,
    stop() { running = false; },
  };
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
      const { bottom } = row.getBoundingClientRect();
      if (bottom > frameTop && bottom < frameBottom) now.set(row.dataset.id, bottom);
    }
    if (before) compare(now);
    before = now;
    const edge = owed < 0 ? box.scrollTop <= 1 : box.scrollHeight - box.scrollTop - box.clientHeight <= 1;
    atEdge = edge ? atEdge + 1 : 0;
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
