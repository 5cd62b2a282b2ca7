"""Train the demo decoder on CPU: one single-threaded process per core, gradients averaged each step.

    python train.py --corpus train.jsonl --tokenizer DIR --config train.json --work DIR

Seed, data order, step count and schedule come from the config, so a run can be repeated. A run
resumes from its last local checkpoint in --work. Writing `DECAY_FROM STEPS` to WORK/schedule while it
runs moves the end of the constant phase and of the run (the schedule used is logged, and belongs in
the config).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from tokenizers import Tokenizer

from data import PLAIN, SCORE_WEIGHT, Documents, batches, encode, fill
from model import Decoder, ModelConfig
from optimizer import Muon
from steering import Directions


@dataclass
class TrainConfig:
    seed: int
    steps: int
    decay_from: int  # linear to 0 at `steps`
    warmup: int
    lr: float  # of Muon
    adam_lr: float
    micro_tokens: int  # rows x padded length of one batch in one process
    micro_steps: int  # batches a process adds up before a step
    packed_share: float  # documents packed several to a row
    processes: int
    response_weight: float  # of the tokens that answer a scenario or a question
    keep: dict[str, float] = field(default_factory=dict)  # share of the documents of a kind
    steer_every: int = 0  # steps between measurements of the trait directions that answers are pushed along; 0: no pushes


def learning_factor(step: int, c: TrainConfig) -> float:
    if step < c.warmup:
        return (step + 1) / c.warmup
    if step < c.decay_from:
        return 1.0
    return max(0.0, (c.steps - step) / max(1, c.steps - c.decay_from))


def endless(docs: Documents, c: TrainConfig, rank: int):
    """This process's half of each batch, epoch after epoch; both processes get equal shapes."""
    epoch = 0
    while True:
        for length, members in batches(docs, c.seed, epoch, c.micro_tokens * c.processes, c.packed_share):
            yield length, members[rank::c.processes][: len(members) // c.processes]
        epoch += 1


def tiers(model: Decoder) -> tuple[list, list]:
    matrices = [p for b in model.blocks for p in (b.qkv, b.out, b.gate_up, b.down)]
    others = [model.embed, model.final_norm] + [p for b in model.blocks for p in (b.attn_norm, b.mlp_norm)]
    return matrices, others


def average_gradients(parameters: list, processes: int) -> None:
    flat = torch.cat([p.grad.flatten() for p in parameters])
    if processes > 1:
        dist.all_reduce(flat)
    flat /= processes
    norm = flat.norm()
    flat *= min(1.0, 1.0 / (float(norm) + 1e-6))
    at = 0
    for p in parameters:
        p.grad.copy_(flat[at:at + p.numel()].view_as(p))
        at += p.numel()


def save(path: Path, payload: dict) -> None:
    torch.save(payload, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def agreed_schedule(work: Path, rank: int, c: TrainConfig) -> tuple[int, int]:
    """decay_from and steps as process 0 reads them from WORK/schedule; the config's if there is none."""
    value = torch.tensor([c.decay_from, c.steps])
    if rank == 0 and (work / "schedule").exists():
        value = torch.tensor([int(v) for v in (work / "schedule").read_text().split()])
    if c.processes > 1:
        dist.broadcast(value, 0)
    return int(value[0]), int(value[1])


def worker(rank: int, args: argparse.Namespace, c: TrainConfig, shape: ModelConfig, docs: Documents, pad: int) -> None:
    torch.set_num_threads(1)
    if c.processes > 1:
        store = f"file://{args.work / 'rendezvous'}"
        dist.init_process_group("gloo", init_method=store, rank=rank, world_size=c.processes)
    torch.manual_seed(c.seed)
    model = Decoder(shape)
    matrices, others = tiers(model)
    optimizer = Muon(matrices, others, shape.hidden, rank, c.processes)
    checkpoint = args.work / "checkpoint.pt"
    done = 0
    if args.init:
        model.load_state_dict(torch.load(args.init, weights_only=True)["model"])
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        done, c.steps, c.decay_from = state["step"], state["steps"], state["decay_from"]

    directions = Directions(docs, pad, c.response_weight) if c.steer_every else None
    noise = torch.Generator().manual_seed(c.seed * 1000 + rank + 10 * done)

    def loss_sum(ids, targets, weights, push, gate):
        logits = model.logits(model.hidden(ids, push, gate).flatten(0, 1))
        losses = F.cross_entropy(logits, targets.flatten(), reduction="none")
        return (losses * weights.flatten()).sum() / weights.sum(), losses

    compiled = loss_sum if args.no_compile else torch.compile(loss_sum, dynamic=True)
    stream = endless(docs, c, rank)
    for _ in range(done * c.micro_steps):
        next(stream)
    began, seen = time.monotonic(), 0
    sums = {"text": [0.0, 0], "score": [0.0, 0]}
    while done < c.steps:
        if done % 20 == 0:
            planned = agreed_schedule(args.work, rank, c)
            if planned != (c.decay_from, c.steps) and rank == 0:
                print(f"step {done}: decay from {planned[0]}, {planned[1]} steps", flush=True)
            c.decay_from, c.steps = planned
        if directions and (done % c.steer_every == 0 or directions.unit is None):
            directions.measure(model)
        model.zero_grad(set_to_none=True)
        for _ in range(c.micro_steps):
            length, members = next(stream)
            ids, targets, weights = map(torch.from_numpy, fill(docs, length, members, pad))
            push = gate = None
            if directions:
                tones = np.array([docs.tones[m[0]] if len(m) == 1 else PLAIN for m in members])
                push, gate = directions.pushes(tones, noise), (weights == c.response_weight).float()[..., None]
            loss, losses = compiled(ids, targets, weights, push, gate)
            (loss / c.micro_steps).backward()
            flat = weights.flatten()
            for name, chosen in (("text", (flat > 0) & (flat < SCORE_WEIGHT)), ("score", flat >= SCORE_WEIGHT)):
                sums[name][0] += float(losses.detach()[chosen].sum())
                sums[name][1] += int(chosen.sum())
            seen += int((flat > 0).sum())
        average_gradients(matrices + others, c.processes)
        factor = learning_factor(done, c)
        optimizer.step(c.lr * factor, c.adam_lr * factor)
        done += 1
        if rank == 0 and (done % args.log_every == 0 or done == c.steps):
            rate = seen * c.processes / (time.monotonic() - began)
            left = (c.steps - done) * (time.monotonic() - began) / args.log_every
            text, score = (s / max(1, n) for s, n in sums.values())
            print(f"step {done}/{c.steps} text {text:.4f} score {score:.4f} lr x{factor:.3f} "
                  f"{rate:.0f} tokens/s left {left / 60:.1f} min", flush=True)
            began, seen = time.monotonic(), 0
            sums = {"text": [0.0, 0], "score": [0.0, 0]}
        if rank == 0 and (done % args.save_every == 0 or done == c.steps):
            save(checkpoint, {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": done,
                              "steps": c.steps, "decay_from": c.decay_from, "config": asdict(c), "shape": shape.as_dict()})
    if c.processes > 1:
        dist.barrier()
        dist.destroy_process_group()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--config", type=Path, required=True, help="JSON of TrainConfig fields")
    parser.add_argument("--init", type=Path, help="checkpoint whose weights to start from (the second stage)")
    parser.add_argument("--work", type=Path, required=True, help="checkpoints; outside the repository")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--log-every", type=int, default=50)
    parser.add_argument("--save-every", type=int, default=250)
    args = parser.parse_args()
    c = TrainConfig(**json.loads(args.config.read_text()))
    args.work = args.work.resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    (args.work / "rendezvous").unlink(missing_ok=True)
    tokenizer = Tokenizer.from_file(str(args.tokenizer / "tokenizer.json"))
    docs = encode(args.corpus, tokenizer, c.response_weight, c.keep, c.seed)
    print(f"{len(docs)} documents, {docs.starts[-1]} tokens; {asdict(c)}", flush=True)
    shape = ModelConfig(vocab=tokenizer.get_vocab_size())
    pad = tokenizer.token_to_id("<|pad|>")
    if c.processes == 1:
        worker(0, args, c, shape, docs, pad)
    else:
        torch.multiprocessing.spawn(worker, (args, c, shape, docs, pad), nprocs=c.processes)


if __name__ == "__main__":
    main()
