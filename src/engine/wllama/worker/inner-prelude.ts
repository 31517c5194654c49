/**
 * Runs in the worker that wllama creates, beside llama.cpp: announces its requests, holds a lock as long as the worker
 * lives, and sends back the buffers that carried a file's bytes. See inner-worker.ts.
 */
import { announceRequests } from '../../../platform/requests.ts';
import { holdLifeLock } from '../../worker-engine/worker/life-lock.ts';
import { returnBuffers } from './return-buffers.ts';

announceRequests();
holdLifeLock((lockName) => postMessage({ type: 'started', lockName }));
returnBuffers();
