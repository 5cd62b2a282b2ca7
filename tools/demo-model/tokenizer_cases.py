"""Write fixtures/tokenizer_cases.json: 200 strings with their ids, for tokenizer.test.ts to compare in JavaScript.

    python tokenizer_cases.py --model ../../public/models/demo --corpus train.jsonl
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tokenizers import Tokenizer

from data import chat_text

ODD = [
    "", " ", "  two  spaces ", "line\nbreak", "\n\n", "tab\there", "I'm, you're, they've, it'll", "0 10 100 1000 2050 3.14",
    "ENGAGES", "OFF_TOPIC", "ENGAGES or OFF_TOPIC:", "OFF_TOPICAL", "<|end|>", "a<|user|>b", "<|not a token|>", "naïve café Zürich",
    "日本語", "🙂🙂 ok", "quote \" and ' and “curly”", "trailing space ", "UPPER lower MiXeD", "x" * 40, "e\u0301 combining", "\u00a0nbsp",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "fixtures" / "tokenizer_cases.json")
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    plain, chats = [{"text": t, "ids": tokenizer.encode(t).ids} for t in ODD], []
    with args.corpus.open(encoding="utf-8") as lines:
        for line in lines:
            doc = json.loads(line)
            if "text" in doc and len(plain) < 100:
                plain.append({"text": doc["text"], "ids": tokenizer.encode(doc["text"]).ids})
            elif "turns" in doc and len(chats) < 100:
                turns = doc["turns"][:-1]
                text = chat_text(turns) + "<|assistant|>"
                chats.append({"turns": turns, "ids": tokenizer.encode(text, add_special_tokens=False).ids})
            if len(plain) == len(chats) == 100:
                break
    args.out.write_text(json.dumps({"plain": plain, "chats": chats}, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
