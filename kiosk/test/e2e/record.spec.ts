import { answered, ask, button, expect, expectAccessible, expectFits, expectNoTrace, keys, open, test } from './kiosk';
import { canIdentify, identify, reachIdentityForm, withPerson } from './identity';

const question = '去年养老交了几个月';

test('the identity form is accessible, fits, and says which part of a number is wrong', async ({ page }) => {
  await open(page);
  const notice = await ask(page, question);
  await expect(notice.getByText('留多久')).toBeVisible();
  await expect(button(page, '不同意')).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  await reachIdentityForm(page);
  await expectAccessible(page);
  for (const size of [100, 130, 200]) {
    await expect(button(page, /^大字/u)).toContainText(`${size}%`);
    await expectFits(page);
    await button(page, /^大字/u).tap();
  }

  await button(page, '下一步').tap();
  await expect(page.getByRole('alert')).toContainText('姓名');
  await page.getByRole('textbox', { name: '姓名' }).fill('试用');
  await keys(page, '441399199913010011');
  await button(page, '下一步').tap();
  await expect(page.getByRole('alert')).toContainText('出生日期');
  await expect(page.getByRole('alert').locator('p')).toBeFocused();
  await button(page, '清空').tap();
  await keys(page, '44139919650101017');
  await expect(button(page, 'X')).toBeEnabled();
  await expect(page.getByRole('textbox', { name: '身份证号' })).toHaveText('•••••••••••••1017');
});

test('a resident is identified, reads the record, ends, and leaves no trace', async ({ page }, { project }) => {
  test.skip(!canIdentify, 'DEMO_ID, DEMO_NAME and OTP_LOG are not set');
  test.setTimeout(180_000);
  await withPerson(project.name, async (person, code) => {
    const secrets = [person.idNumber, person.name];
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(decodeURI(request.url())));

    await page.goto('/?earlier');
    await open(page);
    await ask(page, question);
    const answer = await identify(page, person, code);
    await expect(answer.locator('.facts .facts__item--first')).toBeVisible();
    await expect(answer.locator('.table tbody tr').first()).toBeVisible();
    await expect(page.getByRole('log').locator('.said').filter({ hasText: person.name })).toHaveCount(0);
    await expectAccessible(page);
    await expectFits(page);

    // The identity holds for the next question.
    await button(page, '返回首页').tap();
    await button(page, /^查医保/u).tap();
    await expect(page.getByRole('log').locator('.reply').last().locator('.facts')).toBeVisible();
    await expect(page.getByRole('heading', { name: '请核对您的身份' })).toHaveCount(0);

    // So it does for a paper, which is saved.
    await ask(page, '我要打印参保证明');
    for (const label of ['在这里开我的证明', '全部险种', '全部', '对，开证明']) {
      await answered(page, () => button(page, label).last().tap());
    }
    await expect(page.getByRole('log').locator('.document__code')).toHaveText(/^[0-9A-Z]{16}$/u);
    await expectAccessible(page);
    await expectFits(page);
    const saving = page.waitForEvent('download');
    await button(page, '存成 PDF，好打印').tap();
    expect((await saving).suggestedFilename()).toBe('社会保险参保缴费证明.pdf');

    await button(page, '结束').tap();
    const home = page.getByRole('heading', { level: 1, name: '您好，请问要办什么？' });
    await expect(home).toBeVisible();
    await expectNoTrace(page, secrets);
    await page.goBack();
    await expect(home).toBeVisible();
    await expectNoTrace(page, secrets);
    expect(addresses.filter((address) => secrets.some((secret) => address.includes(secret)))).toEqual([]);
  });
});
