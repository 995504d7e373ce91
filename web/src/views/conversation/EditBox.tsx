import { createSignal, onMount } from 'solid-js';
import { editMessage } from '../../app/actions';
import type { Message } from '../../wire/types';
import { t } from '../../i18n';
import { toastError } from '../ui/Overlay';
import { setEditing } from './editing';
import { askDelete } from './messageActions';
import { readable, resolve } from './mentions';

export function EditBox(props: { message: Message }) {
  let area!: HTMLTextAreaElement;
  const [text, setText] = createSignal(readable(props.message.content, props.message.channel_id));
  onMount(() => { area.focus(); area.setSelectionRange(text().length, text().length); });
  const leave = (): void => { setEditing(null); document.querySelector<HTMLElement>('.composer textarea')?.focus(); };
  const save = async (): Promise<void> => {
    const content = await resolve(text(), props.message.channel_id);
    if (!content.trim() && props.message.attachments.length === 0) return askDelete(props.message);
    leave();
    if (content !== props.message.content) await editMessage(props.message, content).catch(toastError);
  };
  return (
    <div class="edit-box">
      <textarea ref={area} aria-label={t.edit} rows={1} value={text()} maxlength={2000} dir="auto" onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.isComposing) return;
          if (e.key === 'Escape') { e.stopPropagation(); leave(); }
          if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); void save(); }
        }} />
      <p class="edit-hint"><button type="button" class="text-button" onClick={leave}>{t.cancel}</button> <kbd>Esc</kbd> · <button type="button" class="text-button" onClick={() => void save()}>{t.save}</button> <kbd>↵</kbd></p>
    </div>
  );
}
