"""All figures of the model card, measured on an exported model folder.

    python evaluate.py --model ../../public/models/demo --out figures.json

Runs the corpus generator for fresh text (training phrases, another seed) and held-out phrases,
then the bundled traits: response pass rates, layer curves and steering against random vectors.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from lab import Lab

HERE = Path(__file__).resolve().parent
TRAITS = HERE.parents[1] / "datasets" / "traits" / "demo"
NAMES = ("optimism", "confidence", "formality", "refusal")
RATIOS = (0.5, 0.75, 1.0, 1.25)
RANDOM_VECTORS = 5
COHERENT = 70


def corpus(split: str, tokens: int) -> list[dict]:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "out.jsonl"
        command = [sys.executable, "-m", "corpus", "--seed", "9001", "--tokens", str(tokens), "--split", split, "--out", str(file)]
        subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.DEVNULL)
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@torch.no_grad()
def perplexity(lab: Lab, docs: list[dict]) -> dict[str, float]:
    """Per token: stories whole, chats on the assistant's tokens only."""
    out = {}
    for kind in ("story", "chat"):
        total, count = 0.0, 0
        for doc in [d for d in docs if d["kind"] == kind][:600]:
            if kind == "story":
                ids, first = lab.base_ids(doc["text"] + "<|endoftext|>"), 1
            else:
                prompt = "".join(f"<|{t['role']}|>{t['content']}<|end|>" for t in doc["turns"][:-1]) + "<|assistant|>"
                first = len(lab.base_ids(prompt))
                ids = lab.base_ids(prompt + doc["turns"][-1]["content"] + "<|end|>")
            row = torch.tensor([ids])
            logits = lab.model.logits(lab.model.hidden(row))[0, first - 1:-1]
            total += float(F.cross_entropy(logits, row[0, first:], reduction="sum"))
            count += len(ids) - first
        out[kind] = float(np.exp(total / count))
    return out


def judge_quality(lab: Lab, docs: list[dict]) -> dict[str, dict]:
    """Against the generator's labels: Spearman, AUC of >= 60 against <= 40, mean absolute error, per trait and form."""
    out: dict[str, dict] = {}
    judged = [d for d in docs if d["kind"] == "judge"]
    scores = lab.scores([d["turns"][0]["content"] for d in judged])
    for trait in (*NAMES, "coherence"):
        forms = sorted({d["meta"]["form"] for d in judged if d["meta"]["trait"] == trait})
        for form in ["all", *forms]:
            rows = [(d["meta"]["score"], s) for d, s in zip(judged, scores)
                    if d["meta"]["trait"] == trait and form in ("all", d["meta"]["form"]) and not np.isnan(s)]
            truth, got = np.array(rows, float).T
            clear = (truth >= 60) | (truth <= 40)
            out[f"{trait}.{form}"] = {
                "n": len(rows), "spearman": float(spearmanr(truth, got).statistic), "mae": float(np.abs(truth - got).mean()),
                "auc": float(roc_auc_score(truth[clear] >= 60, got[clear])) if len(set(truth[clear] >= 60)) == 2 else None,
            }
    relevance = [d for d in judged if d["meta"]["trait"] == "relevance"]
    logits = lab.next_logits([lab.chat_ids(d["turns"][0]["content"]) for d in relevance])[:, lab.verdict_ids]
    right = [("ENGAGES", "OFF_TOPIC")[i] == d["meta"]["score"] for i, d in zip(logits.argmax(-1).tolist(), relevance)]
    out["relevance"] = {"n": len(right), "accuracy": float(np.mean(right))}
    return out


def read_lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def respond(lab: Lab, trait: str) -> dict:
    """Base mode, 16 greedy tokens a scenario; the model as its own judge of scenario and response."""
    out: dict = {}
    for side in ("positive", "negative"):
        scenarios = read_lines(TRAITS / trait / f"{side}.txt")
        prompts = [lab.base_ids(s) for s in scenarios]
        answers = lab.generate(prompts, 16)
        texts = [lab.text(a) for a in answers]
        scores = lab.judge("response", trait, texts)
        vetted = lab.judge("scenario", trait, scenarios)
        good = (lambda s: s >= 60) if side == "positive" else (lambda s: s <= 40)
        out[side] = {
            "scenarios": scenarios, "prompts": prompts, "answers": answers, "texts": texts, "scores": scores, "passed": good(scores),
            "scenario_pass": float(np.mean(good(vetted))), "response_pass": float(np.mean(good(scores))),
        }
    return out


