import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/style.css';
import 'uplot/dist/uPlot.min.css';
import './styles.css';
import { App } from './App.tsx';
import { Bridge, takeToken } from './bridge.ts';
import { connectBridge, studioListener } from './stores/studio.ts';

const token = takeToken();
if (token !== null) connectBridge(new Bridge(token, studioListener));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');
createRoot(root).render(
  <StrictMode>
    <App hasToken={token !== null} />
  </StrictMode>,
);
