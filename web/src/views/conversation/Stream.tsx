import { createEffect, createMemo, createSelector, createSignal, For, on, onCleanup, onMount, Show, untrack } from 'solid-js';
import { connection, epoch, onEvent, rest, state } from '../../app/client';
import * as pages from '../../app/pages';
import { isHeld, markRead, release, seen } from '../../app/acks';
import { currentChannelId, go, route } from '../../app/router';
import { isPrivate } from '../../store/state';
import { trimStart, windowOf } from '../../store/window';
import { lastRead, unreadOf } from '../../store/unread';
import { isNewer } from '../../wire/snowflake';
import type { Message, UnreadInfo } from '../../wire/types';
import { clock } from '../../text/format';
import { t } from '../../i18n';
import { toastError } from '../ui/Overlay';
import { Icon } from '../ui/Icon';
import { MessageRow, PendingRow } from './MessageRow';
import { Beginning } from './Beginning';
import { setEditing } from './editing';
import { messageKeys } from './messageActions';

/** Within this distance (px) of the end, new messages keep the end in view. */
const nearEnd = 48;
/** Loading starts this far (px) before the edge, about a screen and a half. */
const ahead = 1400;

export function Stream(props: { channelId: string; messageId: string | undefined }) {
  let box!: HTMLDivElement;
  let inner!: HTMLDivElement;
  let stuck = true;
  /** The row at the top of the view: where its lower edge was, in the content and from the view's top (px). Its upper edge moves when a day line or a name above it goes. */
  let anchor: { id: string; inContent: number; inView: number } | null = null;
  let lastTop = 0;
  let opening = false;
  let leavingMessage = false;
  const channel = () => state.channels[props.channelId];
  const window_ = () => state.windows[props.channelId];
  const items = () => window_()?.items ?? [];
  const [atEnd, setAtEnd] = createSignal(true);
  const [failed, setFailed] = createSignal(false);
  const [loading, setLoading] = createSignal(false);
  const [lineAfter, setLineAfter] = createSignal<string | null>(null);
  const [unreadInfo, setUnreadInfo] = createSignal<UnreadInfo | null>(null);
  const [lineAbove, setLineAbove] = createSignal(false);
  const [highlighted, setHighlighted] = createSignal<string | null>(null);
  const [active, setActive] = createSignal<string | null>(null);
  const isActive = createSelector(active);
  const isHighlighted = createSelector(highlighted);

  const rows = (): HTMLElement[] => [...inner.querySelectorAll<HTMLElement>(':scope > .rows > [data-id]')];
  const rowOf = (id: string): HTMLElement | null => inner.querySelector<HTMLElement>(`[data-id="${id}"]`);

  /** Remembers what is at the top of the view, so that it can stay there whatever is loaded above or grows. */
  function note(): void {
    if (opening) return;
    const top = box.scrollTop;
    const near = box.scrollHeight - top - box.clientHeight < nearEnd;
    // What was added since the end was last brought into view is no scrolling away from it.
    stuck = (near || (stuck && top >= lastTop - 1)) && (window_()?.atEnd ?? true);
    setAtEnd(stuck);
    lastTop = top;
    const all = rows();
    let low = 0;
    let high = all.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lowerEdge(all[middle]!) <= top) low = middle + 1;
      else high = middle;
    }
    const row = all[low];
    anchor = row ? { id: row.dataset.id!, inContent: lowerEdge(row), inView: lowerEdge(row) - top } : null;
    noteLine();
  }

  const lowerEdge = (row: HTMLElement): number => row.offsetTop + row.offsetHeight;

  function noteLine(): void {
    const line = inner.querySelector<HTMLElement>('.new-line');
    setLineAbove(line !== null && line.offsetTop < box.scrollTop);
  }

  function restore(): void {
    if (opening) return;
    hold();
    loadMore();
  }

  function hold(): void {
    const scrolled = scrolledSince();
    if (stuck && scrolled < -1) note();
    else if (stuck) box.scrollTop = box.scrollHeight;
    else if (anchor) {
      const wanted = anchor;
      wanted.inView -= scrolled;
      const row = rowOf(wanted.id) ?? rows().find((r) => !isNewer(wanted.id, r.dataset.id!));
      if (row) {
        const delta = lowerEdge(row) - box.scrollTop - wanted.inView;
        if (Math.abs(delta) >= 1) box.scrollTop += delta;
        wanted.inContent = lowerEdge(row);
      }
    }
    lastTop = box.scrollTop;
  }

  /** What was scrolled and is not told by an event yet. Back from the very end it is no scrolling: less was left to scroll over. */
  function scrolledSince(): number {
    const isCut = box.scrollHeight - box.scrollTop - box.clientHeight < 1;
    const scrolled = box.scrollTop - lastTop;
    return isCut ? Math.max(0, scrolled) : scrolled;
  }

  /**
   * A scroll event comes before the frame's other work: if the content above the view has grown since the last look, the view must follow
   * before the new place is remembered, or the growth would pass for scrolling.
   */
  function follow(): void {
    const row = !opening && !stuck && anchor ? rowOf(anchor.id) : null;
    const grown = row ? lowerEdge(row) - anchor!.inContent : 0;
    if (Math.abs(grown) >= 1) box.scrollTop += grown;
  }

  function loadMore(): void {
    const w = window_();
    if (!w || opening || w.items.length === 0 || connection() !== 'ready') return;
    if (!w.atStart && box.scrollTop < ahead) void guarded(pages.older(props.channelId));
    if (!w.atEnd && box.scrollHeight - box.scrollTop - box.clientHeight < ahead) void guarded(pages.newer(props.channelId));
    if (stuck && w.atEnd) trimStart(w);
  }

  async function guarded(work: Promise<void>): Promise<void> {
    // A page that fails is asked for again by the next scroll; the banner tells when the server is away.
    await work.catch((error: unknown) => console.warn('history', error));
  }

  /** The newest message in view has been seen, if anyone is looking. */
  function see(): void {
    if (opening || !document.hasFocus() || document.visibilityState !== 'visible') return;
    const all = rows();
    const bottom = box.scrollTop + box.clientHeight;
    for (let i = all.length - 1; i >= 0; i--) {
      const row = all[i]!;
      if (row.offsetTop + Math.min(row.offsetHeight, 40) <= bottom) {
        seen(props.channelId, row.dataset.id!);
        return;
      }
    }
  }

  let scrolled = 0;
  function look(): void {
    follow();
    note();
  }

  function onScroll(): void {
    look();
    loadMore();
    cancelAnimationFrame(scrolled);
    scrolled = requestAnimationFrame(see);
  }

  async function open(channelId: string, messageId: string | undefined): Promise<void> {
    opening = true;
    setFailed(false);
    setLoading(true);
    const unread = unreadOf(state, channelId).unread;
    if (!messageId || lineAfter() === null) setLineAfter(unread ? lastRead(state, channelId) : null);
    setUnreadInfo(null);
    const stillHere = (): boolean => props.channelId === channelId && props.messageId === messageId;
    try {
      await pages.openAt(channelId, messageId);
      if (unread && !messageId) void rest.get<UnreadInfo>(`/channels/${channelId}/unread`).then((info) => stillHere() && setUnreadInfo(info), () => undefined);
      pages.loadReceipts(channelId).catch(() => undefined);
    } catch (error) {
      if (stillHere()) setFailed(items().length === 0);
      console.warn('open', error);
    }
    if (!stillHere()) return;
    setLoading(false);
    queueMicrotask(() => {
      if (stillHere()) place(messageId);
    });
  }

  function place(messageId: string | undefined): void {
    opening = false;
    const target = messageId ? rowOf(messageId) : inner.querySelector<HTMLElement>('.new-line');
    if (target) {
      const share = messageId ? 0.35 : 0.2;
      stuck = false;
      box.scrollTop = target.offsetTop - box.clientHeight * share;
      if (messageId) flash(messageId);
    } else {
      stuck = window_()?.atEnd ?? true;
      box.scrollTop = box.scrollHeight;
    }
    note();
    loadMore();
    see();
  }

  function flash(id: string): void {
    setHighlighted(null);
    requestAnimationFrame(() => setHighlighted(id));
  }

  async function toPresent(): Promise<void> {
    // The address loses its message, and that is all: going to the first unread, as on opening, would lead back.
    leavingMessage = true;
    if (props.messageId) go({ name: 'channel', guildId: channel()?.guild_id ?? null, channelId: props.channelId }, { replace: true });
    leavingMessage = false;
    if (!window_()?.atEnd) await guarded(pages.latest(props.channelId));
    stuck = true;
    box.scrollTop = box.scrollHeight;
    note();
    see();
  }

  function toLine(): void {
    const line = inner.querySelector<HTMLElement>('.new-line');
    if (!line) return;
    stuck = false;
    box.scrollTop = line.offsetTop - box.clientHeight * 0.2;
    note();
  }

  createEffect(on(() => [props.channelId, props.messageId, route()] as const, ([channelId, messageId], previous) => {
    if (previous && previous[0] !== channelId) {
      release(previous[0]);
      anchor = null;
      setLineAfter(null);
    }
    if (leavingMessage) return;
    if (state.ready || items().length > 0) void open(channelId, messageId);
  }));
  // READY came while the channel was open: fill the gap, if there is one.
  createEffect(on(epoch, (ready) => {
    if (ready === 0) return;
    if (items().length === 0) void open(props.channelId, props.messageId);
    else void guarded(pages.refresh(props.channelId).then(() => { restore(); see(); }));
  }, { defer: true }));
  // Once per frame and before it is painted, however many messages came: each reading of the layout costs.
  let frame = 0;
  const settleInFrame = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => { restore(); see(); });
  };
  onCleanup(() => cancelAnimationFrame(frame));
  createEffect(on(() => { const list = items(); return [list.length, list[0]?.id, list.at(-1)?.id, window_()?.pending.length, lineAfter()] as const; }, settleInFrame));
  // A page above, or its end let go, moves everything, and may leave too little to scroll over: at once, while the view is where it was last noted.
  createEffect(on(() => items()[0]?.id, () => { if (!opening && untrack(items).length > 0) hold(); }, { defer: true }));

  onMount(() => {
    const observer = new ResizeObserver(() => restore());
    observer.observe(inner);
    observer.observe(box);
    const looked = (): void => see();
    addEventListener('focus', looked);
    document.addEventListener('visibilitychange', looked);
    const ownSent = onEvent((type, data) => type === 'MESSAGE_CREATE' && arrived(data as Message));
    onCleanup(pages.beforePage((id) => { if (id === props.channelId) look(); }));
    onCleanup(() => {
      observer.disconnect();
      removeEventListener('focus', looked);
      document.removeEventListener('visibilitychange', looked);
      ownSent();
      release(props.channelId);
    });
  });

  function arrived(m: Message): void {
    if (m.channel_id !== props.channelId) return;
    if (m.author.id === state.me?.id) setLineAfter(null);
    else if (!document.hasFocus() && (lineAfter() === null || !isNewer(lastReadShown(), lineAfter()))) setLineAfter(lastReadShown());
  }

  const lastReadShown = (): string | null => lastRead(state, props.channelId);

  /** What I send brings me to the end, also when I was reading history. */
  createEffect(on(() => window_()?.pending.length ?? 0, (now, before) => {
    if (before !== undefined && now > before) void toPresent();
  }));

  const onKeyDown = (e: KeyboardEvent): void => {
    const row = (e.target as HTMLElement).closest<HTMLElement>('[data-id]');
    if (e.target !== box && e.target !== row) return;
    const all = rows();
    if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
      const at = row ? all.indexOf(row) + (e.key === 'ArrowUp' ? -1 : 1) : all.length - 1;
      const next = all[Math.max(0, Math.min(all.length - 1, at))];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: 'nearest' });
      note();
      e.preventDefault();
    } else if (row) {
      const m = items().find((x) => x.id === row.dataset.id);
      if (m && messageKeys(m, e)) e.preventDefault();
    }
  };

  const isBubbles = createMemo(() => isPrivate(channel()));
  const shownFrom = (): string | null => lineAfter();
  const lineBefore = createMemo(() => {
    const from = shownFrom();
    if (!from) return null;
    const me = state.me?.id;
    return items().find((m) => isNewer(m.id, from) && m.author.id !== me)?.id ?? null;
  });

  return (
    <div class="stream-frame">
      <Show when={lineAbove() && unreadInfo()?.unread_count ? unreadInfo() : null}>
        {(info) => (
          <div class="unread-bar">
            <button type="button" onClick={toLine}>{t.newSince(info().unread_count, info().last_read_at ? clock(info().last_read_at!) : '')}</button>
            <button type="button" onClick={() => { setUnreadInfo(null); setLineAfter(null); void markRead([props.channelId]).catch(toastError); }}>{t.markRead}</button>
          </div>
        )}
      </Show>
      <div ref={box} class="stream" classList={{ bubbles: isBubbles(), pair: channel()?.type === 1 }} tabindex="0" role="log" aria-label={t.messages} aria-live="polite"
        onScroll={onScroll} onKeyDown={onKeyDown} onMouseLeave={() => setActive(null)}>
        <div ref={inner} class="stream-inner">
          <Show when={items().length > 0 || !loading()} fallback={<Skeleton />}>
            <Show when={failed()}>
              <div class="state-note"><Icon name="warning" size={22} /><p>{t.historyFailed}</p>
                <button type="button" class="button quiet" onClick={() => void open(props.channelId, props.messageId)}>{t.tryAgain}</button></div>
            </Show>
            <Show when={window_()?.atStart} fallback={<Show when={items().length > 0}><div class="loading-edge" aria-hidden="true"><i /><i /><i /></div></Show>}>
              <Beginning channelId={props.channelId} />
            </Show>
          </Show>
          <div class="rows">
            <For each={items()}>
              {(m, i) => (
                <MessageRow message={m} previous={items()[i() - 1]} isNewLine={lineBefore() === m.id} active={isActive(m.id)} highlighted={isHighlighted(m.id)}
                  onActivate={() => setActive(m.id)} />
              )}
            </For>
            <Show when={window_()?.atEnd}>
              <For each={window_()?.pending ?? []}>{(p, i) => <PendingRow pending={p} previous={i() === 0 ? untrack(() => items().at(-1)) : undefined} first={i() === 0} />}</For>
            </Show>
          </div>
          <Show when={!window_()?.atEnd && items().length > 0}><div class="loading-edge" aria-hidden="true"><i /><i /><i /></div></Show>
        </div>
      </div>
      <Show when={!atEnd()}>
        <button type="button" class="to-present" onClick={() => void toPresent()} aria-label={t.toPresent} data-tip={t.toPresent}>
          <Icon name="arrowDown" size={18} />
          <Show when={unreadOf(state, props.channelId).unread && !isHeld(props.channelId)}><i class="dot" /></Show>
        </button>
      </Show>
    </div>
  );
}

function Skeleton() {
  const widths = [[38, 72], [24, 55, 40], [30, 64], [42, 80, 30], [26, 48]];
  return (
    <div class="skeleton" aria-hidden="true">
      <For each={widths}>{(lines) => <div class="skeleton-row"><b /><div><For each={lines}>{(w, i) => <i classList={{ name: i() === 0 }} style={{ width: `${w}%` }} />}</For></div></div>}</For>
    </div>
  );
}

/** Edits the newest message of mine in the open channel. */
export function editLast(): boolean {
  const id = currentChannelId();
  const mine = id ? windowOf(state, id).items.findLast((m) => m.author.id === state.me?.id && m.type !== 7) : undefined;
  if (mine) setEditing(mine.id);
  return mine !== undefined;
}
