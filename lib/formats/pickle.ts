import { AppError } from "#lib/core/errors.ts";

/** A name that a pickle refers to, such as `torch._utils._rebuild_tensor_v2`. It is never looked up nor run. */
export class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** How the objects of a pickle are made: the only two things a pickle can ask for here. */
export interface PickleHooks {
  /** The value of calling a global. Throws for a global that is not allowed. */
  call(global: PickleGlobal, args: readonly unknown[]): unknown;
  /** The value behind a persistent id (in a `.pt`: a storage). */
  persistent(id: unknown): unknown;
}

class Mark {}

/**
 * Reads the part of Python's pickle protocol 2-5 that data files use: numbers, strings, None, booleans, lists and tuples
 * (arrays), dicts (Maps), and calls that `hooks` answers. Nothing else is possible, so an untrusted file can do no harm.
 * Integers come as numbers. Throws `invalid-file`.
 */
export function readPickle(bytes: Uint8Array, file: string, hooks: PickleHooks): unknown {
  return new PickleReader(bytes, file, hooks).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  readonly #hooks: PickleHooks;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();
  #at = 0;

  constructor(bytes: Uint8Array, file: string, hooks: PickleHooks) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#hooks = hooks;
  }

  read(): unknown {
    for (;;) {
      const opcode = this.#take(1)[0] as number;
      if (opcode === 0x2e) return this.#pop();
      this.#run(opcode);
    }
  }

  #run(opcode: number): void {
    const stack = this.#stack;
    switch (opcode) {
      case 0x80: // PROTO
        if (this.#uint(1) > 5) this.#fail("its pickle protocol is newer than 5");
        return;
      case 0x95: // FRAME: a hint for readers of streams
        this.#take(8);
        return;
      case 0x28: // MARK
        stack.push(new Mark());
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4b: // BININT1
        stack.push(this.#uint(1));
        return;
      case 0x4d: // BININT2
        stack.push(this.#uint(2));
        return;
      case 0x4a: // BININT
        stack.push(this.#uint(4) | 0);
        return;
      case 0x8a: // LONG1
        stack.push(this.#long(this.#uint(1)));
        return;
      case 0x47: {
        // BINFLOAT, the one big-endian number
        const at = this.#at;
        this.#take(8);
        stack.push(this.#view.getFloat64(at, false));
        return;
      }
      case 0x58: // BINUNICODE
        stack.push(this.#text(this.#uint(4)));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.#text(this.#uint(1)));
        return;
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const items = Array.from({ length: opcode - 0x84 }, () => this.#pop()).reverse();
        stack.push(items);
        return;
      }
      case 0x74: // TUPLE
        stack.push(this.#popToMark());
        return;
      case 0x61: {
        // APPEND
        const item = this.#pop();
        this.#topList().push(item);
        return;
      }
      case 0x65: {
        // APPENDS
        const items = this.#popToMark();
        const list = this.#topList();
        for (const item of items) list.push(item);
        return;
      }
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x73: {
        // SETITEM
        const value = this.#pop();
        const key = this.#pop();
        this.#topDict().set(key, value);
        return;
      }
      case 0x75: {
        // SETITEMS
        const items = this.#popToMark();
        const dict = this.#topDict();
        for (let at = 0; at + 1 < items.length; at += 2) dict.set(items[at], items[at + 1]);
        return;
      }
      case 0x63: // GLOBAL
        stack.push(new PickleGlobal(`${this.#line()}.${this.#line()}`));
        return;
      case 0x93: {
        // STACK_GLOBAL
        const name = this.#pop();
        stack.push(new PickleGlobal(`${String(this.#pop())}.${String(name)}`));
        return;
      }
      case 0x51: // BINPERSID
        stack.push(this.#hooks.persistent(this.#pop()));
        return;
      case 0x52: {
        // REDUCE
        const args = this.#pop();
        const callee = this.#pop();
        if (!(callee instanceof PickleGlobal) || !Array.isArray(args)) this.#fail("it calls what is no name");
        stack.push(this.#hooks.call(callee, args));
        return;
      }
      case 0x62: // BUILD: attributes of an object (a state dict's _metadata); no value here has any
        this.#pop();
        return;
      case 0x71: // BINPUT
        this.#memo.set(this.#uint(1), stack.at(-1));
        return;
      case 0x72: // LONG_BINPUT
        this.#memo.set(this.#uint(4), stack.at(-1));
        return;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, stack.at(-1));
        return;
      case 0x68: // BINGET
        stack.push(this.#recall(this.#uint(1)));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.#recall(this.#uint(4)));
        return;
      default:
        this.#fail(`it holds objects other than tensors (pickle opcode 0x${opcode.toString(16)})`);
    }
  }

  #fail(problem: string): never {
    throw new AppError("invalid-file", `${this.#file}: ${problem}, at byte ${this.#at} of its data.pkl`);
  }

  #take(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.byteLength) this.#fail("its pickle ends too early");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** Little-endian, 1, 2 or 4 bytes. */
  #uint(size: 1 | 2 | 4): number {
    const at = this.#at;
    this.#take(size);
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  /** Two's complement, little-endian, any length. */
  #long(size: number): number {
    const bytes = this.#take(size);
    const magnitude = bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * size, magnitude));
  }

  #text(size: number): string {
    return new TextDecoder().decode(this.#take(size));
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) return this.#fail("its pickle ends too early");
    const text = this.#text(end - this.#at);
    this.#at = end + 1;
    return text;
  }

  #pop(): unknown {
    if (this.#stack.length === 0) this.#fail("its pickle is damaged");
    return this.#stack.pop();
  }

  #popToMark(): unknown[] {
    const mark = this.#stack.findLastIndex((value) => value instanceof Mark);
    if (mark < 0) return this.#fail("its pickle is damaged");
    const items = this.#stack.splice(mark);
    return items.slice(1);
  }

  #topList(): unknown[] {
    const top = this.#stack.at(-1);
    return Array.isArray(top) ? top : this.#fail("its pickle is damaged");
  }

  #topDict(): Map<unknown, unknown> {
    const top = this.#stack.at(-1);
    return top instanceof Map ? top : this.#fail("its pickle is damaged");
  }

  #recall(key: number): unknown {
    return this.#memo.has(key) ? this.#memo.get(key) : this.#fail("its pickle is damaged");
  }
}
