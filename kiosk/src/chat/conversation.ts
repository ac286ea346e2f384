/** One conversation with the desk: what was said, what is awaited, what went wrong. */

import { computed, signal } from '@preact/signals';
import { words } from '../i18n/words';
import { DeskError, type Desk, type Session } from './api';
import { maskNumbers } from './mask';
import type { Input, Reply } from './reply';

/** What the resident said, and what came back. */
export interface Turn {
  /** The message id. */
  readonly id: string;
  /** As the log shows it: personal numbers are masked. */
  readonly said: string;
  /** `null` while none has come. */
  readonly reply: Reply | null;
}

/** Whether a reply is awaited, and whether for so long that it should be said. */
export type Waiting = 'no' | 'yes' | 'long';

/** A turn that got no reply. */
export interface Failure {
  readonly title: string;
  /** Whether `Conversation.retry` makes sense. */
  readonly again: boolean;
}

/** When waiting is said in words, and when it ends; in milliseconds. */
export const PATIENCE = { say: 1_000, giveUp: 15_000 } as const;

export class Conversation {
  readonly turns = signal<readonly Turn[]>([]);
  readonly waiting = signal<Waiting>('no');
  readonly failure = signal<Failure | null>(null);
  /** The words in the text field: they outlive a change of screen, and count as a trace. */
  readonly draft = signal('');

  /** The reply that is to be answered now. */
  readonly latest = computed(() => this.turns.value.findLast((turn) => turn.reply !== null)?.reply ?? null);
  /** Whether there is anything that the next person must not see. */
  readonly traces = computed(() => this.turns.value.length > 0 || this.draft.value !== '');

  #session: Session | null = null;
  #unanswered: { readonly id: string; readonly input: Input } | null = null;
  #attempt: AbortController | null = null;
  #stay: AbortController | null = null;

  constructor(private readonly desk: Desk) {}

  /** Sends words as the resident typed them. */
  say(text: string): void {
    this.send(maskNumbers(text), { text });
  }

  /** Sends `input`, shown in the log as `said`. Ignored while a reply is awaited: one thing at a time. */
  send(said: string, input: Input): void {
    if (this.waiting.value !== 'no') {
      return;
    }
    const id = crypto.randomUUID();
    this.turns.value = [...this.turns.value, { id, said, reply: null }];
    this.#unanswered = { id, input };
    void this.#deliver();
  }

  /** Sends the message that got no reply again, under its own id. */
  retry(): void {
    if (this.#unanswered !== null && this.waiting.value === 'no') {
      void this.#deliver();
    }
  }

  /** A paper that the desk made in this conversation, as PDF. */
  async paper(url: string): Promise<Blob> {
    if (this.#session === null) {
      throw new DeskError(words.failure.unknown, 'none');
    }
    return await this.desk.paper(this.#session, url);
  }

  /** Ends the conversation here and at the desk, and forgets it. */
  end(): void {
    this.#attempt?.abort();
    this.#stay?.abort();
    if (this.#session !== null) {
      this.desk.end(this.#session);
    }
    this.#session = null;
    this.#unanswered = null;
    this.turns.value = [];
    this.draft.value = '';
    this.failure.value = null;
  }

  async #deliver(): Promise<void> {
    const message = this.#unanswered;
    if (message === null) {
      return;
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.failure.value = null;
    this.waiting.value = 'yes';
    const say = setTimeout(() => (this.waiting.value = 'long'), PATIENCE.say);
    const giveUp = setTimeout(() => attempt.abort(), PATIENCE.giveUp);
    const current = () => this.#unanswered === message;
    try {
      this.#session ??= await this.#open(attempt.signal);
      const reply = await this.desk.turn(this.#session, message.id, message.input, attempt.signal);
      if (current()) {
        this.turns.value = this.turns.value.map((turn) => (turn.id === message.id ? { ...turn, reply } : turn));
        this.#unanswered = null;
      }
    } catch (error) {
      if (current()) {
        this.#fail(error, attempt.signal.aborted);
      }
    } finally {
      clearTimeout(say);
      clearTimeout(giveUp);
      this.waiting.value = 'no';
    }
  }

  async #open(signal: AbortSignal): Promise<Session> {
    const session = await this.desk.open(signal);
    this.#stay?.abort();
    this.#stay = new AbortController();
    void this.desk.stay(session, this.#stay.signal);
    return session;
  }

  #fail(error: unknown, tooLong: boolean): void {
    if (!(error instanceof DeskError)) {
      throw error;
    }
    if (error.remedy === 'anew') {
      this.#session = null;
    }
    this.failure.value = tooLong ? { title: words.failure.tooLong, again: true } : { title: error.title, again: error.remedy !== 'none' };
  }
}
