// Draws every <figure data-chart="control|stack|line|sankey|whisker"> from the JSON block inside it.
// The server sends data and words; how it looks is decided here and in charts_time.js and charts_parts.js.
// SVG renderer and rich-text tooltips set no style attributes; colours are read from the tokens.
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);

/** The token's colour as it holds now: light-dark() is only resolved on an element. */
function css(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
const font = () => getComputedStyle(document.body).fontFamily;
const plain = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 2 });

/** 6.53 hours → "6 h 32"; the words for units come with the data. */
function hours(value, words) {
  const minutes = Math.round(value * 60);
  if (minutes < 60) return `${minutes} ${words.min}`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} ${words.h}${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
}

const tooltip = (extra) => ({
  renderMode: "richText", confine: true, padding: [8, 10], borderWidth: 1,
  backgroundColor: css("surface"), borderColor: css("line-strong"),
  textStyle: { color: css("text"), fontSize: 12, lineHeight: 18, fontFamily: font() }, ...extra,
});

const base = () => ({
  animation: !calm, animationDuration: 200, backgroundColor: "transparent",
  textStyle: { fontFamily: font(), fontSize: 12, color: css("text-2") },
});

const axisLabel = (extra) => ({ color: css("axis"), fontSize: 12, hideOverlap: true, ...extra });
const axis = (extra) => ({
  axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: css("grid") } },
  axisLabel: axisLabel(), nameTextStyle: { color: css("axis"), fontSize: 12 }, ...extra,
});

window.deskCharts = { kinds: {}, css, font, plain, hours, tooltip, base, axis, axisLabel };

const drawn = new Map();

function draw(figure) {
  if (drawn.has(figure)) return;
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const place = figure.querySelector(".dk-chart");
  place.setAttribute("aria-hidden", "true"); // the caption and the table beside it say the same
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const paint = () => chart.setOption(window.deskCharts.kinds[figure.dataset.chart](data, place), true);
  paint();
  drawn.set(figure, { chart, paint });
}

function repaint() {
  for (const [figure, { chart, paint }] of drawn) {
    if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); continue; }
    chart.resize();
    paint();
  }
}

const drawAll = (root) => root.querySelectorAll?.("[data-chart]").forEach(draw);
let timer;
addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(repaint, 120); });
addEventListener("beforeprint", repaint);
document.addEventListener("look:theme", repaint);
document.addEventListener("htmx:load", (event) => window.chartsReady && drawAll(event.target));
document.addEventListener("DOMContentLoaded", () => { drawAll(document); window.chartsReady = true; });
