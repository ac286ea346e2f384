/** Notices that nobody is there any more: after a quiet time a warning, then the end. */

import { signal } from '@preact/signals';

/** Time, so that a test can bring its own. */
export interface Clock {
  now(): number;
  /** Calls `act` once after `ms` and returns how to call that off. */
  after(ms: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

/** How long, in milliseconds. */
export interface IdleTimes {
  /** From the last touch to the warning. */
  readonly quiet: number;
  /** From the warning to the end. */
  readonly warning: number;
}

export const IDLE_TIMES: IdleTimes = { quiet: 60_000, warning: 30_000 };

export class Idle {
  /** Whole seconds until the end while the warning is up, else `null`. */
  readonly secondsLeft = signal<number | null>(null);

  #watching = false;
  #deadline = 0;
  #cancel = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly times: IdleTimes,
    private readonly expired: () => void,
  ) {}

  /** Watches or stops watching; watching anew begins with a full quiet time. */
  watch(on: boolean): void {
    if (on === this.#watching) {
      return;
    }
    this.#watching = on;
    this.#cancel();
    this.secondsLeft.value = null;
    if (on) {
      this.#beginQuiet();
    }
  }

  /** Somebody touched the screen. While the warning is up this counts for nothing: only `stay` answers it. */
  touch(): void {
    if (this.#watching && this.secondsLeft.value === null) {
      this.#beginQuiet();
    }
  }

  /** Somebody said that they are still there. */
  stay(): void {
    if (this.#watching && this.secondsLeft.value !== null) {
      this.secondsLeft.value = null;
      this.#beginQuiet();
    }
  }

  #beginQuiet(): void {
    this.#cancel();
    this.#cancel = this.clock.after(this.times.quiet, () => {
      this.#deadline = this.clock.now() + this.times.warning;
      this.#count();
    });
  }

  #count(): void {
    const left = this.#deadline - this.clock.now();
    if (left <= 0) {
      this.watch(false);
      this.expired();
      return;
    }
    this.secondsLeft.value = Math.ceil(left / 1_000);
    this.#cancel = this.clock.after(Math.min(1_000, left), () => this.#count());
  }
}
