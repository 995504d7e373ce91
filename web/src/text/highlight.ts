import hljs from 'highlight.js/lib/common';

/** HTML with escaped text and classed spans, or null where the language is not known. */
export function highlight(code: string, lang: string): string | null {
  return hljs.getLanguage(lang) ? hljs.highlight(code, { language: lang, ignoreIllegals: true }).value : null;
}
