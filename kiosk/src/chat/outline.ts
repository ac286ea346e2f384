/** A flow chart as a numbered list: what to read after what, and where each answer of a decision leads. */

import { words } from '../i18n/words';
import type { Edge, Node } from './reply';

/** One entry of the list. */
export interface Entry {
  readonly node: Node;
  /** Steps and decisions are counted; where it begins and where it ends are not. */
  readonly number: number | null;
  /** The answers of a decision and where they lead. */
  readonly branches: readonly Branch[];
  /** Where to read on, when that is not simply the next entry. */
  readonly then: string | null;
}

export interface Branch {
  readonly label: string;
  readonly leads: string;
}

/** The chart's boxes in reading order. An end that only answers lead to is told with those answers. */
export function outline(nodes: readonly Node[], edges: readonly Edge[]): Entry[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ways = edges.filter((edge) => byId.has(edge.from) && byId.has(edge.to));
  const from = (id: string) => ways.filter((edge) => edge.from === id);
  const decides = (id: string) => byId.get(id)?.kind === 'decision' || from(id).length > 1;
  const told = (node: Node) => {
    const into = ways.filter((edge) => edge.to === node.id);
    return node.kind === 'end' && into.length > 0 && into.every((edge) => decides(edge.from));
  };

  const order = readingOrder(nodes, from).filter((node) => !told(node));
  const numbers = new Map<string, number>();
  for (const node of order) {
    if (node.kind === 'step' || node.kind === 'decision') {
      numbers.set(node.id, numbers.size + 1);
    }
  }
  const leads = (id: string): string => {
    const number = numbers.get(id);
    return number === undefined ? words.block.over(byId.get(id)?.text ?? '') : words.block.then(number);
  };

  return order.map((node, place) => {
    const out = from(node.id);
    const [only] = out;
    const branches = decides(node.id) ? out.map((edge) => ({ label: edge.label ?? '', leads: leads(edge.to) })) : [];
    const readsOn = branches.length > 0 || only === undefined || only.to === order[place + 1]?.id;
    return { node, number: numbers.get(node.id) ?? null, branches, then: readsOn ? null : leads(only.to) };
  });
}

/**
 * The reverse of the order in which a depth-first walk leaves the boxes: everything comes after what leads to it,
 * the first answer of a decision before the second, and a way back is passed over. The start leads; a box that
 * nothing leads to comes last rather than being lost.
 */
function readingOrder(nodes: readonly Node[], from: (id: string) => Edge[]): Node[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const seen = new Set<string>();
  const walk = (node: Node, left: Node[]): Node[] => {
    seen.add(node.id);
    for (const edge of from(node.id).reverse()) {
      const next = byId.get(edge.to);
      if (next !== undefined && !seen.has(next.id)) {
        walk(next, left);
      }
    }
    left.push(node);
    return left;
  };
  const starts = nodes.filter((node) => node.kind === 'start');
  return [...starts, ...nodes].flatMap((root) => (seen.has(root.id) ? [] : walk(root, []).reverse()));
}
