import { ARMS, crossingOf, exitArm, leftOf, pointAt, rightOf } from './layout.mjs';
import { FPS, PICTURES } from '../code.mjs';
import { clamp, pick, random } from './math.mjs';
import { KINDS } from './vehicles.mjs';

export const PERIOD = PICTURES / FPS;
// Arrivals repeat every period and each vehicle leaves after a few, so the flow settles into an exact loop:
// after WARM periods a whole period is recorded.
const WARM = 12,
  STEPS = 2,
  DT = 1 / FPS / STEPS,
  REACH = 170,
  YELLOW = 0.9;

/** Returns, for each of the 300 pictures, the vehicles on the road: see stateOf. */
export function simulateTraffic(scene) {
  const lanes = lanesOf(scene);
  for (let attempt = 0; attempt < 20; attempt++) {
    const pictures = flow(scene, lanes),
      full = lanesThatDrift(pictures);
    if (!full.length) return pictures.slice(0, PICTURES);
    for (const { lane, queue } of full) {
      // A queue longer than a period's arrivals would grow from loop to loop: fewer shall come. A short one only
      // alternates, as someone just does or does not get through: they shall come at another moment.
      if (queue > lane.arrivals.length || attempt > 5) lane.arrivals.pop();
      else for (const arrival of lane.arrivals) arrival.at = (arrival.at + 0.45) % PERIOD;
    }
  }
  throw new Error(`${scene.id}: the traffic does not settle into a loop`);
}

function flow(scene, lanes) {
  const all = [],
    pictures = [];
  for (let step = 0; pictures.length <= PICTURES; step++) {
    const picture = step / STEPS - WARM * PICTURES;
    if (picture >= 0 && Number.isInteger(picture)) pictures.push(all.map(stateOf));
    spawn(lanes, all, step * DT);
    drive(scene, all, step * DT);
    for (let i = all.length - 1; i >= 0; i--) if (all[i].s > all[i].route.length) all.splice(i, 1);
  }
  return pictures;
}

/** The lanes, those with the longest queues, of vehicles that are not at the period's end where their like were at its start. */
function lanesThatDrift([start, ...later]) {
  const end = later[PICTURES - 1],
    lanes = new Set();
  for (const state of start)
    if (!end.some((o) => o.spec === state.spec && Math.hypot(o.x - state.x, o.y - state.y) < 0.03)) lanes.add(state.lane);
  const drifting = [...lanes].map((lane) => ({ lane, queue: start.filter((s) => s.lane === lane && s.speed < 1).length }));
  const longest = Math.max(...drifting.map(({ queue }) => queue));
  return drifting.filter(({ queue }) => queue >= longest - 1);
}

function lanesOf(scene) {
  const rnd = random(scene.seed * 13 + 5),
    lanes = [];
  for (const arm of scene.arms) {
    const { heading, road: roadName } = ARMS[arm],
      road = scene.roads[roadName];
    const flow = scene.flow[arm];
    if (!flow) continue;
    const { stop } = crossingOf(scene, arm);
    const make = (l, kinds, count, turn, speed) => {
      const route = routeOf(scene, heading, l, stop, turn),
        key = `${arm}${l}`;
      const offset = rnd() * PERIOD,
        arrivals = [];
      for (let i = 0; i < count; i++) {
        const kind = pick(rnd, kinds);
        arrivals.push({
          kind,
          at: (offset + ((i + rnd() * 0.4) * PERIOD) / count) % PERIOD,
          speed: speed * (0.9 + rnd() * 0.2),
          sway: rnd() * 0.16 - 0.08,
          look: Math.floor(rnd() * 1e9),
        });
      }
      lanes.push({ arm, key, l, heading, route, arrivals, phase: roadName });
    };
    for (const l of road.cars) if (flow.cars) make(l, scene.carKinds, flow.cars, flow.turns?.[l], 9.5);
    for (const l of road.bikes) if (flow.bikes) make(l, scene.bikeKinds, flow.bikes, flow.turns?.[l], 8.2);
  }
  return lanes;
}

