/** Questions with others that have the same answer, and others that sound alike and have another one. Written for this library. */
export interface Group {
  readonly question: string;
  readonly same: readonly string[];
  readonly other: readonly string[];
}

export const group = (question: string, same: readonly string[], other: readonly string[]): Group => ({
  question,
  same,
  other,
});

export const groups: readonly Group[] = [
  group(
    "How do I reset my password?",
    [
      "How can I reset my password?",
      "how do i reset my password",
      "Please tell me how to reset my password.",
      "I forgot my password. How can I set a new one?",
    ],
    [
      "How do I reset my router?",
      "How do I reset your password?",
      "Why did you reset my password?",
      "How do I avoid having to reset my password?",
      "When do I have to reset my password?",
    ],
  ),
  group(
    "Is 17 a prime number?",
    ["Is 17 prime?", "is seventeen a prime number", "17: is it a prime number?"],
    [
      "Is 18 a prime number?",
      "Is 71 a prime number?",
      "Is 17 a perfect number?",
      "Is 17 not a prime number?",
      "Is 17.5 a prime number?",
    ],
  ),
  group(
    "What is the capital of France?",
    [
      "What's the capital of France?",
      "Tell me the capital of France.",
      "what is the capital of france",
      "Which city is the capital of France?",
    ],
    [
      "What is the capital of Spain?",
      "what is the capital of spain",
      "What is the population of France?",
      "What was the capital of France in 1940?",
      "What is the largest city of France?",
    ],
  ),
  group(
    "How do I cancel my subscription?",
    [
      "How can I cancel my subscription?",
      "Please explain how to cancel my subscription.",
      "I want to cancel my subscription, how do I do that?",
      "What do I have to do to end my subscription?",
    ],
    [
      "How do I renew my subscription?",
      "How do I cancel my order?",
      "How do I cancel my flight?",
      "How much does it cost to cancel my subscription?",
      "How do I pause my subscription?",
    ],
  ),
  group(
    "Convert 100 USD to EUR",
    ["Please convert 100 USD to EUR", "Convert 100 USD to EUR!", "Could you convert 100 USD to EUR?"],
    [
      "Convert 100 EUR to USD",
      "Convert 1,000 USD to EUR",
      "Convert 100 USD to GBP",
      "Convert 100 USD to EUR as of 2020",
    ],
  ),
  group(
    "How do I sort a list in Python?",
    [
      "How can I sort a list in Python?",
      "how do i sort a list in python",
      "How would you sort a list in Python?",
      "What is the way to order a list in Python?",
    ],
    [
      "How do I sort a list in Rust?",
      "How do I sort a dict in Python?",
      "How do I sort a list in Python 2?",
      "How do I reverse a list in Python?",
      "How do I sort a list in Python without sorted?",
    ],
  ),
  group(
    "Turn the lights on in the kitchen",
    ["Please turn the lights on in the kitchen", "Turn the kitchen lights on", "Turn on the lights in the kitchen"],
    [
      "Turn the lights off in the kitchen",
      "Turn the lights on in the bedroom",
      "Turn the heating on in the kitchen",
      "Don't turn the lights on in the kitchen",
    ],
  ),
  group(
    "Can I take ibuprofen with alcohol?",
    [
      "Could I take ibuprofen with alcohol?",
      "can i take ibuprofen with alcohol",
      "Is it okay to have alcohol when I take ibuprofen?",
    ],
    [
      "Can I take ibuprofen without alcohol?",
      "Can I take paracetamol with alcohol?",
      "Can I take ibuprofen with milk?",
      "Can my dog take ibuprofen with alcohol?",
    ],
  ),
  group(
    "Who wrote Hamlet?",
    ['Who wrote "Hamlet"?', "Tell me who wrote Hamlet", "Who is the author of Hamlet?"],
    ["Who wrote Macbeth?", "When was Hamlet written?", "Who played Hamlet?", "Why was Hamlet written?"],
  ),
  group(
    "What time does the store open on Monday?",
    [
      "What time does the store open on Mondays?",
      "Please tell me what time the store opens on Monday",
      "When does the shop open on Monday?",
    ],
    [
      "What time does the store close on Monday?",
      "What time does the store open on Sunday?",
      "What time does the pharmacy open on Monday?",
      "What time does the store open on monday the 4th?",
    ],
  ),
  group(
    "Is it safe to delete this file?",
    [
      "Would it be safe to delete this file?",
      "is it safe to delete this file",
      "Can I delete this file without any risk?",
    ],
    [
      "Is it unsafe to delete this file?",
      "Is it safe to delete this folder?",
      "Is it safe to open this file?",
      "Is it not safe to delete this file?",
    ],
  ),
  group(
    'Translate "good morning" to German',
    ['Please translate "good morning" to German', "Translate “good morning” to German."],
    [
      'Translate "good night" to German',
      'Translate "good morning" to French',
      'Translate "good morning" from German',
      'Translate "guten Morgen" to English',
    ],
  ),
  group(
    "What is the boiling point of water?",
    [
      "What's the boiling point of water?",
      "Tell me the boiling point of water",
      "At what temperature does water boil?",
    ],
    [
      "What is the freezing point of water?",
      "What is the boiling point of ethanol?",
      "What is the boiling point of water at 2,000 m?",
      "Why does water have a boiling point?",
    ],
  ),
  group(
    "Book a table for two at seven",
    ["Please book a table for two at seven", "Book a table for 2 at 7"],
    [
      "Book a table for three at seven",
      "Book a table for two at eight",
      "Book a room for two at seven",
      "Cancel a table for two at seven",
    ],
  ),
  group(
    "How many ounces are in a pound?",
    ["How many ounces are there in a pound?", "how many ounces in a pound", "A pound has how many ounces?"],
    [
      "How many grams are in a pound?",
      "How many pounds are in an ounce?",
      "How many ounces are in two pounds?",
      "How many fluid ounces are in a pint?",
    ],
  ),
  group(
    "Does the warranty cover water damage?",
    [
      "Is water damage covered by the warranty?",
      "does the warranty cover water damage",
      "Would the warranty cover water damage?",
    ],
    [
      "Does the warranty cover fire damage?",
      "Does the insurance cover water damage?",
      "Does the warranty exclude water damage?",
      "Doesn't the warranty cover water damage?",
    ],
  ),
  group(
    "Which companies did Google buy?",
    ["which companies did google buy", "What companies were bought by Google?"],
    [
      "Which companies did Apple buy?",
      "Which companies bought Google?",
      "Which companies did Google sell?",
      "Which companies did Google sue?",
    ],
  ),
  group(
    "Show flights from Berlin to Rome",
    [
      "Please show flights from Berlin to Rome",
      "Show me flights from Berlin to Rome",
      "Show me the flights to Rome from Berlin",
    ],
    [
      "Show flights from Rome to Berlin",
      "Show flights from Berlin to Paris",
      "Show trains from Berlin to Rome",
      "Show flights from Bern to Rome",
    ],
  ),
  group(
    "How do I disable notifications?",
    ["How can I disable notifications?", "how to disable notifications", "What do I do to switch notifications off?"],
    [
      "How do I enable notifications?",
      "How do I disable location?",
      "Why should I disable notifications?",
      "How do I disable notifications for one app?",
    ],
  ),
  group(
    "What are the symptoms of the flu?",
    ["What are symptoms of the flu?", "Tell me the symptoms of the flu", "Which symptoms does the flu have?"],
    [
      "What are the symptoms of the stomach flu?",
      "What are the causes of the flu?",
      "What are the symptoms of measles?",
      "What are the symptoms of the flu in cats?",
    ],
  ),
  group(
    "Summarize chapter 3 of the book",
    [
      "Please summarize chapter 3 of the book",
      "Summarize chapter three of the book",
      "Give me a summary of chapter 3 of the book",
    ],
    [
      "Summarize chapter 4 of the book",
      "Summarize chapters 1 to 3 of the book",
      "Summarize the book",
      "Review chapter 3 of the book",
    ],
  ),
  group(
    "Is GPT-4 better than GPT-3.5?",
    ["is gpt-4 better than gpt-3.5", "Would you say GPT-4 is better than GPT-3.5?"],
    [
      "Is GPT-3.5 better than GPT-4?",
      "Is GPT-4 cheaper than GPT-3.5?",
      "Is GPT-4 worse than GPT-3.5?",
      "Is GPT-4o better than GPT-3.5?",
    ],
  ),
  group(
    "Do I need a visa for Japan?",
    ["Would I need a visa for Japan?", "do i need a visa for japan", "Is a visa required to visit Japan?"],
    [
      "Do I need a visa for China?",
      "do i need a visa for china",
      "Do I need a vaccine for Japan?",
      "Do Germans need a visa for Japan?",
      "Do I need a visa for Japan after 90 days?",
    ],
  ),
  group(
    "How tall is Mount Everest?",
    ["How tall is Mt. Everest?", "how tall is mount everest", "What is the height of Mount Everest?"],
    [
      "How old is Mount Everest?",
      "How tall is Mount Fuji?",
      "How tall was the first climber of Mount Everest?",
      "How far is Mount Everest?",
    ],
  ),
  group(
    "Which dog breeds do not shed?",
    ["which dog breeds don't shed", "What dog breeds do not shed?"],
    [
      "Which dog breeds shed?",
      "Which cat breeds do not shed?",
      "Which dog breeds do not bark?",
      "Which dog breeds shed the most?",
    ],
  ),
  group(
    "What does HTTP status 404 mean?",
    [
      "What is the meaning of HTTP status 404?",
      "what does http status 404 mean",
      "HTTP status 404, what does it mean?",
    ],
    [
      "What does HTTP status 403 mean?",
      "What does HTTP status 500 mean?",
      "What does exit status 404 mean?",
      "Why does my server give HTTP status 404?",
    ],
  ),
  group(
    "How do I make pancakes without eggs?",
    [
      "How can I make pancakes without eggs?",
      "how to make pancakes without eggs",
      "A recipe for eggless pancakes, please",
    ],
    [
      "How do I make pancakes with eggs?",
      "How do I make pancakes without milk?",
      "How do I make waffles without eggs?",
      "How do I make eggs without pancakes?",
    ],
  ),
  group(
    "When did the Second World War end?",
    [
      "When did World War II end?",
      "When did the Second World War end? Please tell me.",
      "In which year did the Second World War end?",
    ],
    [
      "When did the First World War end?",
      "When did the Second World War begin?",
      "Why did the Second World War end?",
      "Where did the Second World War end?",
    ],
  ),
  group(
    "Write a poem about the sea",
    ["Please write a poem about the sea", "Write me a poem about the sea", "Could you write a poem about the sea?"],
    [
      "Write a story about the sea",
      "Write a poem about the sky",
      "Write a poem about the Dead Sea",
      "Write a short poem about the sea",
    ],
  ),
  group(
    "What is the maximum upload size?",
    ["What's the maximum upload size?", "Tell me the maximum upload size", "How large may an upload be at most?"],
    [
      "What is the minimum upload size?",
      "What is the maximum download size?",
      "What is the maximum upload speed?",
      "What is the average upload size?",
    ],
  ),
  group(
    "Was ist die Hauptstadt von Italien?",
    [
      "was ist die hauptstadt von italien",
      "Bitte sag mir: Was ist die Hauptstadt von Italien?",
      "Wie heißt die Hauptstadt Italiens?",
    ],
    [
      "Was ist die Hauptstadt von Spanien?",
      "Was ist die größte Stadt von Italien?",
      "What is the capital of Italy?",
      "Was ist die Landessprache von Italien?",
    ],
  ),
  group(
    "Wie kündige ich meinen Vertrag?",
    [
      "Wie kann ich meinen Vertrag kündigen?",
      "wie kündige ich meinen vertrag",
      "Was muss ich tun, um meinen Vertrag zu beenden?",
    ],
    [
      "Wie verlängere ich meinen Vertrag?",
      "Wie kündige ich meine Versicherung?",
      "Warum kündige ich meinen Vertrag?",
      "Wie kündige ich meinen Vertrag nicht versehentlich?",
      "How do I cancel my contract?",
    ],
  ),
  group(
    "Darf ich hier parken?",
    ["Kann ich hier parken?", "darf ich hier parken", "Ist es erlaubt, hier zu parken?"],
    ["Darf ich hier nicht parken?", "Darf ich dort parken?", "Darf ich hier rauchen?", "Muss ich hier parken?"],
  ),
  group(
    "Wie viele Einwohner hat Wien?",
    ["wie viele einwohner hat wien", "Sag mir, wie viele Einwohner Wien hat"],
    [
      "Wie viele Einwohner hat Bern?",
      "Wie viele Einwohner hatte Wien 1900?",
      "Wie viele Bezirke hat Wien?",
      "Wie viele Einwohner hat Österreich?",
    ],
  ),
  group(
    "Comment annuler ma commande ?",
    [
      "Comment puis-je annuler ma commande ?",
      "comment annuler ma commande",
      "Comment faire pour annuler ma commande ?",
    ],
    [
      "Comment suivre ma commande ?",
      "Comment annuler mon abonnement ?",
      "Pourquoi annuler ma commande ?",
      "How do I cancel my order?",
    ],
  ),
  group(
    "Quelle est la capitale de l'Espagne ?",
    ["quelle est la capitale de l'espagne", "Dis-moi quelle est la capitale de l'Espagne"],
    [
      "Quelle est la capitale de l'Italie ?",
      "Quelle est la monnaie de l'Espagne ?",
      "¿Cuál es la capital de España?",
      "Quelle était la capitale de l'Espagne en 1500 ?",
    ],
  ),
  group(
    "Est-ce que 15 est divisible par 3 ?",
    ["15 est-il divisible par 3 ?", "est-ce que 15 est divisible par 3"],
    [
      "Est-ce que 16 est divisible par 3 ?",
      "Est-ce que 15 est divisible par 4 ?",
      "Est-ce que 3 est divisible par 15 ?",
      "Est-ce que 15 n'est pas divisible par 3 ?",
    ],
  ),
  group(
    "¿Cómo puedo cambiar mi contraseña?",
    ["¿Cómo cambio mi contraseña?", "como puedo cambiar mi contraseña", "¿Qué hago para cambiar mi contraseña?"],
    [
      "¿Cómo puedo cambiar mi correo?",
      "¿Por qué debo cambiar mi contraseña?",
      "¿Cómo puedo cambiar mi nombre?",
      "How can I change my password?",
    ],
  ),
  group(
    "¿Cuántos días tiene febrero?",
    ["cuantos dias tiene febrero", "Dime cuántos días tiene febrero"],
    [
      "¿Cuántos días tiene marzo?",
      "¿Cuántas horas tiene un día?",
      "¿Cuántos días tiene febrero en 2024?",
      "¿Cuántos días tiene un año?",
    ],
  ),
  group(
    "Come posso disattivare le notifiche?",
    ["come posso disattivare le notifiche", "Come si possono disattivare le notifiche?"],
    [
      "Come posso attivare le notifiche?",
      "Come posso disattivare la posizione?",
      "Perché dovrei disattivare le notifiche?",
      "How can I turn off notifications?",
    ],
  ),
  group(
    "Qual é o horário da loja no sábado?",
    ["qual é o horário da loja no sábado", "Por favor, qual é o horário da loja no sábado?"],
    ["Qual é o horário da loja no domingo?", "Qual é o telefone da loja?", "Qual é o horário do banco no sábado?"],
  ),
  group(
    "Is the Eiffel Tower taller than Big Ben?",
    ["is the eiffel tower taller than big ben", "Would you say the Eiffel Tower is taller than Big Ben?"],
    [
      "Is Big Ben taller than the Eiffel Tower?",
      "Is the Eiffel Tower older than Big Ben?",
      "Is the Eiffel Tower smaller than Big Ben?",
    ],
  ),
  group(
    "Did the dog bite the man?",
    ["did the dog bite the man", "Tell me, did the dog bite the man?"],
    [
      "Did the man bite the dog?",
      "Did the dog bite the boy?",
      "Did the dog not bite the man?",
      "Did the cat bite the man?",
    ],
  ),
  group(
    "What is 15 % of 80?",
    ["What's 15 % of 80?", "Tell me what 15% of 80 is"],
    ["What is 80 % of 15?", "What is 25 % of 80?", "What is 15 % of 90?", "What is 1.5 % of 80?"],
  ),
  group(
    "Should I use var or let in JavaScript?",
    ["should i use var or let in javascript", "In JavaScript, should I use var or let?"],
    [
      "Should I use let or const in JavaScript?",
      "Should I use var or let in TypeScript?",
      "Could I use var or let in JavaScript?",
      "Should I not use var in JavaScript?",
    ],
  ),
  group(
    "What is the refund policy for opened items?",
    ["what is the refund policy for opened items", "Please explain the refund policy for opened items"],
    [
      "What is the refund policy for unopened items?",
      "What is the refund policy for damaged items?",
      "What is the privacy policy for opened items?",
      "What is the exchange policy for opened items?",
    ],
  ),
  group(
    "How do I install Docker on Ubuntu 22.04?",
    ["How can I install Docker on Ubuntu 22.04?", "how to install docker on ubuntu 22.04"],
    [
      "How do I install Docker on Ubuntu 20.04?",
      "How do I uninstall Docker on Ubuntu 22.04?",
      "How do I install Podman on Ubuntu 22.04?",
      "How do I install Docker on Fedora?",
    ],
  ),
  group(
    "Are tomatoes healthy for rabbits?",
    ["are tomatoes healthy for rabbits", "Tell me: are tomatoes healthy for rabbits?"],
    [
      "Are tomatoes unhealthy for rabbits?",
      "Are potatoes healthy for rabbits?",
      "Are tomatoes healthy for dogs?",
      "Are tomato leaves healthy for rabbits?",
    ],
  ),
  group(
    "Send the report to Anna on Friday",
    ["Please send the report to Anna on Friday", "On Friday, send the report to Anna"],
    [
      "Send the report to Anne on Friday",
      "Send the report to Anna on Thursday",
      "Send the invoice to Anna on Friday",
      "Do not send the report to Anna on Friday",
      "Send the report from Anna on Friday",
    ],
  ),
  group(
    "¿Es seguro beber agua del grifo en México?",
    ["es seguro beber agua del grifo en mexico", "Dime: ¿es seguro beber agua del grifo en México?"],
    [
      "¿Es seguro beber agua del grifo en Perú?",
      "¿No es seguro beber agua del grifo en México?",
      "¿Es seguro nadar en México?",
    ],
  ),
];

export interface Pair {
  readonly one: string;
  readonly other: string;
  /** True if one answer is right for both. */
  readonly same: boolean;
}

/** Lists the question of each group beside all others of it. */
export function pairsOf(all: readonly Group[]): readonly Pair[] {
  return all.flatMap(({ question, same, other }) => [
    ...same.map((each) => ({ one: question, other: each, same: true })),
    ...other.map((each) => ({ one: question, other: each, same: false })),
  ]);
}

export const pairs = pairsOf(groups);
