import { ask, button, expect, expectAccessible, expectFits, open, test } from './kiosk';

test.beforeEach(async ({ page }) => await open(page));

for (const theme of ['normal', 'contrast'] as const) {
  test(`home and conversation hold what axe asks, ${theme} theme`, async ({ page }) => {
    if (theme === 'contrast') {
      await button(page, '高对比').tap();
    }
    await expectAccessible(page);
    await ask(page, '社保卡丢了怎么办');
    await expectAccessible(page);
  });
}

test('every control can be hit and every text read, in all three sizes', async ({ page }) => {
  const everySize = async () => {
    for (const size of [100, 130, 200]) {
      await expect(button(page, /^大字/u)).toContainText(`${size}%`);
      await expectFits(page);
      await button(page, /^大字/u).tap();
    }
  };
  await everySize();
  await ask(page, '社保卡丢了怎么办');
  await everySize();
});

test('the ways out lie in the same place on every screen', async ({ page }) => {
  const boxes = async () => await Promise.all(['返回首页', '结束', '人工帮助'].map((name) => button(page, name).boundingBox()));
  const home = await boxes();
  await ask(page, '社保卡丢了怎么办');
  expect(await boxes()).toEqual(home);
});

test('a keyboard reaches everything, with a ring around it', async ({ page }) => {
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus-visible')).toHaveCSS('outline-style', 'solid');
  const question = page.getByRole('textbox', { name: '写下您的问题' });
  for (let n = 0; n < 30 && !(await question.evaluate((element) => element === document.activeElement)); n++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('社保卡丢了怎么办');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log').locator('.reply')).toBeVisible();
});
