import { listed, wordsOf } from "./words.js";

/** Words that negate; accents are dropped. `non`, `no` and `pas` negate in several languages. */
const negations = listed(`
  not no never none nobody nothing neither nor without cannot hardly except unable lacks lacking instead unless
  nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne weder ausser
  ne n pas jamais rien aucun aucune sans ni sauf
  nunca ningun ninguno ninguna nada nadie sin tampoco
  non mai niente nessuno nessuna senza neanche
  nao nenhum nenhuma ninguem sem
  niet geen nooit niets niemand zonder
  не нет никогда без
  不 没 沒 无 無 非 未 别`);

/** Pairs of opposites, in several languages. */
const opposites: readonly (readonly [string, string])[] = `
  on off|enable disable|enabled disabled|increase decrease|increases decreases|raise lower|up down|open close|open closed|opened closed|start stop|start end|
  begin end|before after|more less|most least|max min|maximum minimum|best worst|good bad|better worse|hot cold|high low|highest lowest|
  large small|largest smallest|big small|biggest smallest|long short|longest shortest|fast slow|fastest slowest|early late|first last|
  oldest newest|old new|oldest youngest|add remove|install uninstall|buy sell|import export|input output|upload download|encrypt decrypt|encode decode|
  allow deny|accept reject|accept decline|win lose|love hate|safe dangerous|legal illegal|possible impossible|include exclude|ascending descending|
  left right|inside outside|above below|north south|east west|day night|push pull|lock unlock|login logout|in out|from to|pros cons|
  advantages disadvantages|cause effect|same different|true false|yes no|import export|freeze thaw|gain loss|gain lose|always never|
  an aus|einschalten ausschalten|vor nach|mehr weniger|gross klein|hoch niedrig|kaufen verkaufen|vorteile nachteile|aktivieren deaktivieren|offnen schliessen|
  avant apres|plus moins|acheter vendre|avantages inconvenients|activer desactiver|ouvrir fermer|augmenter diminuer|
  antes despues|mas menos|comprar vender|ventajas desventajas|activar desactivar|abrir cerrar|aumentar reducir|
  prima dopo|piu meno|comprare vendere|vantaggi svantaggi|attivare disattivare|aprire chiudere|
  depois antes|mais menos|vantagens desvantagens|ativar desativar|abrir fechar`
  .split("|")
  .map((pair) => pair.trim().split(" ") as [string, string]);

/** Counts the words of a text that negate. */
export function negationsIn(text: string): number {
  const words = wordsOf(text).filter((word) => negations.has(word));
  const doubled = words.filter((word) => word === "ne" || word === "n"); // French `ne … pas` negates once
  return words.length - (doubled.length < words.length ? doubled.length : 0);
}

/** Returns a pair of opposites of which each text has one; `undefined` if there is none. */
export function oppositesIn(one: readonly string[], other: readonly string[]): readonly [string, string] | undefined {
  const [words, others] = [new Set(one), new Set(other)];
  return opposites.find(([left, right]) => {
    const apart = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
      a.has(left) && !a.has(right) && b.has(right) && !b.has(left);
    return apart(words, others) || apart(others, words);
  });
}
