import { answered, button, expect, expectNoTrace, open, test } from './kiosk';

test('nobody there: a warning, one tap to stay, else the end', async ({ page }) => {
  await page.clock.install();
  await open(page);
  await answered(page, () => button(page, /^失业金/u).tap());

  const warning = page.getByRole('dialog', { name: '您还在吗？' });
  await page.clock.runFor(59_000);
  await expect(warning).toBeHidden();
  await page.clock.runFor(2_000);
  await expect(warning).toBeVisible();
  await expect(button(page, '我还在')).toBeFocused();

  // A touch beside the two buttons is no answer, nor is a key.
  await page.touchscreen.tap(5, 5);
  await page.keyboard.press('Escape');
  await page.clock.runFor(1_000);
  await expect(warning).toBeVisible();
  await button(page, '我还在').tap();
  await expect(warning).toBeHidden();

  await page.clock.runFor(61_000);
  await expect(warning).toBeVisible();
  await page.clock.runFor(31_000);
  await expect(page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' })).toBeVisible();
  await expect(warning).toBeHidden();
  await expectNoTrace(page, ['失业金怎么领']);
});

test('the first screen, untouched, warns nobody', async ({ page }) => {
  await page.clock.install();
  await open(page);
  await page.clock.runFor(300_000);
  await expect(page.getByRole('dialog')).toBeHidden();
});
