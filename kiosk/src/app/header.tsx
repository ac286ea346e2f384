/** The name of the desk, and how the page looks: larger text and high contrast. */

import type { JSX } from 'preact';
import { words } from '../i18n/words';
import { Icon } from '../ui/icons';
import { highContrast, nextTextSize, textSize } from './preferences';

export function Header(): JSX.Element {
  return (
    <header class="header">
      <p class="brand">
        <strong class="brand__name">{words.brand.name}</strong>
        <span class="brand__dot" aria-hidden="true">
          ·
        </span>
        <span class="brand__place">{words.brand.place}</span>
      </p>
      <div class="header__actions">
        <button type="button" class="button" onClick={() => (textSize.value = nextTextSize(textSize.value))}>
          <Icon name="text" />
          {words.header.textSize}
          <span class="header__size">{textSize.value}%</span>
        </button>
        <button type="button" class="button" aria-pressed={highContrast.value} onClick={() => (highContrast.value = !highContrast.value)}>
          <Icon name="contrast" />
          {words.header.contrast}
        </button>
      </div>
    </header>
  );
}
