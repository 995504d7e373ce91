import { createSignal } from 'solid-js';

export type Theme = 'system' | 'light' | 'dark';

function stored<T extends string>(key: string, fallback: T) {
  const [value, set] = createSignal<T>((localStorage.getItem(`kith.${key}`) as T | null) ?? fallback);
  return [value, (v: T) => { localStorage.setItem(`kith.${key}`, v); set(() => v); }] as const;
}

export const [theme, storeTheme] = stored<Theme>('theme', 'system');
export const [density, storeDensity] = stored<'cosy' | 'compact'>('density', 'cosy');
export const [notifySetting, setNotifySetting] = stored<'on' | 'off'>('notify', 'off');
export const [soundSetting, setSoundSetting] = stored<'on' | 'off'>('sound', 'on');
export const [showMembers, setShowMembers] = stored<'yes' | 'no'>('members', 'yes');

export function setTheme(value: Theme): void {
  storeTheme(value);
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

export function setDensity(value: 'cosy' | 'compact'): void {
  storeDensity(value);
  if (value === 'cosy') delete document.documentElement.dataset.density;
  else document.documentElement.dataset.density = value;
}
