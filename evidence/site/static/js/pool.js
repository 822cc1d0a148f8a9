// Sizes of effect pooled by restricted maximum likelihood, with the Hartung-Knapp interval and prediction interval: the same as evidence.pool in Python.

Explore.pool = (() => {
  const STOP = 1e-5; // where metafor, and evidence.pool, stop by default
  const STEPS = 100;

  // Sums over all studies, each with one over its variance as its weight.
  function weighted(y, v, tau2 = 0) {
    let [total, squares, cubes, mean] = [0, 0, 0, 0];
    for (let i = 0; i < y.length; i++) {
      const w = 1 / (v[i] + tau2);
      total += w;
      squares += w * w;
      cubes += w * w * w;
      mean += w * y[i];
    }
    mean /= total;
    let [spread, score] = [0, squares / total - total];
    for (let i = 0; i < y.length; i++) {
      const w = 1 / (v[i] + tau2);
      const away = w * (y[i] - mean);
      spread += away * (y[i] - mean);
      score += away * away;
    }
    return { total, squares, cubes, mean, spread, score };
  }

  // Fisher scoring from the estimate of Hedges; where it runs in circles, the zero of the score by halving.
  function reml(y, v, typical) {
    const variance = weighted(y, y.map(() => 1)).spread / (y.length - 1);
    const stop = Math.min(STOP, 1e-3 * typical);
    let tau2 = Math.max(0, variance - v.reduce((sum, one) => sum + one / v.length, 0));
    for (let turn = 0; turn < STEPS; turn++) {
      const { total, squares, cubes, score } = weighted(y, v, tau2);
      const information = squares - (2 * cubes) / total + (squares / total) ** 2;
      if (!(information > 0)) break;
      const step = Math.max(-tau2, score / information);
      tau2 += step;
      if (Math.abs(step) < stop) return tau2;
    }
    return zero((tau2) => weighted(y, v, tau2).score, Math.max(variance, ...v));
  }

  function zero(score, most) {
    if (score(0) <= 0) return 0;
    let [low, high] = [0, most];
    while (score(high) > 0) [low, high] = [high, high * 4];
    for (let turn = 0; turn < 300 && high - low > 1e-15 * high; turn++) {
      const middle = (low + high) / 2;
      if (score(middle) > 0) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  // Two studies or more, on the scale of their estimates; t is the quantile for as many.
  function fit(y, errors, t) {
    const v = errors.map((one) => one ** 2);
    const { total: all, squares } = weighted(y, v);
    const typical = ((y.length - 1) * all) / (all ** 2 - squares); // Higgins and Thompson (2002), equation 9
    const tau2 = reml(y, v, typical);
    const { total, mean: estimate, spread } = weighted(y, v, tau2);
    const se = Math.sqrt(1 / total);
    const apart = spread / (y.length - 1);
    const scale = apart > Number.EPSILON ? Math.sqrt(apart) : 0;
    const half = t * Math.max(1, scale) * se;
    const further = t * Math.sqrt(tau2 + (scale * se) ** 2);
    return {
      estimate, se, tau2, i2: (100 * tau2) / (tau2 + typical), guardedLow: estimate - half, guardedHigh: estimate + half,
      hkPredictionLow: estimate - further, hkPredictionHigh: estimate + further, weights: v.map((one) => 1 / (one + tau2) / total),
    };
  }

  // --- which results enter ---

  // One result a study, the first in the order of the data.
  function chosen(data, view, inView, pool) {
    const { firstOf, meets } = Explore.selection;
    const [about, compares] = [data.domain, data.contrast].map((name) => meets(data, name, view));
    const { study, domain, contrast } = pool.rows;
    const all = [...study.keys()];
    const meeting = all.filter((row) => inView.has(study[row]) && about(domain[row]) && compares(contrast[row]));
    return firstOf(meeting, (row) => study[row], all);
  }

  // One pool of a selection: what enters, one study a cohort, whatever the view counts otherwise, sorted by its id; how many reports another stands for, of how many studies; and the result, null where too few enter.
  function pooled(data, view, [inView, reports], pool) {
    const { unit, id } = data.studies;
    const { study, rank } = pool.rows;
    const rows = Explore.selection.firstOf(chosen(data, view, inView, pool), (row) => unit.possible[study[row]], rank);
    rows.sort((a, b) => (id[study[a]] < id[study[b]] ? -1 : 1));
    const of = pool.asked.filter((i) => inView.has(i)).length;
    return { pool, rows, of, k: rows.length, shared: chosen(data, view, reports, pool).length - rows.length, result: result(data, pool, rows) };
  }

  // On the scale of pooling, and as it is printed: ratios are no logarithms.
  function result(data, pool, rows) {
    if (rows.length < data.pools.fewest) return null;
    const of = (name) => rows.map((row) => pool.rows[name][row]);
    const found = fit(of("estimate"), of("se"), data.pools.t[rows.length - 2]);
    const { estimate, guardedLow, guardedHigh, hkPredictionLow, hkPredictionHigh } = found;
    const [middle, low, high, predictionLow, predictionHigh] = [estimate, guardedLow, guardedHigh, hkPredictionLow, hkPredictionHigh]
      .map((value) => (pool.log ? Math.exp(Math.min(value, 709)) : value));
    return { ...found, printed: { estimate: middle, low, high, predictionLow, predictionHigh } };
  }

  // All pools to which the selection gives at least one study, those with the most first, then in the order of the data set.
  function all(data, view, studies, reports = studies) {
    const sets = [studies, reports].map((all) => new Set(all));
    return data.pools.list.map((pool) => pooled(data, view, sets, pool)).filter((one) => one.k).sort((a, b) => b.k - a.k);
  }

  // The pool that is shown: the one that is asked for, else the one with the most studies if they are enough to be pooled.
  function shown(found, asked) {
    const most = found[0]?.result ? found[0] : null;
    return found.find((one) => one.pool.id === asked) || most;
  }

  // Whether the guarded Hartung-Knapp interval holds no difference.
  const holdsNoDifference = (pool, { printed: { low, high } }) => low <= pool.null && pool.null <= high;

  // Studies without which the interval begins or ceases to hold no difference, that which moves the estimate most first.
  function turning(data, { pool, rows, result: whole }) {
    if (!whole) return [];
    const holds = holdsNoDifference(pool, whole);
    const found = rows.map((row) => ({ row, without: result(data, pool, rows.filter((other) => other !== row)) }));
    return found.filter(({ without }) => without && holdsNoDifference(pool, without) !== holds)
      .sort((a, b) => Math.abs(b.without.estimate - whole.estimate) - Math.abs(a.without.estimate - whole.estimate));
  }

  return { fit, all, shown, turning };
})();
