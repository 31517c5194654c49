import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedWords, SearchIndex } from './search-index.ts';

function indexOf(chats: Readonly<Record<string, string>>): SearchIndex {
  const index = new SearchIndex();
  for (const [id, text] of Object.entries(chats)) index.add(id, foldedWords(text));
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

test('the index finds text in scripts without spaces by any of its characters', () => {
  const index = indexOf({ a: '小さな船の話', b: '我的船很小', c: 'ship' });
  expect(index.find('船')).toEqual(['a', 'b']);
  expect(index.find('船很')).toEqual(['b']);
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
  index.add('a', foldedWords('trains'));
  expect(index.find('boat')).toEqual([]);
  expect(index.find('train')).toEqual(['a']);
  index.remove('a');
  expect(index.find('train')).toEqual([]);
  expect(index.size).toBe(1);
});

test('the index finds what a linear search through all texts finds', () => {
  const text = fc.array(fc.constantFrom('boat', 'boats', 'bread', 'sea', 'Sea', 'éa', 'ship'), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 12 }),
      fc.constantFrom('b', 'bo', 'boat', 'sea', 'e', 's', 'x'),
      (texts, query) => {
        const index = indexOf(Object.fromEntries(texts.map((words, n) => [`c${n}`, words.join(' ')])));
        const plain = texts.flatMap((words, n) =>
          foldedWords(words.join(' ')).some((word) => word.startsWith(query)) ? [`c${n}`] : [],
        );
        expect(index.find(query)).toEqual(plain);
      },
    ),
  );
});

test('the index accepts lone surrogates and a word of a million letters', () => {
  const index = indexOf({ a: `\ud800 boat ${'x'.repeat(1_000_000)}` });
  expect(index.find('boat')).toEqual(['a']);
  expect(index.find('xxx')).toEqual(['a']);
});
