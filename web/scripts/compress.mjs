// Compresses what a browser will ask for, once, at the highest level, and holds the first load to its limit.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const textual = /\.(js|css|html|svg|json|webmanifest)$/;
/** Bytes of compressed script that may be needed before the first view. */
const firstLoadLimit = 250_000;

const walk = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? walk(path) : [path];
});

const sizes = new Map();
for (const path of walk(dist)) {
  if (!textual.test(path)) continue;
  const raw = readFileSync(path);
  const br = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } });
  writeFileSync(`${path}.br`, br);
  const gz = gzipSync(raw, { level: 9 });
  writeFileSync(`${path}.gz`, gz);
  sizes.set(path.slice(dist.length), { raw: raw.length, br: br.length, gz: gz.length });
}

// The page names its scripts, and the manifest what these import.
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const needed = new Set();
const follow = (chunk) => {
  if (!chunk || needed.has(chunk.file)) return;
  needed.add(chunk.file);
  chunk.imports?.forEach((key) => follow(manifest[key]));
};
const page = readFileSync(join(dist, 'index.html'), 'utf8');
for (const chunk of Object.values(manifest)) if (chunk.file.endsWith('.js') && page.includes(`/${chunk.file}"`)) follow(chunk);
if (needed.size === 0) throw new Error('The page names no script of the manifest.');
const total = [...needed].reduce((sum, file) => sum + (sizes.get(file)?.gz ?? 0), 0);
console.log(`first load: ${[...needed].length} scripts, ${Math.round(total / 1000)} KB gzipped (limit ${firstLoadLimit / 1000})`);
if (total > firstLoadLimit) {
  console.error('The first load is over its limit.');
  process.exit(1);
}
