import type { DrawnSpan } from "./traced.js";

/** Fields of a protobuf message by number; each value is a number, or the bytes of a nested message. */
type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** Reads the wire format of protobuf: varints, 64-bit numbers and bytes. */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    let value: bigint | Uint8Array;
    if (kind === 0) value = varint();
    else if (kind === 1) value = view.getBigUint64(at, true);
    else if (kind === 5) value = BigInt(view.getUint32(at, true));
    else {
      const length = Number(varint());
      value = bytes.subarray(at, at + length);
      at += length;
    }
    if (kind === 1) at += 8;
    if (kind === 5) at += 4;
    const number = tag >> 3;
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number) => ((fields.get(number) ?? []) as Uint8Array[]).map(fieldsOf);
const bytesAt = (fields: Fields, number: number) => (fields.get(number)?.[0] ?? new Uint8Array()) as Uint8Array;
const textAt = (fields: Fields, number: number) => Buffer.from(bytesAt(fields, number)).toString("utf8");
const hexAt = (fields: Fields, number: number) => Buffer.from(bytesAt(fields, number)).toString("hex");

/** Reads an `AnyValue`: a string, a boolean, a whole number, a fraction or a list. */
function anyValue(any: Fields): unknown {
  if (any.has(1)) return textAt(any, 1);
  if (any.has(2)) return any.get(2)![0] === 1n;
  if (any.has(3)) return Number(BigInt.asIntN(64, any.get(3)![0] as bigint));
  if (any.has(4)) {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setBigUint64(0, any.get(4)![0] as bigint);
    return bits.getFloat64(0);
  }
  return any.has(5) ? messages(messages(any, 5)[0]!, 1).map(anyValue) : undefined;
}

/** Reads the spans of an `ExportTraceServiceRequest` in protobuf. */
export function spansInProtobuf(body: Uint8Array): DrawnSpan[] {
  const spans = messages(fieldsOf(body), 1)
    .flatMap((resource) => messages(resource, 2))
    .flatMap((scope) => messages(scope, 2));
  return spans.map((span) => ({
    id: hexAt(span, 2),
    parentId: hexAt(span, 4) || undefined,
    name: textAt(span, 5),
    startedAt: Number(span.get(7)![0]),
    failed: messages(span, 15).some((status) => status.get(3)?.[0] === 2n),
    attributes: Object.fromEntries(messages(span, 9).map((pair) => [textAt(pair, 1), anyValue(messages(pair, 2)[0]!)])),
  }));
}

interface JsonSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly { readonly key: string; readonly value: JsonValue }[];
}

interface JsonValue {
  readonly arrayValue?: { readonly values: readonly JsonValue[] };
  readonly intValue?: number | string;
  readonly [kind: string]: unknown;
}

function jsonValue({ arrayValue, intValue, ...other }: JsonValue): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(jsonValue);
  return intValue === undefined ? Object.values(other)[0] : Number(intValue);
}

/** Reads the spans of the same request in JSON. */
export function spansInJson(body: string): DrawnSpan[] {
  const { resourceSpans } = JSON.parse(body) as {
    readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[] }[];
  };
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map(({ spanId, parentSpanId, name, startTimeUnixNano, status, attributes }) => ({
      ...{ id: spanId, parentId: parentSpanId || undefined, name, startedAt: Number(startTimeUnixNano) },
      failed: status.code === 2,
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, jsonValue(value)])),
    }));
}
