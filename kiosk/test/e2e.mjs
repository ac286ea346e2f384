/**
 * Starts the desk over a fresh store, runs the browser tests against it, and stops it again.
 *   node e2e.mjs PATH-TO-WENBAN [PLAYWRIGHT ARGUMENTS…]
 */

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [program, ...rest] = process.argv.slice(2);
if (program === undefined) {
  throw new Error('usage: node e2e.mjs PATH-TO-WENBAN');
}
const folder = mkdtempSync(join(tmpdir(), 'wenban-e2e-'));
const log = join(folder, 'terminal.log');
const terminal = openSync(log, 'w');
const desk = spawn(
  resolve(program),
  ['serve', '--listen', '127.0.0.1:0', '--demo', '60', '--database', `sqlite://${join(folder, 'data', 'wenban.db')}`, '--keys', join(folder, 'keys')],
  { stdio: ['ignore', 'ignore', terminal] },
);
const ended = new Promise((done) => desk.once('exit', done));
closeSync(terminal);

/** The page's address and the people to try, once the desk has said them. */
async function ready() {
  for (let tries = 0; tries < 600 && desk.exitCode === null; tries++) {
    const said = readFileSync(log, 'utf8');
    const url = /^问办已就绪：(http:\S+)\/$/mu.exec(said)?.[1];
    const people = [...said.matchAll(/^可试用的虚构身份：(\S+) (\S+)$/gmu)];
    if (url !== undefined && people.length > 1) {
      return { url, people };
    }
    await sleep(100);
  }
  throw new Error(`the desk did not start:\n${readFileSync(log, 'utf8')}`);
}

try {
  const { url, people } = await ready();
  const env = {
    ...process.env,
    KIOSK_URL: url,
    DEMO_NAME: people.map((person) => person[1]).join(','),
    DEMO_ID: people.map((person) => person[2]).join(','),
    OTP_LOG: log,
  };
  const tests = spawn('npx', ['playwright', 'test', ...rest], { stdio: 'inherit', env });
  process.exitCode = await new Promise((done) => tests.once('exit', (code) => done(code ?? 1)));
} finally {
  desk.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000)]);
  rmSync(folder, { recursive: true, force: true });
}
