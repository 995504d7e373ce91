import { thumbHashToDataURL } from 'thumbhash';
import type { Attachment } from '../wire/types';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Where this page finds a file. A server that was told no public address names one that holds on its own machine only. */
export function fileUrl(url: string): string {
  const { hostname, pathname, search, host } = new URL(url, location.href);
  return host !== location.host && loopback.test(hostname) && pathname.startsWith('/attachments/') ? location.origin + pathname + search : url;
}

/** Formats that lose nothing by being made smaller; what moves is left as it is. */
const shrinkable = /^image\/(png|jpeg|webp|avif)$/;

/** A picture as large as it is shown, for the density of this screen. */
export function shrunk(a: Attachment, width: number, height: number): string {
  const url = fileUrl(a.proxy_url || a.url);
  const [w, h] = [Math.ceil(width * devicePixelRatio), Math.ceil(height * devicePixelRatio)];
  if (!shrinkable.test(a.content_type ?? '') || !a.width || !a.height || a.width < w * 1.25 || !url.includes('?')) return url;
  return `${url}&width=${w}&height=${h}&format=webp`;
}

export const poster = (a: Attachment): string | undefined => (a.width && a.url.includes('?') ? `${fileUrl(a.url)}&format=webp` : undefined);

/** What a picture looks like from far away, as a data URL, until it has come. */
export function placeholderOf(a: Attachment): string | undefined {
  if (!a.placeholder || (a.placeholder_version ?? 1) !== 1) return undefined;
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(a.placeholder), (c) => c.charCodeAt(0)));
  } catch {
    // Any client may have written it: what is no thumbhash is no loss.
    return undefined;
  }
}
