import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of our own: the page's policy allows no inline data but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Styles are few, and stations share them: one file, in one order.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 500,
    rolldownOptions: {
      output: {
        // What every station needs, in files that stay the same when a station changes; the rest goes with its station.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|zustand)[\\/]/ },
            { name: 'schemas', test: /node_modules[\\/]zod[\\/]/ },
          ],
        },
      },
    },
  },
  logLevel: 'warn',
});
