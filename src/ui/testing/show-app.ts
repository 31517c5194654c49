import { AppShell } from '../shell/app-shell.ts';
import { settle } from './deep-dom.ts';
import { FixtureSession } from './fixture-session.ts';
import { LEDGER, STATES, type StateName } from './states.ts';

/** Puts the app into the page, in a state and at an address. @param place the address's fragment, with its # */
export async function showApp(name: StateName, place = ''): Promise<AppShell> {
  history.replaceState(null, '', `${location.pathname}${location.search}${place}`);
  const app = new AppShell();
  app.session = new FixtureSession(STATES[name], LEDGER);
  document.body.append(app);
  await settle(app);
  return app;
}
