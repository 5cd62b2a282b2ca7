import { unzipSync, zipSync } from "fflate";
import { AppError } from "#lib/core/errors.ts";
import { type Dtype, dtypeBytes } from "./dtypes.ts";
import { PickleGlobal, readPickle } from "./pickle.ts";
import { type PickleNode, writePickle } from "./pickle-writer.ts";
import { elementCount, type Tensor } from "./tensor.ts";

/** A `.pt` file holds one bare tensor, or several by name (a Python dict). */
export type PtContent = Tensor | ReadonlyMap<string, Tensor>;

// torch's storage class of each dtype; dtypes without one need a form that only recent versions of torch read.
const storageClass: Partial<Record<Dtype, string>> = {
  F64: "DoubleStorage",
  F32: "FloatStorage",
  F16: "HalfStorage",
  BF16: "BFloat16Storage",
  I64: "LongStorage",
  I32: "IntStorage",
  I16: "ShortStorage",
  I8: "CharStorage",
  U8: "ByteStorage",
  BOOL: "BoolStorage",
};
const dtypeOfStorage = new Map(
  Object.entries(storageClass).map(([dtype, name]) => [`torch.${name}`, dtype as Dtype]),
);

/**
 * Writes what `torch.save` writes, so that `torch.load(path, weights_only=True)` gives the tensor or the dict of tensors:
 * an uncompressed zip of a pickle (`data.pkl`) and raw storages (`data/0` …). Equal content gives equal bytes.
 * Throws `invalid-input` for a dtype that torch's classic storages do not have.
 */
export function writePt(content: PtContent): Uint8Array<ArrayBuffer> {
  const storages: Uint8Array[] = [];
  const node = isTensor(content)
    ? tensorNode(content, storages)
    : dictNode([...content].map(([name, tensor]) => [name, tensorNode(tensor, storages)]));
  const entries: [string, Uint8Array][] = [
    ["archive/data.pkl", writePickle(node)],
    ["archive/byteorder", new TextEncoder().encode("little")],
    ...storages.map((data, at): [string, Uint8Array] => [`archive/data/${at}`, data]),
    ["archive/version", new TextEncoder().encode("3\n")],
  ];
  // Zip keeps local time without a zone: this is 1980-01-01 everywhere, the earliest it can say.
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: 0, mtime: new Date(1980, 0, 1) }));
}

function isTensor(content: PtContent): content is Tensor {
  return "dtype" in content;
}

const text = (value: string): PickleNode => ({ kind: "text", value });
const int = (value: number): PickleNode => ({ kind: "int", value });
const tuple = (...items: PickleNode[]): PickleNode => ({ kind: "tuple", items });
const global = (module: string, name: string): PickleNode => ({ kind: "global", module, name });
const dictNode = (entries: [string, PickleNode][]): PickleNode => ({
  kind: "dict",
  entries: entries.map(([key, value]) => [text(key), value]),
});

function tensorNode({ dtype, shape, data }: Tensor, storages: Uint8Array[]): PickleNode {
  const storage = storageClass[dtype];
  if (storage === undefined) {
    throw new AppError(
      "invalid-input",
      `a ${dtype} tensor cannot be written as .pt: convert it to F32 first`,
    );
  }
  const count = elementCount(shape);
  if (data.byteLength !== count * dtypeBytes[dtype]) {
    throw new AppError(
      "invalid-input",
      `a ${dtype} tensor of shape [${shape.join(", ")}] does not take ${data.byteLength} bytes`,
    );
  }
  const key = String(storages.push(data) - 1);
  const id = tuple(text("storage"), global("torch", storage), text(key), text("cpu"), int(count));
  const hooks: PickleNode = { kind: "call", callee: global("collections", "OrderedDict"), args: tuple() };
  return {
    kind: "call",
    callee: global("torch._utils", "_rebuild_tensor_v2"),
    args: tuple(
      { kind: "persistent", id },
      int(0),
      tuple(...shape.map(int)),
      tuple(...stridesOf(shape).map(int)),
      { kind: "bool", value: false },
      hooks,
    ),
  };
}

/** Row-major strides, in values. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

class Storage {
  readonly dtype: Dtype;
  readonly bytes: Uint8Array;
  constructor(dtype: Dtype, bytes: Uint8Array) {
    this.dtype = dtype;
    this.bytes = bytes;
  }
}

class LoadedTensor {
  readonly tensor: Tensor;
  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }
}

/**
 * Reads a `.pt` file of tensors (torch >= 1.6): a bare tensor, or tensors in dicts and lists, whose names are joined with
 * `.` (`{"layers": {3: t}}` → `layers.3`). Values that are no tensors are left out. No code of the file is run.
 * @param file name used in error messages
 * Throws `invalid-file`: not a zip, the older format, compressed, big-endian, objects other than tensors, damage.
 */
