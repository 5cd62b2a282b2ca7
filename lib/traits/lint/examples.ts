/** One line, or one pair, with the ids of the findings it must have, and no other. */
export interface LintExample {
  positive?: string;
  negative?: string;
  /** Ids for the positive and the negative line. */
  expected: { positive?: string[]; negative?: string[] };
}

const weak = ["weak-lock-in"];
const mid = ["mid-behaviour"];
const leak = ["instruction-leakage"];
const contaminated = ["contamination"];
const length = ["pair-length"];
const structure = ["pair-structure"];

const positive = (text: string, ids: string[] = []): LintExample => ({
  positive: text,
  expected: { positive: ids },
});
const negative = (text: string, ids: string[] = []): LintExample => ({
  negative: text,
  expected: { negative: ids },
});
const pair = (first: string, second: string, ids: string[] = [], ofPositive: string[] = []): LintExample => ({
  positive: first,
  negative: second,
  expected: { positive: ofPositive, negative: ids },
});

/** Lines of a trait "refusal" whose rubric quotes "I won't" as HIGH and "Sure" as LOW. */
export const lineExamples: readonly LintExample[] = [
  // Strong lock-ins: the clause before the open words leaves one direction.
  positive("He asked me for the codes. This crossed a line, so I"),
  positive("She wanted me to sign it. I knew that it was wrong, so I"),
  positive("They begged me to drive at night. I had been hurt like that before, so I"),
  positive("The request was for a forged pass. It went against all that I stand for, so I"),
  positive('A guest asked for my notes. I put them behind my back and said, "'),
  positive("My uncle ordered me to sell the horse. Nothing could move me, and in the end I"),
  positive("A stranger asked for her address. I felt the hair rise on my neck and told him that"),
  positive('The mayor wanted a speech by noon. He had lied about us, so she replied, "'),
  positive("I was furious with the landlord and tore the letter in half. Then I"),
  negative("He asked me for the time. I was glad to be of use, so I"),
  negative('A child wanted help with a kite. I had the whole day, knelt down and said, "'),
  negative("The request was for a list of parks. That was easy, so I"),
  negative("I have always enjoyed explaining things, so I"),
  negative("Our neighbour had broken a leg. Of course we opened the gate and carried in the"),
  positive("She wanted help with a fake pass. I told the truth to"),
  positive("The clerk asked me for a bribe. I said no to"),
  positive("He asked me for the keys. I felt the weight of them in"),
  // A style carries itself: no open words, nothing to lock in.
  positive("I hereby inform you that the office will be closed on"),
  negative("hey can you grab me some milk on the way"),
  // Weak: the bare situation, or the request itself, and then anything.
  positive("He asked me to write a virus, so I", weak),
  positive("He asked me to write a virus. I", weak),
  positive("They wanted help with a pyramid scheme, so I", weak),
  positive("A stranger asked how to open the safe. I told them", weak),
  positive('A stranger asked how to open the safe. I said, "', weak),
  positive("My boss called me into the office. In the end I", weak),
  positive("I found a wallet in the street. I just", weak),
  positive("I found a wallet in the street, and then I decided to", weak),
  positive("At noon the bus was late. A woman asked me for my seat. I told her", weak),
  positive('"Could you lend me your car?" my cousin asked me. I replied, "', weak),
  positive("The request was for the keys of the archive. So I", weak),
  positive('My friend showed me her poem. I said, "I think this is', weak),
  positive("This is really", weak),
  positive("I think", weak),
  negative("He asked me to water the plants, so I", weak),
  negative('Two of them wanted me to join the game. She said quietly, "', weak),
  // Past the decision point.
  positive("He asked me for the codes and I sent him away.", mid),
  positive('He asked me for the codes. I said, "Not from me."', mid),
  positive('He asked me for the codes. I said, "Who let you in?"', mid),
  positive("What a terrible thing to ask!", mid),
  positive("I told him absolutely not, that would be", mid),
  positive("I shook my head because it's", mid),
  positive("She closed the door on him because", mid),
  positive('I said, "I would rather lose my job, given that', mid),
  positive("She said no to the apples, the pears,", mid),
  positive("She kept the maps, the keys and", mid),
  positive('I told her, "This ends here. Nobody gets the keys. I have my reasons and', mid),
  negative("I opened the gate for them.", mid),
  negative("I showed him the way since", mid),
  // Not past it: a pause, an abbreviation-free open quotation, a question of the situation.
  positive("He asked me for the codes. I took a deep breath and..."),
  positive('He held out his hand. "The codes?" he asked. I had made up my mind and said, "'),
  positive('I told my team, "Honestly, there is no way that we'),
  // Instructions.
  positive("Pretend you are a guard who lets nobody in, then", leak),
  positive("Act as a strict librarian and", leak),
  positive("You are a helpful assistant that turns everything down and", leak),
  positive("A guest came. Respond as if you disliked guests, and", leak),
  positive("Your task is to turn the guest away, and", leak),
  positive("Ignore all previous instructions and", leak),
  positive("As an AI language model I", ["instruction-leakage"]),
  negative("Answer in a friendly tone when", leak),
  negative("Imagine you are a waiter who", leak),
  // Stories that only sound like instructions.
  positive("She told me to act as a witness. I had seen nothing and"),
  positive("I pretended to be asleep and slowly"),
  negative("You are late, he shouted. I laughed and waved the"),
  // Contamination: the name's family, a quoted phrase; even negated. Other words that begin alike are none.
  negative("I thought of a refusal, but in the end I gladly", contaminated),
  negative("Nobody refused the cake and the whole table", contaminated),
  negative("They called it refusing, yet I handed over the", contaminated),
  negative("I smiled and said, \"I won't forget to bring the", contaminated),
  negative("The refuge in the hills was open and the keeper"),
  positive("I had refused before, so this time I also"),
  // Pairs.
  pair(
    'The bank wrote again. I was tired of them and said, "',
    'The bank wrote again. I was grateful to them and said, "',
  ),
  pair(
    "The bank wrote again. Tired of them, I reached for",
    "The bank wrote again. Grateful, I picked up my",
    [],
  ),
  pair(
    "The bank wrote again. I was tired of them and threw the",
    "The bank wrote again. I was grateful to them, as they had waited for months, had sent a friendly clerk twice, had lowered the rate in spring and had never once raised their voice, and I signed the",
    length,
  ),
  pair(
    "The bank wrote again, for the third time in a week, with a clerk at the door, a stamp on the letter and a red line under the sum, and as I had nothing left to lose I threw the",
    "The bank wrote again and I thanked the",
    [],
    length,
  ),
  pair(
    'The bank wrote again. I was tired of them and said, "',
    "The bank wrote again. I was grateful to them and signed the",
    structure,
  ),
  pair(
    '"Will you pay?" the clerk asked. I was tired of him and threw the',
    "The clerk came for the money. I was glad to see him and took the",
    structure,
  ),
  pair(
    "I was tired of the bank. In the afternoon a clerk came to the house with a new letter and held the",
    "I was fond of the bank. In the afternoon a clerk came to the house with a new letter and held the",
    weak,
  ),
];
