import { AlcoveError } from '../../errors.ts';
import { serveCalls } from '../../worker-rpc.ts';
import type { EchoMethods } from '../echo-methods.ts';

serveCalls<EchoMethods>({
  echo: (input) => input,
  count: (input, { report }) => {
    for (let number = 1; number <= input; number++) report(number);
    return 'counted';
  },
  fill: (bytes, { transfer }) => {
    transfer(bytes.buffer);
    return bytes.fill(7);
  },
  fail: () => {
    throw new AlcoveError('file-corrupt', 'wrong hash', { data: { path: 'a.bin' } });
  },
  crash: () => {
    setTimeout(() => {
      throw new Error('crashed');
    });
    return new Promise(() => {});
  },
  never: () => new Promise(() => {}),
});
