/** A person of the demo population, and the one-time code that the desk sends them. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from '@playwright/test';
import { answered, button, expect, keys } from './kiosk';

export interface Person {
  readonly name: string;
  readonly idNumber: string;
}

const people: readonly Person[] = list('DEMO_ID').map((idNumber, n) => ({ idNumber, name: list('DEMO_NAME')[n] ?? '' }));
const otpLog = process.env['OTP_LOG'] ?? '';

/** Whether the environment names somebody and says where their code appears. */
export const canIdentify = people.length > 0 && people.every(({ name }) => name !== '') && otpLog !== '';

/** The person for a project: one each where there are enough. */
function personFor(project: string): Person {
  const person = people[project === 'landscape' ? 1 : 0] ?? people[0];
  if (person === undefined) {
    throw new Error('DEMO_ID is not set');
  }
  return person;
}

function list(variable: string): string[] {
  return (process.env[variable] ?? '').split(',').filter((value) => value !== '');
}

/** Agrees to what is to be agreed to, and stands at the form for name and number. */
export async function reachIdentityForm(page: Page): Promise<void> {
  const form = page.getByRole('heading', { name: '请核对您的身份' });
  const consent = button(page, /^(我)?(已?知道|已阅读|同意)/u).first();
  for (let step = 0; step < 5; step++) {
    await expect(form.or(consent)).toBeVisible();
    if (await form.isVisible()) {
      return;
    }
    await answered(page, () => consent.tap());
  }
  throw new Error('the desk asks for consent without end');
}

/** Fills in name, number and code, and gives back the answer to the question that was asked before. */
export async function identify(page: Page, person: Person, code: () => Promise<string>): Promise<Locator> {
  await reachIdentityForm(page);
  await page.getByRole('textbox', { name: '姓名' }).fill(person.name);
  await keys(page, person.idNumber);
  await expect(page.getByRole('textbox', { name: '身份证号' })).toHaveText(`••••••••••••••${person.idNumber.slice(-4)}`);
  await answered(page, () => button(page, '下一步').tap());
  await expect(page.getByRole('heading', { name: '请输入短信验证码' })).toBeVisible();
  await keys(page, await code());
  return await answered(page, () => button(page, '确定').tap());
}

/** How long the desk lets pass before it sends the same person another code, and a little. */
const GAP = 62_000;

const folder = join(tmpdir(), 'wenban-kiosk-test');
const lock = join(folder, 'lock');

/**
 * Runs `visit` while no other test asks for a code: a code in the log does not say whose it is. Waiting comes before
 * the visit, for a page that waits would be wiped by its idle timer.
 */
export async function withPerson(project: string, visit: (person: Person, code: () => Promise<string>) => Promise<void>): Promise<void> {
  const person = personFor(project);
  const asked = join(folder, `asked-${person.idNumber.slice(-4)}`);
  mkdirSync(folder, { recursive: true });
  await takeLock();
  try {
    if (existsSync(asked)) {
      await sleep(Math.max(0, statSync(asked).mtimeMs + GAP - Date.now()));
    }
    const from = readFileSync(otpLog).length;
    await visit(person, async () => {
      writeFileSync(asked, '');
      return await codeAfter(from);
    });
  } finally {
    rmSync(lock, { force: true });
  }
}

async function takeLock(): Promise<void> {
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx'));
      return;
    } catch {
      // Left by a run that was broken off.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 2 * GAP) {
        rmSync(lock, { force: true });
      }
      await sleep(200);
    }
  }
}

/** The last code that the log holds beyond its first `from` bytes. */
async function codeAfter(from: number): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const lines = readFileSync(otpLog).subarray(from).toString('utf8').split('\n');
    const codes = lines.filter((line) => line.includes('验证码')).flatMap((line) => line.match(/\b\d{6}\b/gu) ?? []);
    const code = codes.at(-1);
    if (code !== undefined) {
      return code;
    }
    await sleep(100);
  }
  throw new Error(`no one-time code in ${otpLog}`);
}
