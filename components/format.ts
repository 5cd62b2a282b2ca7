/** `92 %`; a figure that was not measured is a dash. */
export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)} %`;
}

/** A number with a fixed count of decimals; not measured is a dash. */
export function decimal(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

/** Writes numbers with the decimals that tell apart points of an axis of this length. */
export function fitting(length: number): (value: number) => string {
  const digits = length > 0 ? Math.min(Math.max(2 - Math.floor(Math.log10(length)), 0), 12) : 0;
  return (value) =>
    value
      .toFixed(digits)
      .replace(/^-(?=[0.]*$)/, "")
      .replace("-", "−");
}

/** A difference always shows its sign; minus is the real minus sign. */
export function signed(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(size) > 0 ? "−" : "+"}${size}`;
}

/** `45 s`, `2 min 5 s`, `1 h 4 min`. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** `$0.02`; unknown prices are said to be unknown. */
export function dollars(cost: number | null | undefined): string {
  if (cost === null || cost === undefined) return "cost unknown";
  return cost === 0 ? "free" : `$${cost < 0.1 ? cost.toFixed(4) : cost.toFixed(2)}`;
}

/** A moment in the reader's own language and time zone. */
export function moment(iso: string | null | undefined): string {
  return iso ? new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "–";
}

/** `1,234` */
export function whole(value: number): string {
  return value.toLocaleString("en-US");
}
