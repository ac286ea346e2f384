/**
 * What goes to the desk and what comes back: the JSON of `POST /api/v1/conversations/{id}/turns`.
 *
 * The server's `domain::reply` is the original; `/openapi.json` describes it. Nothing here knows the page.
 */

/** What the desk says to one message. */
export interface Reply {
  readonly blocks: readonly Block[];
  readonly choices: readonly Choice[];
  readonly expects: Expectation | null;
  readonly sources: readonly Source[];
  /** Topic ids, with the aspect after a `#`. Not for the resident's eyes. */
  readonly completeness: { readonly asked: readonly string[]; readonly given: readonly string[] };
  readonly status: Status;
}

export type Status = 'answered' | 'clarify' | 'ask' | 'verify' | 'handed-over' | 'unknown' | 'refused' | 'failed';

/** One piece of a reply. */
export type Block =
  | TextBlock
  | FactsBlock
  | TableBlock
  | SumBlock
  | StepsBlock
  | ListBlock
  | TimelineBlock
  | SeriesBlock
  | DocumentBlock
  | NoticeBlock;

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
}

/** Labelled values; the first is the one that was asked for. */
export interface FactsBlock {
  readonly kind: 'facts';
  readonly items: readonly Fact[];
}

/** Rows under headings; every row has as many cells as there are headings. */
export interface TableBlock {
  readonly kind: 'table';
  readonly title?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A calculation, step by step. */
export interface SumBlock {
  readonly kind: 'sum';
  readonly lines: readonly Fact[];
  readonly total: Fact;
}

/** A flow chart. */
export interface StepsBlock {
  readonly kind: 'steps';
  readonly title?: string;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

export interface ListBlock {
  readonly kind: 'list';
  readonly title?: string;
  readonly items: readonly string[];
}

/** What happened and what comes, in order. */
export interface TimelineBlock {
  readonly kind: 'timeline';
  readonly items: readonly Moment[];
}

/** Numbers to plot, in order. */
export interface SeriesBlock {
  readonly kind: 'series';
  readonly title?: string;
  readonly unit: string;
  readonly points: readonly Point[];
}

/** A paper with a check code. */
export interface DocumentBlock {
  readonly kind: 'document';
  readonly title: string;
  readonly code: string;
  /** Its page and its PDF, for who holds the token of the conversation. */
  readonly url: string;
  /** Where anybody finds whether it is genuine. */
  readonly check: string;
}

export interface NoticeBlock {
  readonly kind: 'notice';
  readonly level: 'info' | 'warning';
  readonly text: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A box of a flow chart. A decision's edges are its answers. */
export interface Node {
  readonly id: string;
  readonly kind: 'start' | 'step' | 'decision' | 'end';
  readonly text: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** One entry of a time line: behind us, at hand, or ahead. `date` is in words, and may be empty. */
export interface Moment {
  readonly date: string;
  readonly title: string;
  readonly note?: string;
  readonly state: 'done' | 'now' | 'todo';
}

export interface Point {
  readonly label: string;
  readonly value: number;
}

/** Something that may be tapped: `id` goes back, `label` is the words on it. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What the desk waits for; `prompt` names the field. */
export interface Expectation {
  readonly kind: ExpectedKind;
  readonly prompt: string;
}

export type ExpectedKind =
  | 'text'
  | 'choice'
  | 'date'
  | 'month'
  | 'money'
  | 'years'
  | 'name'
  | 'phone'
  | 'case-number'
  | 'id-number'
  | 'otp'
  | 'card';

/** Where a figure or a rule comes from. Dates are `YYYY-MM-DD`. */
export interface Source {
  readonly title: string;
  readonly number?: string;
  readonly article?: string;
  readonly in_force?: string;
  readonly as_of?: string;
  /** When the desk copied it, where this is a copy. */
  readonly copied_at?: string;
}

/** What the resident says. */
export type Input = { readonly text: string } | { readonly choice: string } | { readonly proof: Proof };

/** A step of the identity check. */
export type Proof = { readonly name: string; readonly id_number: string } | { readonly otp: string } | { readonly card: string } | { readonly sign_in: true };
