/** How well the letters of `query` are found in `text`, in order; 0 where they are not. Starts of words and runs count more. */
export function score(query: string, text: string): number {
  const q = query.toLowerCase().replace(/\s+/g, '');
  const source = text.toLowerCase();
  if (!q) return 0;
  const whole = source.indexOf(query.toLowerCase());
  if (whole === 0) return 100 + 20 / (source.length + 1);
  if (whole > 0) return (/[\s\-_.]/.test(source[whole - 1]!) ? 80 : 60) + 20 / (source.length + 1);
  let total = 0;
  let run = 0;
  let from = 0;
  for (const c of q) {
    const at = source.indexOf(c, from);
    if (at < 0) return 0;
    const startsWord = at === 0 || /[\s\-_.]/.test(source[at - 1]!);
    run = at === from && from > 0 ? run + 1 : 0;
    total += 1 + run + (startsWord ? 3 : 0);
    from = at + c.length;
  }
  return (total / (source.length + 10)) * 10;
}
