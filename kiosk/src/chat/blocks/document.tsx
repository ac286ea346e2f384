import { useSignal } from '@preact/signals';
import { createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { words } from '../../i18n/words';
import { Icon } from '../../ui/icons';
import { DeskError } from '../api';
import { grouped } from '../groups';
import type { DocumentBlock } from '../reply';

/** What has a paper by its address: the conversation that it belongs to. */
export const Papers = createContext<((url: string) => Promise<Blob>) | null>(null);

/** A paper with its check code, in groups that can be read out. Where it is checked is words: a terminal leads nowhere else. */
export function Document({ title, code, url, check }: DocumentBlock): JSX.Element {
  const paper = useContext(Papers);
  const failure = useSignal('');
  const busy = useSignal(false);
  const save = async (has: (url: string) => Promise<Blob>): Promise<void> => {
    busy.value = true;
    failure.value = '';
    try {
      hand(await has(url), `${title}.pdf`);
    } catch (error) {
      failure.value = error instanceof DeskError ? error.title : words.failure.unknown;
    }
    busy.value = false;
  };
  return (
    <div class="document">
      <Icon name="document" />
      <div>
        <p class="document__title">{title}</p>
        <dl class="document__check">
          <dt>{words.block.checkCode}</dt>
          <dd class="document__code">
            {grouped(code).map((group, n) => (
              <span key={n}>{group}</span>
            ))}
          </dd>
          <dt>{words.block.checkAt}</dt>
          <dd class="document__url">{check}</dd>
        </dl>
        {paper !== null && (
          <button type="button" class="button button--primary document__save" disabled={busy.value} onClick={() => void save(paper)}>
            {words.block.savePaper}
          </button>
        )}
        <p role="alert">{failure.value}</p>
      </div>
    </div>
  );
}

/** Hands a file to the browser, which saves it; the address of it is good for this alone. */
function hand(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
