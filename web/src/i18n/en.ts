import type { PermissionName } from '../store/permissions';
import type { Status } from '../wire/types';

const some = (n: number, one: string, more: string): string => (n === 1 ? one : more);

/** Every text of the client. A second language is an object of the same type. */
export const en = {
  // General
  today: 'Today', yesterday: 'Yesterday', close: 'Close', cancel: 'Cancel', save: 'Save', saved: 'Saved', delete: 'Delete', remove: 'Remove', edit: 'Edit', more: 'More', copy: 'Copy', copied: 'Copied',
  back: 'Back', next: 'Next', previous: 'Previous', continue: 'Continue', confirm: 'Confirm', optional: 'Optional', loading: 'Loading…', loadMore: 'Load more', refresh: 'Refresh', reload: 'Reload',
  tryAgain: 'Try again', tryNow: 'Try now', search: 'Search', on: 'on', off: 'off', turnOn: 'Turn on', turnOff: 'Turn off', send: 'Send', join: 'Join', leave: 'Leave', jump: 'Jump', never: 'Never', nothing: 'Nothing',
  someone: 'Someone', date: 'Date', pages: 'Pages', suggestions: 'Suggestions', skip: 'Skip to the conversation', preview: 'Preview', picture: 'Picture', status: 'Status', role: 'Role', group: 'Group',
  somethingWrong: 'Something went wrong.', unreachable: 'The server cannot be reached.', broken: 'Kith has stumbled', nothingFound: 'Nothing found', reconnecting: 'Reconnecting…', offline: 'You are offline. What you write is sent when you are back.',
  statusNames: { online: 'Online', idle: 'Away', dnd: 'Do not disturb', invisible: 'Invisible', offline: 'Offline' } satisfies Record<Status, string> as Record<Status, string>,
  lastSeen: (when: string) => `Last seen ${when}`, lastSeenLabel: 'Last seen',
  mentionCount: (n: number) => `, ${n} ${some(n, 'mention', 'mentions')}`, unread: ', unread',

  // Sign in
  signIn: 'Sign in', signOut: 'Sign out', signOutText: 'You will need your password to come back. Drafts stay on this device.', createAccount: 'Create account', createAccountText: 'A name and a password are enough.',
  welcomeBack: 'Welcome back', welcomeBackText: 'Good to see you again.', firstRun: 'Create your account', firstRunText: 'This Kith is brand new. The first account looks after it.', haveAccount: 'Already here?', noAccount: 'New here?',
  userName: 'User name', userNameOrEmail: 'User name or email', userNameHint: 'Letters, digits, dots and underscores', displayName: 'Display name', email: 'Email', password: 'Password', passwordHint: 'At least 8 characters',
  twoFactor: 'Two-factor sign-in', twoFactorText: 'Enter the six digits of your authenticator, or a recovery code.', code: 'Code',

  // Shell
  home: 'Conversations and friends', servers: 'Servers', addServer: 'Add a server', channels: 'Channels', conversations: 'Conversations', newConversation: 'New conversation', friends: 'Friends', mentions: 'Mentions', admin: 'Administration',
  settings: 'Settings', openNavigation: 'Open the lists', noChannels: 'No channels to see here yet.', noConversations: 'No conversations yet. Start one with the pencil above.', noMessagesYet: 'No messages yet', draft: 'Draft:',
  typingShort: 'is typing…', quickSwitcher: 'Go to', quickPlaceholder: 'Where to?', quickMove: 'choose', quickOpen: 'open', quickCommands: 'commands', markRead: 'Mark as read', markAllRead: 'Mark everything as read',
  mute: 'Mute', unmute: 'Unmute', muteHint: 'No sounds and no unread marks. Mentions still count.', unknownChannel: 'Unknown place', emptyGroup: 'Group without others',
  channelGone: 'Nothing to see here', channelGoneText: 'This channel is gone, or it is not open to you.', guildGone: 'This server is gone, or you are not a member.',
  welcome: (name: string) => `Hello, ${name}`, welcomeText: 'Make a place for your people, or join one.', createServer: 'Create a server', createServerText: 'For friends, a club, a project', joinServer: 'Join a server', joinServerText: 'With an invitation link',
  sampleServer: 'Try a sample server', sampleServerText: 'A furnished one to look around in',
  sampleName: 'The Sample House', sampleGeneral: 'general', sampleCategory: 'Rooms', sampleIdeas: 'ideas', sampleIdeasTopic: 'Half-baked ones are welcome', sampleTour: 'tour', sampleRole: 'Regulars',
  sampleHello: 'Welcome to your sample server. Everything here can be changed, and deleted when you have seen enough. 👋', sampleIdea: 'What if we met on Thursdays?\n> Only if there is cake.',
  sampleTourMessages: [
    '**This is a message.** Point at it to react, answer, edit or pin.', 'Text can be *slanted*, __underlined__, ~~struck out~~ or ||hidden||.', '```ts\nconst greeting = `Hello, ${name}`;\n```', '- Ctrl-K goes anywhere\n- ↑ edits your last message\n- :wave: becomes 👋',
  ],

  // Conversation
  messages: 'Messages', message: 'Message', newMessages: 'New', toPresent: 'To the newest', newSince: (n: number, at: string) => `${n} new ${some(n, 'message', 'messages')}${at ? ` since ${at}` : ''}`,
  historyFailed: 'The messages could not be loaded.', messageFrom: (name: string, at: string) => `${name}, ${at}`, profileOf: (name: string) => `Profile of ${name}`, messageActions: 'Actions', bot: 'Bot', edited: '(edited)', spoiler: 'Hidden; show',
  blockedMessage: 'Message of someone you blocked', originalGone: 'The original message is gone', deletedRole: 'deleted role', plainCode: 'Code', addReaction: 'Add reaction', reply: 'Reply', pin: 'Pin', unpin: 'Unpin', pins: 'Pinned messages', noPins: 'Nothing is pinned here yet.',
  whoReacted: 'Reactions', copyText: 'Copy text', copyLink: 'Copy link', markUnread: 'Mark unread from here', removePreviews: 'Remove previews', deleteMessage: 'Delete message', deleteMessageText: 'It is gone for everyone, and cannot be brought back.',
  reactionLabel: (emoji: string, n: number) => `${emoji}, ${n}`, uploading: 'Uploading', notSent: 'Not sent.', voiceMessage: '🎙 Voice message', image: 'Picture', video: 'Video', openImage: (name: string) => `Open ${name}`, imageFailed: 'Could not be shown', download: 'Download', zoom: 'Zoom',
  play: 'Play', pause: 'Pause', position: 'Position', ticks: { waiting: 'Waiting', sent: 'Sent', delivered: 'Delivered', read: 'Read' },
  systemAdded: (who: string, whom: string) => `${who} added ${whom}`, systemRemoved: (who: string, whom: string) => `${who} removed ${whom}`, systemLeft: (who: string) => `${who} left`, systemRenamed: (who: string, to: string) => `${who} renamed this to “${to}”`,
  systemIcon: (who: string) => `${who} changed the picture`, systemPinned: (who: string) => `${who} pinned a message`, systemJoined: (who: string) => `${who} is here now`, systemUnknown: 'Something happened',
  beginningOf: (name: string) => `This is #${name}`, beginningChannel: 'The very first messages of this channel.', beginningDm: (name: string) => `What you and ${name} write stays between you two.`, beginningGroup: 'Only the people in this group read here.',
  messageTo: (name: string) => `Message ${name}`, messageIn: (name: string) => `Message #${name}`, mayNotSend: 'You may read here, but not write.', youBlocked: 'You have blocked this person.', attach: 'Attach files', noAttach: 'You may not attach files here.',
  tooManyFiles: (n: number) => `At most ${n} files at once.`, dropHere: (name: string) => `Drop here to send to ${name}`, removeFile: (name: string) => `Remove ${name}`, replyingTo: 'Replying to', slowMode: 'Slow mode', emoji: 'Emoji', searchEmoji: 'Search emoji', recordVoice: 'Record a voice message',
  noMicrophone: 'No microphone could be used.', sendLater: 'Send when connected', manyTyping: 'Several people are typing…', typing: (names: string[]) => (names.length === 1 ? `${names[0]} is typing…` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are typing…`),
  everyoneHint: 'everyone here', hereHint: 'everyone online', emojiGroups: { '-1': 'Recent', 0: 'Smileys', 1: 'People', 3: 'Nature', 4: 'Food', 5: 'Travel', 6: 'Activities', 7: 'Objects', 8: 'Symbols', 9: 'Flags' } as Record<number, string>,
  nsfw: 'For adults only', nsfwTitle: 'For adults only', nsfwText: 'This channel is marked as not for everyone.', nsfwGo: 'Show it', members: 'Members', groupMembers: (n: number) => `${n} people`, owner: 'Owner', jumpToDate: 'Jump to date', nothingSince: 'Nothing was written since that day.',
  receipts: 'Who has read', receiptsText: 'How far the message has come.', readBy: 'Read by', deliveredTo: 'Delivered to', onItsWayTo: 'Not there yet', searchIn: (name: string) => `Search in ${name}`, searchHint: 'Words, and filters such as from:anna has:image before:2025-01-31', results: (shown: string, n: number) => `${shown} ${some(n, 'message', 'messages')}`,

  // People
  addFriend: 'Add friend', removeFriend: 'Remove friend', sendRequest: 'Send request', requestSent: (name: string) => `Request sent to ${name}`, friend: 'You are friends', accept: 'Accept', decline: 'Decline', incoming: 'wants to be friends', outgoing: 'request sent', blocked: 'blocked',
  block: 'Block', unblock: 'Unblock', blockText: (name: string) => `${name} can no longer write to you or add you, and you do not see what ${name} writes.`, friendTabs: { all: 'All', online: 'Online', pending: 'Requests', blocked: 'Blocked' },
  friendsEmpty: { all: 'No friends here yet. Add one by user name.', online: 'Nobody is online right now.', pending: 'No open requests.', blocked: 'You have blocked nobody.' }, findPeople: 'Find people', noPeople: 'Nobody found.', removePerson: (name: string) => `Remove ${name}`, groupFull: 'That is as many as fit.',
  createGroup: 'Create group', startTalking: 'Start talking', editGroup: 'Edit group', groupName: 'Group name', addPeople: 'Add people', leaveGroup: 'Leave group', leaveGroupText: 'You can come back only if someone adds you.', closeDm: 'Close conversation',
  noMentions: 'Nobody has mentioned you yet.', memberSince: 'On Kith since', joinedHere: 'Here since', note: 'Note', noteHint: 'Only you see this', timeout: 'Mute for 10 minutes', kick: 'Remove from server', kickText: (name: string) => `${name} can come back with an invitation.`,
  ban: 'Ban', banText: (name: string) => `${name} is removed and cannot come back.`, unban: 'Lift ban',

  // Servers
  serverName: 'Server name', serverOf: (name: string) => `${name}’s place`, inviteLink: 'Invitation link', createInstead: 'Create a server instead', joinInstead: 'Have an invitation? Join a server', invitePeople: 'Invite people', inviteText: (name: string) => `Whoever has this link can join ${name}.`,
  expires: 'Expires', maxUses: 'Uses', oneHour: '1 hour', oneDay: '1 day', oneWeek: '7 days', unlimited: 'Unlimited', invited: 'You are invited to', invitedBy: (name: string) => `${name} invites you to`, inviteBad: 'This invitation does not work', inviteBadText: 'It may have expired, or been used up.',
  onlineCount: (n: string) => `${n} online`, memberCount: (shown: string, n: number) => `${shown} ${some(n, 'member', 'members')}`, goThere: 'Go there', serverSettings: 'Server settings', leaveServer: 'Leave server', leaveServerText: (name: string) => `You can come back to ${name} with an invitation.`,
  deleteServer: 'Delete server', deleteServerText: (name: string) => `${name} and everything in it is gone for everyone. This cannot be undone.`, overview: 'Overview', description: 'Description', defaultNotifications: 'Members are told about', roles: 'Roles', bans: 'Bans', invites: 'Invitations', auditLog: 'Audit log',
  createChannel: 'Create channel', channelName: 'Channel name', kind: 'Kind', textChannel: 'Text', category: 'Category', noCategory: 'None', privateChannel: 'Private', privateChannelHint: 'Only roles and members that you allow can see it', channelSettings: 'Channel settings', deleteChannel: 'Delete channel',
  deleteChannelText: (name: string) => `#${name} and its messages are gone for everyone.`, topic: 'Topic', slowStep: (s: number) => (s === 0 ? 'Off' : s < 60 ? `${s} seconds` : s < 3600 ? `${s / 60} min` : `${s / 3600} h`), permissionsTitle: 'Permissions', addOverwrite: 'Role or member',
  overwriteStates: { deny: 'Deny', inherit: 'As inherited', allow: 'Allow' }, createRole: 'Create role', newRole: 'New role', roleName: 'Role name', colour: 'Colour', noColour: 'No colour', otherColour: 'Another colour', hoist: 'Show members separately', hoistHint: 'In the list of members, under the role’s name',
  mentionable: 'Anyone may mention this role', deleteRole: 'Delete role', deleteRoleText: (name: string) => `${name} is taken from everyone who has it.`, chooseRole: 'Choose a role.', roleAbove: 'This role stands above yours.', moveUp: 'Move up', moveDown: 'Move down',
  nickname: 'Nickname', findMembers: (n: string) => `Search ${n} members`, noBans: 'Nobody is banned.', noReason: 'No reason given', noInvites: 'No invitations.', usesOf: (n: number, max: number) => (max > 0 ? `${n}/${max} uses` : `${n} ${some(n, 'use', 'uses')}`), revoke: 'Revoke', noAudit: 'Nothing has been recorded yet.',
  auditOther: (n: number) => `did something (${n}) to`,
  auditActions: {
    1: 'changed the server', 10: 'created channel', 11: 'changed channel', 12: 'deleted channel', 13: 'added permissions to', 14: 'changed permissions of', 15: 'removed permissions of', 20: 'removed', 21: 'pruned members', 22: 'banned', 23: 'lifted the ban of', 24: 'changed member', 25: 'changed roles of', 28: 'added bot',
    30: 'created role', 31: 'changed role', 32: 'deleted role', 40: 'created an invitation', 41: 'changed an invitation', 42: 'revoked an invitation', 50: 'created webhook', 51: 'changed webhook', 52: 'deleted webhook', 60: 'added emoji', 61: 'changed emoji', 62: 'deleted emoji', 72: 'deleted a message of', 73: 'deleted messages in', 74: 'pinned a message of', 75: 'unpinned a message of',
  } as Record<number, string>,
  permissionGroups: { general: 'General', members: 'Members', text: 'Messages' },
  permissions: {
    viewChannel: 'See channels', manageChannels: 'Manage channels', manageRoles: 'Manage roles and permissions', manageGuild: 'Manage the server', viewAuditLog: 'See the audit log', manageWebhooks: 'Manage webhooks', manageEmojis: 'Manage emoji', administrator: 'Administrator: everything, everywhere', createInvite: 'Invite people',
    changeNickname: 'Change own nickname', manageNicknames: 'Change nicknames', kick: 'Remove members', ban: 'Ban members', timeout: 'Mute members for a while', sendMessages: 'Send messages', embedLinks: 'Previews of links', attachFiles: 'Attach files', sendVoiceMessages: 'Send voice messages', addReactions: 'Add reactions',
    externalEmojis: 'Emoji of other servers', mentionEveryone: 'Mention @everyone and all roles', manageMessages: 'Delete and pin messages of others', readHistory: 'Read earlier messages', createThreads: 'Start threads', manageThreads: 'Manage threads',
  } satisfies Record<PermissionName, string> as Record<PermissionName, string>,

  // Settings
  profile: 'Profile', account: 'Account', sessions: 'Devices', privacy: 'Privacy', appearance: 'Appearance', notifications: 'Notifications', language: 'Language', keyboard: 'Keyboard', removePicture: 'Remove picture', notAPicture: 'That is not a picture.', about: 'About you',
  changePassword: 'Change password', currentPassword: 'Current password', currentPasswordHint: 'Needed to change user name, email or password', newPassword: 'New password', sessionsText: 'Where you are signed in. End what you do not know.', thisSession: 'This device', unknownDevice: 'Unknown device', end: 'End', endOthers: 'End all others',
  twoFactorOn: 'Signing in needs a code besides your password.', twoFactorPitch: 'A code from your phone besides the password, so that a stolen password is not enough.', twoFactorScan: 'Scan this with an authenticator app, then enter the code it shows.', qrCode: 'QR code for the authenticator', backupCodesText: 'Keep these recovery codes. Each works once, should you lose your phone.',
  theme: 'Theme', themeSystem: 'System', themeLight: 'Light', themeDark: 'Dark', density: 'Spacing', cosy: 'Cosy', compact: 'Compact', readReceipts: 'Read receipts', readReceiptsHint: 'Others see what you have read, and you what they have. Off is off both ways.', showLastSeen: 'Show when I was last here', showLastSeenHint: 'People you talk with see it',
  friendsOnly: 'Only friends may write to me', friendsOnlyHint: 'Others from your servers cannot start a conversation', desktopNotifications: 'Desktop notifications', desktopNotificationsHint: 'While Kith is open in a tab', notifyDenied: 'The browser does not allow notifications for this page.', pushNotifications: 'Push notifications', pushHint: 'Also when Kith is closed', pushUnsupported: 'This browser or connection has no push. It needs HTTPS.',
  emailDigest: 'Mail what I missed', emailDigestHint: 'When you have been away for long and have an address',
  quietHours: 'Quiet hours', quietHoursHint: 'No pushes in this time', quietFrom: 'From', quietUntil: 'Until',
  pushPreview: 'Show the text', pushPreviewHint: 'Off: a push says only that there is a message', sound: 'Sound', notifyAbout: 'Tell me about', allMessages: 'All messages', onlyMentions: 'Mentions only', suppressEveryone: 'Ignore @everyone and @here', suppressRoles: 'Ignore mentions of roles',
  keys: [
    ['Ctrl K', 'Go anywhere, run a command'], ['Ctrl F', 'Search in this place'], ['Alt ↑ ↓', 'Previous, next channel'], ['Alt Shift ↑ ↓', 'Previous, next unread channel'], ['Esc', 'Mark as read, back to writing'], ['Shift Esc', 'Mark all of this server as read'], ['↑', 'Edit my last message (in an empty box)'],
    ['Shift ↵', 'New line'], ['Ctrl B', 'Bold; I for slanted, U for underlined'], ['↑ ↓', 'Walk through messages'], ['R', 'Reply to the chosen message'], ['E', 'Edit it'], ['P', 'Pin it'], ['+', 'React to it'], ['U', 'Mark unread from it'], ['Del', 'Delete it; with Shift, without asking'],
  ] as [string, string][],

  // Administration
  adminOnly: 'Only administrators of this instance see this page.', adminTabs: { health: 'Health', users: 'Users', servers: 'Servers' }, stats: { users: 'Users', guilds: 'Servers', channels: 'Channels', messages: 'Messages', lastDay: 'Messages in 24 h', pushed: 'Pushes sent', pushWaiting: 'Pushes waiting', attachments: 'Files', attachmentBytes: 'Files, size', databaseBytes: 'Database', memory: 'Memory', uptime: 'Up for', version: 'Version' },
  hours: (n: string) => `${n} h`, disableUser: 'Suspend', enableUser: 'Reinstate', disableUserText: (name: string) => `This changes whether ${name} can sign in.`,
};

export type Messages = typeof en;
