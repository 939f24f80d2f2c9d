// Charts of parts and pairs. stack: who held the time. sankey: who asks whom. whisker: estimate with its interval.
const { kinds, css, font, plain, hours, tooltip, base, axis, axisLabel } = window.deskCharts;

/** Horizontal stack: one row per service, parts are who held the time. */
kinds.stack = (d, place) => {
  const narrow = place.clientWidth < 420;
  const decal = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color: css("hatch") };
  return {
    ...base(),
    grid: { left: narrow ? 108 : 150, right: 64, top: 4, bottom: 24 },
    xAxis: axis({ type: "value", splitNumber: 4, axisLabel: axisLabel({ formatter: (value) => `${plain.format(value)} ${d.words.h}` }) }),
    yAxis: axis({ type: "category", data: d.rows, inverse: true, splitLine: { show: false }, axisLabel: axisLabel({ color: css("text"), fontSize: 12.5, width: narrow ? 98 : 140, overflow: "truncate" }) }),
    tooltip: tooltip({ trigger: "axis", axisPointer: { type: "none" }, formatter: (ps) => [ps[0].name, ...ps.map((p) => `${p.seriesName}  ${hours(p.value, d.words)}`)].join("\n") }),
    series: d.parts.map((part, at) => ({
      name: part.name, type: "bar", stack: "all", barMaxWidth: 14, data: part.values, emphasis: { disabled: true },
      itemStyle: { color: css(part.color), borderColor: css("surface"), borderWidth: 1, ...(part.hatch ? { decal } : {}) },
      label: at === d.parts.length - 1 ? { show: true, position: "right", color: css("text-2"), fontSize: 12, formatter: (p) => hours(d.totals[p.dataIndex], d.words) } : undefined,
    })),
  };
};

/** Nodes are "c:Sales" on the left (customers) and "s:Sales" on the right (suppliers). */
kinds.sankey = (d, place) => {
  const narrow = place.clientWidth < 560, name = (id) => id.slice(2);
  const told = (p) => (p.dataType === "edge"
    ? `${name(p.data.source)} → ${name(p.data.target)}\n${plain.format(p.value)} ${d.words.requests}`
    : `${name(p.name)}\n${plain.format(p.value)} ${d.words.requests}`);
  return {
    ...base(),
    tooltip: tooltip({ formatter: told }),
    series: [{
      type: "sankey", left: narrow ? 4 : 112, right: narrow ? 4 : 112, top: 8, bottom: 8, nodeWidth: 8, nodeGap: 9,
      draggable: false, layoutIterations: 32, emphasis: { focus: "adjacency" },
      data: d.nodes.map((node) => ({
        name: node.id, itemStyle: { color: node.hi ? css("series-1") : css("series-2"), borderWidth: 0 },
        label: { position: node.id.startsWith("c") !== narrow ? "left" : "right" },
      })),
      links: d.links.map((link) => ({ ...link, lineStyle: { color: link.hi ? css("series-1") : css("series-2"), opacity: link.hi ? 0.34 : 0.2 } })),
      label: { color: css("text"), fontSize: 12, fontFamily: font(), formatter: (p) => name(p.name) }, lineStyle: { curveness: 0.5 },
    }],
  };
};

/** Dot and 95 % interval; hollow where n is small; the company's mean as a dashed line. */
kinds.whisker = (d, place) => {
  const narrow = place.clientWidth < 420;
  const item = (_params, api) => {
    const y = api.coord([0, api.value(0)])[1], x = (at) => api.coord([api.value(at), 0])[0];
    const open = api.value(4) === 1, colour = css("series-1");
    return { type: "group", children: [
      { type: "line", shape: { x1: x(2), y1: y, x2: x(3), y2: y }, style: { stroke: open ? css("series-2") : colour, lineWidth: 2, opacity: 0.55 } },
      { type: "circle", shape: { cx: x(1), cy: y, r: 4.5 }, style: { fill: open ? css("surface") : colour, stroke: open ? css("axis") : colour, lineWidth: 1.5 } },
    ] };
  };
  const told = (p) => {
    const row = d.rows[p.dataIndex];
    return `${row.name}\n${plain.format(row.v)}${d.unit}  (95 % ${plain.format(row.lo)}–${plain.format(row.hi)})\nn ${plain.format(row.n)}`;
  };
  return {
    ...base(),
    grid: { left: narrow ? 104 : 118, right: 16, top: 22, bottom: 26 },
    xAxis: axis({ type: "value", min: d.min, max: d.max, interval: (d.step || 5) * (narrow ? 2 : 1), axisLabel: axisLabel({ formatter: (value) => plain.format(value) + (d.unit || "") }) }),
    yAxis: axis({ type: "category", data: d.rows.map((row) => row.name), inverse: true, splitLine: { show: false }, axisLabel: axisLabel({ color: css("text"), fontSize: 12.5 }) }),
    tooltip: tooltip({ trigger: "item", formatter: told }),
    series: [{
      type: "custom", renderItem: item, encode: { x: [1, 2, 3], y: 0 }, data: d.rows.map((row, at) => [at, row.v, row.lo, row.hi, row.open ? 1 : 0]),
      markLine: {
        symbol: "none", silent: true, animation: false, lineStyle: { color: css("axis"), type: [4, 4], width: 1 },
        label: { formatter: d.mean_label, color: css("axis"), fontSize: 12, position: "start", distance: 6 }, data: [{ xAxis: d.mean }],
      },
    }],
  };
};
