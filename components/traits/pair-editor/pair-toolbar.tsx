import {
  ArrowDown,
  ArrowLeftRight,
  ArrowUp,
  CircleQuestionMark,
  type LucideIcon,
  Plus,
  Redo2,
  Scissors,
  Search,
  Sparkles,
  Trash2,
  Undo2,
} from "lucide-react";
import { Dialog } from "#components/ui/dialog.tsx";
import { KeyList } from "#components/ui/key-list.tsx";
import { type PairCommandName, pairCommands } from "./pair-commands.ts";
import { batchKey, type PairEditor } from "./pair-editor.ts";

const icons: Record<PairCommandName, LucideIcon> = {
  addBelow: Plus,
  split: Scissors,
  swap: ArrowLeftRight,
  remove: Trash2,
  moveUp: ArrowUp,
  moveDown: ArrowDown,
};

const commands = Object.entries(pairCommands) as [PairCommandName, (typeof pairCommands)[PairCommandName]][];

const others = [
  ["Mod-z", "Undo, on whichever side the last change was"],
  ["Mod-y", "Redo"],
  [batchKey, "Generate a batch of pairs"],
  ["F6", "Go to the same line of the other side (also Ctrl-Alt-Arrow)"],
  ["Mod-f", "Find and replace on this side"],
  ["Mod-Alt-g", "Go to a line"],
  ["F8", "Go to the next finding and read it"],
  ["Tab", "Leave the editor"],
] as const;

/** The commands on pairs as buttons, for those who do not know the keys, and the keys themselves. */
export function PairToolbar({ editor, onBatch }: { editor: PairEditor | null; onBatch(): void }) {
  const onPair = (act: (editor: PairEditor) => void) => () => {
    if (!editor) return;
    act(editor);
    editor.views[editor.active].focus();
  };
  return (
    <div role="toolbar" aria-label="Pairs" className="mb-2 flex flex-wrap items-center gap-0.5">
      {commands.map(([name, { does, key }]) => (
        <Tool
          key={name}
          icon={icons[name]}
          label={does}
          keys={keysOf(key)}
          onPress={onPair((made) => made.run(name))}
        />
      ))}
      <span className="mx-1 h-5 border-l" aria-hidden />
      <Tool icon={Undo2} label="Undo" keys={keysOf("Mod-z")} onPress={onPair((made) => made.step(-1))} />
      <Tool icon={Redo2} label="Redo" keys={keysOf("Mod-y")} onPress={onPair((made) => made.step(1))} />
      <Tool icon={Search} label="Find and replace" keys={keysOf("Mod-f")} onPress={() => editor?.find()} />
      <span className="mx-1 h-5 border-l" aria-hidden />
      <Tool icon={Sparkles} label="Generate a batch" text keys={keysOf(batchKey)} onPress={onBatch} />
      <Dialog
        trigger={
          <button
            type="button"
            className="rounded p-1.5 hover:bg-raised"
            aria-label="Keys of the editor"
            title="Keys of the editor"
          >
            <CircleQuestionMark size={17} aria-hidden />
          </button>
        }
        title="Keys of the editor"
        description="They act on the pair under the cursor, or on every selected pair, on both sides at once."
      >
        <KeyList
          label="Keys"
          keys={[...commands.map(([, { key, does }]) => [key, does] as const), ...others].map(
            ([key, does]) => [keysOf(key), does] as const,
          )}
        />
      </Dialog>
    </div>
  );
}

interface ToolProps {
  icon: LucideIcon;
  label: string;
  keys: string;
  /** The label is written beside the icon. */
  text?: boolean;
  onPress(): void;
}

function Tool({ icon: Icon, label, keys, text, onPress }: ToolProps) {
  return (
    <button
      type="button"
      className="inline-flex items-center gap-1.5 rounded p-1.5 text-sm hover:bg-raised"
      aria-label={text ? undefined : label}
      title={`${label} (${keys})`}
      // The cursor stays where the command is to act.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Icon size={17} aria-hidden />
      {text && `${label} …`}
    </button>
  );
}

/** CodeMirror's notation as this system's keyboard says it: `Mod-Shift-k` → `Ctrl+Shift+K`. */
function keysOf(key: string): string {
  const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
  const names: Record<string, string> = {
    Mod: mac ? "⌘" : "Ctrl",
    Alt: mac ? "⌥" : "Alt",
    ArrowUp: "↑",
    ArrowDown: "↓",
  };
  return key
    .split("-")
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join("+");
}
