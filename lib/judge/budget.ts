import { AppError } from "#lib/core/errors.ts";

/** Room under the cap that one item (or the probe) holds while its calls are in flight. */
export interface Reservation {
  /** Before a call that may cost `boundUsd`: grows the reservation where it no longer covers it. Throws `spending-cap`. */
  cover(boundUsd: number): void;
  /** Replaces the reservation by what was really spent. Call it exactly once. */
  settle(spentUsd: number): void;
}

/** Keeps the sum of what is spent and what calls in flight may still cost at or below the cap. */
export interface Budget {
  /**
   * Waits while calls in flight might still leave room.
   * Throws `spending-cap` when `boundUsd` does not fit and nothing in flight can change that.
   */
  reserve(boundUsd: number): Promise<Reservation>;
}

/** @param capUsd undefined: no cap. @param alreadySpentUsd what the run being resumed has spent. */
export function createBudget(capUsd = Number.POSITIVE_INFINITY, alreadySpentUsd = 0): Budget {
  let spent = alreadySpentUsd;
  let reserved = 0;
  let open = 0;
  let waiting: (() => void)[] = [];
  const fits = (usd: number) => spent + reserved + usd <= capUsd;

  function openReservation(boundUsd: number): Reservation {
    let held = boundUsd;
    let covered = 0;
    reserved += held;
    open++;
    return {
      cover(usd) {
        covered += usd;
        // A billionth of a dollar absorbs the rounding of sums.
        const more = covered - held;
        if (more <= 1e-9) return;
        if (!fits(more)) throw capReached(capUsd, spent, usd);
        held += more;
        reserved += more;
      },
      settle(spentUsd) {
        open--;
        // Rounding must not leave a crumb reserved for ever.
        reserved = open === 0 ? 0 : reserved - held;
        spent += spentUsd;
        const woken = waiting;
        waiting = [];
        for (const wake of woken) wake();
      },
    };
  }

  return {
    async reserve(boundUsd) {
      while (!fits(boundUsd)) {
        if (open === 0) throw capReached(capUsd, spent, boundUsd);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return openReservation(boundUsd);
    },
  };
}

function capReached(capUsd: number, spentUsd: number, boundUsd: number): AppError {
  const money = (usd: number) => `$${Number(usd.toPrecision(3))}`;
  return new AppError(
    "spending-cap",
    `the spending cap of ${money(capUsd)} is reached: ${money(spentUsd)} spent, and the next call may cost ${money(boundUsd)}; what is judged is kept, raise the cap and run again to go on`,
    { details: { capUsd, spentUsd } },
  );
}
