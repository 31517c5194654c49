/** Sections of the answers; the numbers differ from one to the next, so that nothing can be cached. */
const SECTIONS: readonly ((turn: number) => string)[] = [
  (turn) =>
    `## Part ${turn}: what the tide does\n\nThe **tide** rises for about six hours and falls for six, *never twice at the same time*. ` +
    `A [table of tides](https://tides.example/station/${turn}) gives the hour to the minute; \`level(t)\` gives the height. ` +
    'Most harbours print it on a board beside the pier, where boats that come in late can read it by the lamp.\n\n',
  (turn) =>
    `1. Read the height at ${turn % 24}:00.\n2. Add the **draught** of the boat, and half a metre for the waves.\n   - In a swell, a whole metre.\n   - In fog, wait.\n3. Compare it with the chart.\n\n`,
  (turn) =>
    `\`\`\`python\ndef level(t, mean=${turn}.5):\n    """Height of the water above the chart, in metres."""\n    return mean + 1.8 * math.cos(2 * math.pi * t / 12.42)  # the moon's half day\n\nfor hour in range(24):\n    print(f"{hour:02d}:00  {level(hour):5.2f} m")\n\`\`\`\n\n`,
  (turn) =>
    `| harbour | low | high |\n|:--|--:|--:|\n| North ${turn} | 0.4 m | 3.9 m |\n| South | 0.6 m | **4.2 m** |\n| Old quay | 0.1 m | 3.3 m |\n\n`,
  (turn) =>
    `> A harbour is a promise that everyone keeps, said the keeper in year ${1_900 + turn}. ` +
    'He wrote it down, and nobody has said it better since.\n\nSo the rule is plain: look twice, go once. ' +
    '~~Hurry~~ Patience costs an hour; a keel costs a season. Boats that wait for the second hour of the flood have water under them for four more.\n\n',
];

/** @returns mixed Markdown as a model writes it, always the same, of exactly this many characters */
export function mixedMarkdown(characters: number): string {
  let text = '';
  for (let turn = 1; text.length < characters; turn++) {
    text += SECTIONS[(turn - 1) % SECTIONS.length]?.(turn) ?? '';
  }
  return text.slice(0, characters);
}
