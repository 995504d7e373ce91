// What the scripts share: the test's settings, a way to ask the test to do something, and events waited for with a deadline.
// The test starts `node script.js '{settings}'`. A line "@{id, do, args}" on standard output asks it; its answer is a line {id, result} on standard input.
import { createInterface } from 'node:readline';

export const settings = JSON.parse(process.argv[2]);

const deadline = 30_000;
const waiting = new Map();
let last = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, result, error } = JSON.parse(line);
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(new Error(`the test could not: ${error}`));
  else resolve(result);
});

/** Has the test do something: cut a link, send as somebody else. */
export function ask(name, args = {}) {
  const id = ++last;
  process.stdout.write(`@${JSON.stringify({ id, do: name, args })}\n`);
  return within(new Promise((resolve, reject) => waiting.set(id, { resolve, reject })), `the test's answer to ${name}`);
}

export async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${deadline / 1000} s: ${what}`)), deadline);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first event of that name whose arguments satisfy. Ask for it before causing it. */
export function event(emitter, name, satisfies = () => true) {
  let listener;
  const came = new Promise((resolve) => {
    listener = (...args) => satisfies(...args) && resolve(args.length > 1 ? args : args[0]);
    emitter.on(name, listener);
  });
  return within(came, `event ${name}`).finally(() => emitter.off(name, listener));
}

/** Runs the script's steps; the process ends with 0 only if all went well. */
export async function run(steps) {
  const watchdog = setTimeout(() => fail(new Error('the script took longer than two minutes')), 120_000);
  watchdog.unref();
  process.on('unhandledRejection', fail);
  try {
    await steps();
    console.log('done');
    process.exit(0);
  } catch (e) {
    fail(e);
  }
}

function fail(e) {
  console.error(e);
  process.exit(1);
}
