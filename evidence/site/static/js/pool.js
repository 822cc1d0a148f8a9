"use strict";
// Sizes of effect pooled by restricted maximum likelihood, with the Hartung-Knapp interval and prediction interval: the same as evidence.pool in Python.
window.Explore = window.Explore || {};

Explore.pool = (() => {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const dot = (a, b) => a.reduce((total, value, i) => total + value * b[i], 0);

  // --- Student's t: distribution by the incomplete beta function, quantile by halving and Newton's steps ---

  const LANCZOS = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  const HALVES = [0.5 * Math.log(Math.PI), 0]; // logarithms of the gamma function at 1/2 and 1

  // Logarithm of the gamma function at n/2, exact up to rounding for degrees of freedom that occur.
  function logGammaHalf(n) {
    while (HALVES.length < Math.min(n, 2000)) HALVES.push(HALVES[HALVES.length - 2] + Math.log(HALVES.length / 2 - 0.5));
    if (n <= HALVES.length) return HALVES[n - 1];
    const x = n / 2;
    const t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
    return -t + Math.log((2.5066282746310005 * (1.000000000190015 + sum(LANCZOS.map((c, i) => c / (x + 1 + i))))) / x);
  }

  // Continued fraction of the incomplete beta function.
  function fraction(a, b, x) {
    const TINY = 1e-300;
    let c = 1;
    let d = 1 - ((a + b) * x) / (a + 1);
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    let value = d;
    for (let m = 1; m <= 5000; m++) {
      for (const term of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
        d = 1 + term * d;
        d = 1 / (Math.abs(d) < TINY ? TINY : d);
        c = 1 + term / c;
        if (Math.abs(c) < TINY) c = TINY;
        value *= d * c;
      }
      if (Math.abs(d * c - 1) < 1e-16) return value;
    }
    return value;
  }

  // Two-sided p-value of t with df degrees of freedom.
  function tTwoSided(t, df) {
    const x = df / (df + t * t);
    const rest = (t * t) / (df + t * t); // 1 - x, without losing digits
    if (!(rest > 0)) return 1;
    const front = Math.exp(logGammaHalf(df + 1) - logGammaHalf(df) - HALVES[0] + (df / 2) * Math.log(x) + 0.5 * Math.log(rest));
    if (x < (df / 2 + 1) / (df / 2 + 2.5)) return (front * fraction(df / 2, 0.5, x)) / (df / 2);
    return 1 - (front * fraction(0.5, df / 2, rest)) / 0.5;
  }

  const quantiles = new Map();
  function tQuantile(df, level = 0.95) {
    const key = `${df} ${level}`;
    if (quantiles.has(key)) return quantiles.get(key);
    const alpha = 1 - level;
    let [low, high] = [0, 1];
    while (tTwoSided(high, df) > alpha) [low, high] = [high, high * 2];
    for (let turn = 0; turn < 200 && high - low > 1e-15 * high; turn++) {
      const middle = (low + high) / 2;
      if (tTwoSided(middle, df) > alpha) low = middle;
      else high = middle;
    }
    quantiles.set(key, (low + high) / 2);
    return quantiles.get(key);
  }

  // --- the fit ---

  const STOP = 1e-5; // where metafor, and evidence.pool, stop by default
  const STEPS = 100;

  // Higgins and Thompson (2002), equation 9.
  function typicalVariance(v) {
    const least = Math.min(...v);
    const w = v.map((one) => least / one);
    const total = sum(w);
    return (least * (v.length - 1) * total) / sum(w.map((one) => one * (total - one)));
  }

  function spreadOf(y) {
    const mean = sum(y) / y.length;
    return sum(y.map((one) => (one - mean) ** 2)) / (y.length - 1);
  }

  // Fisher scoring from the estimate of Hedges; where it runs in circles, the zero of the score by halving.
  function reml(y, v) {
    const stop = Math.min(STOP, 1e-3 * typicalVariance(v));
    let tau2 = Math.max(0, spreadOf(y) - sum(v) / v.length);
    for (let turn = 0; turn < STEPS; turn++) {
      const w = v.map((one) => 1 / (one + tau2));
      const [total, squares] = [sum(w), dot(w, w)];
      const mean = dot(w, y) / total;
      const score = sum(w.map((one, i) => (one * (y[i] - mean)) ** 2)) - (total - squares / total);
      const information = squares - (2 * sum(w.map((one) => one ** 3))) / total + (squares / total) ** 2;
      if (!(information > 0)) break;
      const step = Math.max(-tau2, score / information);
      tau2 += step;
      if (Math.abs(step) < stop) return tau2;
    }
    return zero(y, v);
  }

  function zero(y, v) {
    const score = (tau2) => {
      const all = v.map((one) => one + tau2);
      const least = Math.min(...all);
      const w = all.map((one) => least / one);
      const total = sum(w);
      const mean = dot(w, y) / total;
      return sum(w.map((one, i) => (one * (y[i] - mean)) ** 2)) - least * (total - dot(w, w) / total);
    };
    if (score(0) <= 0) return 0;
    let [low, high] = [0, Math.max(spreadOf(y), ...v)];
    for (let turn = 0; turn < 500 && score(high) > 0; turn++) [low, high] = [high, high * 4];
    for (let turn = 0; turn < 300 && high - low > 1e-15 * high; turn++) {
      const middle = (low + high) / 2;
      if (score(middle) > 0) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  // Two studies or more, on the scale of their estimates; z is the normal quantile of a 95 % interval.
  function fit(estimates, errors, z) {
    // One fixed order, so that sums round alike whatever order the studies come in.
    const order = estimates.map((_, i) => i).sort((a, b) => Math.abs(estimates[a]) - Math.abs(estimates[b]) || errors[a] - errors[b] || estimates[a] - estimates[b]);
    const y = order.map((i) => estimates[i]);
    const v = order.map((i) => errors[i] ** 2);
    const [k, df] = [y.length, y.length - 1];
    const fixed = v.map((one) => 1 / one);
    const middle = dot(fixed, y) / sum(fixed);
    const q = dot(fixed, y.map((one) => (one - middle) ** 2));
    const tau2 = reml(y, v);
    const w = v.map((one) => 1 / (one + tau2));
    const estimate = dot(w, y) / sum(w);
    const se = Math.sqrt(1 / sum(w));
    const typical = typicalVariance(v);
    const spread = dot(w, y.map((one) => (one - estimate) ** 2)) / df;
    const scale = spread > Number.EPSILON ? Math.sqrt(spread) : 0;
    const t = tQuantile(df);
    const hkSe = scale * se;
    const guarded = Math.max(1, scale) * se;
    const around = (half) => [estimate - half, estimate + half];
    const [ciLow, ciHigh] = around(z * se);
    const [predictionLow, predictionHigh] = around(z * Math.sqrt(tau2 + se ** 2));
    const [hkLow, hkHigh] = around(t * hkSe);
    const [guardedLow, guardedHigh] = around(t * guarded);
    const [hkPredictionLow, hkPredictionHigh] = around(t * Math.sqrt(tau2 + hkSe ** 2));
    return {
      k, estimate, se, ciLow, ciHigh, tau2, i2: (100 * tau2) / (tau2 + typical), h2: 1 + tau2 / typical, q,
      predictionLow, predictionHigh, hkSe, hkLow, hkHigh, hkP: hkSe > 0 ? tTwoSided(Math.abs(estimate) / hkSe, df) : NaN,
      guardedLow, guardedHigh, hkPredictionLow, hkPredictionHigh,
      weights: estimates.map((_, i) => 1 / (errors[i] ** 2 + tau2) / sum(w)),
    };
  }

  // --- which results enter ---

  // One result a study, the first in the order of the data; one study a cohort, whatever the view counts otherwise. Sorted by the id of the study.
  function chosen(data, view, studies, pool) {
    const inView = new Set(studies);
    const meets = view.chosen[data.domain].length ? Explore.selection.met(data, data.domain, view.chosen[data.domain]) : () => true;
    const { study, domain, rank } = pool.rows;
    const ofStudy = new Map();
    study.forEach((i, row) => { if (inView.has(i) && !ofStudy.has(i) && meets(domain[row] < 0 ? [] : [domain[row]])) ofStudy.set(i, row); });
    const unit = data.studies.unit.possible;
    const ofCohort = new Map();
    for (const [i, row] of ofStudy) {
      const best = ofCohort.get(unit[i]);
      if (best === undefined || rank[row] < rank[best]) ofCohort.set(unit[i], row);
    }
    const id = (row) => data.studies.id[study[row]];
    return [...ofCohort.values()].sort((a, b) => (id(a) < id(b) ? -1 : 1));
  }

  // One pool of a selection: what enters, of how many studies, and the result; null where too few enter.
  function pooled(data, view, studies, pool) {
    const rows = chosen(data, view, studies, pool);
    const inView = new Set(studies);
    const of = pool.asked.filter((i) => inView.has(i)).length;
    return { pool, rows, of, k: rows.length, result: result(data, pool, rows) };
  }

  function result(data, pool, rows) {
    if (rows.length < data.pools.fewest) return null;
    return fit(rows.map((row) => pool.rows.estimate[row]), rows.map((row) => pool.rows.se[row]), data.pools.z);
  }

  // All pools to which the selection gives at least one study, in the order of the data set.
  const all = (data, view, studies) => data.pools.list.map((pool) => pooled(data, view, studies, pool)).filter((one) => one.k);

  // The pool that is shown: the one that is asked for, else the one with the most studies.
  function shown(found, asked) {
    return found.find((one) => one.pool.id === asked) || found.reduce((best, one) => (best && best.k >= one.k ? best : one), null);
  }

  // On the printed scale: ratios are no logarithms.
  const printed = (pool, value) => (pool.log ? Math.exp(Math.min(value, 709)) : value);

  // Whether the guarded Hartung-Knapp interval holds no difference.
  const holdsNoDifference = (pool, { guardedLow, guardedHigh }) => printed(pool, guardedLow) <= pool.null && pool.null <= printed(pool, guardedHigh);

  // Studies without which the interval begins or ceases to hold no difference, that which moves the estimate most first.
  function turning(data, { pool, rows, result: whole }) {
    if (!whole) return [];
    const holds = holdsNoDifference(pool, whole);
    const found = rows.map((row) => ({ row, without: result(data, pool, rows.filter((other) => other !== row)) }));
    return found.filter(({ without }) => without && holdsNoDifference(pool, without) !== holds)
      .sort((a, b) => Math.abs(b.without.estimate - whole.estimate) - Math.abs(a.without.estimate - whole.estimate));
  }

  return { fit, chosen, pooled, all, shown, printed, turning, holdsNoDifference, tQuantile, tTwoSided };
})();
