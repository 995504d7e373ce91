import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJumbo, parse, plain, type Block, type Inline } from '../src/text/markdown';

const only = (source: string): Inline[] => {
  const [block] = parse(source);
  return block?.k === 'p' ? block.c : [];
};

describe('markdown', () => {
  it.each<[string, Inline[]]>([
    ['**bold**', [{ k: 'bold', c: [{ k: 'text', v: 'bold' }] }]],
    ['*it* and _it_', [{ k: 'italic', c: [{ k: 'text', v: 'it' }] }, { k: 'text', v: ' and ' }, { k: 'italic', c: [{ k: 'text', v: 'it' }] }]],
    ['***both***', [{ k: 'bold', c: [{ k: 'italic', c: [{ k: 'text', v: 'both' }] }] }]],
    ['__u__ ~~s~~', [{ k: 'underline', c: [{ k: 'text', v: 'u' }] }, { k: 'text', v: ' ' }, { k: 'strike', c: [{ k: 'text', v: 's' }] }]],
    ['||**x**||', [{ k: 'spoiler', c: [{ k: 'bold', c: [{ k: 'text', v: 'x' }] }] }]],
    ['`**not**`', [{ k: 'code', v: '**not**' }]],
    ['\\*plain\\*', [{ k: 'text', v: '*plain*' }]],
    ['snake_case_name', [{ k: 'text', v: 'snake_case_name' }]],
    ['2 * 3 * 4', [{ k: 'text', v: '2 * 3 * 4' }]],
    ['<@123> <@&4> <#5>', [{ k: 'user', id: '123' }, { k: 'text', v: ' ' }, { k: 'role', id: '4' }, { k: 'text', v: ' ' }, { k: 'channel', id: '5' }]],
    ['@everyone!', [{ k: 'everyone', v: '@everyone' }, { k: 'text', v: '!' }]],
    ['<a:wave:77>', [{ k: 'emoji', id: '77', name: 'wave', animated: true }]],
    ['<t:1700000000:R>', [{ k: 'time', at: 1700000000000, style: 'R' }]],
    ['see https://example.org/a_b_c.', [{ k: 'text', v: 'see ' }, { k: 'link', href: 'https://example.org/a_b_c', c: [{ k: 'text', v: 'https://example.org/a_b_c' }] }, { k: 'text', v: '.' }]],
    ['[name](https://example.org/)', [{ k: 'link', href: 'https://example.org/', c: [{ k: 'text', v: 'name' }] }]],
    ['[name](javascript:alert(1))', [{ k: 'text', v: '[name](javascript:alert(1))' }]],
    ['**open', [{ k: 'text', v: '**open' }]],
  ])('%s', (source, expected) => expect(only(source)).toEqual(expected));

  it('splits blocks: heading, quote, list, fence, small print', () => {
    const kinds = (b: Block[]) => b.map((x) => x.k);
    expect(kinds(parse('# Title\ntext\n> quoted\n> more\n- a\n- b\n1. c\n-# small\n```ts\nlet x = 1\n```\nend'))).toEqual(
      ['heading', 'p', 'quote', 'list', 'list', 'small', 'fence', 'p']);
    expect(parse('```ts\nlet x = 1\n```')).toEqual([{ k: 'fence', lang: 'ts', v: 'let x = 1' }]);
    expect(parse('>>> all\nof this')).toEqual([{ k: 'quote', c: [{ k: 'p', c: [{ k: 'text', v: 'all\nof this' }] }] }]);
    expect(parse('#nospace')[0]?.k).toBe('p');
  });

  it('never throws and never loses letters, whatever is typed', () => {
    const marks = fc.stringMatching(/^[*_~|`>#\-\\<@:\n a1[\]()]{0,80}$/);
    fc.assert(fc.property(fc.oneof(marks, fc.string({ maxLength: 200 })), (source) => {
      const letters = (s: string) => (s.match(/a/g) ?? []).length;
      const spoilers = source.includes('||');
      const shown = plain(source);
      if (!spoilers && !source.includes('[') && !source.includes('```')) expect(letters(shown)).toBe(letters(source));
    }), { numRuns: 2000 });
  });

  it('takes the worst 2,000 characters without hanging', () => {
    const before = performance.now();
    for (const s of ['*', '_', '**', '||', '~~', '`', '> ', '[', '<@', '*a_'].map((x) => x.repeat(2000).slice(0, 2000))) parse(s);
    // Quadratic would be seconds; this is a bound on the shape of the work, generous for a busy machine.
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('shows a few emoji large and digits not', () => {
    expect(isJumbo('🎉 👩‍👩‍👧‍👦')).toBe(true);
    expect(isJumbo('<:kith:1>')).toBe(true);
    expect(isJumbo('42')).toBe(false);
    expect(isJumbo('ok 🎉')).toBe(false);
    expect(isJumbo(' ')).toBe(false);
  });
});
