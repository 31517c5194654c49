import type {
  Ability,
  ModelLicence,
  ModelMemory,
  ModelRecord,
  ModelSource,
  Purpose,
  SelfTestReference,
} from '../../src/models/model-record.ts';

/** The text of catalogue.json, as docs/catalogue.schema.json describes it. */
export interface CatalogueJson {
  readonly version: 2;
  readonly pins: string;
  readonly licences: Readonly<Record<string, ModelLicence>>;
  readonly families: readonly CatalogueFamily[];
}

export interface CatalogueFamily {
  readonly name: string;
  readonly maker: string;
  readonly licence: string;
  readonly models: readonly CatalogueModel[];
}

export interface CatalogueModel {
  readonly name: string;
  readonly modelKey?: string;
  readonly parameterCount: number;
  readonly activeParameterCount?: number;
  readonly trainedContextWindow: number;
  readonly memory?: Omit<ModelMemory, 'kvLayers'> & { readonly kvLayers?: number };
  readonly licence?: string;
  readonly languages?: readonly string[];
  readonly abilities: readonly Ability[];
  readonly purpose?: Purpose;
  readonly releasedOn: string;
  readonly url?: string;
  readonly note?: string;
  readonly noteId?: string;
  readonly selfTest?: SelfTestReference;
  readonly variants: readonly CatalogueVariant[];
}

export type CatalogueVariant = Pick<
  ModelRecord,
  | 'id'
  | 'engine'
  | 'quantization'
  | 'contextWindow'
  | 'sizeBytes'
  | 'requiredBindingBytes'
  | 'overrides'
  | 'modelManifest'
  | 'imageTokens'
  | 'note'
  | 'noteId'
> & {
  readonly vramBytes?: number;
  readonly requiredFeatures?: readonly string[];
  readonly source: ModelSource | { readonly kind: 'server' };
};

/** One line per variant, so that a diff of the catalogue is readable. */
export function catalogueText(catalogue: CatalogueJson): string {
  const lines: string[] = [
    '{',
    '"version": 2,',
    `"pins": ${JSON.stringify(catalogue.pins)},`,
    `"licences": ${JSON.stringify(catalogue.licences, undefined, 1)},`,
  ];
  const families = catalogue.families.map(({ models, ...family }) => {
    const written = models.map(({ variants, ...model }) => {
      const rows = variants.map((variant) => JSON.stringify(variant));
      return `${open(model)}"variants":[\n${rows.join(',\n')}\n]}`;
    });
    return `${open(family)}"models":[\n${written.join(',\n')}\n]}`;
  });
  lines.push(`"families": [\n${families.join(',\n')}\n]`, '}', '');
  return lines.join('\n');
}

function open(members: object): string {
  return `${JSON.stringify(members).slice(0, -1)},`;
}
