import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../src/store/apply';
import { emptyState, type State } from '../src/store/state';
import { lastRead, unreadOf } from '../src/store/unread';
import { compareIds } from '../src/wire/snowflake';
import { Model } from './model';

/** What a person sees of unread marks: the last read id, whether unread, and the badge, per channel. */
const seen = (s: State) =>
  Object.fromEntries(Object.keys(s.channels).sort().map((id) => [id, { read: lastRead(s, id), ...unreadOf(s, id) }]));

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constant('send' as const), who: fc.nat(2), where: fc.nat(3), names: fc.subarray(['u0', 'u1', 'u2', 'role', 'everyone']) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('delete' as const), which: fc.nat(100) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('ack' as const), who: fc.nat(2), which: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('mark' as const), who: fc.nat(2), which: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('replay' as const), count: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('reconnect' as const) }) },
);

describe('unread marks', () => {
  it('applied to the state from READY, any events equal READY fetched afresh, through sessions that are lost', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.nat(59), fc.nat(4), (operations, connectAt, lost) => {
        const model = new Model();
        const live = [emptyState(), emptyState(), emptyState()];
        operations.forEach((o, i) => {
          // Each user connects at some point in between, so that READY itself is exercised as well.
          if (i === Math.min(connectAt, operations.length - 1)) live.forEach((s, u) => model.connect(s, u));
          model.run(o);
          // The events just before a session is lost never arrive.
          const deaf = operations.slice(i, i + lost).some((next) => next.op === 'reconnect');
          if (o.op === 'reconnect') live.forEach((s, u) => s.ready && model.connect(s, u));
          live.forEach((s, u) => s.ready && !deaf && model.drain(u).forEach((e) => apply(s, e.t, e.d)));
        });
        live.forEach((s, u) => {
          if (!s.ready) return;
          const fresh = emptyState();
          model.connect(fresh, u);
          expect(seen(s)).toEqual(seen(fresh));
        });
      }),
      { numRuns: 400 },
    );
  });

  it('an ack of an older message changes nothing', () => {
    const model = new Model();
    const s = emptyState();
    model.connect(s, 0);
    for (let i = 0; i < 3; i++) model.run({ op: 'send', who: 1, where: 3, names: [] });
    model.drain(0).forEach((e) => apply(s, e.t, e.d));
    const ids = model.messages.map((m) => m.id).sort(compareIds);
    apply(s, 'MESSAGE_ACK', { channel_id: model.messages[0]!.channel_id, message_id: ids[2], mention_count: 0 });
    apply(s, 'MESSAGE_ACK', { channel_id: model.messages[0]!.channel_id, message_id: ids[0], mention_count: 2 });
    expect(unreadOf(s, model.messages[0]!.channel_id)).toEqual({ unread: false, mentions: 0 });
  });
});
