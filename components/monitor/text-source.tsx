"use client";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { SelectField, TextArea } from "#components/ui/field.tsx";
import { maxTexts } from "#lib/chat/api.ts";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi, useTraits } from "#lib/client/trait-queries.ts";
import { readSource } from "#lib/traits/import/source.ts";
import { linesOfTrait, type MonitoredText, readTable, type TableTexts, textsOfSource } from "./texts.ts";

/** Texts typed (one a line), from a file, or a trait's own lines. */
export function TextSource({ onTexts }: { onTexts(texts: MonitoredText[]): void }) {
  const [typed, setTyped] = useState("");
  const [table, setTable] = useState<TableTexts | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [trait, setTrait] = useState("");
  const [lines, setLines] = useState<MonitoredText[] | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const traits = useTraits().data ?? [];
  const texts = lines ?? (table ? readTable(table) : textsOfSource(typed));
  const key = JSON.stringify(texts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same texts are told once
  useEffect(() => onTexts(texts.slice(0, maxTexts)), [key]);

  const begin = () => {
    setProblem(null);
    setTable(null);
    setLines(null);
    setTrait("");
  };
  const openFile = async (given: File) => {
    begin();
    try {
      const source = readSource([{ path: given.name, bytes: new Uint8Array(await given.arrayBuffer()) }]);
      if (source.kind === "lines") setTyped(source.files.map(({ text }) => text).join("\n"));
      else if (source.kind === "table") {
        const [column = ""] = source.table.columns;
        setTable({
          table: source.table,
          column: source.table.columns.find((name) => /text|prompt|answer/i.test(name)) ?? column,
        });
      } else setProblem("a trait's file: choose the trait below, or give a .txt, .csv or .jsonl file");
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  const openTrait = async (id: string) => {
    begin();
    setTrait(id);
    if (id === "") return;
    try {
      setLines(linesOfTrait((await traitsApi.read(id)).texts));
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Card title="Texts" hint={`One a line, at most ${maxTexts}.`}>
      <div className="grid gap-3">
        <TextArea
          label="Texts, one a line"
          rows={5}
          value={lines || table ? "" : typed}
          placeholder={
            lines
              ? `lines of ${trait}`
              : table
                ? "rows of the file"
                : "I am sure that it will all turn out well."
          }
          onChange={(event) => {
            begin();
            setTyped(event.target.value);
          }}
        />
        <div className="flex flex-wrap items-end gap-3">
          <input
            ref={file}
            type="file"
            accept=".txt,.csv,.tsv,.jsonl"
            className="sr-only"
            tabIndex={-1}
            aria-label="File of texts"
            onChange={(event) => {
              const [given] = event.target.files ?? [];
              if (given) void openFile(given);
              event.target.value = "";
            }}
          />
          <Button onClick={() => file.current?.click()}>Open a file…</Button>
          <SelectField
            className="flex-1"
            label="or the lines of a trait"
            value={trait}
            onChange={(event) => void openTrait(event.target.value)}
          >
            <option value="">none</option>
            {traits.map(({ trait: id }) => (
              <option key={id}>{id}</option>
            ))}
          </SelectField>
        </div>
        {table && (
          <SelectField
            label="Column with the text"
            value={table.column}
            onChange={(event) => setTable({ ...table, column: event.target.value })}
          >
            {table.table.columns.map((column) => (
              <option key={column}>{column}</option>
            ))}
          </SelectField>
        )}
        {table && table.table.problems.length > 0 && (
          <p className="text-sm text-warn">
            ! {table.table.problems.length} lines cannot be read: {table.table.problems[0]?.message}
          </p>
        )}
        {texts.length > maxTexts && (
          <p className="text-sm text-warn">
            ! Only the first {maxTexts} of {texts.length} texts are read.
          </p>
        )}
        {problem && <ErrorNote message={problem} />}
      </div>
    </Card>
  );
}
