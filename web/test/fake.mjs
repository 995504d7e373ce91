// A small stand-in for the server, for looking at the client where no server is at hand: node test/fake.mjs [port]
// It keeps everything in memory and checks nothing; the end-to-end tests run against the real server.
import { readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';

const dist = new URL('../dist/', import.meta.url).pathname;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png', '.json': 'application/json', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json' };
let counter = 0;
const id = (at = Date.now()) => (((BigInt(at) - 1420070400000n) << 22n) + BigInt(counter++ % 4096)).toString();
const now = Date.now();
const user = (username, global_name, extra = {}) => ({ id: id(now - 9e9 + counter * 1e6), username, global_name, avatar: null, discriminator: '0', ...extra });
const users = [
  user('mara', 'Mara Lindqvist', { admin: true, email: 'mara@example.org', bio: 'Gardens, trains, and the occasional bug.' }), user('jonas', 'Jonas'), user('yusuf', 'يوسف العلي'), user('ines', 'Inês Carvalho 🌿'), user('tidebot', 'Tide', { bot: true }),
  user('a_person_with_quite_a_long_name', 'Bartholomew Featherstonehaugh the Third'), user('kei', '慧'), user('otto', 'Otto'),
];
const [mara, jonas, yusuf, ines, tide, bart, kei, otto] = users;
const guildId = id(now - 8e9);
const roles = [
  { id: guildId, name: '@everyone', color: 0, hoist: false, position: 0, permissions: String(0x7fffffffffn & ~8n), managed: false, mentionable: false },
  { id: id(), name: 'Gardeners', color: 0x0e8a72, hoist: true, position: 2, permissions: '0', managed: false, mentionable: true },
  { id: id(), name: 'Night shift', color: 0xb0429c, hoist: false, position: 1, permissions: '0', managed: false, mentionable: true },
];
const channel = (name, type, extra = {}) => ({ id: id(now - 7e9 + counter * 1000), type, name, guild_id: guildId, position: counter, permission_overwrites: [], last_message_id: null, parent_id: null, ...extra });
const catA = channel('Commons', 4);
const catB = channel('Workshops', 4);
const channels = [catA, channel('welcome', 0, { parent_id: catA.id, topic: 'Say hello, read the **house rules**' }), channel('general', 0, { parent_id: catA.id, topic: 'Anything that fits nowhere else' }), channel('harvest-photos', 0, { parent_id: catA.id }),
  catB, channel('seed-exchange', 0, { parent_id: catB.id }), channel('irrigation-and-water', 0, { parent_id: catB.id }), channel('a-rather-long-channel-name-that-will-not-fit', 0, { parent_id: catB.id }), channel('stewards', 0, { parent_id: catB.id, permission_overwrites: [{ id: guildId, type: 0, allow: '0', deny: '1024' }] })];
