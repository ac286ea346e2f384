import { expect, test } from 'vitest';
import { outline } from '../../src/chat/outline';
import type { Edge, Node } from '../../src/chat/reply';

/** `a start text` as a box. */
function boxes(...lines: string[]): Node[] {
  return lines.map((line) => {
    const [id = '', kind, text = ''] = line.split(' ');
    return { id, kind: kind as Node['kind'], text };
  });
}

/** `a>b answer` as an arrow. */
function arrows(...lines: string[]): Edge[] {
  return lines.map((line) => {
    const [way = '', label] = line.split(' ');
    const [from = '', to = ''] = way.split('>');
    return label === undefined ? { from, to } : { from, to, label };
  });
}

/** The list as one line each: number, id, where it leads. */
function lines(nodes: Node[], edges: Edge[]): string[] {
  return outline(nodes, edges).map(({ number, node, branches, then }) => {
    const ways = branches.map(({ label, leads }) => `${label}→${leads}`);
    return [number ?? '-', node.id, ...ways, ...(then === null ? [] : [then])].join(' ');
  });
}

test('a straight way is counted through', () => {
  expect(lines(boxes('a start 开头', 'b step 一', 'c step 二', 'd end 完'), arrows('a>b', 'b>c', 'c>d'))).toEqual(['- a', '1 b', '2 c', '- d']);
});

test('both answers of a decision say where they lead, and the ways meet after both', () => {
  const nodes = boxes('a start 开头', 'b decision 是吗', 'c step 一', 'd step 二', 'e step 三', 'f end 完');
  expect(lines(nodes, arrows('a>b', 'b>c 是', 'b>d 否', 'c>e', 'd>e', 'e>f'))).toEqual([
    '- a',
    '1 b 是→接着看第 2 步 否→接着看第 3 步',
    '2 c 接着看第 4 步',
    '3 d',
    '4 e',
    '- f',
  ]);
});

test('an end that only answers lead to is told with the answer', () => {
  const nodes = boxes('a start 开头', 'b decision 有单位吗', 'c end 由单位交', 'd step 登记', 'e end 完');
  expect(lines(nodes, arrows('a>b', 'b>c 有', 'b>d 没有', 'd>e'))).toEqual(['- a', '1 b 有→到此为止：由单位交 没有→接着看第 2 步', '2 d', '- e']);
});

test('a way back is named and goes round once', () => {
  const nodes = boxes('a start 开头', 'b step 报', 'c decision 成功吗', 'd step 改', 'e end 完');
  expect(lines(nodes, arrows('a>b', 'b>c', 'c>e 成功', 'c>d 不成功', 'd>b'))).toEqual([
    '- a',
    '1 b',
    '2 c 成功→到此为止：完 不成功→接着看第 3 步',
    '3 d 接着看第 1 步',
  ]);
});

test('nothing is lost: a box without arrows comes last, an arrow to nowhere is passed over', () => {
  const nodes = boxes('x step 孤', 'a start 开头', 'b step 一');
  expect(lines(nodes, arrows('a>b', 'b>nowhere'))).toEqual(['- a', '1 b', '2 x']);
  expect(outline([], [])).toEqual([]);
});
