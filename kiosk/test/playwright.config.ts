import { defineConfig } from '@playwright/test';

/*
 * Drives the real desk, which is already running:
 *   KIOSK_URL  where it listens, http://127.0.0.1:8080 by default
 *   CHROMIUM   the browser, Debian's by default
 *   DEMO_ID, DEMO_NAME  a person of the demo population; with two, separated by commas, nobody waits for a second code
 *   OTP_LOG    the file that holds the server's terminal output, where one-time codes appear
 * Without the last three, what needs an identity is skipped.
 */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-device-scale-factor=1',
  '--font-render-hinting=none',
  '--lang=zh-CN',
];

const use = {
  baseURL: process.env['KIOSK_URL'] ?? 'http://127.0.0.1:8080',
  headless: true,
  hasTouch: true,
  deviceScaleFactor: 1,
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  serviceWorkers: 'block' as const,
  trace: process.env['TRACE'] === undefined ? ('off' as const) : ('retain-on-failure' as const),
  // Without a UTF-8 locale Chromium saves a file under no Chinese name.
  launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args, env: { ...process.env, LC_ALL: 'C.UTF-8' } },
};

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  retries: 0,
  reporter: 'list',
  outputDir: 'results',
  forbidOnly: process.env['CI'] !== undefined,
  expect: { timeout: 10_000 },
  projects: [
    { name: 'portrait', use: { ...use, viewport: { width: 1080, height: 1920 } } },
    { name: 'landscape', use: { ...use, viewport: { width: 1920, height: 1080 } } },
  ],
});
