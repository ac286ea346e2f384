import { defineConfig } from 'vite';

/** Where `npm run dev` finds the desk. */
const desk = 'http://127.0.0.1:8080';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'chrome120',
    // The polyfill is an inline script, which the content security policy refuses; so are inlined assets.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    rolldownOptions: { input: { kiosk: 'index.html' } },
  },
  server: { proxy: { '/api': desk } },
});
