/** Bytes per value of every dtype a safetensors header may name (safetensors 0.6 `Dtype`). Values are little-endian. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type Dtype = keyof typeof dtypeBytes;

export function isDtype(value: string): value is Dtype {
  return Object.hasOwn(dtypeBytes, value);
}

const float32 = new Float32Array(1);
const bits32 = new Uint32Array(float32.buffer);

/** The IEEE 754 binary16 bits nearest to a number held as float32: ties to even, overflow to infinity, NaN stays NaN. */
export function float32ToFloat16Bits(value: number): number {
  float32[0] = value;
  const bits = bits32[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // 0x477ff000 = 65520, the first value that rounds up past 65504.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  }
  // Subnormal halves are whole multiples of 2^-24.
  const multiples = roundHalfEven(Math.abs(float32[0] as number) * 2 ** 24);
  return sign | multiples;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The number that binary16 bits stand for. */
export function float16BitsToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The number that bfloat16 bits (the upper half of a float32) stand for. */
export function bfloat16BitsToNumber(bits: number): number {
  bits32[0] = bits << 16;
  return float32[0] as number;
}
