/** Leaves nothing of a visit: called by 结束, by the idle timer, and when the browser brings back an old page. */

import { render } from 'preact';
import type { Conversation } from '../chat/conversation';

/** How long clearing the storages may hold up the new page; in milliseconds. */
const PATIENCE = 500;

export async function wipe(conversation: Conversation): Promise<void> {
  conversation.end();
  const page = document.getElementById('app');
  if (page !== null) {
    render(null, page);
  }
  await Promise.race([clearStorages(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  // A new page in place of this one: heap, timers and the entry in the history go with it.
  location.replace('/');
}

/** The page stores nothing; should anything ever have been stored, it goes. */
async function clearStorages(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  // Both are absent from a page that is neither local nor behind TLS.
  const caches = 'caches' in window ? (await window.caches.keys()).map((name) => window.caches.delete(name)) : [];
  const databases = 'indexedDB' in window ? (await indexedDB.databases()).map(({ name }) => name && indexedDB.deleteDatabase(name)) : [];
  await Promise.allSettled([...caches, ...databases]);
}
