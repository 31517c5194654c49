import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText, hasWord, queryWords } from './folded-text.ts';
import { SearchIndex } from './search-index.ts';

function indexOf(chats: Readonly<Record<string, string>>): SearchIndex {
  const index = new SearchIndex();
  for (const [id, text] of Object.entries(chats)) index.add(id, [text]);
  return index;
}

test('the index finds words by their beginnings, and ignores case and accents', () => {
  const index = indexOf({
    a: 'Ärger mit der STRASSE, 384.400 km',
    b: 'Die Straße nach Łódź',
    c: 'L’été à l’île',
    d: 'Ένα πλοίο',
  });
  expect(index.find('arg')).toEqual(['a']);
  expect(index.find('strasse')).toEqual(['a', 'b']);
  expect(index.find('Straße lod')).toEqual(['b']);
  expect(index.find('ETE ile')).toEqual(['c']);
  expect(index.find('ενα')).toEqual(['d']);
  expect(index.find('384')).toEqual(['a']);
  expect(index.find('rger')).toEqual([]);
  expect(index.find(' !? ')).toEqual([]);
});

test('words of scripts without spaces are found anywhere in a passage, and not by their characters', () => {
  const index = indexOf({ a: '小さな船の話', b: '我的船很小', c: 'ship', d: '他在研究生命的起源', e: 'データの分析' });
  expect(index.find('船')).toEqual(['a', 'b']);
  expect(index.find('話')).toEqual(['a']);
  expect(index.find('船很')).toEqual(['b']);
  // Its words, in any order, as in other scripts.
  expect(index.find('データ分析')).toEqual(['e']);
  expect(index.find('分析データ')).toEqual(['e']);
  expect(index.find('タデー')).toEqual([]);
  // A dictionary takes this for one word, and for two words in the text.
  expect(index.find('研究生')).toEqual(['d']);
  expect(index.find('起源')).toEqual(['d']);
});

test('Thai is found by its words, not by letters in any order', () => {
  const index = indexOf({ a: 'ภาษาไทยไม่มีช่องว่าง', b: 'งานแสดงรถยนต์' });
  expect(index.find('ภาษา')).toEqual(['a']);
  expect(index.find('ไทย')).toEqual(['a']);
  expect(index.find('ภาษาไท')).toEqual(['a']);
  expect(index.find('แรง')).toEqual([]);
  expect(index.find('รถ')).toEqual(['b']);
});

test('words of scripts without spaces are found after Latin letters, digits and long vowels, and before them', () => {
  const texts = {
    analysis: 'データ分析の方法',
    python: 'Python入門の講座',
    budget: '2024年の予算',
    tower: '東京タワーは333メートル',
    phone: 'iPhone充电很慢',
    train: '铁路12306的网站',
    thai: 'ใช้GPUแรงมาก',
    user: 'ユーザー登録の画面',
  };
  const index = indexOf(texts);
  const queries: Record<keyof typeof texts, readonly string[]> = {
    analysis: ['データ分析', '分析', 'データ'],
    python: ['入門', 'Python入門', 'pyth'],
    budget: ['予算', '2024年', '202'],
    tower: ['タワー', 'メートル', '333'],
    phone: ['充电', 'iphone充'],
    train: ['网站', '12306'],
    thai: ['แรง', 'GPUแรง', 'ใช้'],
    user: ['ユーザー', '登録', 'ユーザー登録'],
  };
  for (const [id, words] of Object.entries(queries)) {
    for (const query of words) expect(index.find(query), query).toEqual([id]);
  }
});

test('a changed chat is found by its new words only', () => {
  const index = indexOf({ a: 'boats', b: 'bread' });
  index.remove('a');
  index.add('a', ['trains']);
  expect(index.find('boat')).toEqual([]);
  expect(index.find('train')).toEqual(['a']);
  index.remove('a');
  expect(index.find('train')).toEqual([]);
  expect(index.size).toBe(1);
});

test('a chat that is indexed again and again leaves nothing behind', () => {
  const index = indexOf({ a: 'boats 小船', b: 'bread' });
  const kept = Array.from({ length: 3_000 }, (_, round) => {
    index.remove('a');
    index.add('a', [`boats 小船 round${round}`]);
    return index.kept;
  });
  expect(Math.max(...kept.map(({ numbers }) => numbers))).toBeLessThan(300);
  expect(Math.max(...kept.map(({ words }) => words))).toBeLessThan(300);
  expect(index.find('round2999')).toEqual(['a']);
  expect(index.find('round2998')).toEqual([]);
  expect(index.find('小船 boat')).toEqual(['a']);
  expect(index.find('b')).toEqual(['b', 'a']);
  expect(index.size).toBe(2);
});

test('the index finds what a linear search through all texts finds', () => {
  const text = fc.array(
    fc.constantFrom('boat', 'boats', 'bread', 'sea', 'Sea', 'éa', 'ship', '船', '小船', '船小船', 'GPU船'),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 12 }),
      fc.constantFrom('b', 'bo', 'boat', 'sea', 'e', 's', 'x', '船', '小船', 'gpu 船小'),
      (texts, query) => {
        const index = indexOf(Object.fromEntries(texts.map((words, n) => [`c${n}`, words.join(' ')])));
        const plain = texts.flatMap((words, n) =>
          queryWords(query).every((word) => hasWord(foldText(words.join(' ')), word)) ? [`c${n}`] : [],
        );
        expect(index.find(query)).toEqual(plain);
      },
    ),
  );
});

test('the index finds the chats of a frequent word and of a frequent character, of many too', () => {
  const texts = Array.from(
    { length: 200 },
    (_, n) => [`c${n}`, `boat 船 ${n % 3 === 0 ? 'lighthouses 灯台' : ''}`] as const,
  );
  const index = indexOf(Object.fromEntries(texts));
  index.remove('c0');
  index.add('c0', ['boat']);
  expect(index.find('boat')).toHaveLength(200);
  expect(index.find('船')).toHaveLength(199);
  expect(index.find('lighthouse 灯台')).toEqual(
    texts.flatMap(([id, text]) => (id !== 'c0' && text.length > 8 ? id : [])),
  );
});

test('the index accepts lone surrogates and a word of a million letters', () => {
  const index = indexOf({ a: `\ud800 boat ${'x'.repeat(1_000_000)}` });
  expect(index.find('boat')).toEqual(['a']);
  expect(index.find('xxx')).toEqual(['a']);
});
