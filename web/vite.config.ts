import { defineConfig } from 'vitest/config';
import solid from 'vite-plugin-solid';
import { emojiData } from './scripts/emoji.ts';
import { oneChunk } from './scripts/oneChunk.ts';

// `npm run dev` proxies to a server started with ./run.sh.
const server = process.env.KITH_SERVER ?? 'http://localhost:8080';

const first = oneChunk(/\/src\/main\.tsx$/);

export default defineConfig({
  plugins: [solid(), emojiData(), first.plugin],
  build: {
    target: 'es2022',
    // The service worker lists what it caches from this manifest.
    manifest: 'manifest.json',
    assetsInlineLimit: 2048,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', test: first.isFirst }] } } },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: server },
      '/attachments': { target: server },
      '/avatars': { target: server },
      '/icons': { target: server },
      '/channel-icons': { target: server },
      '/emojis': { target: server },
      '/gateway': { target: server, ws: true },
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
  },
});
