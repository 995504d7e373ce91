import type { Channel, Guild, Message } from '../wire/types';
import { t } from '../i18n';
import { rest } from './client';

/** A small server to try things on: made of ordinary requests, so everything in it can be changed or thrown away. */
export async function createSample(): Promise<string> {
  const guild = await rest.post<Guild>('/guilds', { name: t.sampleName });
  const existing = await rest.get<Channel[]>(`/guilds/${guild.id}/channels`);
  const general = existing.find((c) => c.type === 0) ?? (await channel(guild.id, t.sampleGeneral));
  const category = await channel(guild.id, t.sampleCategory, { type: 4 });
  const ideas = await channel(guild.id, t.sampleIdeas, { parent_id: category.id, topic: t.sampleIdeasTopic });
  const tour = await channel(guild.id, t.sampleTour, { parent_id: category.id });
  await rest.post(`/guilds/${guild.id}/roles`, { name: t.sampleRole, color: 0xd97a34, hoist: true, mentionable: true });
  await say(general.id, t.sampleHello);
  await say(ideas.id, t.sampleIdea);
  for (const text of t.sampleTourMessages) {
    const m = await say(tour.id, text);
    if (text === t.sampleTourMessages[0]) await rest.put(`/channels/${tour.id}/messages/${m.id}/reactions/${encodeURIComponent('👋')}/@me`);
  }
  return guild.id;
}

const channel = (guildId: string, name: string, more: object = {}): Promise<Channel> => rest.post(`/guilds/${guildId}/channels`, { name, type: 0, ...more });
const say = (channelId: string, content: string): Promise<Message> => rest.post(`/channels/${channelId}/messages`, { content });
