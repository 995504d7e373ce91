import { createMemo, createSignal, For } from 'solid-js';
import type { Attachment } from '../../wire/types';
import { duration } from '../../text/format';
import { fileUrl } from '../../text/media';
import { t } from '../../i18n';
import { Icon } from '../ui/Icon';

const bars = 48;

/** The wave as sent (one byte per sample, base64), brought to as many bars as there is room for. */
export function wave(encoded: string | undefined): number[] {
  if (!encoded) return Array.from({ length: bars }, (_, i) => 0.25 + 0.2 * Math.abs(Math.sin(i * 1.7)));
  const samples = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
  if (samples.length === 0) return wave(undefined);
  return Array.from({ length: bars }, (_, i) => Math.max(0.08, samples[Math.floor((i * samples.length) / bars)]! / 255));
}

export default function VoicePlayer(props: { item: Attachment }) {
  let audio!: HTMLAudioElement;
  const [playing, setPlaying] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const [length, setLength] = createSignal(props.item.duration_secs ?? 0);
  const heights = createMemo(() => wave(props.item.waveform));
  const toggle = (): void => { if (playing()) audio.pause(); else void audio.play().catch(() => setPlaying(false)); };
  const seek = (fraction: number): void => { audio.currentTime = Math.max(0, Math.min(1, fraction)) * (length() || 0); };
  return (
    <div class="voice">
      <button type="button" class="voice-play" aria-label={playing() ? t.pause : t.play} onClick={toggle}><Icon name={playing() ? 'pause' : 'play'} size={18} /></button>
      <div class="voice-wave" role="slider" tabindex="0" aria-label={t.position} aria-valuemin={0} aria-valuemax={Math.round(length())} aria-valuenow={Math.round(at())} aria-valuetext={duration(at())}
        onClick={(e) => { const r = e.currentTarget.getBoundingClientRect(); seek((e.clientX - r.left) / r.width); }}
        onKeyDown={(e) => { if (e.key === 'ArrowRight') seek((at() + 5) / length()); if (e.key === 'ArrowLeft') seek((at() - 5) / length()); }}>
        <For each={heights()}>{(h, i) => <i classList={{ done: length() > 0 && i() / bars < at() / length() }} style={{ height: `${Math.round(h * 100)}%` }} />}</For>
      </div>
      <span class="voice-time">{duration(playing() || at() > 0 ? at() : length())}</span>
      <audio ref={audio} src={fileUrl(props.item.url)} preload="metadata" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => setAt(0)}
        onTimeUpdate={() => setAt(audio.currentTime)} onLoadedMetadata={() => Number.isFinite(audio.duration) && setLength(audio.duration)} />
    </div>
  );
}
