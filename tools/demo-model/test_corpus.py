"""python -m unittest test_corpus (in tools/demo-model)"""

import json
import unittest
from random import Random

from corpus.__main__ import bundled_lines, chunk
from corpus.grammar import TRAITS, Grammar, context, phrase_lists, sentence_case, split_items
from corpus.compose import scenario, speech
from corpus.corrupt import damage


class CorpusTest(unittest.TestCase):
    def test_both_poles_have_equally_many_phrases(self):
        lists = phrase_lists()
        for key in lists:
            if "POS" in key:
                self.assertEqual(len(lists[key]), len(lists[key.replace("POS", "NEG")]), key)

    def test_no_list_repeats_a_phrase_on_the_other_pole(self):
        lists = phrase_lists()
        for trait in TRAITS:
            for name in ("FEEL", "STRONG"):
                both = set(lists[f"{name}_POS_{trait}"]) & set(lists[f"{name}_NEG_{trait}"])
                self.assertEqual(both, set(), f"{name} {trait}")

    def test_held_out_items_are_every_seventh_and_disjoint(self):
        items = [str(i) for i in range(20)]
        self.assertEqual(split_items(items, "heldout"), ["3", "10", "17"])
        self.assertEqual(len(split_items(items, "train")), 17)
        self.assertEqual(split_items(items, "train"), split_items(items, "fresh"))

    def test_same_seed_same_text_and_other_seed_other_text(self):
        first, again, other = chunk((1, 0, "train", 20_000)), chunk((1, 0, "train", 20_000)), chunk((2, 0, "train", 20_000))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_documents_are_well_formed_and_leave_no_slot_open(self):
        for split in ("train", "fresh", "heldout"):
            for line in chunk((3, 0, split, 150_000)).splitlines():
                document = json.loads(line)
                texts = [document["text"]] if document["kind"] == "story" else [turn["content"] for turn in document["turns"]]
                for text in texts:
                    self.assertTrue(text.strip(), line)
                    self.assertNotRegex(text, r"\{\w+\}")
                if document["kind"] == "judge":
                    label = document["turns"][-1]["content"]
                    self.assertIn(label, {str(n) for n in range(0, 101, 10)} | {"ENGAGES", "OFF_TOPIC"})

    def test_bundled_lines_stay_out_of_the_texts(self):
        text = chunk((1, 1, "train", 300_000))
        lines = bundled_lines()
        self.assertGreater(len(lines), 800)
        for line in lines:
            if len(line) > 60:
                self.assertNotIn(json.dumps(line)[1:-1], text)

    def test_poles_score_on_their_own_side(self):
        for split in ("train", "heldout"):
            g, rng = Grammar(split), Random(5)
            for trait in TRAITS:
                for _ in range(50):
                    ctx = context(g, rng)
                    self.assertGreaterEqual(speech(g, rng, ctx, trait, "P").scores[trait], 80)
                    self.assertLessEqual(speech(g, rng, ctx, trait, "N").scores[trait], 20)
                    self.assertGreaterEqual(scenario(g, rng, ctx, trait, "P").likely, 90)

    def test_damage_lowers_the_score_and_changes_the_text(self):
        rng = Random(1)
        text = "The roses need water every second morning, and the gardener knows more about them."
        changed = 0
        for _ in range(300):
            worse, score = damage(rng, text, "The boat makes eight knots and the ferry leaves at nine.")
            self.assertLessEqual(score, 80)
            changed += worse != text
        self.assertGreater(changed, 290)

    def test_sentence_case(self):
        self.assertEqual(sentence_case('the bell rang. she said, "it is late." then'), 'The bell rang. She said, "It is late." Then')


if __name__ == "__main__":
    unittest.main()
