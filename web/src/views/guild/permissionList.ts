import type { PermissionName } from '../../store/permissions';

/** The permissions as people are asked about them, in groups. */
export const permissionGroups: { key: 'general' | 'members' | 'text'; names: PermissionName[] }[] = [
  { key: 'general', names: ['viewChannel', 'manageChannels', 'manageRoles', 'manageGuild', 'viewAuditLog', 'manageWebhooks', 'manageEmojis', 'administrator'] },
  { key: 'members', names: ['createInvite', 'changeNickname', 'manageNicknames', 'kick', 'ban', 'timeout'] },
  { key: 'text', names: ['sendMessages', 'embedLinks', 'attachFiles', 'sendVoiceMessages', 'addReactions', 'externalEmojis', 'mentionEveryone', 'manageMessages', 'readHistory', 'createThreads', 'manageThreads'] },
];

export const channelPermissionNames: PermissionName[] = ['viewChannel', 'manageChannels', 'manageRoles', 'createInvite', 'sendMessages', 'embedLinks', 'attachFiles', 'sendVoiceMessages', 'addReactions', 'externalEmojis', 'mentionEveryone', 'manageMessages', 'readHistory'];
