export const anyWord = (list: string) => `(?<![\\w-])(?:${list})(?!\\w)`;

/** Approving words. A noun after it ("approved orders") or "which is" before it gives the word another meaning. */
export const approval = new RegExp(
  "(?<!\\b(?:that|which|who) (?:is|are|was|were) )(?<![\\w-])approve[ds]?\\b(?=\\s*(?:$|[^\\s\\w])|\\s+(?:by|with|without|as|modulo|minus|save|other|apart|aside|barring|contingent|conditionally|partly|partially|according|soon|mostly|" +
    "for|and|or|nor|of|this|these|that|it|the|your|all|in|on|at|because|since|now|here|today|only|if|once|when|after|unless|" +
    "until|before|provided|assuming|pending|subject|but|except|unconditionally|wholeheartedly|to (?:merge|ship|go|proceed|deploy|release))\\b)" +
    "|\\bapproval\\W{1,4}(?:is |was )?(?:yes|granted|given)\\b" +
    "|\\blgtm\\b|\\blook(?:s|ing)? (?:(?!not |less |far |hardly )\\w{1,20} ){0,2}good\\b",
  "g",
);

export const refusal = new RegExp(
  "\\b(?:dis|un|non|not)-?approv|\\bapproval\\W{1,4}(?:is |was |has been )?(?:no|not|denied|withheld|refused|pending)\\b" +
    "|^\\W{0,4}(?:reject(?:ed|ing)?|denied|needs (?:work|changes))\\b|\\bi (?:have to |must )?reject\\b" +
    "|\\bchanges (?:are )?(?:requested|required|needed)\\b",
);

/** Words that negate a later approval in the same clause. */
export const negation = new RegExp(
  `${anyWord(
    "not|never|no|nope|no longer|cannot|nor|neither|nobody|none|nothing|hardly|barely|unable|fail(?:s|ed)?|refuses?|refused|declines?|" +
      "rejects?|denie[sd]|withheld|almost|nearly|partially|partly|far from|yet to|would|could|might|needs?|requires?|awaits?|awaiting|" +
      "must|ha(?:s|ve) to|false|n/a",
  )}|n't\\b|'d\\b`,
);

const conditionWords = anyWord(
  "if|once|when(?:ever)?|after(?:wards)?|unless|until|before|provided|providing|assuming|pending|subject to|conditional(?:ly)?|" +
    "contingent|as (?:soon|long) as|first|whether",
);
/** Words that make an approval conditional in its own sentence … */
export const conditional = new RegExp(conditionWords.replace("after(?:wards)?|", "after(?:wards)?(?! review)|"));
/** … or at the beginning of another one. */
export const conditionFirst = new RegExp(`^\\W{0,4}(?:(?:and|only|just) )?${conditionWords}`);

export const retraction = new RegExp(
  `${anyWord(
    "but|except|however|although|though|that said|otherwise|(?:apart|aside) from|yet|should|ought to|please|required?|fix|blocking|" +
      "blockers?|reservations?|wait|kidding|joking|scratch that|on second thoughts?|rejected|denied|broken|wrong|missing|unsafe",
  )}|👎|❌`,
);

export const demand = new RegExp(
  "^\\W{0,4}(?:(?:and|then|also|just|now|first) )?(?:let's|do|don't|add|address|avoid|change|check|clean|consider|correct|" +
    "delete|drop|ensure|fix|handle|improve|make|mend|move|remove|rename|replace|revert|revise|rewrite|split|test|try|update|use|write)\\b(?! (?:code|tests|and well))",
);

const faultNoun =
  "(?:changes?|issues?|problems?|bugs?|errors?|comments?|concerns?|objections?|complaints?|remarks?|reservations?|defects?|" +
  "faults?|flaws?|mistakes?|nits?|leaks?|blockers?|feedback|revisions?|edits?|corrections?|questions?|suggestions?|" +
  "improvements?|fixes|warnings?|doubts?|to (?:add|change|fix|improve|mend|criticize|complain about))\\b";
/** Phrases for "nothing to mend", which are removed. "No issues were fixed" is not such a phrase. */
export const nothingToMend = new RegExp(
  "(?:(?:there (?:is|are)|i have|with) )?(?<!\\w)(?:no|not (?:a|any)|nothing|without|zero|" +
    "(?:can't|cannot|can not|couldn't|could not|don't|do not|didn't|did not) (?:find|see|have|spot))" +
    ` (?:\\w{1,20} ){0,3}?${faultNoun}(?! (?:are |were |was |is |have been |has been )?(?:fixed|addressed|resolved|mended|made))` +
    "(?: (?:is|are|was|were|been|needed|required|requested|necessary|found|left|remain(?:ing|s)?|seen)\\b){0,3}",
  "g",
);

