import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { duration } from '../../text/format';
import { t } from '../../i18n';
import { IconButton } from '../ui/Icon';
import { toast } from '../ui/Overlay';

/** Loudness is sampled this often (ms); the message carries at most 256 samples. */
const sampleEvery = 80;
const maxSamples = 256;
const maxSeconds = 20 * 60;

export default function VoiceRecorder(props: { onCancel: () => void; onDone: (file: File, info: { duration: number; waveform: string }) => void }) {
  const [levels, setLevels] = createSignal<number[]>([]);
  const [seconds, setSeconds] = createSignal(0);
  let recorder: MediaRecorder | undefined;
  let stream: MediaStream | undefined;
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let keep = false;

  onMount(() => void begin());
  onCleanup(end);

  async function begin(): Promise<void> {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      toast(t.noMicrophone, 'error');
      props.onCancel();
      return;
    }
    context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(stream).connect(analyser);
    const type = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'].find((m) => MediaRecorder.isTypeSupported(m)) ?? '';
    recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
    const parts: Blob[] = [];
    recorder.ondataavailable = (e) => parts.push(e.data);
    const started = performance.now();
    recorder.onstop = () => {
      const length = (performance.now() - started) / 1000;
      if (keep) finish(parts, length);
    };
    recorder.start();
    const samples = new Uint8Array(analyser.fftSize);
    timer = setInterval(() => {
      analyser.getByteTimeDomainData(samples);
      let peak = 0;
      for (const s of samples) peak = Math.max(peak, Math.abs(s - 128));
      setLevels([...levels(), Math.min(255, peak * 2)]);
      const passed = (performance.now() - started) / 1000;
      setSeconds(passed);
      if (passed >= maxSeconds) send();
    }, sampleEvery);
  }

  function finish(parts: Blob[], length: number): void {
    const type = recorder?.mimeType.split(';')[0] || 'audio/ogg';
    const extension = type.endsWith('mp4') ? 'm4a' : type.endsWith('webm') ? 'webm' : 'ogg';
    props.onDone(new File(parts, `voice-message.${extension}`, { type }), { duration: Math.round(length * 100) / 100, waveform: encode(levels()) });
  }

  function send(): void {
    keep = true;
    end();
  }

  function end(): void {
    clearInterval(timer);
    if (recorder?.state === 'recording') recorder.stop();
    stream?.getTracks().forEach((track) => track.stop());
    void context?.close().catch(() => undefined);
    context = undefined;
  }

  return (
    <div class="composer recording" role="group" aria-label={t.recordVoice} onKeyDown={(e) => e.key === 'Escape' && props.onCancel()}>
      <IconButton icon="trash" label={t.cancel} onClick={props.onCancel} />
      <span class="record-dot" aria-hidden="true" />
      <span class="voice-time" role="timer">{duration(seconds())}</span>
      <div class="voice-wave live" aria-hidden="true"><For each={levels().slice(-64)}>{(l) => <i style={{ height: `${Math.max(6, Math.round((l / 255) * 100))}%` }} />}</For></div>
      <Show when={seconds() > 0.4}><IconButton class="send" icon="send" label={t.send} onClick={send} /></Show>
    </div>
  );
}

function encode(levels: readonly number[]): string {
  const step = Math.max(1, Math.ceil(levels.length / maxSamples));
  const bytes: number[] = [];
  for (let i = 0; i < levels.length; i += step) bytes.push(Math.max(...levels.slice(i, i + step)));
  return btoa(String.fromCharCode(...bytes));
}
