import { createEffect, createMemo, createSignal, For, lazy, on, onCleanup, Show, Suspense } from 'solid-js';
import { state, connection } from '../../app/client';
import { sendMessage, stoppedTyping, typing } from '../../app/actions';
import { draft, saveDraft } from '../../app/drafts';
import { written } from '../../app/emojis';
import { channelName, isBlocked, nameIn, user } from '../../app/people';
import { can } from '../../store/permissions';
import { bytes } from '../../text/format';
import { t } from '../../i18n';
import { Icon, IconButton } from '../ui/Icon';
import { toast, toastError } from '../ui/Overlay';
import { Autocomplete, type Suggestion } from './Autocomplete';
import { openEmojiPicker } from './emojiOpen';
import { replying, setReplying } from './editing';
import { resolve } from './mentions';
import { editLast } from './Stream';

const VoiceRecorder = lazy(() => import('./VoiceRecorder'));

const maxLength = 2000;
const maxFiles = 10;
const touch = matchMedia('(pointer: coarse)');

interface Held { file: File; preview: string | null }

export function Composer(props: { channelId: string }) {
  let area!: HTMLTextAreaElement;
  let picker!: HTMLInputElement;
  const [text, setText] = createSignal('');
  const [files, setFiles] = createSignal<Held[]>([]);
  const [recording, setRecording] = createSignal(false);
  const [slowUntil, setSlowUntil] = createSignal(0);
  const [now, setNow] = createSignal(Date.now());
  const [caret, setCaret] = createSignal(0);
  let suggest: ((e: KeyboardEvent) => boolean) | undefined;
  const channel = () => state.channels[props.channelId];
  const length = createMemo(() => [...text()].length);
  const waiting = () => Math.max(0, Math.ceil((slowUntil() - now()) / 1000));
  const blocked = () => channel()?.type === 1 && isBlocked(channel()?.recipients?.[0]?.id ?? '');
  const allowed = () => can(state, 'sendMessages', channel()) && !blocked();
  const canAttach = () => can(state, 'attachFiles', channel());

  createEffect(on(() => props.channelId, (id) => {
    setText(draft(id));
    clearFiles();
    setReplying(null);
    setRecording(false);
    if (!touch.matches) queueMicrotask(() => area?.focus({ preventScroll: true }));
  }));
  createEffect(() => { if (replying()) area?.focus(); });
  createEffect(() => {
    if (slowUntil() <= Date.now()) return;
    const timer = setInterval(() => { setNow(Date.now()); if (Date.now() >= slowUntil()) clearInterval(timer); }, 500);
    onCleanup(() => clearInterval(timer));
  });
  onCleanup(() => clearFiles());
  createEffect(() => {
    const onType = (e: KeyboardEvent): void => {
      // Typing anywhere writes here.
      if (e.key.length !== 1 || e.ctrlKey || e.metaKey || e.altKey || !allowed()) return;
      const el = e.target as HTMLElement;
      if (el.closest('input,textarea,select,[contenteditable],[role=dialog],[role=menu],[data-id]') || (e.key === ' ' && el.closest('button,a'))) return;
      area?.focus();
    };
    addEventListener('keydown', onType);
    onCleanup(() => removeEventListener('keydown', onType));
  });

  function clearFiles(): void {
    for (const held of files()) if (held.preview) URL.revokeObjectURL(held.preview);
    setFiles([]);
  }

  function addFiles(list: Iterable<File>): void {
    if (!canAttach()) return toast(t.noAttach, 'error');
    const added = [...list].map((file) => ({ file, preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : null }));
    if (files().length + added.length > maxFiles) toast(t.tooManyFiles(maxFiles), 'error');
    setFiles([...files(), ...added].slice(0, maxFiles));
    area?.focus();
  }

  function changed(value: string): void {
    setText(value);
    setCaret(area.selectionStart);
    saveDraft(props.channelId, value);
    if (value.trim()) typing(props.channelId);
  }

  async function send(): Promise<void> {
    const channelId = props.channelId;
    const raw = text().trim();
    if ((!raw && files().length === 0) || length() > maxLength || waiting() > 0 || !allowed()) return;
    const reply = replying();
    const attached = files().map((h) => h.file);
    setText('');
    saveDraft(channelId, '');
    clearFiles();
    setReplying(null);
    stoppedTyping(channelId);
    try {
      const content = await resolve(raw, channelId);
      sendMessage(channelId, content, { files: attached, replyTo: reply ? { id: reply.message.id, ping: reply.ping } : undefined });
      const slow = channel()?.rate_limit_per_user ?? 0;
      if (slow > 0 && !can(state, 'manageMessages', channel()) && !can(state, 'manageChannels', channel())) {
        setNow(Date.now());
        setSlowUntil(Date.now() + slow * 1000);
      }
    } catch (error) {
      setText(raw);
      toastError(error);
    }
    if (!touch.matches) area?.focus();
  }

  function insert(value: string, from = area.selectionStart, to = area.selectionEnd): void {
    area.focus();
    area.setRangeText(value, from, to, 'end');
    changed(area.value);
  }

  function accept(s: Suggestion): void {
    insert(s.insert, s.from, s.to);
  }

  function wrap(mark: string): void {
    const { selectionStart: from, selectionEnd: to, value } = area;
    area.setRangeText(mark + value.slice(from, to) + mark, from, to, 'select');
    area.setSelectionRange(from + mark.length, to + mark.length);
    changed(area.value);
  }

  function onKeyDown(e: KeyboardEvent): void {
    if (e.isComposing) return;
    if (suggest?.(e)) { e.preventDefault(); return; }
    if (e.key === 'Enter' && !e.shiftKey && !touch.matches) {
      // Inside an open fence, Enter is a new line.
      if ((text().match(/```/g) ?? []).length % 2 === 1) return;
      e.preventDefault();
      void send();
    } else if (e.key === 'ArrowUp' && !text() && !e.shiftKey) {
      if (editLast()) e.preventDefault();
    } else if (e.key === 'Escape') {
      if (replying()) { setReplying(null); e.stopPropagation(); }
      else if (files().length) { clearFiles(); e.stopPropagation(); }
    } else if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey) {
      const mark = { b: '**', i: '*', u: '__' }[e.key];
      if (mark) { e.preventDefault(); wrap(mark); }
    }
  }

  function onPaste(e: ClipboardEvent): void {
    const pasted = [...(e.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    e.preventDefault();
    addFiles(pasted);
  }

  // Files dropped anywhere on the conversation.
  const [dropping, setDropping] = createSignal(false);
  createEffect(() => {
    let depth = 0;
    const isFiles = (e: DragEvent): boolean => [...(e.dataTransfer?.types ?? [])].includes('Files');
    const enter = (e: DragEvent): void => { if (isFiles(e)) { depth++; setDropping(true); } };
    const leave = (e: DragEvent): void => { if (isFiles(e) && --depth <= 0) { depth = 0; setDropping(false); } };
    const over = (e: DragEvent): void => { if (isFiles(e)) e.preventDefault(); };
    const drop = (e: DragEvent): void => {
      if (!isFiles(e)) return;
      e.preventDefault();
      depth = 0;
      setDropping(false);
      addFiles(e.dataTransfer!.files);
    };
    addEventListener('dragenter', enter); addEventListener('dragleave', leave); addEventListener('dragover', over); addEventListener('drop', drop);
    onCleanup(() => { removeEventListener('dragenter', enter); removeEventListener('dragleave', leave); removeEventListener('dragover', over); removeEventListener('drop', drop); });
  });

  const placeholder = () => {
    if (blocked()) return t.youBlocked;
    if (!allowed()) return t.mayNotSend;
    return channel()?.type === 1 || channel()?.type === 3 ? t.messageTo(channelName(channel())) : t.messageIn(channel()?.name ?? '');
  };

  return (
    <footer class="composer-frame">
      <Show when={dropping()}><div class="drop-hint"><Icon name="download" size={28} /><p>{t.dropHere(channelName(channel()))}</p></div></Show>
      <Show when={replying()}>
        {(r) => (
          <div class="reply-bar">
            <Icon name="reply" size={16} />
            <span>{t.replyingTo} <b>{nameIn(channel()?.guild_id, user(r().message.author.id))}</b></span>
            <Show when={r().message.author.id !== state.me?.id}>
              <button type="button" class="text-button" aria-pressed={r().ping} onClick={() => setReplying({ ...r(), ping: !r().ping })}>@ {r().ping ? t.on : t.off}</button>
            </Show>
            <IconButton icon="x" size={16} label={t.cancel} onClick={() => setReplying(null)} />
          </div>
        )}
      </Show>
      <Show when={files().length > 0}>
        <ul class="tray">
          <For each={files()}>
            {(held) => (
              <li>
                <Show when={held.preview} fallback={<span class="tray-file"><Icon name="file" size={26} /></span>}>{(url) => <img src={url()} alt="" />}</Show>
                <span class="tray-name" title={held.file.name}>{held.file.name}</span>
                <span class="tray-size">{bytes(held.file.size)}</span>
                <IconButton icon="x" size={14} label={t.removeFile(held.file.name)} onClick={() => {
                  if (held.preview) URL.revokeObjectURL(held.preview);
                  setFiles(files().filter((f) => f !== held));
                }} />
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={!recording()} fallback={
        <Suspense fallback={<div class="composer" />}>
          <VoiceRecorder onCancel={() => setRecording(false)} onDone={(file, info) => { setRecording(false); sendMessage(props.channelId, '', { files: [file], voice: info }); }} />
        </Suspense>
      }>
        <div class="composer" classList={{ disabled: !allowed() }}>
          <Autocomplete channelId={props.channelId} text={text()} caret={caret()} onAccept={accept} register={(handler) => (suggest = handler)} />
          <Show when={allowed() && canAttach()}>
            <IconButton icon="plus" label={t.attach} onClick={() => picker.click()} />
            <input ref={picker} type="file" multiple hidden onChange={(e) => { addFiles(e.currentTarget.files ?? []); e.currentTarget.value = ''; }} />
          </Show>
          <textarea ref={area} rows={1} value={text()} disabled={!allowed()} placeholder={placeholder()} aria-label={placeholder()} dir="auto" enterkeyhint="send"
            onInput={(e) => changed(e.currentTarget.value)} onKeyDown={onKeyDown} onPaste={onPaste} onSelect={() => setCaret(area.selectionStart)} onKeyUp={() => setCaret(area.selectionStart)} onClick={() => setCaret(area.selectionStart)} />
          <Show when={length() > maxLength - 200}>
            <span class="count" classList={{ over: length() > maxLength }} aria-live="polite">{maxLength - length()}</span>
          </Show>
          <Show when={waiting() > 0}><span class="slow" data-tip={t.slowMode}><Icon name="clock" size={14} /> {waiting()} s</span></Show>
          <Show when={allowed()}>
            <IconButton icon="smile" label={t.emoji} onClick={(e) => openEmojiPicker(e.currentTarget, props.channelId, (emoji) => insert(written(emoji)))} />
            <Show when={text().trim() || files().length > 0} fallback={<Show when={canAttach()}><IconButton icon="mic" label={t.recordVoice} onClick={() => setRecording(true)} /></Show>}>
              <IconButton class="send" icon="send" label={connection() === 'ready' ? t.send : t.sendLater} disabled={length() > maxLength || waiting() > 0} onClick={() => void send()} />
            </Show>
          </Show>
        </div>
      </Show>
      <TypingLine channelId={props.channelId} />
    </footer>
  );
}

function TypingLine(props: { channelId: string }) {
  const [now, setNow] = createSignal(Date.now());
  const typers = createMemo(() => {
    const current = now();
    return Object.entries(state.typing[props.channelId] ?? {}).filter(([id, until]) => until > current && !isBlocked(id)).map(([id]) => id);
  });
  createEffect(() => {
    const any = Object.keys(state.typing[props.channelId] ?? {}).length > 0;
    if (!any) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    onCleanup(() => clearInterval(timer));
  });
  const names = () => typers().slice(0, 3).map((id) => nameIn(state.channels[props.channelId]?.guild_id, user(id)));
  return (
    <div class="typing" aria-live="polite">
      <Show when={typers().length > 0}><span class="typing-dots" aria-hidden="true"><i /><i /><i /></span><span>{typers().length > 3 ? t.manyTyping : t.typing(names())}</span></Show>
    </div>
  );
}
