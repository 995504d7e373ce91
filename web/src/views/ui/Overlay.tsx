import { createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js';
import { Dynamic, Portal } from 'solid-js/web';
import { t } from '../../i18n';
import { Icon, IconButton } from './Icon';
import type { IconName } from './icons';

const focusable = 'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex="0"]';

/** Keeps Tab inside, and gives the focus back to where it was. */
function trapFocus(box: HTMLElement): void {
  const before = document.activeElement as HTMLElement | null;
  const first = box.querySelector<HTMLElement>('[autofocus]:not([disabled])') ?? box.querySelector<HTMLElement>(focusable) ?? box;
  first.focus({ preventScroll: true });
  const onKey = (e: KeyboardEvent): void => {
    if (e.key !== 'Tab') return;
    const all = [...box.querySelectorAll<HTMLElement>(focusable)].filter((el) => el.offsetParent !== null);
    const edge = e.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement === edge || !box.contains(document.activeElement)) {
      e.preventDefault();
      (e.shiftKey ? all.at(-1) : all[0])?.focus();
    }
  };
  box.addEventListener('keydown', onKey);
  onCleanup(() => {
    box.removeEventListener('keydown', onKey);
    before?.focus({ preventScroll: true });
  });
}

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: JSX.Element;
  footer?: JSX.Element;
  size?: 'small' | 'medium' | 'large' | 'full';
  bare?: boolean;
}

export function Dialog(props: DialogProps) {
  let box!: HTMLDivElement;
  onMount(() => {
    trapFocus(box);
    // On the document: a click beside a field leaves the focus nowhere, and Escape must still close what is on top.
    const onKey = (e: KeyboardEvent): void => {
      if (e.key !== 'Escape' || e.defaultPrevented || [...document.querySelectorAll('.dialog')].at(-1) !== box || document.querySelector('.menu, .emoji-picker')) return;
      e.preventDefault();
      e.stopPropagation();
      props.onClose();
    };
    document.addEventListener('keydown', onKey);
    onCleanup(() => document.removeEventListener('keydown', onKey));
  });
  return (
    <Portal>
      <div class="scrim" onPointerDown={(e) => e.target === e.currentTarget && props.onClose()}>
        <div ref={box} class={`dialog ${props.size ?? 'medium'} ${props.bare ? 'bare' : ''}`} role="dialog" aria-modal="true" aria-label={props.title} tabindex="-1">
          <Show when={!props.bare}>
            <header class="dialog-head">
              <h2>{props.title}</h2>
              <IconButton icon="x" label={t.close} onClick={() => props.onClose()} />
            </header>
          </Show>
          <div class="dialog-body">{props.children}</div>
          <Show when={props.footer}><footer class="dialog-foot">{props.footer}</footer></Show>
        </div>
      </div>
    </Portal>
  );
}

// One stack of dialogs for the whole page: whoever wants one pushes a component.
type Layer = { id: number; view: (props: { close: () => void }) => JSX.Element };
const [layers, setLayers] = createSignal<Layer[]>([]);
let nextId = 0;

export function openDialog(view: Layer['view']): () => void {
  const id = ++nextId;
  setLayers([...layers(), { id, view }]);
  return () => setLayers(layers().filter((l) => l.id !== id));
}

export const dialogOpen = (): boolean => layers().length > 0;

export function closeDialogs(): void {
  setLayers([]);
}

export function Dialogs() {
  return <For each={layers()}>{(layer) => <Dynamic component={layer.view} close={() => setLayers(layers().filter((l) => l.id !== layer.id))} />}</For>;
}

export function confirm(options: { title: string; text: string; action: string; danger?: boolean; run: () => Promise<unknown> | unknown }): void {
  openDialog((props) => {
    const [busy, setBusy] = createSignal(false);
    const act = async (): Promise<void> => {
      setBusy(true);
      try {
        await options.run();
        props.close();
      } catch (error) {
        toastError(error);
        setBusy(false);
      }
    };
    return (
      <Dialog title={options.title} onClose={props.close} size="small" footer={<>
        <button type="button" class="button quiet" onClick={props.close}>{t.cancel}</button>
        <button type="button" class={`button ${options.danger ? 'danger' : 'primary'}`} disabled={busy()} autofocus onClick={() => void act()}>{options.action}</button>
      </>}>
        <p class="prose">{options.text}</p>
      </Dialog>
    );
  });
}

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  hint?: string;
  run: () => unknown;
}

