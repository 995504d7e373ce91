import archive from 'lucide-static/icons/folder.svg?raw';
import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import at from 'lucide-static/icons/at-sign.svg?raw';
import ban from 'lucide-static/icons/ban.svg?raw';
import bell from 'lucide-static/icons/bell.svg?raw';
import bellOff from 'lucide-static/icons/bell-off.svg?raw';
import bold from 'lucide-static/icons/bold.svg?raw';
import calendar from 'lucide-static/icons/calendar-days.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import edit from 'lucide-static/icons/pencil.svg?raw';
import exit from 'lucide-static/icons/log-out.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import file from 'lucide-static/icons/file.svg?raw';
import hash from 'lucide-static/icons/hash.svg?raw';
import inbox from 'lucide-static/icons/inbox.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import lock from 'lucide-static/icons/lock.svg?raw';
import mail from 'lucide-static/icons/mail-open.svg?raw';
import menu from 'lucide-static/icons/menu.svg?raw';
import message from 'lucide-static/icons/message-circle.svg?raw';
import mic from 'lucide-static/icons/mic.svg?raw';
import more from 'lucide-static/icons/ellipsis.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import reply from 'lucide-static/icons/reply.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import send from 'lucide-static/icons/send-horizontal.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import shield from 'lucide-static/icons/shield.svg?raw';
import smile from 'lucide-static/icons/smile.svg?raw';
import speaker from 'lucide-static/icons/volume-2.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import unread from 'lucide-static/icons/message-circle-dashed.svg?raw';
import userPlus from 'lucide-static/icons/user-plus.svg?raw';
import users from 'lucide-static/icons/users.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

/** Only what stands between the svg tags: the drawing's own attributes are set once, by `Icon`. */
const inner = (svg: string): string => svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');

const raw = {
  archive, arrowDown, arrowLeft, at, ban, bell, bellOff, bold, calendar, check, chevronDown, chevronRight, clock, copy, download, edit, exit, eye, file,
  hash, inbox, link, lock, mail, menu, message, mic, more, pause, pin, play, plus, reply, search, send, settings, shield, smile, speaker, trash,
  unread, userPlus, users, warning, x,
};

export type IconName = keyof typeof raw;

export const icons = Object.fromEntries(Object.entries(raw).map(([name, svg]) => [name, inner(svg)])) as Record<IconName, string>;
