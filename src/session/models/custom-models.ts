import type { ImportedModel } from '../../download/downloader.ts';
import { NO_ADDRESS, parseRecord } from '../../models/catalogue/parse-record.ts';
import { isOfSource } from '../../models/catalogue/same-source.ts';
import type { DiskFile, ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import { TabChannel } from '../../platform/tab-channel.ts';
import { type CustomModel, CustomModelStore } from '../../storage/weights/custom-model-store.ts';
import { checkFiles, FileLender, openHandles, requestAccess } from '../../storage/weights/disk-files.ts';
import type { ModelArchive } from '../../storage/weights/model-archive.ts';
import { openWeightStore } from '../../storage/weights/open-weight-store.ts';
import type { ModelPlan, PlannedFile } from '../../storage/weights/stored-model.ts';
import type { TarEntry } from '../../storage/weights/tar.ts';

export interface CustomEntry {
  readonly record: ModelRecord;
  /** Why its files on the disk cannot be read now. Undefined if they can, or if the model is not on the disk. */
  readonly closed: AlcoveError | undefined;
}

/** A file that the user picked or dropped, with its handle if the browser gives one. */
export interface PickedFile {
  readonly file: File;
  readonly handle: FileSystemFileHandle | undefined;
}

export interface CustomModelsHost {
  setCustom(entries: readonly CustomEntry[]): void;
  importFiles(imported: ImportedModel): void;
  deleteWeights(modelId: string): Promise<void>;
}

/** Stores, changes, reopens and removes the models that the user has added. */
export class CustomModels {
  readonly #host: CustomModelsHost;
  readonly #weightsName: string;
  readonly #store: CustomModelStore;
  readonly #lender: FileLender;
  readonly #channel: TabChannel<'changed'>;
  #entries: readonly CustomEntry[] = [];

  constructor(weightsName: string, host: CustomModelsHost) {
    this.#host = host;
    this.#weightsName = weightsName;
    this.#store = new CustomModelStore(weightsName);
    this.#lender = new FileLender(weightsName);
    this.#channel = new TabChannel(`alcove-custom:${weightsName}`, 1, () => void this.refresh().catch(() => {}));
  }

  dispose(): void {
    this.#channel.close();
    this.#lender.close();
    this.#store.close();
  }

  get entries(): readonly CustomEntry[] {
    return this.#entries;
  }

  /** Reads the stored list, and checks which files on the disk can be read. Leaves out invalid records. */
  async refresh(): Promise<void> {
    const models = await this.#store.list();
    const entries = models.map(async (model): Promise<CustomEntry[]> => {
      const record = readRecord(model.record);
      return record === undefined ? [] : [{ record, closed: await this.#closed(record, model.handles) }];
    });
    this.#entries = (await Promise.all(entries)).flat();
    this.#host.setCustom(this.#entries);
  }

  /**
   * Adds a model to the list under a free id; it replaces no other model. One of the same source is the same model: it is
   * changed as the user has reviewed it or, by a link or a file, left as it is.
   * @returns the model's id
   * @throws AlcoveError as `put`
   */
  async add(
    record: ModelRecord,
    { files, isShared }: { readonly files?: readonly PickedFile[] | undefined; readonly isShared: boolean },
  ): Promise<string> {
    const { id, isTaken } = await this.#findId(record.id, async (held) => originOf(held) === originOf(record));
    if (!isTaken || !isShared) await this.put({ ...record, id }, files);
    return id;
  }

  /**
   * Adds a model to the list, or changes the one with its id.
   * @param files of a model on the disk, in the order of its source's files
   * @throws AlcoveError `record-invalid`, or why it cannot be stored
   */
  async put(record: ModelRecord, files?: readonly PickedFile[]): Promise<void> {
    const checked = readRecord(record);
    // A custom model must not replace a model of the catalogue.
    if (checked === undefined || !checked.id.startsWith(CUSTOM_ID))
      throw new AlcoveError('record-invalid', `${record.id} is no record`);
    const before = await this.#store.get(record.id);
    const handles = files === undefined ? before?.handles : this.#lendOrKeep(record.id, files);
    await this.#store.put({
      id: record.id,
      record: checked,
      addedAt: before?.addedAt ?? Date.now(),
      ...(handles !== undefined && { handles }),
    });
    await this.#changed();
  }

  /** Removes a model from the list and deletes its weights. @throws AlcoveError `model-in-use` */
  async remove(modelId: string): Promise<void> {
    await this.#host.deleteWeights(modelId);
    await this.#store.delete(modelId);
    this.#lender.takeBack(modelId);
    await this.#changed();
  }

  /**
   * Opens the files of a model on the disk again, or replaces them by picked ones. Without picked files the browser may ask
   * the user for permission, which needs a click; a refusal is in the entry.
   * @throws AlcoveError `file-gone`, `file-replaced`, `model-unknown`
   */
  async reopen(modelId: string, picked?: readonly PickedFile[]): Promise<void> {
    const model = await this.#known(modelId);
    if (picked === undefined) {
      try {
        await requestAccess(model.handles ?? []);
      } catch (error) {
        if (!(error instanceof AlcoveError) || error.code !== 'file-permission') throw error;
        this.#setClosed(modelId, error);
        return;
      }
    } else {
      const expected = diskFiles(model.record);
      const files = checkFiles(
        picked.map(({ file }) => file),
        expected,
      );
      const inOrder = files.map((file) => ({ file, handle: picked.find((one) => one.file === file)?.handle }));
      const handles = this.#lendOrKeep(modelId, inOrder);
      const { handles: _, ...rest } = model;
      await this.#store.put({ ...rest, ...(handles !== undefined && { handles }) });
    }
    await this.#changed();
  }

  /** Copies a model on the disk into the store. Progress and failure are in the state. */
  async copyToStore(modelId: string): Promise<void> {
    const { record, handles } = await this.#known(modelId);
    const files = await this.#files(record, handles);
    const planned = files.map((file) => ({
      path: storedName(file),
      url: NO_ADDRESS,
      sizeBytes: file.size,
      sha256: undefined,
      gitBlobId: undefined,
    }));
    const blobs = new Map(files.map((file) => [storedName(file), file]));
    this.#host.importFiles({ plan: { record, revision: revisionOf(record), files: planned }, blobs });
  }

  /** The archive of a stored model: docs/model-archive.md. @throws AlcoveError `model-missing`, `model-damaged` */
  async archive(modelId: string): Promise<readonly TarEntry[]> {
    const [store, { archiveEntries }] = await Promise.all([
      openWeightStore(this.#weightsName),
      import('../../storage/weights/model-archive.ts'),
    ]);
    try {
      const model = await store.getModel(modelId);
      if (model === undefined) throw new AlcoveError('model-missing', `${modelId} is not stored`);
      return await archiveEntries(model, (path) => store.readFile(modelId, path));
    } finally {
      store.close();
    }
  }

  /**
   * Stores a model from an archive, with progress and failure in the state. Returns its id: that of `known` if hashes that are
   * known here prove the files; also where nothing is known that could, if the source is the same and nothing is stored
   * there, which the stored model then says; else that of the user's model with the same files, or a new one.
   * @param known the model that has this id here
   */
  async importArchive({ plan, blobs }: ModelArchive, known: ModelRecord | undefined): Promise<string> {
    const { proofOf } = await import('./archive-proof.ts');
    const proof = known === undefined ? 'wrong' : await proofOf(known, plan, { baseUrl: document.baseURI });
    const isKnown =
      proof === 'proven' || (proof === 'unknown' && known !== undefined && (await this.#fits(plan, known)));
    const own = isKnown && known !== undefined ? known : await this.#entryFor(plan);
    const verifiedAgainst = proof === 'proven' ? 'catalogue' : 'archive';
    this.#host.importFiles({ plan: { ...plan, record: own, verifiedAgainst }, blobs });
    return own.id;
  }

  /** Whether a plan has the source of a model of which nothing else is stored. */
  async #fits(plan: ModelPlan, known: ModelRecord): Promise<boolean> {
    if (!isOfSource(plan, known)) return false;
    const store = await openWeightStore(this.#weightsName);
    try {
      const stored = await store.getModel(known.id);
      return stored === undefined || hashesOf(stored.files) === hashesOf(plan.files);
    } finally {
      store.close();
    }
  }

  /** The user's model that has the very files of a plan, stored or started; else a new one. */
  async #entryFor(plan: ModelPlan): Promise<ModelRecord> {
    const store = await openWeightStore(this.#weightsName);
    try {
      const base = CUSTOM_ID + plan.record.id.replace(/^custom-/, '');
      const { id, isTaken } = await this.#findId(base, async (held) => {
        const stored = await store.getModel(held.id);
        return stored !== undefined && hashesOf(stored.files) === hashesOf(plan.files);
      });
      const held = isTaken ? (await this.#known(id)).record : undefined;
      const own = { ...(held ?? plan.record), id };
      if (!isTaken) await this.put(own);
      return own;
    } finally {
      store.close();
    }
  }

  /** The first of `base`, `base-2`, … that is free, or whose model is the same. */
  async #findId(
    base: string,
    isSame: (held: ModelRecord) => Promise<boolean>,
  ): Promise<{ readonly id: string; readonly isTaken: boolean }> {
    for (let number = 1; ; number++) {
      const id = number === 1 ? base : `${base}-${number}`;
      const held = await this.#store.get(id);
      if (held === undefined) return { id, isTaken: false };
      const record = readRecord(held.record);
      if (record !== undefined && (await isSame(record))) return { id, isTaken: true };
    }
  }

  async #closed(
    record: ModelRecord,
    handles: readonly FileSystemFileHandle[] | undefined,
  ): Promise<AlcoveError | undefined> {
    if (record.source.kind !== 'disk') return undefined;
    try {
      await this.#files(record, handles);
      return undefined;
    } catch (error) {
      return toAlcoveError(isAbortError(error) ? abortError() : error, 'file-gone');
    }
  }

  async #files(record: ModelRecord, handles: readonly FileSystemFileHandle[] | undefined): Promise<readonly File[]> {
    const files = handles === undefined ? this.#lender.files(record.id) : await openHandles(handles);
    return checkFiles(files, diskFiles(record));
  }

  /** @returns the handles to store. Lends the files for as long as this tab is open if one has no handle */
  #lendOrKeep(modelId: string, files: readonly PickedFile[]): readonly FileSystemFileHandle[] | undefined {
    const handles = files.flatMap(({ handle }) => handle ?? []);
    if (handles.length === files.length) return handles;
    this.#lender.lend(
      modelId,
      files.map(({ file }) => file),
    );
    return undefined;
  }

  #setClosed(modelId: string, closed: AlcoveError): void {
    this.#entries = this.#entries.map((entry) => (entry.record.id === modelId ? { ...entry, closed } : entry));
    this.#host.setCustom(this.#entries);
  }

  async #known(modelId: string): Promise<CustomModel> {
    const model = await this.#store.get(modelId);
    if (model === undefined) throw new AlcoveError('model-unknown', `${modelId} was not added`);
    return model;
  }

  async #changed(): Promise<void> {
    this.#channel.post('changed');
    await this.refresh();
  }
}

export const CUSTOM_ID = 'custom-';

/** What identifies a source: a later commit of a repository is the same model. */
function originOf({ source }: ModelRecord): string {
  return JSON.stringify(source.kind === 'huggingface' ? { ...source, revision: '' } : source);
}

function hashesOf(files: readonly PlannedFile[]): string {
  return files
    .map(({ path, sha256 }) => `${path} ${sha256}`)
    .sort()
    .join('\n');
}

function diskFiles({ source }: ModelRecord): readonly DiskFile[] {
  return source.kind === 'disk' ? source.files : [];
}

/** The engine takes only files with this ending as weights. */
function storedName({ name }: File): string {
  return name.endsWith('.gguf') ? name : `${name}.gguf`;
}

/** A changed file of the same name is another revision. */
function revisionOf(record: ModelRecord): string {
  return diskFiles(record)
    .map(({ modifiedAt }) => modifiedAt)
    .join('-');
}

/** Checks a stored record like one of unknown origin: a newer version, or the user, may have changed it. */
function readRecord(record: unknown): ModelRecord | undefined {
  try {
    return parseRecord(record);
  } catch {
    return undefined;
  }
}