/** Words for a fault, unless it is fixed or handled. */
export const faultTalk =
  /\b(?:crash(?:es|ed)?|bugs?|leaks?|loops forever|throws|breaks?|typos?|nits?|insecure|vulnerab\w+|race condition|fails?|slow|red)\b(?!.{0,40}\b(?:handled|caught|fixed|gone|avoided|tested|covered)\b)/;

const subject =
  "(?:i(?:'m)?|we|it(?:'s)?|this|that|all|everything|overall|(?:the|this|your|all)(?: (?!contains|reads|includes|holds|mentions|lists|author|writer|comment|user|readme|prompt|thinks|believes|hopes|says|feels|wants|claims)[\\w-]{1,20}){1,2}|code|the whole|so|therefore|thus|hence)";
/** Subject and verb that may precede an approval in its clause. */
export const leadsIn = new RegExp(
  `^(?:(?:and|so|therefore|overall),? )?(?:${subject}(?: (?:is|are|am|have|has|has been|been|hereby|happily|gladly|fully|now|can|also|it|all|really|looks?))*)?$`,
);

export const verdictHeading =
  /^(?:(?:my|the|final|overall|review|code) )*(?:verdict|review|status|decision|result|outcome|conclusion|assessment|approval|summary|evaluation|feedback|answer is)$/;

const nice =
  "correct|correctly|clear|clean|cleanly|good|great|nice|nicely|well|solid|fine|ready|safe|complete|readable|efficient|thorough|simple|concise|tested|covered|excellent|perfect|sound|elegant|tidy|robust|right|in order|happy|done|sunny|congratulations|thanks|thank you|ship it|merge it|go ahead|keep it up";
const verbs =
  "works?|pass|passes|passed|covers?|meets?|satisf(?:y|ies)|follows?|returns?|computes?|implements?|handles?|handled|reads well|matches|runs|solves?|met|does what|behaves";
const praised = new RegExp(`${anyWord(`${nice}|${verbs}`)}|👍|✅|🎉|🚀`);
const suspect = new RegExp(
  anyWord(
    "quot\\w+|says?|said|claims?|comment|author|user|readme|itself|own|joke|sarcasm|withdrawn|strike|disregard|ignore|forget|back|mostly|partly|partially|part|only|some|remains?|more|necessary|below|inline|todo|nits?|fixe[sd]|draft|guess|sort of|maybe|pending|tbd|unknown|actually|forever|deletes?|undefined|badly|poorly|most|due|sometimes|usually|often|backdoors?|rewrite|passwords?|luck",
  ),
);

/** Tests whether a clause or sentence beside an approval is praise, or reports what was checked. */
export function isPraise(text: string): boolean {
  const plain = text.trim();
  if (/^(?:further )?(?:feedback|comments?|issues|(?:required )?changes)\W{1,3}(?:none|no|n\/a)\W*$/.test(plain))
    return true;
  if (!/[a-z0-9]/.test(plain)) return !/👎|❌|\?/u.test(plain);
  if (/^i (?:have )?(?:also )?(?:called|ran|run|checked|tested|verified|read|reviewed)\b/.test(plain)) {
    return !negation.test(plain) && !retraction.test(plain) && !faultTalk.test(plain);
  }
  if (negation.test(plain) || retraction.test(plain) || conditional.test(plain) || demand.test(plain)) return false;
  return praised.test(plain) && !suspect.test(plain) && !faultTalk.test(plain);
}

const follows =
  "by (?:me|us|(?:the )?reviewer)|(?:of )?(?:this|it|that|these)(?: (?:change|code|work|pr|version|plan|answer|draft|text|review))?|(?:of )?(?:the|your|all)(?: (?!following|only|alone|rest|other)[\\w-]{1,20}){1,2}|" +
  "to (?:merge|ship|go|proceed|deploy|release)|for (?:merg(?:e|ing)|release|production|deployment|publication|shipping)|as[ -]is|as it stands|as written|and (?:ready|good)(?: to \\w+| for \\w+)?|to me|overall|now|here|today|" +
  "in full|without (?:reservations?|changes|conditions?|hesitation)|unconditionally|wholeheartedly|with (?:pleasure|confidence|enthusiasm)?|yes|true|granted|given";
/** Phrases that may follow an approval in its clause. */
export const tail = new RegExp(`^(?:[\\s:=?]*(?:${follows})(?![\\w-]))*[\\s:=-]*$`);
