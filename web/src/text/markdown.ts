// Discord's markdown as a tree. Views draw the tree with text nodes, so nothing a person writes is ever parsed as HTML.

export type Inline =
  | { k: 'text'; v: string }
  | { k: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; c: Inline[] }
  | { k: 'code'; v: string }
  | { k: 'link'; href: string; c: Inline[] }
  | { k: 'user' | 'role' | 'channel'; id: string }
  | { k: 'everyone'; v: string }
  | { k: 'emoji'; id: string; name: string; animated: boolean }
  | { k: 'time'; at: number; style: string };

export type Block =
  | { k: 'p'; c: Inline[] }
  | { k: 'small'; c: Inline[] }
  | { k: 'heading'; level: 1 | 2 | 3; c: Inline[] }
  | { k: 'quote'; c: Block[] }
  | { k: 'list'; ordered: boolean; start: number; items: { c: Inline[]; depth: number }[] }
  | { k: 'fence'; lang: string; v: string };

/** Deeper nesting than any person writes is shown as it was typed. */
const maxDepth = 10;

export function parse(source: string): Block[] {
  return blocks(source, 0);
}

function blocks(source: string, depth: number): Block[] {
  const out: Block[] = [];
  const fence = /```(?:([\w+#.-]{1,20})\n)?\n?([\s\S]*?)\n?```/g;
  let at = 0;
  for (let m = fence.exec(source); m; m = fence.exec(source)) {
    if (!m[2]?.trim() && !m[1]) continue;
    // A fence inside a line that starts with ">>>" belongs to the quote.
    const before = source.slice(at, m.index);
    if (/(^|\n)>>> /.test(before)) break;
    lines(before.replace(/\n$/, ''), depth, out);
    out.push({ k: 'fence', lang: m[1]?.toLowerCase() ?? '', v: m[2] ?? '' });
    at = m.index + m[0].length;
    if (source[at] === '\n') at++;
  }
  lines(source.slice(at), depth, out);
  return out;
}

function lines(source: string, depth: number, out: Block[]): void {
  if (source === '') return;
  const rows = source.split('\n');
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length) out.push({ k: 'p', c: inline(paragraph.join('\n'), 0) });
    paragraph = [];
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (depth === 0 && row.startsWith('>>> ')) {
      flush();
      out.push({ k: 'quote', c: blocks([row.slice(4), ...rows.slice(i + 1)].join('\n'), depth + 1) });
      return;
    }
    if (depth === 0 && /^> /.test(row)) {
      flush();
      const quoted: string[] = [];
      while (i < rows.length && /^> /.test(rows[i]!)) quoted.push(rows[i++]!.slice(2));
      i--;
      out.push({ k: 'quote', c: blocks(quoted.join('\n'), depth + 1) });
      continue;
    }
    const heading = /^(#{1,3}) +(\S.*)$/.exec(row);
    if (heading) {
      flush();
      out.push({ k: 'heading', level: heading[1]!.length as 1 | 2 | 3, c: inline(heading[2]!, 0) });
      continue;
    }
    const small = /^-# +(\S.*)$/.exec(row);
    if (small) {
      flush();
      out.push({ k: 'small', c: inline(small[1]!, 0) });
      continue;
    }
    const item = listItem(row);
    if (item) {
      flush();
      const items: { c: Inline[]; depth: number }[] = [];
      for (let next: ReturnType<typeof listItem> = item; next && next.ordered === item.ordered; next = listItem(rows[i])) {
        items.push({ c: inline(next.text, 0), depth: next.depth });
        i++;
      }
      i--;
      out.push({ k: 'list', ordered: item.ordered, start: item.number, items });
      continue;
    }
    paragraph.push(row);
  }
  flush();
}

function listItem(row: string | undefined): { ordered: boolean; number: number; text: string; depth: number } | null {
  const m = row === undefined ? null : /^( {0,8})(?:([-*])|(\d{1,6})\.) +(\S.*)$/.exec(row);
  return m && { ordered: m[2] === undefined, number: Number(m[3] ?? 1), text: m[4]!, depth: Math.min(3, m[1]!.length >> 1) };
}

