import type { Plugin } from 'vite';

/** What the first view needs in one file, instead of a file for each set of later views that shares a part of it: fewer requests before anything is shown. */
export function oneChunk(entry: RegExp): { plugin: Plugin; isFirst: (id: string) => boolean } {
  const first = new Set<string>();
  return {
    isFirst: (id) => first.has(id),
    plugin: {
      name: 'one-chunk',
      apply: 'build',
      buildEnd() {
        const follow = (id: string): void => {
          if (first.has(id)) return;
          first.add(id);
          this.getModuleInfo(id)?.importedIds.forEach(follow);
        };
        for (const id of this.getModuleIds()) if (entry.test(id)) follow(id);
      },
    },
  };
}
