/** The desk over HTTP. */

import { words } from '../i18n/words';
import type { Input, Reply } from './reply';

/** An open conversation. The token lives here, in memory, and nowhere else; it is another once the desk knows who speaks. */
export interface Session {
  readonly id: string;
  token: string;
}

/** What a conversation needs of the desk. */
export interface Desk {
  /** Opens a conversation. */
  open(signal: AbortSignal): Promise<Session>;
  /** One turn. The same `messageId` again gets the same reply and does nothing twice. */
  turn(session: Session, messageId: string, input: Input, signal: AbortSignal): Promise<Reply>;
  /** A paper of the conversation, as PDF. */
  paper(session: Session, url: string): Promise<Blob>;
  /** Shows the desk that the page is there, until `signal`: a terminal that goes silent is wiped. */
  stay(session: Session, signal: AbortSignal): Promise<void>;
  /** Ends the conversation; the page may go away at once. */
  end(session: Session): void;
}

/** What may help: the same message again, the same message in a new conversation, or neither. */
export type Remedy = 'again' | 'anew' | 'none';

/** Why there is no reply, in words for the resident. */
export class DeskError extends Error {
  override readonly name = 'DeskError';

  constructor(
    /** For the resident. */
    readonly title: string,
    readonly remedy: Remedy,
  ) {
    super(title);
  }
}

/** How soon the page comes back to a stream that broke; in milliseconds. */
const STAY_AGAIN = 5_000;

/** The desk behind `/api/v1` of the server that served this page. */
export class HttpDesk implements Desk {
  readonly #conversations = '/api/v1/conversations';

  constructor(private readonly channel: 'kiosk') {}

  async open(signal: AbortSignal): Promise<Session> {
    const { content } = await post<Session>(this.#conversations, { channel: this.channel }, { signal });
    return content;
  }

  async turn(session: Session, messageId: string, input: Input, signal: AbortSignal): Promise<Reply> {
    const body = { message_id: messageId, ...input };
    const { content, headers } = await post<Reply>(`${this.#path(session)}/turns`, body, { signal, headers: authorization(session) });
    session.token = headers.get('X-Wenban-Token') ?? session.token;
    return content;
  }

  async stay(session: Session, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const options = { headers: authorization(session), cache: 'no-store', credentials: 'omit', signal } as const;
        const { body } = await fetch(`${this.#path(session)}/events`, options);
        await body?.pipeTo(new WritableStream(), { signal });
      } catch {
        // The desk is away, or this is over: the loop finds out which.
      }
      await pause(STAY_AGAIN, signal);
    }
  }

  async paper(session: Session, url: string): Promise<Blob> {
    const headers = { ...authorization(session), Accept: 'application/pdf' };
    const response = await fetch(url, { headers, cache: 'no-store', credentials: 'omit' }).catch(() => null);
    if (response === null) {
      throw new DeskError(words.failure.unreachable, 'again');
    }
    if (!response.ok) {
      throw problem(response.status, await response.json().catch(() => null));
    }
    return await response.blob();
  }

  end(session: Session): void {
    // Nobody waits for the answer: where this does not get through, the server's own timer ends the conversation.
    void fetch(this.#path(session), { method: 'DELETE', keepalive: true, headers: authorization(session) }).catch(() => undefined);
  }

  #path(session: Session): string {
    return `${this.#conversations}/${encodeURIComponent(session.id)}`;
  }
}

/** Resolves after a while, or at once when it is over. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}

function authorization(session: Session): Record<string, string> {
  return { Authorization: `Bearer ${session.token}` };
}

interface Answer<T> {
  readonly content: T;
  readonly headers: Headers;
}

async function post<T>(path: string, body: unknown, options: { signal: AbortSignal; headers?: Record<string, string> }): Promise<Answer<T>> {
  let response: Response;
  let content: unknown;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { ...options.headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
      credentials: 'omit',
      signal: options.signal,
    });
    content = await response.json().catch(() => null);
  } catch {
    throw new DeskError(words.failure.unreachable, 'again');
  }
  if (!response.ok) {
    throw problem(response.status, content);
  }
  if (content === null) {
    throw new DeskError(words.failure.unreadable, 'again');
  }
  return { content: content as T, headers: response.headers };
}

/** A refusal as `application/problem+json`: its `title` is written for the resident. */
export function problem(status: number, content: unknown): DeskError {
  const title = typeof content === 'object' && content !== null && 'title' in content ? content.title : null;
  return new DeskError(typeof title === 'string' && title !== '' ? title : words.failure.unknown, remedy(status));
}

function remedy(status: number): Remedy {
  // The desk has ended the conversation by its own timer, or never knew it.
  if (status === 401 || status === 404 || status === 410) {
    return 'anew';
  }
  // Too many, too slow, or the server's own fault: the message itself was not at fault.
  return status === 408 || status === 429 || status >= 500 ? 'again' : 'none';
}
