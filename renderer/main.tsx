import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/over.css';
import { App } from './App.tsx';
import { openBridge } from './bridge/index.ts';
import { loadAheadWhenIdle } from './frame/stationParts.ts';
import { studioListener } from './stores/connect.ts';
import { connectBridge } from './stores/engine.ts';
import { linkProject } from './stores/data/projectLink.ts';
import { followProjects } from './stores/training/runs.ts';
import { followTheme } from './stores/frame/theme.ts';

followTheme();
linkProject();
followProjects();
const bridge = openBridge(studioListener);
if (bridge !== null) connectBridge(bridge);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');
createRoot(root).render(
  <StrictMode>
    <App hasToken={bridge !== null} />
  </StrictMode>,
);
loadAheadWhenIdle();
