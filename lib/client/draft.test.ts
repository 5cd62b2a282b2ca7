import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { Draft } from "./draft.ts";

describe("a draft", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function make(answers: (() => Promise<string>)[]) {
    const states: string[] = [];
    const draft = new Draft<string>("before", {
      save: () => (answers.shift() ?? (() => Promise.reject(new Error("one save too many"))))(),
      conflictOf: (error) => (error instanceof AppError && error.code === "conflict" ? "theirs" : null),
      onState: ({ kind }) => states.push(kind),
    });
    return { draft, states };
  }

  it("is saved once the typing has stopped for a second", async () => {
    const { draft, states } = make([async () => "then"]);
    draft.touch();
    await vi.advanceTimersByTimeAsync(900);
    draft.touch();
    await vi.advanceTimersByTimeAsync(900);
    expect(states).toEqual(["unsaved"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(draft.state).toEqual({ kind: "saved", at: "then" });
  });

  it("is saved again when it was changed during a save", async () => {
    const first = Promise.withResolvers<string>();
    const { draft } = make([() => first.promise, async () => "second"]);
    draft.touch();
    const flushed = draft.flush();
    draft.touch();
    first.resolve("first");
    expect(await flushed).toBe(true);
    expect(draft.state).toEqual({ kind: "saved", at: "second" });
  });

  it("stays unsaved with the reason, and is tried again", async () => {
    const { draft } = make([() => Promise.reject(new AppError("disk-full", "no room")), async () => "then"]);
    draft.touch();
    expect(await draft.flush()).toBe(false);
    expect(draft.state).toMatchObject({ kind: "failed", error: { userMessage: "no room" } });
    expect(draft.dirty).toBe(true);
    expect(await draft.flush()).toBe(true);
  });

  it("writes nothing over a conflict until that is settled", async () => {
    const { draft } = make([() => Promise.reject(new AppError("conflict", "changed")), async () => "then"]);
    draft.touch();
    expect(await draft.flush()).toBe(false);
    draft.touch();
    await vi.advanceTimersByTimeAsync(5000);
    expect(draft.state).toEqual({ kind: "conflict", conflict: "theirs" });
    draft.settle();
    await vi.advanceTimersByTimeAsync(0);
    expect(draft.state).toEqual({ kind: "saved", at: "then" });
    draft.touch();
    draft.settle("now");
    expect(draft.dirty).toBe(false);
  });
});
