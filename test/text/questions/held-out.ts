import { type Group, group } from "./pairs.js";

/** Questions written after the comparison of words was finished. Two near misses passed it then, which differ in tense only. */
export const heldOutGroups: readonly Group[] = [
  group(
    "How long does shipping to Canada take?",
    [
      "How long would shipping to Canada take?",
      "how long does shipping to canada take",
      "How many days does delivery to Canada need?",
    ],
    [
      "How long does shipping to Mexico take?",
      "How much does shipping to Canada cost?",
      "How long does shipping from Canada take?",
      "How long does express shipping to Canada take?",
    ],
  ),
  group(
    "Can I use my gift card online?",
    ["can i use my gift card online?", "Could I use my gift card online", "Are gift cards accepted online?"],
    [
      "Can I use my gift card in store?",
      "Can I use my credit card online?",
      "Can't I use my gift card online?",
      "Can I buy a gift card online?",
    ],
  ),
  group(
    "Where is the nearest pharmacy?",
    ["Tell me where the nearest pharmacy is", "where is the nearest pharmacy please"],
    ["Where is the nearest bakery?", "When is the nearest pharmacy open?", "Where is the cheapest pharmacy?"],
  ),
  group(
    "Does this phone support two SIM cards?",
    ["does this phone support 2 SIM cards", "Would this phone support two SIM cards?"],
    [
      "Does this phone support three SIM cards?",
      "Does this phone support two SD cards?",
      "Does this tablet support two SIM cards?",
      "Does this phone not support two SIM cards?",
    ],
  ),
  group(
    "Explain recursion to a child",
    ["Please explain recursion to a child", "Could you explain recursion to a child?"],
    ["Explain recursion to an expert", "Explain iteration to a child", "Explain a child to recursion"],
  ),
  group(
    "How many calories does a banana have?",
    ["how many calories does a banana have", "Tell me how many calories a banana has"],
    [
      "How many calories does an apple have?",
      "How many calories do two bananas have?",
      "How many grams of sugar does a banana have?",
    ],
  ),
  group(
    "Who is the president of Brazil?",
    ["who's the president of Brazil?", "Tell me who the president of Brazil is"],
    [
      "Who was the president of Brazil?",
      "Who is the president of Chile?",
      "Who is the vice president of Brazil?",
      "Who is the king of Brazil?",
    ],
  ),
  group(
    "My order has not arrived",
    ["my order hasn't arrived", "Hello, my order has not arrived"],
    ["My order has arrived", "My refund has not arrived", "My order has not shipped", "His order has not arrived"],
  ),
  group(
    "What are the opening hours on public holidays?",
    ["What're the opening hours on public holidays?", "please tell me the opening hours on public holidays"],
    [
      "What are the opening hours on school holidays?",
      "What are the closing hours on public holidays?",
      "What are the opening hours before public holidays?",
    ],
  ),
  group(
    "Increase the volume by 10",
    ["Please increase the volume by 10", "increase the volume by ten"],
    [
      "Decrease the volume by 10",
      "Increase the volume to 10",
      "Increase the brightness by 10",
      "Increase the volume by 100",
    ],
  ),
  group(
    "Did Messi play for Barcelona?",
    ["did messi play for barcelona", "Tell me, did Messi play for Barcelona?"],
    [
      "Did Messi play against Barcelona?",
      "Did Ronaldo play for Barcelona?",
      "Does Messi play for Barcelona?",
      "Did Messi play for Paris?",
    ],
  ),
  group(
    "Which train goes to Hamburg?",
    ["which train goes to hamburg", "What train goes to Hamburg?"],
    ["Which train comes from Hamburg?", "Which bus goes to Hamburg?", "Which train goes to Homburg?"],
  ),
  group(
    "Wo finde ich meine Rechnung?",
    ["wo finde ich meine rechnung", "Wo kann ich meine Rechnung finden?"],
    [
      "Wo finde ich meine Bestellung?",
      "Wann finde ich meine Rechnung?",
      "Wo finde ich deine Rechnung?",
      "Wo zahle ich meine Rechnung?",
    ],
  ),
  group(
    "Ist der Laden sonntags geöffnet?",
    ["ist der laden sonntags geöffnet", "Bitte: Ist der Laden sonntags geöffnet?"],
    ["Ist der Laden samstags geöffnet?", "Ist der Laden sonntags geschlossen?", "Ist der Markt sonntags geöffnet?"],
  ),
  group(
    "Puis-je payer avec une carte ?",
    ["je peux payer avec une carte ?", "puis-je payer avec une carte"],
    ["Puis-je payer sans carte ?", "Puis-je payer avec un chèque ?", "Puis-je jouer avec une carte ?"],
  ),
  group(
    "¿Dónde está mi pedido?",
    ["donde está mi pedido", "Por favor, ¿dónde está mi pedido?"],
    ["¿Dónde está tu pedido?", "¿Cuándo llega mi pedido?", "¿Dónde está mi factura?"],
  ),
  group(
    "Quanto costa la spedizione in Italia?",
    ["quanto costa la spedizione in italia", "Per favore, quanto costa la spedizione in Italia?"],
    [
      "Quanto dura la spedizione in Italia?",
      "Quanto costa la spedizione in Francia?",
      "Quanto costa il reso in Italia?",
    ],
  ),
  group(
    "Can humans see infrared light?",
    ["can humans see infrared light", "Can a human see infrared light?"],
    ["Can humans see ultraviolet light?", "Can snakes see infrared light?", "Can humans feel infrared light?"],
  ),
];
