import { createSignal } from 'solid-js';
import { en, type Messages } from './en';

export const locales = { en: 'English', de: 'Deutsch' } as const;
export type Locale = keyof typeof locales;

const isLocale = (s: string): s is Locale => s in locales;
const wanted = localStorage.getItem('kith.locale') ?? navigator.language.slice(0, 2);

const [messages, setMessages] = createSignal<Messages>(en);
export const [locale, setLocaleSignal] = createSignal<Locale>('en');

/** `t.send` is text, `t.memberCount('3', 3)` a text with a number in it. Reading it in a view follows a change of language. */
export const t: Messages = new Proxy(en, { get: (_, key) => messages()[key as keyof Messages] });

export async function setLocale(to: Locale): Promise<void> {
  const loaded = to === 'de' ? (await import('./de')).de : en;
  localStorage.setItem('kith.locale', to);
  document.documentElement.lang = to;
  setMessages(() => loaded);
  setLocaleSignal(to);
}

/** Only a language other than English has to be fetched first. */
export const ready: Promise<void> = isLocale(wanted) && wanted !== 'en' ? setLocale(wanted).catch(() => undefined) : Promise.resolve();
