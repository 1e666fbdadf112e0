import { random } from './math.mjs';
import { ARMS, crossingOf } from './layout.mjs';

const PIXELS = 4096;
const WHITE = '#d9d9d2',
  YELLOW = '#d9b04a';

/** The ground seen from above, as a canvas over `span` metres; its rim continues outwards for ever. */
export function paintGround(scene, span) {
  const canvas = new OffscreenCanvas(PIXELS, PIXELS);
  const g = canvas.getContext('2d'),
    rnd = random(scene.seed * 7 + 1),
    { roads } = scene;
  g.setTransform(PIXELS / span, 0, 0, -PIXELS / span, PIXELS / 2, PIXELS / 2);
  const half = span / 2,
    rect = (x0, y0, x1, y1, fill) => {
      g.fillStyle = fill;
      g.fillRect(x0, y0, x1 - x0, y1 - y0);
    };
  rect(-half, -half, half, half, scene.paving?.tint ?? '#8d867c');
  tiles(g, half, scene);
  const asphalt = scene.asphalt ?? '#57585b';
  if (roads.ns) rect(-roads.ns.half, roads.stem ? -half : -half, roads.ns.half, roads.stem ? 0 : half, asphalt);
  if (roads.ew) rect(-half, -roads.ew.half, half, roads.ew.half, asphalt);
  if (roads.ns && roads.ew) corners(g, roads, asphalt);
  wear(g, roads, rnd, half);
  if (scene.crossings !== false) for (const arm of Object.keys(ARMS)) if (scene.arms.includes(arm)) crossing(g, scene, arm, rnd);
  for (const arm of Object.keys(ARMS)) if (scene.arms.includes(arm)) lines(g, scene, arm, half);
  return canvas;
}

/** Draws in an arm's own frame: u along the arm away from the junction, l across (positive: the side that drives in). */
function inArm(g, arm, draw) {
  const [hx, hy] = ARMS[arm].heading;
  g.save();
  g.transform(-hx, -hy, hy, -hx, 0, 0);
  draw();
  g.restore();
}

function tiles(g, half, scene) {
  const size = scene.paving?.size ?? 0.6;
  g.strokeStyle = 'rgba(60,52,44,.35)';
  g.lineWidth = 0.035;
  g.beginPath();
  for (let k = -half; k < half; k += size) {
    g.moveTo(k, -half);
    g.lineTo(k, half);
    g.moveTo(-half, k);
    g.lineTo(half, k);
  }
  g.stroke();
}

function corners(g, { ns, ew, stem }, asphalt) {
  const r = 4;
  g.fillStyle = asphalt;
  for (const sx of [-1, 1])
    for (const sy of stem ? [-1] : [-1, 1]) {
      const x = sx * ns.half,
        y = sy * ew.half;
      g.beginPath();
      g.moveTo(x, y);
      g.lineTo(x + sx * r, y);
      g.quadraticCurveTo(x, y, x, y + sy * r);
      g.fill();
    }
}

function wear(g, { ns, ew }, rnd, half) {
  for (let i = 0; i < 260; i++) {
    const vertical = ns && (!ew || rnd() < 0.5),
      road = vertical ? ns : ew;
    const along = (rnd() - 0.5) * half * 1.9,
      over = (rnd() - 0.5) * 2 * road.half * 0.9;
    const [x, y] = vertical ? [over, along] : [along, over];
    g.fillStyle = `rgba(${rnd() < 0.6 ? '20,20,22' : '150,148,142'},${0.03 + rnd() * 0.07})`;
    g.beginPath();
    g.ellipse(x, y, vertical ? 0.3 + rnd() * 0.7 : 1 + rnd() * 4, vertical ? 1 + rnd() * 4 : 0.3 + rnd() * 0.7, 0, 0, 7);
    g.fill();
  }
  for (let i = 0; i < 22; i++) {
    const vertical = ns && (!ew || rnd() < 0.5),
      road = vertical ? ns : ew;
    const along = (rnd() - 0.5) * 70,
      over = (rnd() - 0.5) * 2 * (road.half - 1.5);
    const [x, y] = vertical ? [over, along] : [along, over];
    g.fillStyle = 'rgba(34,34,36,.5)';
    g.fillRect(x, y, vertical ? 0.9 : 2 + rnd() * 5, vertical ? 2 + rnd() * 5 : 0.9);
  }
  for (let i = 0; i < 14; i++) {
    const x = (rnd() - 0.5) * 2 * (ns?.half ?? 8),
      y = (rnd() - 0.5) * 50;
    g.fillStyle = '#38383a';
    g.beginPath();
    g.arc(x, y, 0.36, 0, 7);
    g.fill();
    g.strokeStyle = 'rgba(120,120,120,.5)';
    g.lineWidth = 0.05;
    g.beginPath();
    g.arc(x, y, 0.3, 0, 7);
    g.stroke();
  }
}

function crossing(g, scene, arm, rnd) {
  const { road, near, far } = crossingOf(scene, arm);
  inArm(g, arm, () => {
    for (let l = -road.half + 0.5; l < road.half - 0.7; l += 1.1) {
      if (Math.abs(l + 0.27) < (road.median ?? 0)) continue;
      g.fillStyle = WHITE;
      g.fillRect(near, l, far - near, 0.55);
      for (let i = 0; i < 7; i++) {
        g.fillStyle = 'rgba(80,80,82,.35)';
        g.fillRect(near + rnd() * (far - near - 0.4), l + rnd() * 0.4, 0.1 + rnd() * 0.5, 0.05 + rnd() * 0.12);
      }
    }
  });
}

function lines(g, scene, arm, half) {
  const { road, far } = crossingOf(scene, arm);
  const start = scene.crossings === false ? -half : far + 0.9;
  inArm(g, arm, () => {
    if (scene.crossings !== false) {
      g.fillStyle = WHITE;
      const from = (road.median ?? 0) + 0.2;
      g.fillRect(far + 0.9, from, 0.45, road.half - 0.3 - from);
    }
    if (road.plain) return;
    g.fillStyle = WHITE;
    for (const divider of road.dividers)
      for (let u = start + 3; u < half - 3; u += 5.5) for (const l of [divider, -divider]) g.fillRect(u, l - 0.06, 2.6, 0.12);
    g.fillRect(start + 1.5, road.half - 0.45, half, 0.12);
    g.fillRect(start + 1.5, -road.half + 0.33, half, 0.12);
    if (!road.median) {
      g.fillStyle = YELLOW;
      g.fillRect(start + 1.5, -0.19, half, 0.12);
      g.fillRect(start + 1.5, 0.07, half, 0.12);
    }
    for (const l of road.cars) arrow(g, start + 4, l);
  });
}

/** A straight-ahead arrow for who drives towards the junction. */
function arrow(g, u, l) {
  g.fillStyle = WHITE;
  g.fillRect(u + 1.4, l - 0.09, 2.6, 0.18);
  g.beginPath();
  g.moveTo(u, l);
  g.lineTo(u + 1.5, l - 0.4);
  g.lineTo(u + 1.5, l + 0.4);
  g.fill();
}
