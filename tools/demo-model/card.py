"""Print the figures of evaluate.py as the Markdown tables of the READMEs, and write the judge's, and the writer's prompts, into
the model's tiller.json.

    python card.py figures.json ../../public/models/demo
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evaluate import COHERENT, NAMES


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def judge_table(splits: dict) -> str:
    rows = []
    for trait in (*NAMES, "coherence"):
        row = [trait]
        for split in ("fresh", "heldout"):
            j = splits[split]["judge"]
            row += [f"{j[f'{trait}.all']['spearman']:.2f}", f"{j[f'{trait}.all']['auc']:.2f}", f"{j[f'{trait}.all']['mae']:.0f}",
                    str(j[f"{trait}.all"]["n"])]
        rows.append(row)
    head = ["judge", *[f"{split} {what}" for split in ("fresh", "held-out") for what in ("Spearman", "AUC", "MAE", "n")]]
    return table(head, rows)


def write_agreement(splits: dict, model: Path) -> None:
    """What Tiller shows beside the judge: held-out texts, all prompts together."""
    path = model / "tiller.json"
    tiller = json.loads(path.read_text(encoding="utf-8"))
    judge = splits["heldout"]["judge"]
    tiller["judge"]["agreement"] = {
        name: {"spearman": round(row["spearman"], 3), "auc": round(row["auc"], 3), "n": row["n"]}
        for name in (*NAMES, "coherence")
        for row in (judge[f"{name}.all"],)
    }
    # It can react, but name no words and describe nobody: lib/caa/prompts/village-1.
    tiller["writer"] = {"prompts": "village-1"}
    path.write_text(json.dumps(tiller, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def form_table(splits: dict) -> str:
    rows = []
    for trait in NAMES:
        for form in ("response", "answer", "scenario"):
            cells = [splits[s]["judge"][f"{trait}.{form}"] for s in ("fresh", "heldout")]
            rows.append([trait, form, *[f"{c['spearman']:.2f} / {c['auc']:.2f}" for c in cells]])
    return table(["trait", "prompt", "fresh Spearman / AUC", "held-out"], rows)


def response_table(traits: dict) -> str:
    rows = []
    for name in NAMES:
        sides = [traits[name]["responses"][s] for s in ("positive", "negative")]
        rows.append([name, *[f"{s['scenario_pass']:.0%}" for s in sides], *[f"{s['response_pass']:.0%}" for s in sides],
                     *[f"{s['mean']:.0f}" for s in sides]])
    return table(["trait", "scenarios pass +", "−", "responses pass +", "−", "mean score +", "−"], rows)


def layer_table(traits: dict) -> str:
    count = len(traits[NAMES[0]]["layers"])
    rows = [[name, *[f"{r['accuracy']:.2f} / {r['auroc']:.2f}" for r in traits[name]["layers"]]] for name in NAMES]
    return table(["accuracy / AUROC", *[f"layer {i}" for i in range(count)]], rows)


def steering_table(traits: dict) -> str:
    rows = []
    for name in NAMES:
        s = traits[name]["steering"]
        for side in ("up", "down"):
            b = s["best"][side]
            rows.append([f"{name} {side}", f"{s['baseline']['trait']:.0f} ({s['baseline']['coherence']:.0f})",
                         *([f"{b['trait']:.0f} ({b['coherence']:.0f})", f"{b['delta']:+.0f}", f"layer {b['layer']} x {b['ratio']}"] if b else ["none coherent", "", ""]),
                         f"{s['random_band_coherent']:.0f}"])
    head = ["direction", "unsteered (coherence)", f"best with coherence >= {COHERENT}", "delta", "setting", "largest random shift"]
    return table(head, rows)


def main() -> None:
    figures = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    splits, traits = figures["splits"], figures["traits"]
    write_agreement(splits, Path(sys.argv[2]))
    for split in ("fresh", "heldout"):
        p = splits[split]["perplexity"]
        print(f"perplexity {split}: stories {p['story']:.1f}, chat answers {p['chat']:.1f}; "
              f"relevance accuracy {splits[split]['judge']['relevance']['accuracy']:.2f}")
    for render, part in ((judge_table, splits), (form_table, splits), (response_table, traits), (layer_table, traits), (steering_table, traits)):
        print("\n" + render(part))


if __name__ == "__main__":
    main()