const dm = (recipients, extra = {}) => ({ id: id(now - 6e9 + counter * 1000), type: recipients.length > 1 ? 3 : 1, members: [mara, ...recipients], last_message_id: null, ...extra });
const privates = [dm([jonas]), dm([yusuf]), dm([ines, otto, kei], { name: 'Allotment 14', owner_id: mara.id }), dm([bart])];
const members = users.map((u, i) => ({ user: u, nick: null, roles: i < 3 ? [roles[1].id] : i === 6 ? [roles[2].id] : [], joined_at: new Date(now - 8e9).toISOString() }));
const messages = new Map();
const make = (c, author, content, at, extra = {}) => {
  const m = { id: id(at), channel_id: c.id, ...(c.guild_id ? { guild_id: c.guild_id } : {}), author, content, timestamp: new Date(at).toISOString(), edited_timestamp: null, mentions: users.filter((u) => content.includes(`<@${u.id}>`)), mention_roles: roles.filter((r) => content.includes(`<@&${r.id}>`)).map((r) => r.id), mention_everyone: content.includes('@everyone'), attachments: [], embeds: [], pinned: false, type: 0, ...extra };
  messages.set(c.id, [...(messages.get(c.id) ?? []), m]);
  c.last_message_id = m.id;
  return m;
};
const general = channels[2];
const day = 86400000;
for (let i = 0; i < 400; i++) make(general, users[i % 5 === 0 ? 1 : i % 7 === 0 ? 3 : 0], `Note ${i}: ${'the beds by the wall want water again. '.repeat(1 + (i % 4))}`, now - 3 * day + i * 120000);
const q = make(general, jonas, 'Morning! The tomatoes survived the night ❄️', now - 3 * 3600e3, { reactions: [{ emoji: { id: null, name: '🍅' }, count: 4, me: true }, { emoji: { id: null, name: '🎉' }, count: 2, me: false }] });
make(general, jonas, 'I moved the trays into the shed, there is room for about `12` more.', now - 3 * 3600e3 + 30e3);
make(general, ines, `<@${mara.id}> could you bring the *long* hose on Saturday? Full plan is at https://example.org/plans/saturday`, now - 2.6 * 3600e3, { embeds: [{ type: 'link', url: 'https://example.org/plans/saturday', title: 'Saturday in the garden', description: 'Who brings what, from nine until the light goes.', provider: { name: 'example.org' } }] });
make(general, mara, 'Sure. I will be there at nine.', now - 2.5 * 3600e3, { type: 19, message_reference: { message_id: q.id }, referenced_message: q });
make(general, yusuf, 'صباح الخير جميعاً، سأحضر البذور الجديدة معي يوم السبت إن شاء الله', now - 2.2 * 3600e3);
make(general, tide, '**Watering plan**\n- [ ] Beds 1–4\n- Beds 5–9\n> drought warning until Friday\n```ts\nconst litres = beds.reduce((sum, b) => sum + b.need, 0);\nconsole.log(`water: ${litres} l`);\n```', now - 2 * 3600e3);
make(general, kei, '||it was the slugs|| 🐌', now - 1.4 * 3600e3);
make(general, bart, 'averyveryverylongwordwithoutanyspaceinit'.repeat(9), now - 1.2 * 3600e3);
make(general, otto, '🌧️🎉', now - 1.1 * 3600e3);
make(general, ines, `Thanks <@&${roles[1].id}>! <script>alert(1)</script> <b>not bold</b>`, now - 0.5 * 3600e3, { edited_timestamp: new Date().toISOString() });
make(channels[1], mara, 'Welcome, everyone.', now - 5 * day);
make(channels[3], ines, 'First courgette of the year.', now - 2 * day);
make(channels[5], kei, `<@${mara.id}> I kept some bean seeds for you`, now - 4 * 3600e3);
const talk = [[0, 'Are you coming on Saturday?'], [1, 'Yes! I take the early train'], [1, 'Do we need bread?'], [0, 'Always. The dark one, if they have it'], [1, 'Deal 👍'], [0, 'And bring your boots, it has rained for three days and the lower path is more of a pond than a path by now.'], [1, '😂'], [0, 'See you then']];
talk.forEach(([who, text], i) => make(privates[0], who ? jonas : mara, text, now - 5400e3 + i * 240e3));
make(privates[1], yusuf, 'هل وصلت الرسالة؟', now - 7200e3);
make(privates[2], otto, 'Who has the key to the shed?', now - 9000e3);
make(privates[2], mara, 'Me. It hangs behind the door.', now - 8800e3);
make(privates[3], bart, 'A pleasure, as ever.', now - 3 * day);
const reads = { [general.id]: messages.get(general.id).at(-4).id, [channels[1].id]: channels[1].last_message_id, [privates[0].id]: privates[0].last_message_id, [privates[3].id]: privates[3].last_message_id, [privates[2].id]: privates[2].last_message_id };

