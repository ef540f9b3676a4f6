/** A validator of the part of JSON Schema that the API's document uses; a keyword beyond it is a fault of its own. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

const KNOWN = new Set([
  ...['$ref', 'type', 'enum', 'const', 'format', 'minimum', 'maximum', 'minLength'],
  ...['properties', 'required', 'additionalProperties', 'items', 'description', 'examples'],
]);

export interface Strictness {
  /** Properties that the schema does not name are faults, unless it says otherwise. */
  readonly closed: boolean;
}

/** What is wrong with a value, each fault with its place; empty: it is as the schema says. */
export function faultsOf(
  value: unknown,
  schema: Schema,
  schemas: Readonly<Record<string, Schema>>,
  strictness: Strictness = { closed: true },
  at = '$',
): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) return [`${at}: the validator does not know ${unknown.join(', ')}`];
  if (schema.$ref !== undefined) {
    const named = schemas[schema.$ref.replace('#/components/schemas/', '')];
    return named ? faultsOf(value, named, schemas, strictness, at) : [`${at}: there is no ${schema.$ref}`];
  }
  const own = [...typeFaults(value, schema, at), ...valueFaults(value, schema, at)];
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return own;
    return [...own, ...value.flatMap((item, i) => faultsOf(item, items, schemas, strictness, `${at}[${i}]`))];
  }
  if (typeof value !== 'object' || value === null) return own;
  const { properties = {}, required = [], additionalProperties = !strictness.closed } = schema;
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at}.${name}: missing`);
  const inner = Object.entries(value).flatMap(([name, item]) => {
    const described = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (described === true || (schema.properties === undefined && schema.additionalProperties === undefined))
      return [];
    return described === undefined || described === false
      ? [`${at}.${name}: not described`]
      : faultsOf(item, described, schemas, strictness, `${at}.${name}`);
  });
  return [...own, ...missing, ...inner];
}

function typeFaults(value: unknown, { type }: Schema, at: string): string[] {
  if (type === undefined) return [];
  const types = typeof type === 'string' ? [type] : type;
  const is =
    value === null
      ? ['null']
      : Array.isArray(value)
        ? ['array']
        : Number.isInteger(value)
          ? ['integer', 'number']
          : [typeof value];
  return is.some((name) => types.includes(name))
    ? []
    : [`${at}: expected ${types.join(' or ')}, got ${JSON.stringify(value)}`];
}

function valueFaults(value: unknown, schema: Schema, at: string): string[] {
  const faults: string[] = [];
  if (schema.const !== undefined && value !== schema.const)
    faults.push(`${at}: not ${JSON.stringify(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) faults.push(`${at}: not one of ${schema.enum.join(', ')}`);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) faults.push(`${at}: below ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) faults.push(`${at}: above ${schema.maximum}`);
  }
  if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength) faults.push(`${at}: too short`);
    const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
    if (schema.format === 'date-time' && !isMoment) faults.push(`${at}: no RFC 3339 moment: ${value}`);
  }
  return faults;
}
