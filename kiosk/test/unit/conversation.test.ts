import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DeskError, HttpDesk, problem, type Desk, type Session } from '../../src/chat/api';
import { Conversation } from '../../src/chat/conversation';
import type { Input, Reply } from '../../src/chat/reply';

const reply: Reply = { blocks: [], choices: [], expects: null, sources: [], completeness: { asked: [], given: [] }, status: 'answered' };

/** Everything that reached the desk, and what it does with the next turn. */
class FakeDesk implements Desk {
  readonly opened: Session[] = [];
  readonly heard: { session: Session; id: string; input: Input }[] = [];
  readonly ended: Session[] = [];
  answer: (signal: AbortSignal) => Promise<Reply> = async () => reply;

  async open(): Promise<Session> {
    const session = { id: `c${this.opened.length + 1}`, token: 'secret' };
    this.opened.push(session);
    return session;
  }

  async turn(session: Session, id: string, input: Input, signal: AbortSignal): Promise<Reply> {
    this.heard.push({ session, id, input });
    return await this.answer(signal);
  }

  async paper(session: Session, url: string): Promise<Blob> {
    return new Blob([`${session.id} ${url}`]);
  }

  readonly staying: AbortSignal[] = [];

  async stay(_: Session, signal: AbortSignal): Promise<void> {
    this.staying.push(signal);
  }

  end(session: Session): void {
    this.ended.push(session);
  }
}

describe('a conversation', () => {
  let desk: FakeDesk;
  let conversation: Conversation;

  beforeEach(() => {
    vi.useFakeTimers();
    desk = new FakeDesk();
    conversation = new Conversation(desk);
  });

  afterEach(() => vi.useRealTimers());

  const settle = async () => await vi.advanceTimersByTimeAsync(0);
  /** A desk that answers only when it is given up. */
  const silence = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new DeskError('断了', 'again'))));
  const refuse = (error: DeskError) => async () => {
    throw error;
  };

  test('opens once, and every turn has an id of its own', async () => {
    conversation.say('你好');
    await settle();
    conversation.send('打印', { choice: '2' });
    await settle();
    expect(desk.opened).toHaveLength(1);
    expect(desk.heard.map(({ input }) => input)).toEqual([{ text: '你好' }, { choice: '2' }]);
    expect(new Set(desk.heard.map(({ id }) => id)).size).toBe(2);
    expect(conversation.turns.value.map(({ said }) => said)).toEqual(['你好', '打印']);
    expect(conversation.latest.value).toBe(reply);
  });

  test('has a paper with its own session, and without one none', async () => {
    await expect(conversation.paper('/papers/1')).rejects.toThrow(DeskError);
    conversation.say('你好');
    await settle();
    expect((await conversation.paper('/papers/1')).size).toBe('c1 /papers/1'.length);
  });

  test('shows no identity number that was typed, and sends it all the same', async () => {
    conversation.say('441399196501010177');
    await settle();
    expect(JSON.stringify(conversation.turns.value)).not.toContain('441399196501010177');
    expect(desk.heard[0]?.input).toEqual({ text: '441399196501010177' });
  });

  test('hears one thing at a time', async () => {
    desk.answer = silence;
    conversation.say('一');
    await settle();
    conversation.say('二');
    await settle();
    expect(desk.heard).toHaveLength(1);
    expect(conversation.turns.value).toHaveLength(1);
  });

  test('says after a second that it waits, and gives up after fifteen', async () => {
    desk.answer = silence;
    conversation.say('慢');
    await vi.advanceTimersByTimeAsync(999);
    expect(conversation.waiting.value).toBe('yes');
    await vi.advanceTimersByTimeAsync(1);
    expect(conversation.waiting.value).toBe('long');
    await vi.advanceTimersByTimeAsync(14_000);
    expect(conversation.waiting.value).toBe('no');
    expect(conversation.failure.value).toEqual({ title: '等得太久了，还没有结果', again: true });
  });

  test('tries again under the same id', async () => {
    desk.answer = refuse(new DeskError('系统正在维护', 'again'));
    conversation.say('你好');
    await settle();
    expect(conversation.failure.value).toEqual({ title: '系统正在维护', again: true });
    desk.answer = async () => reply;
    conversation.retry();
    await settle();
    expect(conversation.failure.value).toBeNull();
    expect(conversation.turns.value).toHaveLength(1);
    expect(desk.heard[0]?.id).toBe(desk.heard[1]?.id);
    conversation.retry();
    await settle();
    expect(desk.heard).toHaveLength(2);
  });

  test('begins anew when the desk has ended it', async () => {
    conversation.say('一');
    await settle();
    desk.answer = refuse(new DeskError('对话已经结束', 'anew'));
    conversation.say('二');
    await settle();
    desk.answer = async () => reply;
    conversation.retry();
    await settle();
    expect(desk.opened).toHaveLength(2);
    expect(desk.heard.at(-1)?.session.id).toBe('c2');
  });

  test('shows the desk that it is there until it ends', async () => {
    conversation.say('你好');
    await settle();
    expect(desk.staying.map((signal) => signal.aborted)).toEqual([false]);
    conversation.end();
    expect(desk.staying.map((signal) => signal.aborted)).toEqual([true]);
  });

  test('leaves nothing when it ends, and tells the desk', async () => {
    conversation.draft.value = '写了一半';
    expect(conversation.traces.value).toBe(true);
    conversation.say('你好');
    await settle();
    conversation.end();
    expect(desk.ended.map(({ id }) => id)).toEqual(['c1']);
    expect(conversation.turns.value).toEqual([]);
    expect(conversation.traces.value).toBe(false);
  });

  test('hears nothing that comes after its end', async () => {
    let late: (reply: Reply) => void = () => {};
    desk.answer = () => new Promise((resolve) => (late = resolve));
    conversation.say('你好');
    await settle();
    conversation.end();
    late(reply);
    await settle();
    expect(conversation.turns.value).toEqual([]);
    expect(conversation.failure.value).toBeNull();
  });
});