const sockets = new Map();
const emit = (t, d, to) => { for (const [socket, s] of sockets) if (s.me && (!to || to.includes(s.me.id))) socket.send(JSON.stringify({ op: 0, t, s: ++s.seq, d })); };
const audience = (c) => (c.guild_id ? null : c.members.map((u) => u.id));
const find = (cid) => [...channels, ...privates].find((c) => c.id === cid);
const shown = (c, me) => ({ ...c, members: undefined, recipients: c.members.filter((u) => u.id !== me.id), last_message: messages.get(c.id)?.at(-1) ?? null });
const guild = (me) => ({ id: guildId, name: 'Riverside Garden', icon: null, description: null, owner_id: mara.id, roles, channels, members, member_count: users.length, joined_at: members.find((m) => m.user.id === me.id)?.joined_at, presences: users.slice(0, 6).map((u, i) => ({ user: { id: u.id }, status: ['online', 'online', 'idle', 'online', 'online', 'dnd'][i] })), unavailable: false });
const mentions = (c, me) => (messages.get(c.id) ?? []).filter((m) => BigInt(m.id) > BigInt(reads[c.id] ?? 0) && m.author.id !== me.id && (!c.guild_id || m.mention_everyone || m.mentions.some((u) => u.id === me.id) || m.mention_roles.includes(roles[1].id))).length;
const ready = (me) => ({ v: 10, user: me, users, guilds: [{ id: guildId, unavailable: true }], private_channels: privates.filter((c) => c.members.some((u) => u.id === me.id)).map((c) => shown(c, me)), session_id: id(), resume_gateway_url: '', user_settings: { status: 'online' }, user_guild_settings: { entries: [] },
  relationships: [{ id: jonas.id, type: 1, user: jonas }, { id: ines.id, type: 1, user: ines }, { id: kei.id, type: 3, user: kei }, { id: otto.id, type: 4, user: otto }], presences: [{ user: { id: jonas.id }, status: 'online' }, { user: { id: yusuf.id }, status: 'offline', last_seen_at: new Date(now - 5e6).toISOString() }],
  read_state: { entries: [...channels, ...privates].filter((c) => c.type !== 4).map((c) => ({ id: c.id, last_message_id: reads[c.id] ?? '1', mention_count: mentions(c, me) })), version: 1 } });

