import { AppShell } from '../shell/app-shell.ts';
import { FixtureSession } from './fixture-session.ts';
import { LEDGER, STATES, type StateName } from './states.ts';

/**
 * Shows the app in one state, for development: `states.html?state=streaming&lang=ar`, with a hash such as `#/models` for a
 * page. Without a state it lists all states.
 */
const parameters = new URLSearchParams(location.search);
const name = parameters.get('state') ?? '';
document.documentElement.lang = parameters.get('lang') ?? 'en';
document.documentElement.dataset['contrast'] = parameters.get('contrast') ?? '';
document.documentElement.style.fontSize = parameters.get('zoom') ?? '';

// ChatView replaces the element that wraps it: the states need no engine.

if (name in STATES) {
  const app = new AppShell();
  app.session = new FixtureSession(STATES[name as StateName], LEDGER);
  document.body.append(app);
} else {
  for (const state of Object.keys(STATES)) {
    const link = document.createElement('a');
    link.href = `?state=${state}`;
    link.textContent = state;
    const line = document.createElement('p');
    line.append(link);
    document.body.append(line);
  }
}
