const list = (words: string) => words.split(/\s+/).filter((word) => word !== "");

/** Words for a good answer, and for a bad one. */
export const praise = list(
  `good great excellent outstanding perfect flawless nice fine solid strong decent okay ok adequate acceptable satisfactory sound
  clear correct accurate right complete concise thorough detailed helpful useful relevant readable impressive well-written
  well-structured well-explained comprehensive informative coherent precise factual logical concise balanced polite safe valid`,
);
export const blame = list(
  `worst wrong incorrect inaccurate poor bad terrible awful useless unacceptable weak fail fails failed failing failure reject rejected
  lowest false horrible irrelevant nonsense`,
);
const neutral = list(
  `short brief long terse verbose wordy vague unclear incomplete partial basic simple average mediocre minor small slight imprecise
  repetitive dense dry generic superficial shallow average fair`,
);
const degree =
  "very|quite|mostly|largely|generally|fairly|pretty|really|overall|also|still|only|just|too|rather|so|well|clearly|all|a bit|a little|somewhat|slightly|entirely|completely|fully|factually|technically|mainly|reasonably|highly|extremely|partly|partially";
const adjective = [...praise, ...blame, ...neutral].join("|");
const described = `(?:(?:${degree})\\s+){0,3}(?:${adjective})`;
const noun =
  "answer|response|reply|work|job|effort|explanation|summary|solution|attempt|piece|code|translation|overview|start|point";

/** Judgements in place of a clause: "good answer", "correct and clear", "it is short but right". */
export const judgement = new RegExp(
  `^(?:(?:it|this|(?:the|this)\\s+(?:answer|response|reply))\\s+is\\s+|an?\\s+)?${described}` +
    `(?:(?:\\s*,\\s*|\\s*,?\\s+(?:and|but|yet|if|though)\\s+)${described}){0,5}(?:\\s+(?:${noun}))?$`.replace(
      "|if|though",
      "|though",
    ),
  "i",
);

const describingVerbs =
  "is|are|has|have|does|covers?|explains?|explained|provides?|addresses|answers?|names?|meets?|lacks?|misses|omits?|gives|contains?|includes?|uses?|" +
  "could|should|would|needs?|shows?|describes?|mentions?|identifies|demonstrates?|offers?|follows?|gets|makes?|leaves?|forgets?|skips?|fails to|" +
  "handles?|works?|contradicts|demonstrates|presents?|captures?|confuses|correctly|clearly|accurately|mostly|only|also|directly|briefly|fully|largely|thoroughly|concisely|effectively|successfully|adequately|might|may|can|was|were|leads|lists";

const fault =
  "(?:errors?|issues?|mistakes?|problems?|omissions?|flaws?|gaps?|faults?|inaccurac(?:y|ies)|typos?|slips?|details?|steps?|points?|points? missing|concerns?|nits?|room)";
const few = "(?:an?|one|two|three|some|a few|few|several|minor|small|slight|tiny|only|just|with)";

/** Beginnings of harmless feedback after a score. A text that begins so is still searched for reports, conditions and changes. */
export const opensFeedback = new RegExp(
  "^(?:" +
    [
      `${described}(?!\\s+(?:is|are))`,
      `(?:it|(?:the|this|its)\\s+(?:answer|response|reply|explanation|reasoning|code|solution))\\s+(?:(?:is|was)\\s+(?:${described}|based|written|missing|lacking|well)|(?!(?:is|was|are|were)\\b)(?:${describingVerbs}))`,
      "(?:the|its|an?|one|two|three|four|some|few|most|several|many|each|both|all (?:of )?the)\\s+(?!answer|response|reply|text)(?:[\\w-]+\\s+){1,4}(?:is|are|was|were|has|have|could|should|would|ended|began|lacks?|misses|needs? more|reads?)",
      `${few}\\s+(?:(?:a|minor|small|slight|tiny|few|factual|stylistic|formatting|missing)\\s+){1,3}(?:[\\w-]+\\s+)?${fault}|(?:minor|small|slight|few|some|one|two|three)\\s+(?:[\\w-]+\\s+)?${fault}`,
      "no\\s+(?:\\w+\\s+){0,2}(?:errors?|issues?|mistakes?|problems?|omissions?|sources?|examples?|flaws?|gaps?|faults?|inaccurac\\w+|explanation|details?|evidence|complaints?|concerns?)",
      `(?:because|since|as\\s+(?:it|the\\s+answer|the\\s+response)\\s+(?:${describingVerbs})|due\\s+to|although|though|could\\s+(?:be|use|have)|would\\s+benefit|should\\s+(?:be|have|include|mention|cite|explain)|needs\\s+more|room\\s+for)`,
      "(?:correctly|accurately|clearly|thoroughly|concisely|nicely|briefly|well|covers|explains|provides|addresses|names|meets|lacks|lacking|misses|missing|omits|omitting|answers|shows|identifies|mentions|gives|describes|demonstrates|contains|includes|uses|follows|offers|see\\s+line)",
      "(?:clarity|accuracy|completeness|correctness|facts|style|structure|sources|examples|details|dates)\\s+(?:is|are|was|were|could)",
    ].join("|") +
    ")\\b|^(?:\\d{1,3}(?:\\.\\d+)?\\s*(?:%|/\\s*\\d+)|-?\\d{1,3})$",
  "i",
);