export type MenuEntry = MenuItem | 'line' | false | undefined;

interface OpenMenu { x: number; y: number; entries: MenuEntry[]; from: HTMLElement | null }
const [menu, setMenu] = createSignal<OpenMenu | null>(null);

/** At the pointer, or below the button that opened it. */
export function openMenu(e: MouseEvent, entries: MenuEntry[]): void {
  e.preventDefault();
  e.stopPropagation();
  const from = e.currentTarget as HTMLElement | null;
  const byKeyboard = e.detail === 0 && e.type === 'click';
  const box = from?.getBoundingClientRect();
  const anchored = box && (e.type === 'click' || byKeyboard || (e.clientX === 0 && e.clientY === 0));
  setMenu({ x: anchored ? box.left : e.clientX, y: anchored ? box.bottom + 4 : e.clientY, entries, from: document.activeElement as HTMLElement | null });
}

export function closeMenu(): void {
  setMenu(null);
}

export function Menus() {
  return <Show when={menu()} keyed>{(m) => <MenuBox menu={m} />}</Show>;
}

function MenuBox(props: { menu: OpenMenu }) {
  let box!: HTMLDivElement;
  const buttons = (): HTMLButtonElement[] => [...box.querySelectorAll('button')];
  onMount(() => {
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(props.menu.x, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(props.menu.y, innerHeight - height - 8))}px`;
    buttons()[0]?.focus();
    const outside = (e: Event): void => { if (!box.contains(e.target as Node)) setMenu(null); };
    addEventListener('pointerdown', outside, true);
    addEventListener('resize', closeMenu);
    onCleanup(() => { removeEventListener('pointerdown', outside, true); removeEventListener('resize', closeMenu); });
  });
  const close = (): void => { setMenu(null); props.menu.from?.focus({ preventScroll: true }); };
  const onKeyDown = (e: KeyboardEvent): void => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    if (e.key === 'Escape' || e.key === 'Tab') close();
    else if (e.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (e.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus();
    else if (e.key === 'Home') all[0]?.focus();
    else if (e.key === 'End') all.at(-1)?.focus();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <Portal>
      <div ref={box} class="menu" role="menu" onKeyDown={onKeyDown}>
        <For each={props.menu.entries.filter(Boolean) as (MenuItem | 'line')[]}>
          {(entry) => entry === 'line' ? <hr /> : (
            <button type="button" role={entry.checked === undefined ? 'menuitem' : 'menuitemcheckbox'} aria-checked={entry.checked} class={entry.danger ? 'danger' : ''}
              onClick={() => { close(); void entry.run(); }}>
              <Show when={entry.icon}>{(name) => <Icon name={name()} size={16} />}</Show>
              <span>{entry.label}</span>
              <Show when={entry.hint}><kbd>{entry.hint}</kbd></Show>
              <Show when={entry.checked}><Icon name="check" size={16} /></Show>
            </button>
          )}
        </For>
      </div>
    </Portal>
  );
}

interface Toast { id: number; text: string; kind: 'info' | 'error' }
const [toasts, setToasts] = createSignal<Toast[]>([]);
const toastFor = 5000;

export function toast(text: string, kind: Toast['kind'] = 'info'): void {
  const id = ++nextId;
  setToasts([...toasts().slice(-3), { id, text, kind }]);
  setTimeout(() => setToasts(toasts().filter((x) => x.id !== id)), toastFor);
}

export function toastError(error: unknown): void {
  toast(error instanceof Error && error.message ? error.message : t.somethingWrong, 'error');
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={toasts()}>{(item) => <div class={`toast ${item.kind}`}><Icon name={item.kind === 'error' ? 'warning' : 'check'} size={16} />{item.text}</div>}</For>
    </div>
  );
}