const pairs: [string, Extract<Inline, { c: Inline[]; k: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler' }>['k']][] = [
  ['**', 'bold'], ['__', 'underline'], ['~~', 'strike'], ['||', 'spoiler'], ['*', 'italic'], ['_', 'italic'],
];

const tokens: { first: string; at: RegExp; make: (m: RegExpExecArray) => Inline | null }[] = [
  { first: '<', at: /<@!?(\d{1,20})>/y, make: (m) => ({ k: 'user', id: m[1]! }) },
  { first: '<', at: /<@&(\d{1,20})>/y, make: (m) => ({ k: 'role', id: m[1]! }) },
  { first: '<', at: /<#(\d{1,20})>/y, make: (m) => ({ k: 'channel', id: m[1]! }) },
  { first: '<', at: /<(a?):(\w{1,40}):(\d{1,20})>/y, make: (m) => ({ k: 'emoji', animated: m[1] === 'a', name: m[2]!, id: m[3]! }) },
  { first: '<', at: /<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, make: (m) => ({ k: 'time', at: Number(m[1]) * 1000, style: m[2] ?? 'f' }) },
  { first: '<', at: /<(https?:\/\/[^\s<>]+)>/y, make: (m) => link(m[1]!, [{ k: 'text', v: m[1]! }]) },
  { first: '@', at: /@(everyone|here)\b/y, make: (m) => ({ k: 'everyone', v: m[0] }) },
  { first: 'h', at: /https?:\/\/[^\s<]+[^\s<.,:;"'\]!?)*_~|]\/?/y, make: (m) => link(m[0], [{ k: 'text', v: m[0] }]) },
  { first: '[', at: /\[([^\]\n]{1,500})\]\((?:<)?(https?:\/\/[^\s<>)]+)(?:>)?(?: "[^"\n]*")?\)/y, make: (m) => link(m[2]!, inline(m[1]!, maxDepth - 1)) },
  { first: '`', at: /(`{1,2})([^\n]*?[^`\n])\1(?!`)/y, make: (m) => ({ k: 'code', v: m[2]! }) },
];

/** Only what a browser itself takes for a web address becomes a link. */
function link(href: string, c: Inline[]): Inline | null {
  try {
    const url = new URL(href);
    return url.protocol === 'http:' || url.protocol === 'https:' ? { k: 'link', href: url.href, c } : null;
  } catch {
    return null;
  }
}

export function inline(source: string, depth: number): Inline[] {
  const out: Inline[] = [];
  let text = '';
  const emit = (node: Inline): void => {
    if (text) out.push({ k: 'text', v: text });
    text = '';
    out.push(node);
  };
  for (let i = 0; i < source.length; ) {
    const c = source[i]!;
    if (c === '\\' && /[\\`*_~|<>@#[\]()\-!:.]/.test(source[i + 1] ?? '')) {
      text += source[i + 1]!;
      i += 2;
      continue;
    }
    const token = matchToken(source, i, c);
    if (token) {
      emit(token.node);
      i += token.length;
      continue;
    }
    const pair = depth < maxDepth ? matchPair(source, i) : null;
    if (pair) {
      emit({ k: pair.kind, c: inline(pair.inner, depth + 1) });
      i += pair.length;
      continue;
    }
    text += c;
    i++;
  }
  if (text) out.push({ k: 'text', v: text });
  return out;
}

function matchToken(source: string, i: number, c: string): { node: Inline; length: number } | null {
  for (const token of tokens) {
    if (token.first !== c) continue;
    token.at.lastIndex = i;
    const m = token.at.exec(source);
    const node = m && token.make(m);
    if (m && node) return { node, length: m[0].length };
  }
  return null;
}

function matchPair(source: string, i: number): { kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; inner: string; length: number } | null {
  for (const [mark, kind] of pairs) {
    if (!source.startsWith(mark, i)) continue;
    // snake_case and 2*3*4 are not emphasis.
    if (mark === '_' && /\w/.test(source[i - 1] ?? '')) continue;
    if (mark === '*' && /\s/.test(source[i + 1] ?? ' ')) continue;
    const end = closing(source, i + mark.length, mark);
    if (end < 0) continue;
    return { kind, inner: source.slice(i + mark.length, end), length: end + mark.length - i };
  }
  return null;
}

function closing(source: string, from: number, mark: string): number {
  for (let end = source.indexOf(mark, from); end >= 0; end = source.indexOf(mark, end + 1)) {
    if (end === from || source[end - 1] === '\\') continue;
    const single = mark.length === 1;
    if (single && (source[end + 1] === mark || source[end - 1] === mark)) {
      // Part of a double mark inside: skip the run.
      while (source[end + 1] === mark) end++;
      if (source[end - 1] === mark && source[end - 2] !== mark) continue;
    }
    if (single && mark === '_' && /\w/.test(source[end + 1] ?? '')) continue;
    if (single && mark === '*' && /\s/.test(source[end - 1]!)) continue;
    // "***x***": the bold's end is the last two of the three.
    if (mark === '**' && source[end + 2] === '*' && source[from] === '*') end++;
    return end;
  }
  return -1;
}

const onlyEmoji = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|[#*0-9](?=\ufe0f?\u20e3)|\s|<a?:\w+:\d+>)+$/u;

/** A message of a few emoji and nothing else is shown large. */
export const isJumbo = (content: string): boolean => content.replace(/<a?:\w+:\d+>/g, '☺').length < 120 && onlyEmoji.test(content) && /\P{White_Space}/u.test(content);

/** One line without marks, for previews and notifications. */
export function plain(source: string, names: { user?: (id: string) => string; role?: (id: string) => string; channel?: (id: string) => string } = {}): string {
  const ofInline = (nodes: Inline[]): string => nodes.map((n): string => {
    switch (n.k) {
      case 'text': case 'code': case 'everyone': return n.v;
      case 'spoiler': return '▮▮▮';
      case 'user': return `@${names.user?.(n.id) ?? n.id}`;
      case 'role': return `@${names.role?.(n.id) ?? n.id}`;
      case 'channel': return `#${names.channel?.(n.id) ?? n.id}`;
      case 'emoji': return `:${n.name}:`;
      case 'time': return new Date(n.at).toLocaleString();
      default: return ofInline(n.c);
    }
  }).join('');
  const ofBlocks = (nodes: Block[]): string => nodes.map((b): string => {
    if (b.k === 'fence') return b.v;
    if (b.k === 'quote') return ofBlocks(b.c);
    if (b.k === 'list') return b.items.map((i) => ofInline(i.c)).join(' · ');
    return ofInline(b.c);
  }).join(' ');
  return ofBlocks(parse(source)).replace(/\s+/g, ' ').trim();
}