const routes = [
  ['GET', /^\/instance$/, () => ({ registration: 'open', is_new: false })],
  ['GET', /^\/gateway$/, (m, r) => ({ url: `ws://${r.headers.host}` })],
  ['POST', /^\/auth\/(login|register)$/, (m, r, b) => ({ token: b.login ?? b.username, user_id: mara.id })],
  ['POST', /^\/auth\/logout$/, () => null],
  ['GET', /^\/auth\/sessions$/, () => ({ user_sessions: [{ id: '1', current: true, client_info: { os: 'Linux', platform: 'Chromium' } }, { id: '2', current: false, approx_last_used_time: new Date(now - 9e6).toISOString(), client_info: { os: 'Android', platform: 'Firefox' } }] })],
  ['GET', /^\/channels\/(\d+)\/messages$/, (m, r, b, q) => {
    const list = messages.get(m[1]) ?? [];
    const limit = Number(q.get('limit') ?? 50);
    const at = (x) => { const i = list.findIndex((y) => BigInt(y.id) >= BigInt(x)); return i < 0 ? list.length : i; };
    if (q.has('before')) { const i = at(q.get('before')); return list.slice(Math.max(0, i - limit), i).reverse(); }
    if (q.has('after')) { const i = at(BigInt(q.get('after')) + 1n); return list.slice(i, i + limit).reverse(); }
    if (q.has('around')) { const i = at(q.get('around')); return list.slice(Math.max(0, i - (limit >> 1)), i + (limit >> 1)).reverse(); }
    return list.slice(-limit).reverse();
  }],
  ['POST', /^\/channels\/(\d+)\/messages$/, (m, r, b, q, me) => { const message = { ...make(find(m[1]), me, b.content ?? '', Date.now()), nonce: b.nonce }; emit('MESSAGE_CREATE', message, audience(find(m[1]))); return message; }],
  ['POST', /^\/channels\/(\d+)\/messages\/(\d+)\/ack$/, (m, r, b, q, me) => { reads[m[1]] = m[2]; emit('MESSAGE_ACK', { channel_id: m[1], message_id: m[2], mention_count: mentions(find(m[1]), me), last_message_id: find(m[1]).last_message_id, manual: b.manual ?? false }, [me.id]); return { token: null }; }],
  ['GET', /^\/channels\/(\d+)\/receipts$/, (m) => { const list = messages.get(m[1]) ?? []; return find(m[1]).members.slice(1).map((u) => ({ channel_id: m[1], user_id: u.id, delivered_message_id: list.at(-1)?.id, read_message_id: list.at(-3)?.id ?? null })); }],
  ['GET', /^\/channels\/(\d+)\/unread$/, (m) => { const list = (messages.get(m[1]) ?? []).filter((x) => BigInt(x.id) > BigInt(reads[m[1]] ?? 0)); return { unread_count: list.length, mention_count: 0, last_read_at: new Date(now - 3600e3).toISOString(), first_unread_message_id: list[0]?.id }; }],
  ['GET', /^\/channels\/(\d+)\/pins$/, (m) => (messages.get(m[1]) ?? []).slice(-6, -4)],
  ['GET', /^\/guilds\/(\d+)\/messages\/search$/, (m, r, b, q) => { const found = (messages.get(general.id) ?? []).filter((x) => x.content.includes(q.get('content') ?? '')).reverse(); return { total_results: found.length, messages: found.slice(0, 25).map((x) => [{ ...x, hit: true }]) }; }],
  ['GET', /^\/invites\/(.+)$/, () => ({ code: 'abc', guild: { id: guildId, name: 'Riverside Garden', icon: null }, channel: { id: general.id, name: 'general', type: 0 }, inviter: jonas, approximate_member_count: 8, approximate_presence_count: 5 })],
  ['GET', /^\/guilds\/\d+\/(bans|invites)$/, () => []],
  ['GET', /^\/guilds\/\d+\/audit-logs$/, () => ({ users, audit_log_entries: [{ id: id(), action_type: 10, user_id: mara.id, target_id: general.id, changes: [{ key: 'name', new_value: 'general' }] }] })],
  ['GET', /^\/users\/@me\/mentions$/, () => messages.get(general.id).filter((m) => m.mentions.length > 0)],
  ['GET', /^\/admin\/stats$/, () => ({ users: 8, guilds: 1, channels: 13, messages: 195983, connections: 5, database_bytes: 83e6, memory_bytes: 91e6, uptime_seconds: 93000, version: '0.1.0', health: { store: 'ok', gateway: 'ok' } })],
  ['GET', /^\/admin\/users$/, () => users],
];

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  if (url.pathname.startsWith('/api/')) {
    const chunks = [];
    for await (const c of request) chunks.push(c);
    let body = {};
    try { body = JSON.parse(Buffer.concat(chunks).toString() || '{}'); } catch { body = {}; }
    const path = url.pathname.replace(/^\/api\/v10/, '');
    const me = users.find((u) => u.username === request.headers.authorization) ?? mara;
    const hit = routes.map(([method, re, run]) => (method === request.method ? [re.exec(path), run] : [])).find(([m]) => m);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(hit ? hit[1](hit[0], request, body, url.searchParams, me) : {}));
    return;
  }
  const file = join(dist, url.pathname);
  const path = url.pathname !== '/' && existsSync(file) ? file : join(dist, 'index.html');
  response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
  response.end(readFileSync(path));
});
new WebSocketServer({ server }).on('connection', (socket) => {
  const session = { me: null, seq: 0 };
  sockets.set(socket, session);
  socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 30000 } }));
  socket.on('message', (data) => {
    const f = JSON.parse(data);
    if (f.op === 1) socket.send(JSON.stringify({ op: 11 }));
    if (f.op === 6) socket.send(JSON.stringify({ op: 9, d: false }));
    if (f.op !== 2) return;
    session.me = users.find((u) => u.username === f.d.token) ?? mara;
    socket.send(JSON.stringify({ op: 0, t: 'READY', s: ++session.seq, d: ready(session.me) }));
    socket.send(JSON.stringify({ op: 0, t: 'GUILD_CREATE', s: ++session.seq, d: guild(session.me) }));
  });
  socket.on('close', () => sockets.delete(socket));
});
const port = Number(process.argv[2] ?? 5180);
server.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, guildId, general: general.id, dm: privates[0].id, group: privates[2].id })));
