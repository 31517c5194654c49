import { ScriptedEngine } from '../../scripted/scripted-engine.ts';
import { SharedEngine } from '../shared-engine.ts';

/** A page of its own that shares an engine: loaded by a test in a frame, which its name gives the scope. */
const tokensPerSecond = 50;
Object.assign(globalThis, {
  sharedEngine: new SharedEngine('scripted', () => new ScriptedEngine({ tokensPerSecond }), window.name),
});