/** A route is a straight, or straight-arc-straight; s = 0 at the stop line. `exit(s)` orders who leaves by the same lane. */
function routeOf(scene, heading, l, stop, turn) {
  const before = REACH;
  if (!turn) {
    return {
      before,
      length: stop * 2 + REACH,
      leaves: Infinity,
      out: heading,
      outLane: l,
      exit: (s) => s - stop,
      at: (s) => {
        const [x, y] = pointAt(heading, s - stop, l);
        return { x, y, heading, bend: 0 };
      },
    };
  }
  const right = turn.side === 'right',
    out = right ? rightOf(heading) : leftOf(heading);
  const radius = turn.radius,
    outLane = turn.lane;
  // In the frame of `heading` the exit lane lies at u = -outLane (right turn) or +outLane (left turn).
  const arcStart = (right ? -outLane : outLane) - radius,
    arcLength = (radius * Math.PI) / 2;
  const sArc = arcStart + stop,
    arcEnd = sArc + arcLength;
  const uAtEnd = right ? l + radius : -l + radius;
  return {
    before,
    length: arcEnd + REACH,
    leaves: sArc + arcLength * 0.75,
    out,
    outLane,
    slow: [sArc, arcEnd],
    radius,
    turning: turn.side,
    exit: (s) => s - arcEnd + uAtEnd,
    at: (s) => {
      if (s <= sArc) {
        const [x, y] = pointAt(heading, s - stop, l);
        return { x, y, heading, bend: 0 };
      }
      if (s >= arcEnd) {
        const [x, y] = pointAt(out, uAtEnd + s - arcEnd, outLane);
        return { x, y, heading: out, bend: 0 };
      }
      const a = (s - sArc) / radius,
        sign = right ? 1 : -1;
      const [x, y] = pointAt(heading, arcStart + Math.sin(a) * radius, l + sign * radius * (1 - Math.cos(a)));
      const side = right ? rightOf(heading) : leftOf(heading);
      return {
        x,
        y,
        heading: [heading[0] * Math.cos(a) + side[0] * Math.sin(a), heading[1] * Math.cos(a) + side[1] * Math.sin(a)],
        bend: sign / radius,
      };
    },
  };
}

function spawn(lanes, all, time) {
  for (const lane of lanes)
    for (const spec of lane.arrivals) {
      if (Math.floor((time - spec.at) / PERIOD) === Math.floor((time - DT - spec.at) / PERIOD)) continue;
      const { length, width } = KINDS[spec.kind];
      all.push({ spec, lane, route: lane.route, length, width, s: -lane.route.before, v: spec.speed * 0.9, go: false });
    }
}

export function lightOf(scene, phase, time) {
  if (!scene.signals) return 'green';
  const [from, to] = scene.signals[phase],
    t = ((time % PERIOD) + PERIOD) % PERIOD;
  const since = (t - from + PERIOD) % PERIOD,
    long = to - from;
  return since < long ? 'green' : since < long + YELLOW ? 'yellow' : 'red';
}

/** Seconds until the lamp of this phase changes, as the countdown shows it. */
export function countdownOf(scene, phase, time) {
  const [from, to] = scene.signals[phase],
    t = ((time % PERIOD) + PERIOD) % PERIOD;
  const since = (t - from + PERIOD) % PERIOD,
    long = to - from;
  if (since < long) return Math.ceil(long - since);
  return Math.ceil((since < long + YELLOW ? long + YELLOW : PERIOD) - since);
}

function drive(scene, all, time) {
  const groups = new Map();
  const join = (key, vehicle, order) => {
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push({ vehicle, order });
  };
  for (const v of all) {
    if (v.s < v.route.leaves) join(`in ${v.lane.key}`, v, v.s);
    if (v.s > 0) join(`out ${exitArm(v.route.out)}${v.route.outLane}`, v, v.route.exit(v.s));
    v.gap = Infinity;
    v.ahead = 0;
  }
  for (const list of groups.values()) {
    list.sort((a, b) => b.order - a.order);
    for (let i = 1; i < list.length; i++) {
      const me = list[i],
        front = list[i - 1];
      const gap = front.order - me.order - (front.vehicle.length + me.vehicle.length) / 2;
      if (gap < me.vehicle.gap) {
        me.vehicle.gap = gap;
        me.vehicle.ahead = front.vehicle.v;
      }
    }
  }
  const inside = all.filter((v) => v.s > 0 && v.s < v.route.length - REACH + 3);
  for (const v of all) if (!v.go) mayGo(scene, v, inside, time);
  for (const v of all) step(v);
}

