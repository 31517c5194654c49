import { ATTACK_CASES } from '../../src/ui/markdown/testing/attack-cases.ts';
import { ATTACK_CORPUS } from '../../src/ui/markdown/testing/attack-corpus.ts';

/** As many as a chat draws when it is opened, so that all attacks are in the page at once. */
const ANSWER_COUNT = 12;

const ATTACKS = [...Object.values(ATTACK_CASES), ...Object.values(ATTACK_CORPUS)].flat();

/** A text that leaves a block open stands last, so that it hides none. */
export const ATTACKING_ANSWERS = Array.from({ length: ANSWER_COUNT }, (_, answer) =>
  ATTACKS.filter((_, index) => index % ANSWER_COUNT === answer)
    .sort((a, b) => Number(a.includes('never closed')) - Number(b.includes('never closed')))
    .join('\n\n***\n\n'),
);
