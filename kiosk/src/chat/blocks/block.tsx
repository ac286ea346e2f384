/** A block of a reply as its kind wants to be shown. */

import type { JSX } from 'preact';
import type { Block } from '../reply';
import { Document } from './document';
import { Facts } from './facts';
import { List } from './list';
import { Notice } from './notice';
import { Series } from './series';
import { Steps } from './steps';
import { Sum } from './sum';
import { Table } from './table';
import { Text } from './text';
import { Timeline } from './timeline';

export function BlockView({ block }: { block: Block }): JSX.Element | null {
  switch (block.kind) {
    case 'text':
      return <Text {...block} />;
    case 'facts':
      return <Facts {...block} />;
    case 'table':
      return <Table {...block} />;
    case 'sum':
      return <Sum {...block} />;
    case 'steps':
      return <Steps {...block} />;
    case 'list':
      return <List {...block} />;
    case 'timeline':
      return <Timeline {...block} />;
    case 'series':
      return <Series {...block} />;
    case 'document':
      return <Document {...block} />;
    case 'notice':
      return <Notice {...block} />;
    default:
      // A desk newer than this page: what it cannot show, it leaves out.
      return unknown(block);
  }
}

function unknown(_block: never): null {
  return null;
}
