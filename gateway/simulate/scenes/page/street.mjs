import { SCHOOL, SCHOOL_SIGN, ROOF_TILES, signRect, tile } from './atlas.mjs';
import { cable, cablePole, flag, lampPost, parasol, planter, pots, signalPost, stools, tree } from './furniture.mjs';
import { block, cornerHouse, DEEP, frameOf, tubeHouse } from './houses.mjs';
import { ARMS, crossingOf, leftOf, pointAt, rightOf } from './layout.mjs';
import { pick, place, random, scale } from './math.mjs';
import { Mesh } from './mesh.mjs';
import { paletteOf, personParts } from './people.mjs';
import { KINDS } from './vehicles.mjs';

const FAR = 150;

/** Everything that stands still: {mesh, lamps: light points, signals: [{arm, heads}], spots: light on the pavement, blocks: the houses' room}. */
export function buildStreet(scene) {
  const street = { mesh: new Mesh(), lamps: [], signals: [], spots: [], blocks: [], rnd: random(scene.seed) };
  const free = (x, y, clear = scene.clear ?? 15) => Math.hypot(x - scene.camera.eye[0], y - scene.camera.eye[1]) > clear;
  for (const row of rowsOf(scene)) houses(street, scene, row, free);
  for (const row of rowsOf(scene)) pavement(street, scene, row, free);
  kerbs(street, scene);
  if (scene.signals) for (const arm of scene.arms) if (scene.flow[arm]) signal(street, scene, arm, free);
  for (const [road, half] of Object.entries(scene.roads)) if (half.median) median(street, scene, road);
  if (scene.alley) alley(street, scene);
  if (scene.school) school(street, scene.school);
  return street;
}

/**
 * A row is one side of one arm: `at(u, v)` is u metres from the junction outwards along the kerb and v metres from the
 * kerb towards the houses. Rows run so that fronts face the road.
 */
function rowsOf(scene) {
  const { roads, walk } = scene,
    rows = [];
  for (const [arm, { heading, road: name }] of Object.entries(ARMS)) {
    const road = roads[name];
    if (!road || !scene.arms.includes(arm)) continue;
    const across = roads[ARMS[arm].across];
    for (const side of [-1, 1]) {
      const out = side > 0 ? rightOf(heading) : leftOf(heading);
      const start = across ? across.half : (scene.begin ?? 0);
      const corner = across && (scene.arms.length === 4 || cornerExists(scene, arm, side));
      rows.push({
        arm,
        side,
        along: scale([...heading, 0], -1),
        out,
        start,
        corner,
        half: road.half,
        walk: road.walk ?? walk,
        at: (u, v) => {
          const [x, y] = pointAt(heading, -u, 0);
          return [x + out[0] * (road.half + v), y + out[1] * (road.half + v)];
        },
      });
    }
  }
  // Opposite the stem of a T the houses go on without an arm.
  if (roads.stem) {
    const half = roads.ew.half;
    rows.push({
      arm: 'W',
      side: 0,
      along: [1, 0, 0],
      out: [0, 1],
      start: -40,
      end: 40,
      half,
      walk,
      corner: false,
      plain: true,
      at: (u, v) => [u, half + v],
    });
  }
  return rows;
}

/** In a junction of three arms the side without an arm has no corners. */
function cornerExists(scene, arm, side) {
  const { heading } = ARMS[arm],
    out = side > 0 ? rightOf(heading) : leftOf(heading);
  return scene.arms.some((other) => other !== arm && ARMS[other].heading[0] === -out[0] && ARMS[other].heading[1] === -out[1]);
}

/** Fronts look to the road, so u must grow to the right of who looks at them from the road. */
function frameFor(row, u, wide) {
  const along = [row.along[0], row.along[1]],
    right = [-row.out[1], row.out[0]];
  const same = along[0] * right[0] + along[1] * right[1] < 0;
  const [x, y] = row.at(same ? u : u + wide, row.walk);
  return frameOf([x, y], same ? along : scale([...along, 0], -1), [-row.out[0], -row.out[1]]);
}

