import { answered, button, expect, expectNoTrace, open, replies, test } from './kiosk';

test.beforeEach(async ({ page }) => await open(page));

test('the first screen says what it is and offers six matters', async ({ page }) => {
  await expect(page).toHaveTitle('问办 · 惠州社保');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  for (const matter of ['查养老', '查医保', '失业金', '社保卡', '退休年龄', '办件进度']) {
    await expect(page.getByRole('list', { name: '常办事项' }).getByRole('button', { name: matter })).toBeInViewport({ ratio: 1 });
  }
  for (const name of [/^大字/u, '高对比', '返回首页', '结束', '人工帮助']) {
    await expect(button(page, name)).toBeInViewport({ ratio: 1 });
  }
});

test('a tap on a matter starts a conversation, and an answer comes', async ({ page }) => {
  const reply = await answered(page, () => button(page, /^失业金/u).tap());
  await expect(page.getByRole('log')).toContainText('失业金怎么领');
  await expect(reply).not.toBeEmpty();
});

test('a press that slides off its button does nothing', async ({ page }) => {
  const tile = await button(page, /^社保卡/u).boundingBox();
  await page.mouse.move(tile!.x + 50, tile!.y + 50);
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await expect(page.getByRole('log')).toHaveCount(0);
});

test('the text grows in three steps and comes back', async ({ page }) => {
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const normal = await size();
  for (const scale of [1.3, 2, 1]) {
    await button(page, /^大字/u).tap();
    expect((await size()) / normal).toBeCloseTo(scale, 2);
  }
});

test('going home keeps the conversation, and one tap goes back to it', async ({ page }) => {
  await answered(page, () => button(page, /^失业金/u).tap());
  await button(page, '返回首页').tap();
  await expect(page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' })).toBeFocused();
  await button(page, '继续刚才的对话').tap();
  await expect(replies(page)).toHaveCount(1);
});

test('a person can be asked for from the first screen', async ({ page }) => {
  const reply = await answered(page, () => button(page, '人工帮助').tap());
  await expect(reply).not.toBeEmpty();
});

test('the end leaves nothing: no text, no storage, nothing behind the back button, the default look', async ({ page }) => {
  await page.goto('/?earlier');
  await open(page);
  await button(page, '高对比').tap();
  await page.getByRole('textbox', { name: '写下您的问题' }).fill('写了一半的话');
  await answered(page, () => button(page, /^失业金/u).tap());
  const deleted = page.waitForRequest((request) => request.method() === 'DELETE');
  await button(page, '结束').tap();
  // The page reloads before the answer comes, so the desk is asked: the conversation is over there.
  const ended = await deleted;
  const { authorization = '' } = await ended.allHeaders();
  const again = { headers: { authorization }, data: { message_id: 'after-the-end', text: '你好' } };
  await expect.poll(async () => (await page.request.post(`${ended.url()}/turns`, again)).status()).toBe(410);

  const home = page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' });
  const secrets = ['失业金怎么领', '写了一半的话'];
  await expect(home).toBeVisible();
  await expect(button(page, '高对比')).toHaveAttribute('aria-pressed', 'false');
  await expect(button(page, '继续刚才的对话')).toHaveCount(0);
  await expectNoTrace(page, secrets);
  await page.goBack();
  await expect(home).toBeVisible();
  await expectNoTrace(page, secrets);
  await page.goForward();
  await expect(home).toBeVisible();
  await expectNoTrace(page, secrets);
});
