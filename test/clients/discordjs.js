// A discord.js client pointed at Kith. Nothing else about it is changed.
import { Client, GatewayIntentBits, Partials } from 'discord.js';
import { event, settings } from './harness.js';

export const allIntents = Object.values(GatewayIntentBits).filter((bit) => typeof bit === 'number');

export function create(options = {}) {
  const client = new Client({
    intents: allIntents,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: `${settings.address}/api` },
    ...options,
  });
  client.on('error', (e) => console.error('client error', e));
  client.on('warn', (text) => console.error('client warning', text));
  if (process.env.KITH_TRACE) client.on('debug', (text) => console.error(text));
  return client;
}

export async function login(options) {
  const client = create(options);
  const ready = event(client, 'clientReady');
  await client.login(settings.token);
  await ready;
  return client;
}