function houses(street, scene, row, free) {
  const { mesh, rnd } = street,
    style = scene.houses ?? {};
  let u = row.start + (row.corner ? row.walk : 0);
  if (row.corner) {
    const [cx, cy] = row.at(u + DEEP / 2, row.walk + DEEP / 2);
    // A corner belongs to two rows; the one on the north-south road builds it.
    if (ARMS[row.arm].road === 'ns' && free(cx, cy, 20)) {
      const other = otherRow(scene, row);
      street.blocks.push(cornerHouse(mesh, frameFor(row, u, DEEP), frameFor(other, other.start + other.walk, DEEP), rnd, style));
      spot(street, row, u + 6, DEEP);
      spot(street, other, other.start + other.walk + 6, DEEP);
    }
    u += DEEP;
  }
  for (const gap = scene.gaps?.[`${row.arm}${row.side}`]; u < (row.end ?? FAR); ) {
    const wide = (style.wide ?? 4) + rnd() * 1.6;
    const [cx, cy] = row.at(u + wide / 2, row.walk + 5);
    const open = gap && u + wide > gap[0] && u < gap[1];
    if (!open && free(cx, cy, scene.clear ?? 17)) {
      const shops = rnd() < (style.shops ?? 0.9),
        [least, most] = style.floors ?? [1, 5];
      street.blocks.push(
        tubeHouse(mesh, frameFor(row, u, wide), wide, rnd, { ...style, shops, floors: least + Math.floor(rnd() * (most - least + 1)) }),
      );
      if (u < 70) spot(street, row, u + wide / 2, wide);
    }
    u += wide + (rnd() < 0.06 ? 1.2 : 0.02);
  }
}

/** The row of the other road that shares a corner with this one. */
function otherRow(scene, row) {
  return rowsOf(scene).find((r) => r.corner && ARMS[r.arm].road === 'ew' && r.along[0] === row.out[0] && r.out[1] === row.along[1]);
}

/** Light that falls out of a shop. */
function spot(street, row, u, wide) {
  const [x, y] = row.at(u, row.walk - 1.2);
  street.spots.push({ x, y, r: wide * 0.9, color: pick(street.rnd, ['255,214,150', '240,240,255', '255,190,130']) });
}

function pavement(street, scene, row, free) {
  const { mesh, rnd } = street,
    begin = row.plain ? row.start : row.start + (row.corner ? row.walk + 7 : 4);
  const toRoad = [-row.out[0], -row.out[1]],
    style = scene.pavement ?? {};
  let previous = null,
    k = 0;
  if (row.corner && row.side > 0) {
    const [x, y] = row.at(row.start + 5.5, 0.7);
    if (free(x, y, 9)) street.lamps.push(lampPost(mesh, x, y, toRoad));
  }
  for (let u = begin; u < (row.end ?? FAR * 0.8); u += 12, k++) {
    const [lx, ly] = row.at(u, 0.7);
    if (k % 2 === (row.side > 0 ? 0 : 1) && free(lx, ly, 11)) street.lamps.push(lampPost(mesh, lx, ly, toRoad));
    const [tx, ty] = row.at(u + 5 + rnd() * 2, 1.0);
    if (rnd() < (style.trees ?? 0.75) && free(tx, ty, 19)) tree(mesh, tx, ty, rnd);
    if (row.side === 1 && k % 2 === 1) {
      const [px, py] = row.at(u + 3, 0.6);
      const hooks = free(px, py, 9) ? cablePole(mesh, px, py, rnd) : null;
      if (hooks && previous) hooks.forEach((h, i) => cable(mesh, previous[i], h, 0.5 + i * 0.16 + rnd() * 0.3));
      previous = hooks;
    }
    if (u < 75) life(street, scene, row, u, free);
  }
}

