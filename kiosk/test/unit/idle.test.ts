import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Idle, type Clock } from '../../src/app/idle';

/** A clock that stands still until it is told to go on. */
class HandClock implements Clock {
  #time = 0;
  #alarms: { at: number; act: () => void }[] = [];

  now(): number {
    return this.#time;
  }

  after(ms: number, act: () => void): () => void {
    const alarm = { at: this.#time + ms, act };
    this.#alarms.push(alarm);
    return () => (this.#alarms = this.#alarms.filter((other) => other !== alarm));
  }

  pass(ms: number): void {
    const until = this.#time + ms;
    for (;;) {
      const next = this.#alarms.filter((alarm) => alarm.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.#alarms = this.#alarms.filter((other) => other !== next);
      this.#time = next.at;
      next.act();
    }
    this.#time = until;
  }
}

describe('the idle timer', () => {
  let clock: HandClock;
  let idle: Idle;
  const expired = vi.fn();

  beforeEach(() => {
    expired.mockReset();
    clock = new HandClock();
    idle = new Idle(clock, { quiet: 60_000, warning: 30_000 }, expired);
  });

  test('does nothing while it does not watch', () => {
    idle.touch();
    clock.pass(600_000);
    expect(idle.secondsLeft.value).toBeNull();
    expect(expired).not.toHaveBeenCalled();
  });

  test('warns after the quiet time, counts the seconds, and ends once', () => {
    idle.watch(true);
    clock.pass(59_999);
    expect(idle.secondsLeft.value).toBeNull();
    clock.pass(1);
    expect(idle.secondsLeft.value).toBe(30);
    clock.pass(12_000);
    expect(idle.secondsLeft.value).toBe(18);
    clock.pass(17_999);
    expect(expired).not.toHaveBeenCalled();
    clock.pass(1);
    expect(expired).toHaveBeenCalledOnce();
    expect(idle.secondsLeft.value).toBeNull();
    clock.pass(600_000);
    expect(expired).toHaveBeenCalledOnce();
  });

  test('begins again with every touch', () => {
    idle.watch(true);
    for (let n = 0; n < 20; n++) {
      clock.pass(50_000);
      idle.touch();
    }
    expect(idle.secondsLeft.value).toBeNull();
    clock.pass(60_000);
    expect(idle.secondsLeft.value).toBe(30);
  });

  test('is not stopped by a touch while it warns', () => {
    idle.watch(true);
    clock.pass(70_000);
    idle.touch();
    expect(idle.secondsLeft.value).toBe(20);
    clock.pass(20_000);
    expect(expired).toHaveBeenCalledOnce();
  });

  test('can be extended at least ten times', () => {
    idle.watch(true);
    for (let n = 0; n < 12; n++) {
      clock.pass(89_000);
      expect(idle.secondsLeft.value).toBe(1);
      idle.stay();
      expect(idle.secondsLeft.value).toBeNull();
    }
    expect(expired).not.toHaveBeenCalled();
  });

  test('takes its warning back when there is nothing left to watch', () => {
    idle.watch(true);
    clock.pass(65_000);
    idle.watch(false);
    expect(idle.secondsLeft.value).toBeNull();
    clock.pass(600_000);
    expect(expired).not.toHaveBeenCalled();
  });

  test('watching what is watched already does not begin again', () => {
    idle.watch(true);
    clock.pass(40_000);
    idle.watch(true);
    clock.pass(20_000);
    expect(idle.secondsLeft.value).toBe(30);
  });
});