def layer_curve(lab: Lab, responses: dict, seed: int) -> tuple[list[dict], np.ndarray, np.ndarray]:
    """mean_diff on the train fifths of the responses that passed; accuracy and AUROC on the rest.

    Returns the curve, the unit vectors [L, H] and mean ||h|| [L].
    """
    rng = np.random.default_rng(seed)
    held = set(rng.permutation(len(responses["positive"]["scenarios"]))[::5].tolist())
    parts: dict[str, dict[bool, np.ndarray]] = {}
    for side, r in responses.items():
        keep = [i for i in range(len(r["answers"])) if r["passed"][i] and r["answers"][i]]
        states = lab.states([r["prompts"][i] for i in keep], [r["answers"][i] for i in keep])
        is_held = np.array([i in held for i in keep])
        parts[side] = {True: states[is_held], False: states[~is_held]}
    pos, neg = parts["positive"], parts["negative"]
    vectors = pos[False].mean(0) - neg[False].mean(0)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    norms = np.linalg.norm(np.concatenate([pos[False], neg[False]]), axis=-1).mean(0)
    curve = []
    for layer, v in enumerate(vectors):
        middle = (pos[False][:, layer] @ v).mean() / 2 + (neg[False][:, layer] @ v).mean() / 2
        a, b = pos[True][:, layer] @ v, neg[True][:, layer] @ v
        curve.append({"layer": layer, "accuracy": float(((a > middle).mean() + (b <= middle).mean()) / 2),
                      "auroc": float(roc_auc_score([1] * len(a) + [0] * len(b), np.concatenate([a, b])))})
    return curve, vectors, norms


def steering(lab: Lab, trait: str, vectors: np.ndarray, norms: np.ndarray, new_tokens: int) -> dict:
    """Chat mode: every layer x ratio x sign, and random unit vectors at the same coefficients."""
    questions = json.loads((TRAITS / trait / "steering.json").read_text(encoding="utf-8"))["questions"]
    prompts = [lab.chat_ids(q) for q in questions]
    rng = np.random.default_rng(7)
    randoms = rng.standard_normal((RANDOM_VECTORS, *vectors.shape))
    randoms /= np.linalg.norm(randoms, axis=-1, keepdims=True)

    def run(settings: list[tuple[int, np.ndarray]]) -> list[dict]:
        steer = torch.zeros(len(settings), *vectors.shape)
        for i, (layer, v) in enumerate(settings):
            steer[i, layer] = torch.from_numpy(v)
        answers = lab.generate(prompts * len(settings), new_tokens, steer.repeat_interleave(len(prompts), 0))
        texts = [lab.text(a) for a in answers]
        asked = questions * len(settings)
        score, coherence = lab.judge("answer", trait, texts, asked), lab.coherence(texts, asked)
        n = len(prompts)
        return [{"trait": float(np.nanmean(score[i * n:i * n + n])), "coherence": float(np.nanmean(coherence[i * n:i * n + n])),
                 "samples": texts[i * n:i * n + n][:3]} for i in range(len(settings))]

    baseline = run([(0, np.zeros(vectors.shape[1]))])[0]
    grid = [(layer, ratio, sign) for layer in range(len(vectors)) for ratio in RATIOS for sign in (1, -1)]
    results = run([(l, s * r * norms[l] * vectors[l]) for l, r, s in grid])
    null = run([(l, r * norms[l] * v[l]) for v in randoms for l, r, s in grid if s == 1])
    band = float(np.max(np.abs([x["trait"] - baseline["trait"] for x in null if x["coherence"] >= COHERENT] or [0])))
    rows = [{"layer": l, "ratio": r, "sign": s, **x, "delta": x["trait"] - baseline["trait"]} for (l, r, s), x in zip(grid, results)]
    coherent = [r for r in rows if r["coherence"] >= COHERENT]
    best = {("up" if s > 0 else "down"): max((r for r in coherent if r["sign"] == s), key=lambda r: s * r["delta"], default=None) for s in (1, -1)}
    return {"baseline": baseline, "random_band_coherent": band, "best": best, "runs": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=400_000, help="corpus tokens per split")
    parser.add_argument("--new-tokens", type=int, default=40, help="tokens of a steered answer")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    lab = Lab(args.model)
    figures: dict = {"splits": {}, "traits": {}}
    for split in ("fresh", "heldout"):
        docs = corpus(split, args.tokens)
        figures["splits"][split] = {"perplexity": perplexity(lab, docs), "judge": judge_quality(lab, docs)}
        print(split, figures["splits"][split]["perplexity"])
        for name, row in figures["splits"][split]["judge"].items():
            print(" ", name, {k: v if isinstance(v, int) or v is None else round(v, 3) for k, v in row.items()})
    for trait in NAMES:
        responses = respond(lab, trait)
        curve, vectors, norms = layer_curve(lab, responses, seed=42)
        steered = steering(lab, trait, vectors, norms, args.new_tokens)
        sides = {s: {"scenario_pass": r["scenario_pass"], "response_pass": r["response_pass"], "mean": float(np.nanmean(r["scores"])),
                     "failed": [{"scenario": r["scenarios"][i], "response": r["texts"][i], "score": float(r["scores"][i])}
                                for i in np.flatnonzero(~r["passed"])]} for s, r in responses.items()}
        figures["traits"][trait] = {"responses": sides, "layers": curve, "norms": norms.tolist(), "steering": steered}
        print(trait, {s: (round(r["scenario_pass"], 2), round(r["response_pass"], 2)) for s, r in sides.items()})
        print("  layers", [(round(r["accuracy"], 2), round(r["auroc"], 3)) for r in curve])
        print("  baseline", round(steered["baseline"]["trait"], 1), round(steered["baseline"]["coherence"], 1),
              "random band", round(steered["random_band_coherent"], 1))
        for side, b in steered["best"].items():
            print("  best", side, b and {k: round(v, 1) if isinstance(v, float) else v for k, v in b.items()})
    args.out.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
