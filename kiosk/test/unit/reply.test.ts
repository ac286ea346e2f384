import { describe, expect, test } from 'vitest';
import { answerForm } from '../../src/chat/answer-form';
import { grouped } from '../../src/chat/groups';
import { maskNumbers } from '../../src/chat/mask';
import type { ExpectedKind, Reply, Status } from '../../src/chat/reply';
import { barLengths, figure } from '../../src/chat/series';
import { sourceLine } from '../../src/chat/sources';
import { figureColumns } from '../../src/chat/table';

describe('the form for an answer', () => {
  const reply = (status: Status, kind: ExpectedKind | null): Reply => ({
    blocks: [],
    choices: [],
    expects: kind === null ? null : { kind, prompt: '' },
    sources: [],
    completeness: { asked: [], given: [] },
    status,
  });

  test.each([
    ['answered', null, 'text'],
    ['clarify', 'choice', 'text'],
    ['ask', 'name', 'text'],
    ['ask', 'month', 'pad'],
    ['ask', 'id-number', 'pad'],
    ['ask', 'case-number', 'pad'],
    ['ask', 'card', 'card'],
    ['verify', null, 'identity'],
    ['verify', 'name', 'identity'],
    ['verify', 'id-number', 'identity'],
    ['verify', 'card', 'identity'],
    ['verify', 'otp', 'code'],
    ['ask', 'otp', 'code'],
    ['verify', 'choice', 'text'],
  ] as const)('%s, expecting %s: %s', (status, kind, form) => {
    expect(answerForm(reply(status, kind)).form).toBe(form);
  });

  test('before the first reply it is words', () => {
    expect(answerForm(null).form).toBe('text');
  });
});

test.each([
  ['我的号码是441399196501010177谢谢', '我的号码是441***********0177谢谢'],
  ['44139920000229002x', '441***********002x'],
  ['441399 19650101 0177', '441***********0177'],
  ['441399-19650101-0177', '441***********0177'],
  ['４４１３９９１９６５０１０１０１７７', '４４１***********０１７７'],
  ['手机13800138000', '手机138****8000'],
  ['138 0013 8000', '138****8000'],
  ['受理编号 202611030000123', '受理编号 202611030000123'],
  ['打 12333，2025年3月到6月', '打 12333，2025年3月到6月'],
  ['1234567890123456789012', '1234567890123456789012'],
])('%s is shown as %s', (text, shown) => {
  expect(maskNumbers(text)).toBe(shown);
});

test.each([
  [{ title: '《社会保险法》', article: '第五十八条' }, '《社会保险法》第五十八条'],
  [
    { title: '《社会保险经办条例》', number: '国务院令第765号', article: '第六条', in_force: '2023-12-01' },
    '《社会保险经办条例》（国务院令第765号）第六条，2023年12月1日起施行',
  ],
  [{ title: '缴费登记', as_of: '2026-11-03' }, '缴费登记，数据截至2026年11月3日'],
  [{ title: '缴费登记', as_of: '2026-11-03', copied_at: '2026-11-04T02:30:00Z' }, '缴费登记，数据截至2026年11月3日，是先前存下的'],
  [{ title: '缴费登记', as_of: '上月底' }, '缴费登记，数据截至上月底'],
])('a source is one line', (source, line) => {
  expect(sourceLine(source)).toBe(line);
});

test('columns of figures stand flush right, others do not', () => {
  const rows = [
    ['2025-01', '4,588.00', '734.08 元', '—', '已到账', '16%'],
    ['2025-02', '4,588.00', '-12', '', '未到账', '8％'],
  ];
  expect(figureColumns(['月份', '基数', '个人', '单位', '状态', '比例'], rows)).toEqual([false, true, true, false, false, true]);
  expect(figureColumns(['月份'], [])).toEqual([false]);
});

test('bars are measured against the longest, and never below nothing', () => {
  const points = (values: number[]) => values.map((value) => ({ label: '', value }));
  expect(barLengths(points([50, 200, 0]))).toEqual([25, 100, 0]);
  expect(barLengths(points([-5, 10]))).toEqual([0, 100]);
  expect(barLengths(points([0, 0]))).toEqual([0, 0]);
  expect(barLengths([])).toEqual([]);
  expect(figure(1234.5)).toBe('1,234.5');
});

test('codes come in groups', () => {
  expect(grouped('K7M24QX9T3WD')).toEqual(['K7M2', '4QX9', 'T3WD']);
  expect(grouped('AB12-CD34')).toEqual(['AB12', 'CD34']);
  expect(grouped('ABCDE')).toEqual(['ABCD', 'E']);
});
