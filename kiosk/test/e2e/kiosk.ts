/** The page under test: what no test may see in it, and what residents do with it. */

import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';

export { expect };

interface Options {
  /** Console errors that a test brings about itself. */
  readonly expected: RegExp | null;
}

/** Every test fails on an error in the console or the page, on a breach of the CSP, and on an identity number in the document. */
export const test = base.extend<Options & { page: Page }>({
  expected: [null, { option: true }],
  page: async ({ page, expected }, use) => {
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected?.test(message.text())) {
        faults.push(message.text());
      }
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.addInitScript(watch);
    await use(page);
    expect(faults).toEqual([]);
  },
});

/** Runs in the page, before its own scripts. */
function watch(): void {
  document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective, event.blockedURI));
  const idNumber = /(?<!\d)\d{17}[\dXx](?!\d)/;
  new MutationObserver(() => {
    // The digits of an entry stand in elements of their own.
    const entries = Array.from(document.querySelectorAll('[role=textbox]'), (entry) => entry.textContent ?? '');
    if ([document.documentElement.outerHTML, ...entries].some((text) => idNumber.test(text))) {
      console.error('an identity number in the document');
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name, exact: typeof name === 'string' });

export const replies = (page: Page): Locator => page.getByRole('log').getByRole('article', { name: '问办答复' });

/** Opens the first screen. */
export async function open(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' })).toBeVisible();
}

/** Types a question, sends it, and gives back the answer once it is whole. */
export async function ask(page: Page, question: string): Promise<Locator> {
  const field = page.locator('.text-form').getByRole('textbox');
  await field.fill(question);
  return await answered(page, () => button(page, '发送').tap());
}

/** Does something that sends a turn, and gives back the answer once it is whole. */
export async function answered(page: Page, act: () => Promise<void>): Promise<Locator> {
  const before = await replies(page).count();
  await act();
  await expect(replies(page)).toHaveCount(before + 1);
  await expect(page.getByRole('log')).toHaveAttribute('aria-busy', 'false');
  return replies(page).last();
}

/** Types on the digit pad. */
export async function keys(page: Page, digits: string): Promise<void> {
  const pad = page.getByRole('group', { name: '数字键盘' });
  for (const digit of digits) {
    await pad.getByRole('button', { name: digit, exact: true }).tap();
  }
}

/** No fault that axe knows, at level AA; text at 7:1. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .options({ rules: { 'color-contrast-enhanced': { enabled: true } } })
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}

/** Measures in millimetres of the panel; half a pixel is forgiven. */
export async function expectFits(page: Page): Promise<void> {
  const faults = await page.evaluate(() => {
    const mm = Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--mm'));
    const least = { key: 16 * mm - 0.5, button: 20 * mm - 0.5, gap: 2.5 * mm - 0.5, capitals: 4.8 };
    const faults: string[] = [];
    const name = (element: Element) => (element.textContent || element.tagName).trim().slice(0, 20);
    // What has scrolled out of sight is measured when it is in sight.
    const controls = Array.from(document.querySelectorAll<HTMLElement>('button, a, input, [role=textbox]'))
      .filter((element) => element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }));

    for (const { element, box } of controls) {
      const size = element.matches('.pad__key') ? least.key : least.button;
      if (box.width < size || box.height < size) {
        faults.push(`too small: ${name(element)} ${Math.round(box.width)} x ${Math.round(box.height)}`);
      }
      if (element.scrollWidth > element.clientWidth + 1) {
        faults.push(`clipped: ${name(element)}`);
      }
      if (box.left < 0 || box.right > innerWidth || (!element.closest('.scroller__view') && (box.top < 0 || box.bottom > innerHeight))) {
        faults.push(`outside: ${name(element)}`);
      }
    }
    const view = (element: Element) => element.closest('.scroller__view');
    controls.forEach((one, n) => {
      for (const other of controls.slice(n + 1)) {
        // Two in different scrolling parts do not lie where their boxes say.
        if (view(one.element) !== view(other.element)) {
          continue;
        }
        const across = Math.max(one.box.left, other.box.left) - Math.min(one.box.right, other.box.right);
        const down = Math.max(one.box.top, other.box.top) - Math.min(one.box.bottom, other.box.bottom);
        if (Math.max(across, down) < least.gap) {
          faults.push(`too close: ${name(one.element)} and ${name(other.element)}`);
        }
      }
    });

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const element = text.parentElement;
      if (element !== null && text.textContent?.trim() && element.checkVisibility() && !element.closest('.visually-hidden')) {
        const capitals = (Number.parseFloat(getComputedStyle(element).fontSize) * 0.733) / mm;
        if (capitals < least.capitals) {
          faults.push(`too small to read: ${name(element)} ${capitals.toFixed(1)} mm`);
        }
      }
    }

    for (const element of [document.documentElement, ...document.querySelectorAll('.scroller__view')]) {
      if (element.scrollWidth > element.clientWidth) {
        faults.push(`scrolls sideways: ${element.className || element.tagName}`);
      }
    }
    return faults;
  });
  expect(faults).toEqual([]);
}

/** Nothing that was said or shown is kept anywhere in the browser. */
export async function expectNoTrace(page: Page, secrets: readonly string[]): Promise<void> {
  const kept = await page.evaluate(async () => ({
    storages: [localStorage.length, sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length],
    text: JSON.stringify([
      document.documentElement.outerHTML,
      Array.from(document.querySelectorAll('input'), (input) => input.value),
      performance.getEntries(),
      history.state,
      document.cookie,
    ]),
  }));
  expect(kept.storages).toEqual([0, 0, 0, 0]);
  expect(await page.context().cookies()).toEqual([]);
  for (const secret of secrets) {
    expect(kept.text).not.toContain(secret);
  }
}
