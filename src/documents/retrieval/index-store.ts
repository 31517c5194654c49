import type { DBSchema } from 'idb';
import { Database } from '../../storage/database.ts';
import type { DocumentText } from '../document-text.ts';
import type { Passage } from './passages.ts';
import type { TermIndex } from './term-index.ts';

/** 1: `documents`, `vectors`. */
const VERSION = 1;

export interface StoredDocument {
  readonly sha256: string;
  readonly text: DocumentText;
  readonly passages: readonly Omit<Passage, 'text' | 'label'>[];
  readonly terms: TermIndex;
}

/** Where an index keeps its documents and their vectors. */
export interface IndexStore {
  readonly name: string;
  get(sha256: string): Promise<StoredDocument | undefined>;
  has(sha256: string): Promise<boolean>;
  hashes(): Promise<readonly string[]>;
  put(document: StoredDocument): Promise<void>;
  /** Vectors of a model, in order: each `[passages, dimensions]`. */
  vectorsOf(sha256: string, modelId: string): Promise<readonly Float32Array[]>;
  /** How many batches of vectors there are. */
  vectorCount(sha256: string, modelId: string): Promise<number>;
  /** Adds vectors, of the passages from `first` on. A document that was removed gets none. */
  putVectors(sha256: string, modelId: string, first: number, vectors: Float32Array): Promise<void>;
  /** Removes documents with their vectors. */
  remove(hashes: readonly string[]): Promise<void>;
  close(): void;
}

interface IndexSchema extends DBSchema {
  documents: { key: string; value: StoredDocument };
  vectors: { key: [sha256: string, modelId: string, first: number]; value: Float32Array };
}

/** In IndexedDB, for all tabs. @throws AlcoveError of the store, from each method */
export class StoredIndex implements IndexStore {
  readonly #database: Database<IndexSchema>;

  constructor(databaseName: string) {
    this.#database = new Database<IndexSchema>(databaseName, VERSION, (database) => {
      database.createObjectStore('documents', { keyPath: 'sha256' });
      database.createObjectStore('vectors');
    });
  }

  get name(): string {
    return this.#database.name;
  }

  get(sha256: string): Promise<StoredDocument | undefined> {
    return this.#database.run((database) => database.get('documents', sha256));
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.#database.run((database) => database.count('documents', sha256))) > 0;
  }

  hashes(): Promise<readonly string[]> {
    return this.#database.run((database) => database.getAllKeys('documents'));
  }

  async put(document: StoredDocument): Promise<void> {
    await this.#database.run((database) => database.put('documents', document));
  }

  vectorsOf(sha256: string, modelId: string): Promise<readonly Float32Array[]> {
    return this.#database.run((database) => database.getAll('vectors', rangeOf(sha256, modelId)));
  }

  vectorCount(sha256: string, modelId: string): Promise<number> {
    return this.#database.run((database) => database.count('vectors', rangeOf(sha256, modelId)));
  }

  async putVectors(sha256: string, modelId: string, first: number, vectors: Float32Array): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['documents', 'vectors'], 'readwrite');
      const isThere = (await transaction.objectStore('documents').count(sha256)) > 0;
      if (isThere) await transaction.objectStore('vectors').put(vectors, [sha256, modelId, first]);
      await transaction.done;
    });
  }

  async remove(hashes: readonly string[]): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['documents', 'vectors'], 'readwrite');
      for (const sha256 of hashes) {
        await transaction.objectStore('documents').delete(sha256);
        await transaction.objectStore('vectors').delete(IDBKeyRange.bound([sha256], [sha256, []]));
      }
      await transaction.done;
    });
  }

  close(): void {
    this.#database.close();
  }
}

function rangeOf(sha256: string, modelId: string): IDBKeyRange {
  return IDBKeyRange.bound([sha256, modelId], [sha256, modelId, []]);
}

/** For chats that are in memory only. */
export class IndexInMemory implements IndexStore {
  readonly name = `index-${crypto.randomUUID()}`;
  readonly #documents = new Map<string, StoredDocument>();
  /** By the document's SHA-256, then by the model. */
  readonly #vectors = new Map<string, Map<string, Float32Array[]>>();

  async get(sha256: string): Promise<StoredDocument | undefined> {
    return this.#documents.get(sha256);
  }

  async has(sha256: string): Promise<boolean> {
    return this.#documents.has(sha256);
  }

  async hashes(): Promise<readonly string[]> {
    return [...this.#documents.keys()];
  }

  async put(document: StoredDocument): Promise<void> {
    this.#documents.set(document.sha256, document);
    this.#vectors.set(document.sha256, new Map());
  }

  async vectorsOf(sha256: string, modelId: string): Promise<readonly Float32Array[]> {
    return this.#vectors.get(sha256)?.get(modelId) ?? [];
  }

  async vectorCount(sha256: string, modelId: string): Promise<number> {
    return (await this.vectorsOf(sha256, modelId)).length;
  }

  async putVectors(sha256: string, modelId: string, _first: number, vectors: Float32Array): Promise<void> {
    const known = await this.vectorsOf(sha256, modelId);
    this.#vectors.get(sha256)?.set(modelId, [...known, vectors]);
  }

  async remove(hashes: readonly string[]): Promise<void> {
    for (const sha256 of hashes) {
      this.#documents.delete(sha256);
      this.#vectors.delete(sha256);
    }
  }

  close(): void {
    this.#documents.clear();
    this.#vectors.clear();
  }
}