test.each([
  [503, { title: '系统正在维护' }, '系统正在维护', 'again'],
  [429, { title: '太频繁了' }, '太频繁了', 'again'],
  [422, { title: '号码不对' }, '号码不对', 'none'],
  [404, { title: '对话已经结束' }, '对话已经结束', 'anew'],
  [500, '<html>', '暂时办不了，请稍后再试', 'again'],
  [400, null, '暂时办不了，请稍后再试', 'none'],
] as const)('HTTP %i is put in words', (status, content, title, remedy) => {
  expect(problem(status, content)).toMatchObject({ title, remedy });
});

test('goes on under the token that comes once it is known who speaks', async () => {
  const sent: string[] = [];
  const answers = [new Response(JSON.stringify(reply)), new Response(JSON.stringify(reply), { headers: { 'X-Wenban-Token': 'second' } })];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('Authorization') ?? '');
    return answers.shift() ?? new Response(JSON.stringify(reply));
  });
  const session: Session = { id: 'c1', token: 'first' };
  const desk = new HttpDesk('kiosk');
  for (const id of ['1', '2', '3']) {
    await desk.turn(session, id, { text: '你好' }, new AbortController().signal);
  }
  vi.unstubAllGlobals();
  expect(sent).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
});

test('comes back to a stream that broke, under the token of the hour', async () => {
  vi.useFakeTimers();
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('Authorization') ?? '');
    return new Response('event: reply\n\n');
  });
  const session: Session = { id: 'c1', token: 'first' };
  const over = new AbortController();
  const staying = new HttpDesk('kiosk').stay(session, over.signal);
  await vi.advanceTimersByTimeAsync(1_000);
  session.token = 'second';
  await vi.advanceTimersByTimeAsync(5_000);
  over.abort();
  await staying;
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(sent).toEqual(['Bearer first', 'Bearer second']);
});
