// What the charts of a view say in words: for readers who do not see them, and on the slide that is taken along.

Explore.captions = (() => {
  const TITLES = { balance: "which way do the studies point?", share: "which way do the numbers lean?", studies: "how many took part, and when?", forest: "how large is the effect?" };

  const alts = {
    balance({ data, view, balance }) {
      const said = ({ counts, called }) => data.lenses[view.lens].shown.filter((word) => counts[word] || word === "harm" || word === "benefit")
        .map((word) => `${called(word)} ${counts[word]}`).join(", ");
      const rows = balance.rows.map((row) => `${row.label}: ${said(row)}`).join("; ");
      return `Bars, ${["harm", "benefit"].map((word) => Explore.balance.callings(balance.rows, word)).join(" to the left and ")} to the right, ${data.lenses[view.lens].title}. ${rows}. The same numbers stand in the table below the charts.`;
    },
    share({ balance }) {
      const rows = balance.rows.map((row) => `${row.label}: ${Explore.statistics.verdict(row.test, row.called("benefit"))}`).join("; ");
      return `Points with intervals: share of ${Explore.balance.callings(balance.rows, "benefit")} among results that point one way. ${rows}.`;
    },
    forest({ data, sizes: { pool, rows, result, said } }) {
      const { study, printed, low, high } = pool.rows;
      const lines = rows.map((row) => `${data.studies.name[study[row]]} ${Explore.words.sized(printed[row], low[row], high[row])}`);
      return `Forest plot, ${pool.measure}: one square a study, its area the weight, with its 95 % interval${result ? "; below them the pooled estimate as a diamond, with a dashed line for the prediction interval" : ""}. ${lines.join("; ")}. ${said}`;
    },
    studies({ data, selection: { rows } }) {
      const unknown = rows.filter((i) => data.studies.n[i] === null).length;
      const years = rows.map((i) => data.studies.year[i]).filter((year) => year !== null);
      const span = years.length ? ` (${Math.min(...years)} to ${Math.max(...years)})` : "";
      return `One mark a study: year${span} against how many took part; ${Explore.words.counted(unknown, "study", "studies")} of unknown size in a strip below. Every study stands in the table of studies.`;
    },
  };
  const alt = (found, name) => alts[name](found);

  // How many effects lie on which side of no difference, which is 0 on the scale of pooling: as Python says it.
  function pointing(effects) {
    const sides = [["above", 1], ["below", -1], ["at", 0]].map(([side, sign]) => [effects.filter((one) => Math.sign(one) === sign).length, side]);
    return `${sides.filter(([n]) => n).map((one) => one.join(" ")).join(", ")} no difference`;
  }

  // What a pool says: estimate, intervals, of how many studies, and what it hangs on; never more than it can.
  function pooled(data, one) {
    const { sized, interval, counted } = Explore.words;
    const { pool, rows, k, of, shared, result } = one;
    const others = rows.filter((row) => !pool.rows.main[row]);
    const beside = others.length;
    const inIt = [
      `${k} of ${counted(of, "study", "studies")} of the question ${k === 1 ? "has" : "have"} a size on this measure and contrast; the rest is not in it.`,
      beside ? ` ${k === 1 ? "It" : `${beside} of the ${k}`} ${beside === 1 ? "enters" : "enter"} with another result than the main one of the study: ${pointing(others.map((row) => pool.rows.estimate[row]))}.` : "",
      shared ? ` ${counted(shared, "further report has", "further reports have")} one, but another stands for the group of people or animals.` : "",
    ].join("");
    if (!result) return `${inIt} Fewer than ${data.pools.fewest}: shown as ${k === 1 ? "it stands" : "they stand"}, nothing is pooled.`;
    const { printed } = result;
    const turns = Explore.pool.turning(data, one);
    const main = `${pool.measure}${pool.scale ? `, ${pool.scale},` : ""} ${sized(printed.estimate, printed.low, printed.high, ", 95 % interval ", "")}, 95 % prediction interval ${interval(printed.predictionLow, printed.predictionHigh)} (REML, Hartung-Knapp; tau² ${Number(result.tau2.toPrecision(2))}, I² ${Math.round(result.i2)} %).`;
    if (!turns.length) return `${main} ${inIt}`;
    const [{ row, without: { printed: other } }] = turns;
    const more = turns.length > 1 ? ` (so with ${counted(turns.length - 1, "other", "others")} left out)` : "";
    return `${main} ${inIt} It hangs on one study: without ${data.studies.name[pool.rows.study[row]]} it is ${sized(other.estimate, other.low, other.high, ", ", "")}${more}.`;
  }

  // Number of studies and participants, what could not be placed, the side from which it is seen, cautions and source.
  function notes({ data, view, balance, selection, parts, sizes }, name) {
    const { words } = Explore;
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const unstated = selection.steps.filter((step) => step.unstated).map((step) => `Left out, with no ${step.what} stated: ${words.counted(step.unstated, "study", "studies")}.`);
    const unplaced = sum(balance.rows.map((row) => row.counts.not_placed));
    const units = `${sum(balance.rows.map((row) => row.units))} ${balance.by === data.domain ? "votes" : "studies"}`;
    const { frame, caution, source, date } = data.words;
    const ends = [frame && `Seen ${frame}.`, caution, `Source: ${source}` + (date ? `, ${date}` : "") + "."].filter(Boolean);
    if (name === "forest") return [sizes.said, "Restricted maximum likelihood; Hartung-Knapp intervals, not narrower than the ordinary ones; dashed: prediction interval.", ...ends];
    return [
      [`${words.parts(parts)}.`, ...unstated].join(" ") + balance.beside,
      ...(name === "share" ? balance.rows.filter(({ test }) => Explore.statistics.bears(test)).map((row) => `${row.label}: ${Explore.statistics.verdict(row.test, row.called("benefit"))}.`) : []),
      name === "share" ? "Lines: 95 % Wilson intervals, without mixed and unreported directions." : `${data.lenses[view.lens].silent}: ${unplaced} of ${units}.`,
      ...ends,
    ];
  }

  // Title, subtitle and notes of a slide, in lines that fit its width.
  function slide(found, name) {
    const { words } = Explore;
    const { data, view, balance, selection, sizes } = found;
    const lens = data.lenses[name === "share" ? "direction" : view.lens].title;
    const unit = name === "forest" ? ["one result a study, one report a cohort", sizes.pool.title] : [words.unit(data, view, balance.by), lens];
    const how = [...selection.steps.filter((step) => step.name !== "cohorts").map((step) => step.said), ...unit].join("; ");
    const signs = data.lenses[view.lens].shown.map((word) => `${data.looks[word].sign} ${Explore.balance.callings(balance.rows, word)}`).join("   ");
    return {
      title: words.wrap(`${data.words.topic}: ${TITLES[name]}`, 62),
      subtitle: [how, ...(name === "studies" ? [signs] : [])].flatMap((text) => words.wrap(text, 98)),
      notes: notes(found, name).flatMap((text) => words.wrap(text, 128)),
    };
  }

  return { alt, notes, pointing, pooled, slide };
})();
