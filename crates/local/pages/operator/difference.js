// What a change of a wave would change: exact for the rule and for each named creator.

import { badge, element } from "/elements.js";
import { slots } from "/view.js";
import { changeLines, effect, effectTone, standing } from "/operator/labels.js";

const MAX_ROWS = 200;

export const isNothing = ({ rule, creators }) =>
  rule.length === 0 && creators.every((creator) => creator.effect === "unchanged");

export function fillDifference(root, difference) {
  const slot = slots(root);
  const { rule, percentage, creators, counts } = difference;
  slot("rule").replaceChildren(...changeLines(rule).map((each) => element("li", {}, each)));
  slot("reach").textContent = percentage.from === percentage.to ? "" : reachSentence(percentage);
  slot("reach").hidden = percentage.from === percentage.to;
  slot("counts").replaceChildren(...Object.entries(counts).map(([code, count]) => badge(counted(code, count), effectTone(code))));
  slot("creators").replaceChildren(...creators.slice(0, MAX_ROWS).map(row));
  slot("creators-table").hidden = creators.length === 0;
  const left = creators.length - MAX_ROWS;
  slot("more-creators").textContent = left > 0 ? `And ${left} more, counted above.` : "";
  slot("nothing").hidden = !isNothing(difference);
}

const PLURALS = { is: "are", enters: "enter", leaves: "leave", stays: "stay" };

/** "1 enters the wave", "3 enter the wave". */
function counted(code, count) {
  if (code === "unchanged") return `${count} unchanged`;
  const [verb, ...rest] = effect(code).split(" ");
  return [count, count === 1 ? verb : PLURALS[verb] ?? verb, ...rest].join(" ");
}

function reachSentence({ from, to }) {
  const both = `The wave admits ${from}% of all creators now, and ${to}% after the change.`;
  return to > from ? `${both} Creators it admits now stay admitted.` : `${both} No creators are added.`;
}

function row(creator) {
  const may = (can) => (can ? "can receive" : "cannot receive");
  const outcome = creator.can_receive_before === creator.can_receive_after
    ? `${may(creator.can_receive_after)}, as before`
    : `${may(creator.can_receive_after)} after the change`;
  return element(
    "tr",
    { "data-testid": `difference-${creator.creator_id}` },
    element("th", { scope: "row" }, creator.creator_id),
    element("td", {}, badge(effect(creator.effect), effectTone(creator.effect)), element("span", { class: "hint" }, ` ${standing(creator.from)} → ${standing(creator.to)}`)),
    element("td", {}, outcome),
  );
}
