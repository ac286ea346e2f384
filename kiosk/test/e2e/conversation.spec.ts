import { answered, ask, button, expect, open, replies, test } from './kiosk';

test.beforeEach(async ({ page }) => await open(page));

test('a guide shows its steps and its sources', async ({ page }) => {
  const reply = await ask(page, '社保卡丢了怎么办');
  await expect(reply.locator('.steps .step').first()).toBeVisible();
  expect(await reply.locator('.steps .step').count()).toBeGreaterThan(2);
  await expect(reply.getByRole('heading', { name: '依据' })).toBeAttached();
  expect(await reply.locator('.sources li').count()).toBeGreaterThan(0);
});

test('a choice is sent with one tap, and answered', async ({ page }) => {
  await ask(page, '社保卡');
  const choice = page.getByRole('list', { name: '可选项' }).getByRole('button').first();
  const label = await choice.innerText();
  await answered(page, () => choice.tap());
  await expect(page.getByRole('log').locator('.said').last()).toContainText(label);
});

test('the question stands at the top of the log, and the page buttons turn it', async ({ page }) => {
  await ask(page, '失业金怎么领');
  await ask(page, '社保卡丢了怎么办');
  const log = page.getByRole('log');
  const question = log.locator('.said').last();
  await expect(question).toBeInViewport({ ratio: 1 });
  const scrolled = () => log.evaluate((element) => element.scrollTop);
  const before = await scrolled();
  await page.locator('.log').getByRole('button', { name: '上一页' }).tap();
  expect(await scrolled()).toBeLessThan(before);
});

test('an identity number that was typed as words is masked in the log', async ({ page }) => {
  // The code of an area that was never assigned.
  await ask(page, '我的身份证号是441399196501010177');
  await expect(page.getByRole('log')).toContainText('441***********0177');
});

test('waiting is said after a second and given up after fifteen; the same message can be sent again', async ({ page }) => {
  await page.clock.install();
  await open(page);
  const ids: string[] = [];
  let silent = true;
  await page.route('**/turns', async (route) => {
    ids.push(route.request().postDataJSON().message_id);
    if (!silent) {
      await route.continue();
    }
  });
  await button(page, /^失业金/u).tap();
  await expect(page.getByRole('log')).toHaveAttribute('aria-busy', 'true');
  await expect.poll(() => ids.length).toBe(1);
  const status = page.getByRole('status').filter({ hasText: '正在查询' });
  await expect(status).toHaveCount(0);
  await page.clock.runFor(1_100);
  await expect(status).toBeVisible();
  await page.clock.runFor(14_000);
  await expect(page.getByRole('alert')).toContainText('等得太久了');
  await expect(status).toHaveCount(0);
  silent = false;
  await button(page, '再试一次').tap();
  await expect(replies(page)).toHaveCount(1);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test.describe('when the desk is out of order', () => {
  test.use({ expected: /Failed to load resource/u });

  test('its own words are shown, and every way out stays open', async ({ page }) => {
    const body = JSON.stringify({ title: '系统正在维护，请稍后再来', status: 503 });
    await page.route('**/turns', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body }));
    await button(page, /^失业金/u).tap();
    await expect(page.getByRole('alert')).toContainText('系统正在维护，请稍后再来');
    await expect(button(page, '再试一次')).toBeVisible();
    await button(page, '返回首页').tap();
    await expect(page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' })).toBeVisible();
  });

  test('a network that is gone is said in words', async ({ page, context }) => {
    await context.setOffline(true);
    await button(page, /^失业金/u).tap();
    await expect(page.getByRole('alert')).toContainText('网络不通');
  });
});
