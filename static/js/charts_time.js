// Charts over time. control: points, one centre and pair of limits per phase, actions as lettered lines. line: series.
const { kinds, css, font, plain, hours, tooltip, base, axis, axisLabel } = window.deskCharts;
const baseline = () => ({ show: true, onZero: false, lineStyle: { color: css("line-strong") } });
const pointer = () => ({ lineStyle: { color: css("line-strong") } });

/** Durations stand on a log scale, with ticks in hours; shares and marks on a plain one. */
function scaleOf(d) {
  if (d.unit === "hours") return { to: Math.log, from: Math.exp, say: (value) => hours(value, d.words) };
  return { to: (value) => value, from: (value) => value, say: (value) => plain.format(value) + (d.unit || "") };
}

/** Limits of shares differ from week to week with n: then there is one for each point of the phase. */
const limit = (phase, key, at) => (Array.isArray(phase[key]) ? phase[key][at - phase.from] : phase[key]);

/** One phase: its centre and its limits, from its first to its last point. */
function phaseLines(d, phase, scale) {
  const line = (key, style) => ({
    type: "line", silent: true, showSymbol: false, tooltip: { show: false }, z: 1, lineStyle: style,
    data: d.weeks.map((_week, at) => (at >= phase.from && at <= phase.to ? scale.to(limit(phase, key, at)) : null)),
  });
  const dashed = { color: css("axis"), width: 1, type: [4, 4] };
  return [line("cl", { color: css("axis"), width: 1 }), line("ucl", dashed), line("lcl", dashed)];
}

function points(d, scale, narrow) {
  return {
    name: d.name, type: "line", z: 3, symbol: "circle", symbolSize: narrow ? 4 : 6, showAllSymbol: true, connectNulls: false,
    lineStyle: { color: css("series-1"), width: 1.5 }, itemStyle: { color: css("series-1") },
    data: d.values.map((value, at) => {
      const signal = d.signals[at];
      if (value === null) return { value: null };
      if (d.hollow?.includes(at)) return { value: scale.to(value), symbol: "emptyCircle" };
      if (!signal || signal.good) return { value: scale.to(value) };
      return {
        value: scale.to(value), symbol: "diamond", symbolSize: 13, itemStyle: { color: css("bad") },
        label: signal.word ? { show: true, position: "top", formatter: signal.word, color: css("bad"), fontSize: 12, fontWeight: 500 } : undefined,
      };
    }),
    markLine: {
      symbol: "none", silent: true, animation: false, lineStyle: { color: css("text-3"), width: 1, type: "solid", opacity: 0.6 },
      label: { color: css("text"), fontSize: 12, lineHeight: 16, position: "end", align: "left", padding: [0, 0, 0, -2], distance: 6, fontFamily: font() },
      data: d.actions.map((action) => ({ xAxis: action.at, label: { formatter: narrow || d.actions.length > 1 ? action.no : `${action.no}  ${action.word}` } })),
    },
  };
}

/** Words at the end of the last limits and above each phase, instead of a legend. */
function words(d, scale, narrow) {
  const note = (rows, label) => ({ type: "scatter", silent: true, symbolSize: 0, tooltip: { show: false }, data: narrow ? [] : rows.map((row) => row.at), label: { show: true, color: css("axis"), fontSize: 12, formatter: (p) => rows[p.dataIndex].text, ...label } });
  const last = d.phases[d.phases.length - 1];
  const ends = last ? ["ucl", "cl", "lcl"].map((key) => ({ at: [last.to, scale.to(limit(last, key, last.to))], text: `${d.words[key]} ${scale.say(limit(last, key, last.to))}` })) : [];
  const heads = d.phases.map((phase) => ({ at: [phase.from, scale.to(limit(phase, "ucl", phase.from))], text: phase.word }));
  return [note(ends, { position: "right", distance: 10 }), note(heads, { position: [0, -18] })];
}

function told(d, scale, at) {
  const signal = d.signals[at], action = d.actions.find((one) => one.at === d.weeks[at]);
  const value = d.values[at] === null ? d.words.none : scale.say(d.values[at]);
  return [`${d.words.step} ${d.weeks[at]}`, `${d.words.value} ${value} · n ${d.n[at]}`, signal?.text, action && `${action.no}: ${action.word}`].filter(Boolean).join("\n");
}

kinds.control = (d, place) => {
  const narrow = place.clientWidth < 520, scale = scaleOf(d), ticks = d.ticks.map(scale.to);
  return {
    ...base(),
    grid: { left: 46, right: narrow ? 12 : 148, top: 34, bottom: 28 },
    xAxis: axis({ type: "category", data: d.weeks, boundaryGap: false, splitLine: { show: false }, axisLine: baseline(), axisLabel: axisLabel({ interval: narrow ? 12 : Math.max(Math.floor(d.weeks.length / 12), 0) }) }),
    yAxis: axis({ type: "value", min: ticks[0], max: ticks[ticks.length - 1], axisTick: { show: false, customValues: ticks }, axisLabel: axisLabel({ customValues: ticks, formatter: (value) => scale.say(scale.from(value)) }) }),
    tooltip: tooltip({ trigger: "axis", axisPointer: pointer(), formatter: (ps) => told(d, scale, ps[0].dataIndex) }),
    series: [...d.phases.flatMap((phase) => phaseLines(d, phase, scale)), points(d, scale, narrow), ...words(d, scale, narrow)],
  };
};

kinds.line = (d, place) => {
  const narrow = place.clientWidth < 420, colours = [css("series-1"), css("h-other"), css("h-cust")];
  let next = 0;
  return {
    ...base(),
    grid: { left: 48, right: narrow ? 16 : 112, top: 14, bottom: 26 },
    xAxis: axis({ type: "category", data: d.x, boundaryGap: false, splitLine: { show: false }, axisLine: baseline() }),
    yAxis: axis({ type: "value", min: d.min, max: d.max, splitNumber: 4, axisLabel: axisLabel({ formatter: (value) => plain.format(value) + (d.unit || "") }) }),
    tooltip: tooltip({ trigger: "axis", axisPointer: pointer(), formatter: (ps) => [ps[0].name, ...ps.map((p) => `${p.seriesName}  ${p.value === null || p.value === undefined ? d.words.none : plain.format(p.value) + (d.unit || "")}`)].join("\n") }),
    series: d.series.map((one) => {
      const colour = one.target ? css("series-2") : colours[next++ % colours.length];
      return {
        name: one.name, type: "line", data: one.values, symbol: "circle", symbolSize: 5, showSymbol: false, labelLayout: { moveOverlap: "shiftY" },
        lineStyle: { width: one.target ? 1 : 1.75, type: one.target ? [4, 4] : "solid", color: colour }, itemStyle: { color: colour },
        endLabel: { show: !narrow && typeof one.values[one.values.length - 1] === "number", formatter: one.end || one.name, color: css("text-2"), fontSize: 12, distance: 8, lineHeight: 14, width: 100, overflow: "break" },
      };
    }),
  };
};
