"use strict";
// What the charts of a view say in words: for readers who do not see them, and on the slide that is taken along.
window.Explore = window.Explore || {};

Explore.captions = (() => {
  const TITLES = { balance: "which way do the studies point?", share: "share of benefit", studies: "how large, and when?" };

  function alt(data, view, { balance, selection }, name) {
    const { words, statistics } = Explore;
    const label = (word) => words.small(data.looks[word].label);
    if (name === "balance") {
      const said = ({ counts }) => words.shown(data, view.lens).filter((word) => counts[word] || word === "harm" || word === "benefit").map((word) => `${label(word)} ${counts[word]}`);
      const rows = balance.rows.map((row) => `${row.label}: ${said(row).join(", ")}`).join("; ");
      return `Bars, harm to the left and benefit to the right, ${data.lenses[view.lens].title}. ${rows}. The same numbers stand in the table below the charts.`;
    }
    if (name === "share") {
      const rows = balance.rows.map((row) => `${row.label}: ${statistics.verdict(row.test)}`).join("; ");
      return `Points with intervals: share of benefit among results that point one way. ${rows}.`;
    }
    const unknown = selection.rows.filter((i) => data.studies.n[i] === null).length;
    const years = selection.rows.map((i) => data.studies.year[i]).filter((year) => year !== null);
    const span = years.length ? ` (${Math.min(...years)} to ${Math.max(...years)})` : "";
    return `One mark a study: year${span} against how many took part; ${words.counted(unknown, "study", "studies")} of unknown size in a strip below. Every study stands in the table of studies.`;
  }

  // Number of studies and participants, what could not be placed, the side from which it is seen, cautions and source.
  function notes(data, { balance, selection, parts }, name) {
    const { words } = Explore;
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const unknown = sum(selection.steps.map((step) => step.unknown));
    const unplaced = sum(balance.rows.map((row) => row.counts.not_placed));
    const units = `${sum(balance.rows.map((row) => row.units))} ${balance.by === data.domain ? "votes" : "studies"}`;
    const { frame, caution, source, date } = data.words;
    return [
      `${words.parts(parts)}.` + (unknown ? ` Left out because not known: ${words.counted(unknown, "study", "studies")}.` : ""),
      name === "share" ? "Lines are 95 % Wilson intervals; mixed results and results without a readable direction stay out." : `Not placed: ${unplaced} of ${units}.`,
      frame && `Seen ${frame}.`,
      caution,
      `Source: ${source}` + (date ? `, ${date}` : "") + ".",
    ].filter(Boolean);
  }

  // Title, subtitle and notes of a slide, in lines that fit its width.
  function slide(data, view, found, name) {
    const { words } = Explore;
    const lens = data.lenses[name === "share" ? "direction" : view.lens].title;
    const how = [...words.conditions(found.selection.steps), words.unit(data, view, found.balance.by), lens].join("; ");
    const signs = words.shown(data, view.lens).map((word) => `${data.looks[word].sign} ${words.small(data.looks[word].label)}`).join("   ");
    return {
      title: words.wrap(`${data.words.topic}: ${TITLES[name]}`, 62),
      subtitle: [how, ...(name === "studies" ? [signs] : [])].flatMap((text) => words.wrap(text, 98)),
      notes: notes(data, found, name).flatMap((text) => words.wrap(text, 128)),
    };
  }

  return { alt, slide };
})();
