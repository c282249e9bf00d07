import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/style.css';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import { App } from './App.tsx';
import { Bridge, takeToken } from './bridge.ts';
import { studioListener } from './stores/connect.ts';
import { connectBridge } from './stores/engine.ts';

const token = takeToken();
if (token !== null) connectBridge(new Bridge(token, studioListener));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');
createRoot(root).render(
  <StrictMode>
    <App hasToken={token !== null} />
  </StrictMode>,
);
