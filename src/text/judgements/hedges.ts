const giver =
  "(?:rat|scor|grad|award|giv|assign|judg|evaluat|assess|mark|prais|rank|recommend|call|declar|consider|review|congratulat)\\w*";

/** Signs that a text is about a rating by another judge, or about rating itself. */
export const mention = new RegExp(
  [
    `\\b${giver}\\s+(?:itself|himself|herself|themselves)\\b|\\bitself\\s+(?:an?\\s+)?(?:score|rating|grade|\\d)|\\bso itself\\b`,
    "\\b(?:its|their|his|her|the (?:answer|author|user|response)['’]s)\\s+own\\b|\\bown\\s+(?:score|rating|grade|verdict|words?|account|eyes|measure|count)|\\bself-?(?:rat|scor|grad|assess|report|evaluat|prais)\\w*",
    "\\b(?:author|writer|student|grader|rater|evaluator|reviewer|footer|header|placeholder)s?\\b|\\b(?:an?|another|the|previous|first|second)\\s+(?:judge|model|reviewer)\\b|\\bgpt\\b",
    "\\ban?\\s+(?:user|note|number|line)\\b|\\bnote\\s+(?:to|for)\\b|\\b(?:last|final|next|this|following|above)\\s+line\\b|\\bline\\s+(?:above|for)\\b",
    "\\bquote[ds]?\\b|\\b(?:un|end of )quot\\w*|\\bquot(?:ing|ation)\\b|\\bverbatim\\b|\\bexcerpt\\b|\\binstruct\\w*|\\b(?:orders|directs|dictates|boasts|brags|begs|lobbies|directive|repeating|copying|echoing|insists|demanded|dictated)\\b",
    "\\b(?:as follows|the following|follows\\W*$|like this|on this|for this\\W*$|wrote|gave (?:it )?this|so (?:says|it)|says so|said so|the above|according to|per the|source:|my words|words\\W*$|has it\\W*$)",
    "\\b(?:answer|response|reply|text)['’]s\\b|\\b(?:was|were|am|been|as|i)\\s+(?:told|asked|instructed|ordered)\\b|\\btold\\s+(?:me|us|to)\\b",
    "\\b(?:answer|response|reply|respondent|candidate|assistant|submission|essay|model|it)\\s+(?:thinks|believes|hopes|feels|wishes|expects|would like|is (?:convinced|proud|sure|from|part of))\\b",
  ].join("|"),
  "i",
);

/** Beginnings of a sentence that sets a condition or takes something back. */
export const conditionFirst =
  /^\W*(?:(?:even|but|and|only|just)\s+)*(?:if|once|when|with|without|were|had|should|after|before|until|unless|assum\w+|suppos\w+|provid(?:ed|ing)\b|granted|pending|given|imagine|pretend|let['’]?s?\s+say|say|hypothetical\w*|theoretical\w*|ideally|potential\w*|possibly|perhaps|maybe|probably|otherwise|in\s+(?:theory|principle|the best|an ideal|that case)|best case|at (?:best|most)|on paper|to|for|corrected|fixed|subject|depending|minus|barring|ignor\w+|disregard\w*|strike|forget|conditional\w*|from|by|as|per|according)\b/i;

/** Words that take a score back, make it conditional, or change it. */
export const takenBack = new RegExp(
  "\\b(?:could|might|may|can|would)\\s+(?:be|get)\\W*$|\\bget there\\b|\\b(?:contains|includes|shows|gives|makes|uses|has)\\s+(?:this|that|these|those|it)\\b|\\b(?:nothing|everything|no (?:sense|merit)|(?:misses|lacks) (?:the (?:question|point)|correctness)|(?:numbers?|points?) (?:is|are))\\b|" +
    "\\b(?:wait|scratch|strike|struck|kidding|joking|joke|sarcas\\w*|second thoughts?|reflection|reconsider\\w*|i mean|or rather|not really|" +
    "never\\s?mind|nvm|hold on|tak(?:e|ing) (?:it|that|this) back|changed my mind|withdraw\\w*|retract\\w*|disregard|ignore|forget (?:it|that|this)|void|invalid|" +
    "if|unless|once|until|provided|providing|assum(?:es?|ing)|presum\\w+|pending|subject to|conditional\\w*|as long as|had (?:it|this|that)|were (?:it|this|that)|have to be|" +
    "says|said|saying|claims?|claimed|hypothetical(?:ly)?|best case|ideally|before|after|deduct\\w*|penalt\\w*|halved?|subtract\\w*|" +
    "opposite|reverse|untrue|truth|(?:a|one) lie|not true|value|worth|half|condition|fix(?:ed|es|ing)?|on my part|of mine|deserves|merits|needs? (?:fixing|to)|needed|required|for that|more like|lower(?:ed)?|higher|reduced?|downgraded?|less(?!\\s+(?:clear|detailed|important))|too (?:high|low|kind|generous|much)|generous|overrated|correction|corrected|revised|adjusted|actually|instead|sorry|oops|my mistake|" +
    "placeholder|draft|tentative|provisional|not (?:final|mine|my)|disagree|don['’]t (?:mean|trust|use)|do not (?:mean|trust|use|stand))\\b|\\bnot[.!]?$",
  "i",
);
