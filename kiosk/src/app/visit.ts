/** One resident's time at the terminal: where they are and what ends it. */

import { effect, signal } from '@preact/signals';
import { HttpDesk } from '../chat/api';
import { Conversation } from '../chat/conversation';
import { words } from '../i18n/words';
import { Idle, IDLE_TIMES, systemClock } from './idle';
import { wipe } from './wipe';

export type Screen = 'home' | 'conversation';

export class Visit {
  readonly screen = signal<Screen>('home');
  readonly conversation = new Conversation(new HttpDesk('kiosk'));
  readonly idle = new Idle(systemClock, IDLE_TIMES, () => this.end());

  constructor() {
    effect(() => this.idle.watch(this.conversation.traces.value));
  }

  /** Says `text` to the desk, from whatever screen. */
  ask(text: string): void {
    this.conversation.say(text);
    this.screen.value = 'conversation';
  }

  /** Asks for a person. */
  help(): void {
    this.ask(words.footer.helpSaid);
  }

  goHome(): void {
    this.screen.value = 'home';
  }

  resume(): void {
    this.screen.value = 'conversation';
  }

  /** Ends the visit and leaves nothing of it. */
  end(): void {
    void wipe(this.conversation);
  }
}
