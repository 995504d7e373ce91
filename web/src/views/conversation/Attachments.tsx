import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { Attachment } from '../../wire/types';
import { bytes } from '../../text/format';
import { fileUrl, placeholderOf, poster, shrunk } from '../../text/media';
import { t } from '../../i18n';
import { Icon } from '../ui/Icon';
import { openDialog } from '../ui/Overlay';
import { Lightbox } from './Lightbox';

const VoicePlayer = lazy(() => import('./VoicePlayer'));

const isImage = (a: Attachment): boolean => /^image\/(png|jpe?g|gif|webp|avif)/.test(a.content_type ?? '') || (!a.content_type && /\.(png|jpe?g|gif|webp|avif)$/i.test(a.filename));
const isVideo = (a: Attachment): boolean => /^video\/(mp4|webm|quicktime|ogg)/.test(a.content_type ?? '');
const isAudio = (a: Attachment): boolean => /^audio\//.test(a.content_type ?? '');
const isSpoiler = (a: Attachment): boolean => a.filename.startsWith('SPOILER_');

/** The largest box (px) that a picture takes in a conversation. */
const maxWidth = 480;
const maxHeight = 340;

function box(a: Attachment): { width: number; height: number } {
  const width = a.width ?? maxWidth;
  const height = a.height ?? 240;
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

export function Attachments(props: { items: Attachment[]; voice: boolean; author: string }) {
  const pictures = () => props.items.filter((a) => isImage(a) && !props.voice);
  const others = () => props.items.filter((a) => !isImage(a) || props.voice);
  const show = (a: Attachment): void => void openDialog((p) => <Lightbox items={pictures()} start={a} author={props.author} close={p.close} />);
  return (
    <Show when={props.items.length > 0}>
      <div class="attachments">
        <Show when={pictures().length > 0}>
          <div class="pictures" classList={{ many: pictures().length > 1 }}>
            <For each={pictures()}>{(a) => <Picture item={a} many={pictures().length > 1} onOpen={() => show(a)} />}</For>
          </div>
        </Show>
        <For each={others()}>
          {(a) => (
            <Show when={props.voice || isAudio(a)} fallback={<Show when={isVideo(a)} fallback={<FileCard item={a} />}><Video item={a} /></Show>}>
              <Suspense fallback={<div class="voice" />}><VoicePlayer item={a} /></Suspense>
            </Show>
          )}
        </For>
      </div>
    </Show>
  );
}

function Picture(props: { item: Attachment; many: boolean; onOpen: () => void }) {
  const [failed, setFailed] = createSignal(false);
  const [revealed, setRevealed] = createSignal(!isSpoiler(props.item));
  const size = box(props.item);
  const behind = placeholderOf(props.item);
  return (
    <Show when={!failed()} fallback={<FileCard item={props.item} broken />}>
      <button type="button" class="picture-button" classList={{ hidden: !revealed() }} style={props.many ? {} : { width: `${size.width}px`, 'aspect-ratio': `${size.width} / ${size.height}` }}
        aria-label={revealed() ? t.openImage(props.item.description || props.item.filename) : t.spoiler} onClick={() => (revealed() ? props.onOpen() : setRevealed(true))}>
        <img src={shrunk(props.item, size.width, size.height)} alt={props.item.description ?? ''} width={size.width} height={size.height} loading="lazy" decoding="async" style={behind ? { 'background-image': `url(${behind})` } : {}}
          onLoad={(e) => { e.currentTarget.style.backgroundImage = ''; }} onError={() => setFailed(true)} />
      </button>
    </Show>
  );
}

function Video(props: { item: Attachment }) {
  const [failed, setFailed] = createSignal(false);
  const size = box(props.item);
  return (
    <Show when={!failed()} fallback={<FileCard item={props.item} broken />}>
      {/* No captions exist for what people send each other. */}
      <video class="video" src={fileUrl(props.item.url)} poster={poster(props.item)} controls preload="metadata" playsinline style={{ width: `${size.width}px`, 'aspect-ratio': `${size.width} / ${size.height}` }} aria-label={props.item.filename} onError={() => setFailed(true)} />
    </Show>
  );
}

function FileCard(props: { item: Attachment; broken?: boolean }) {
  return (
    <a class="file-card" href={fileUrl(props.item.url)} download={props.item.filename} target="_blank" rel="noopener">
      <span class="file-mark"><Icon name={props.broken ? 'warning' : 'file'} size={20} /></span>
      <span class="file-text"><b>{props.item.filename}</b><span>{props.broken ? t.imageFailed : bytes(props.item.size)}</span></span>
      <Icon name="download" size={18} />
    </a>
  );
}