export function readPt(bytes: Uint8Array, file = ".pt file"): Tensor | Map<string, Tensor> {
  const records = openArchive(bytes, file);
  const pickle = records.get("data.pkl");
  if (!pickle) return fail(file, "it holds no data.pkl, so torch.save did not write it");
  const byteOrder = records.get("byteorder");
  if (byteOrder && new TextDecoder().decode(byteOrder) !== "little") {
    return fail(file, "it was written on a big-endian machine; save it again on another");
  }
  const root = readPickle(pickle, file, {
    persistent: (id) => {
      const [kind, type, key] = Array.isArray(id) ? id : [];
      const dtype = type instanceof PickleGlobal ? dtypeOfStorage.get(type.name) : undefined;
      const data = records.get(`data/${String(key)}`);
      if (kind !== "storage" || !dtype || !data)
        return fail(file, `its storage ${String(key)} is missing or of an unknown type`);
      return new Storage(dtype, data);
    },
    call: ({ name }, args) => {
      if (name === "collections.OrderedDict" && args.length === 0) return new Map();
      if (name === "torch._utils._rebuild_tensor_v2") return new LoadedTensor(rebuild(args, file));
      if (name === "torch._utils._rebuild_parameter") return args[0];
      return fail(file, `it needs ${name}; only plain tensors, lists and dicts can be read`);
    },
  });
  if (root instanceof LoadedTensor) return root.tensor;
  const tensors = new Map<string, Tensor>();
  collectTensors(root, file, tensors);
  if (tensors.size === 0) return fail(file, "it holds no tensor");
  return tensors;
}

function fail(file: string, problem: string): never {
  throw new AppError("invalid-file", `${file}: ${problem}`);
}

/** The archive's records by name below its one folder. */
function openArchive(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  if (bytes[0] === 0x80 && bytes[1] === 2) {
    return fail(
      file,
      "it has the format of torch before 1.6; load it there and save it again with torch >= 1.6",
    );
  }
  let total = 0;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, compression, size, originalSize }) => {
        total += size;
        // Overlapping entries could add up to far more than the file.
        if (compression !== 0 || size !== originalSize || total > bytes.byteLength) {
          fail(
            file,
            `its record ${JSON.stringify(name)} is compressed or overlaps another; torch.save writes neither`,
          );
        }
        return true;
      },
    });
    return new Map(Object.entries(entries).map(([name, data]) => [name.slice(name.indexOf("/") + 1), data]));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("invalid-file", `${file}: it is not a whole zip archive, which a .pt file is`, {
      cause: error,
    });
  }
}

/** torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …) as a row-major tensor. */
function rebuild([storage, offset, size, stride]: readonly unknown[], file: string): Tensor {
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  const list = (value: unknown): value is number[] => Array.isArray(value) && value.every(whole);
  if (
    !(storage instanceof Storage) ||
    !whole(offset) ||
    !list(size) ||
    !list(stride) ||
    size.length !== stride.length
  ) {
    return fail(file, "a tensor's description is damaged");
  }
  const { dtype, bytes } = storage;
  const width = dtypeBytes[dtype];
  const count = elementCount(size);
  const last = size.reduce((sum, length, axis) => sum + (length - 1) * (stride[axis] as number), offset);
  // A tensor expanded over one value (stride 0) would take more room than its file.
  if (count > 0 && ((last + 1) * width > bytes.byteLength || count * width > bytes.byteLength)) {
    return fail(
      file,
      `a tensor of shape [${size.join(", ")}] needs more than the ${bytes.byteLength} bytes of its storage`,
    );
  }
  const expected = stridesOf(size);
  if (count === 0 || size.every((length, axis) => length === 1 || stride[axis] === expected[axis])) {
    return { dtype, shape: size, data: bytes.subarray(offset * width, (offset + count) * width) };
  }
  const data = new Uint8Array(count * width);
  for (let at = 0; at < count; at++) {
    let from = offset;
    let rest = at;
    for (let axis = size.length - 1; axis >= 0; axis--) {
      from += (rest % (size[axis] as number)) * (stride[axis] as number);
      rest = Math.floor(rest / (size[axis] as number));
    }
    data.set(bytes.subarray(from * width, (from + 1) * width), at * width);
  }
  return { dtype, shape: size, data };
}

// Containers may hold themselves or one another many times over.
const MAX_VISITS = 100_000;

/** Adds the tensors of nested dicts and lists under their joined names, in order. */
function collectTensors(root: unknown, file: string, tensors: Map<string, Tensor>): void {
  let visits = 0;
  const visit = (value: unknown, path: string, depth: number): void => {
    visits += 1;
    if (visits > MAX_VISITS || depth > 16)
      fail(file, "its dicts or lists are nested too deeply to be tensors by name");
    if (value instanceof LoadedTensor) tensors.set(path, value.tensor);
    if (!(value instanceof Map) && !Array.isArray(value)) return;
    for (const [key, member] of value.entries()) {
      visit(member, path === "" ? String(key) : `${path}.${String(key)}`, depth + 1);
    }
  };
  visit(root, "", 0);
}