/** What happens on a pavement: parked motorbikes in rows, a tea stand with stools, a parasol. */
function life({ mesh, rnd }, scene, row, u, free) {
  const style = scene.pavement ?? {};
  for (let i = 0, n = Math.floor(rnd() * (style.parked ?? 5)); i < n; i++) {
    const [x, y] = row.at(u + 1 + i * 0.8, row.walk - 1.3);
    if (!free(x, y, 10)) continue;
    mesh.append(
      model('parked'),
      place(x, y, 0, Math.atan2(row.out[1], row.out[0]) + 0.2, 0.1),
      paletteOf('parked', Math.floor(rnd() * 1e9)),
    );
  }
  const [x, y] = row.at(u + 8.5 + rnd(), row.walk * 0.55);
  if (rnd() < (style.stands ?? 0.3) && free(x, y, 10)) {
    stools(mesh, x, y, rnd);
    if (rnd() < 0.6)
      parasol(
        mesh,
        x + 0.3,
        y + 0.2,
        pick(rnd, [
          [190, 46, 40],
          [40, 100, 170],
          [230, 160, 40],
        ]),
      );
    standing(mesh, x + 0.9, y - 0.9, rnd() * 6, rnd);
  }
  if (rnd() < 0.4) {
    const [sx, sy] = row.at(u + rnd() * 6, row.walk - 0.9);
    if (free(sx, sy, 8)) standing(mesh, sx, sy, Math.atan2(-row.out[1], -row.out[0]) + rnd() - 0.5, rnd);
  }
}

function standing(mesh, x, y, heading, rnd) {
  const look = Math.floor(rnd() * 1e9),
    parts = bodies[rnd() < 0.2 ? 1 : 0],
    palette = paletteOf('person', look);
  const at = (dx) => place(x + Math.sin(heading) * dx, y - Math.cos(heading) * dx, 0, heading);
  mesh.append(parts.torso, at(0), palette);
  for (const s of [-1, 1]) {
    mesh.append(parts.leg, at(s * 0.09), palette);
    mesh.append(parts.arm, at(s * 0.25), palette);
  }
}

const models = new Map(),
  bodies = [personParts(false), personParts(true)];
function model(kind) {
  if (!models.has(kind)) models.set(kind, KINDS[kind].build());
  return models.get(kind);
}

function kerbs({ mesh }, scene) {
  mesh.paint([168, 164, 156]);
  for (const row of rowsOf(scene)) {
    const from = row.plain ? row.start : row.start + (row.corner ? 4 : 0),
      [a, b] = [row.at(from, 0), row.at(row.end ?? 200, 0.22)];
    mesh.box([Math.min(a[0], b[0]), Math.min(a[1], b[1]), 0], [Math.max(a[0], b[0]), Math.max(a[1], b[1]), 0.14]);
  }
}

function median({ mesh, rnd, lamps }, scene, name) {
  for (const arm of scene.arms.filter((a) => ARMS[a].road === name)) {
    const { heading } = ARMS[arm],
      { road, far } = crossingOf(scene, arm);
    const a = pointAt(heading, -far - 1.2, -road.median + 0.12),
      b = pointAt(heading, -far - 85, road.median - 0.12);
    planter(mesh, Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1]), rnd);
  }
}

function signal(street, scene, arm, free) {
  const { heading, road: name, across } = ARMS[arm],
    { road, stop } = crossingOf(scene, arm);
  const toward = [-heading[0], -heading[1]],
    left = leftOf(heading);
  const put = (x, y, reach) => {
    if (free(x, y, 9)) street.signals.push({ phase: name, toward, heads: signalPost(street.mesh, x, y, toward, left, reach) });
  };
  put(...pointAt(heading, -stop + 0.4, road.half + 0.8), 0);
  put(...pointAt(heading, scene.roads[across].half + 2.2, road.half + 0.8), Math.min(4.2, road.half * 0.6));
}

