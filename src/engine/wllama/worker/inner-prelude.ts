/**
 * Runs in the worker that wllama makes, beside llama.cpp: announces its requests, and holds a lock for as long as it
 * lives. See inner-worker.ts.
 */
import { announceRequests } from '../../../requests.ts';
import { holdLifeLock } from '../../worker/life-lock.ts';

announceRequests();
holdLifeLock((lockName) => postMessage({ type: 'started', lockName }));