/** Decides at the stop line: on red stop, on yellow stop if it can, on green wait until the junction is clear. */
function mayGo(scene, v, inside, time) {
  const nose = -v.s - v.length / 2;
  if (nose < -0.6 && v.v > 0.5) {
    v.go = true;
    return;
  }
  const light = lightOf(scene, v.lane.phase, time);
  const canStop = (v.v * v.v) / (2 * 3.4) < nose;
  const open = light === 'green' ? !blocked(v, inside) : light === 'yellow' && !canStop;
  if (open && nose < 1.2) {
    v.go = true;
    return;
  }
  if (!open && nose < v.gap) {
    v.gap = Math.max(nose + 0.6, 0.05);
    v.ahead = 0;
  }
}

/** Whether someone of the other phase still has to cross this track and will not be through in a moment. */
function blocked(v, inside) {
  return inside.some((w) => {
    if (w.lane.phase === v.lane.phase) return false;
    const left = crossedAt(w.route, v.lane) - (w.s - w.length / 2);
    return left > 0 && left / Math.max(w.v, 2) > 0.9;
  });
}

/** How far along a route its last point lies that is in the way of a lane; -Infinity if they never meet. */
function crossedAt(route, lane) {
  route.crossed ??= new Map();
  if (!route.crossed.has(lane)) {
    const right = rightOf(lane.heading);
    let last = -Infinity;
    for (let s = 0; s < Math.min(route.leaves, route.length - REACH); s += 0.25) {
      const { x, y } = route.at(s);
      if (Math.abs(x * right[0] + y * right[1] - lane.l) < 1.3) last = s;
    }
    route.crossed.set(lane, last);
  }
  return route.crossed.get(lane);
}

/** The Intelligent Driver Model (Treiber et al. 2000): free acceleration less what the gap to the next one asks. */
function step(v) {
  const car = KINDS[v.spec.kind].car,
    heavy = v.length > 8;
  const most = heavy ? 1.5 : car ? 2.2 : 2.6,
    comfort = 3,
    headway = car ? 0.8 : 0.55,
    still = car ? 1.1 : 0.6;
  let wish = v.spec.speed;
  const [from, to] = v.route.slow ?? [];
  if (from !== undefined && v.s > from - 12 && v.s < to)
    wish = Math.min(wish, Math.sqrt((1.55 * Math.sqrt(v.route.radius * 1.5)) ** 2 + 2 * 1.8 * Math.max(0, from - v.s)));
  const desired = still + Math.max(0, v.v * headway + (v.v * (v.v - v.ahead)) / (2 * Math.sqrt(most * comfort)));
  const near = v.gap === Infinity ? 0 : (desired / Math.max(v.gap, 0.1)) ** 2;
  v.a = clamp(most * (1 - (v.v / wish) ** 4 - near), -8, most);
  v.v = Math.max(0, v.v + v.a * DT);
  if (v.v < 0.02 && v.a < 0) v.v = 0;
  v.s += v.v * DT;
}

function stateOf(v) {
  const at = v.route.at(v.s),
    car = KINDS[v.spec.kind].car;
  // Riders sway a little within their track; as a function of the place, it needs no memory to loop.
  const sway = car ? 0 : v.spec.sway + 0.06 * Math.sin(v.s / 9 + v.spec.look);
  const right = rightOf(at.heading),
    steer = car ? 0 : (-0.06 / 9) * Math.cos(v.s / 9 + v.spec.look);
  return {
    spec: v.spec,
    x: at.x + right[0] * sway,
    y: at.y + right[1] * sway,
    heading: Math.atan2(at.heading[1], at.heading[0]) + steer,
    lean: car ? 0 : clamp(at.bend * v.v * v.v * 0.09, -0.4, 0.4) + (v.v > 1 ? 0 : -0.06),
    braking: v.a < -0.7 || v.v < 0.3,
    lane: v.lane,
    speed: v.v,
    travelled: v.s + v.route.before,
    ends: v.route.length - v.s,
  };
}