/** What fills an alley: plants along the walls, cables from house to house overhead. */
function alley({ mesh, rnd }, scene) {
  for (const row of rowsOf(scene)) {
    const wall = (u, v) => row.at(u, row.walk - v);
    for (let u = 1; u < 50; u += 3 + rnd() * 5) pots(mesh, wall, u, 1 + Math.floor(rnd() * 4), rnd);
    for (let u = 0; u < 70 && row.arm === 'N'; u += 7)
      for (let i = 0; i < 4; i++) {
        const z = 5.6 + i * 0.22 + rnd() * 0.2;
        cable(mesh, [...row.at(u, row.walk - 0.1), z], [...row.at(u + 7, row.walk - 0.1), z + rnd() * 0.3], 0.25 + rnd() * 0.25, 0.018);
        if (i === 0 && row.side > 0)
          cable(mesh, [...row.at(u, row.walk - 0.1), z], [...pointAt(ARMS.N.heading, -u - 3, -row.half - row.walk), z + 0.4], 0.3);
      }
  }
}

/** A school: a long yellow building behind a wall with a gate, on the east side of the street. */
function school({ mesh, rnd }, { x, y0, y1, gate }) {
  const at = frameOf([x + 13, y1], [0, -1], [-1, 0]),
    wide = y1 - y0;
  for (let f = 0; f < 3; f++)
    for (let u = 0; u < wide; u += 4)
      mesh
        .paint([255, 255, 255])
        .quad(at(u, 0, f * 3.5), at(u + 4, 0, f * 3.5), at(u + 4, 0, f * 3.5 + 3.5), at(u, 0, f * 3.5 + 3.5), tile(SCHOOL));
  mesh
    .paint([255, 255, 255])
    .quad(at(-0.5, 1.1, 10.3), at(wide + 0.5, 1.1, 10.3), at(wide + 0.5, -5, 13.2), at(-0.5, -5, 13.2), tile(ROOF_TILES));
  mesh.paint([226, 190, 110]);
  block(mesh, at, -0.2, 0, -8, 0, 0, 10.5);
  block(mesh, at, wide, wide + 0.2, -8, 0, 0, 10.5);
  const wall = (a, b) => {
    mesh.paint([238, 214, 150]).box([x, a, 0], [x + 0.3, b, 0.9]);
    mesh.paint([196, 150, 70]).box([x - 0.04, a, 0.9], [x + 0.34, b, 1.0]);
    mesh.paint([60, 92, 78]);
    for (let y = a + 0.1; y < b; y += 0.22) mesh.box([x + 0.12, y, 1.0], [x + 0.18, y + 0.05, 2.1]);
    for (let y = a; y < b; y += 3.5) mesh.paint([240, 220, 160]).box([x - 0.06, y, 0], [x + 0.36, y + 0.4, 2.3]);
  };
  wall(y0 - 3, gate - 3.2);
  wall(gate + 3.2, y1 + 3);
  mesh.paint([196, 60, 48]);
  for (const s of [-3.2, 2.5]) mesh.box([x - 0.2, gate + s, 0], [x + 0.5, gate + s + 0.7, 4.4]);
  mesh.box([x - 0.3, gate - 3.6, 4.4], [x + 0.6, gate + 3.6, 4.8]);
  mesh
    .paint([255, 255, 255])
    .quad(
      [x - 0.22, gate + 3, 3.55],
      [x - 0.22, gate - 3, 3.55],
      [x - 0.22, gate - 3, 4.4],
      [x - 0.22, gate + 3, 4.4],
      signRect(SCHOOL_SIGN),
    );
  for (let i = 0; i < 4; i++) tree(mesh, x + 6, y0 + ((i + 0.5) * (y1 - y0)) / 4, rnd, { height: 5.5, crown: 2.4, flowers: i % 2 === 0 });
  flag(mesh, x + 4, gate + 5, 9, 1.4);
}
