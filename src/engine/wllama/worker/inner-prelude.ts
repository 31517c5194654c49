/**
 * Runs in the worker that wllama makes, beside llama.cpp: announces its requests, holds a lock for as long as it lives,
 * and sends back the buffers that a file comes in. See inner-worker.ts.
 */
import { announceRequests } from '../../../platform/requests.ts';
import { holdLifeLock } from '../../worker-engine/worker/life-lock.ts';
import { returnBuffers } from './return-buffers.ts';

announceRequests();
holdLifeLock((lockName) => postMessage({ type: 'started', lockName }));
returnBuffers();
