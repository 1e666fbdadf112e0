import { FPS, PICTURES } from '../code.mjs';
import { uploadShared } from './gl.mjs';
import { dot, IDENTITY, mirrorZ, multiply, place, random, sub, swing } from './math.mjs';
import { Mesh } from './mesh.mjs';
import { HIP, paletteOf, peopleAt, personParts, SHOULDER, walkersOf } from './people.mjs';
import { Renderer } from './renderer.mjs';
import { countdownOf, lightOf, PERIOD, simulateTraffic } from './traffic.mjs';
import { KINDS, SLOT } from './vehicles.mjs';

const LAMP = { red: [1, 0.13, 0.08], yellow: [1, 0.7, 0.1], green: [0.15, 1, 0.5] };
const SHADOW = 0.58;
const RAIN_STREAKS = 170,
  RAIN_SPLASHES = 90;
// Metres: a vehicle fades in at the far end of its road; farther than FAR its coarse model will do.
const FADE = 18,
  FAR = 34;

/** Adds to the renderer's street what moves: vehicles, people, signals, rain. */
export class Animation {
  constructor(canvas, scene) {
    this.scene = scene;
    this.renderer = new Renderer(canvas, scene);
    const { gl } = this.renderer;
    this.traffic = simulateTraffic(scene);
    this.walkers = walkersOf(scene);
    this.models = Object.fromEntries(
      Object.entries(KINDS).map(([kind, { build }]) => [kind, { near: uploadShared(gl, build(1)), far: uploadShared(gl, build(0.5)) }]),
    );
    this.bodies = [false, true].map((hat) =>
      Object.fromEntries(Object.entries(personParts(hat)).map(([part, mesh]) => [part, uploadShared(gl, mesh)])),
    );
    const lens = new Mesh();
    lens.ellipsoid([0, 0, 0], [0.16, 0.16, 0.16]);
    this.lens = uploadShared(gl, lens);
    this.digits = Array.from({ length: 10 }, (_, digit) => uploadShared(gl, digitMesh(digit)));
    this.palettes = new Map();
  }

  picture(index) {
    const { gl } = this.renderer,
      time = index / FPS;
    const vehicles = this.traffic[index].filter((v) => this.seen(v.x, v.y, 8) && !this.hidden(v)).map((v) => this.vehicle(v));
    const people = peopleAt(this.walkers, time)
      .filter((p) => this.seen(p.x, p.y, 1))
      .flatMap((p) => this.person(p));
    return this.renderer.picture(
      index,
      () => {
        this.touch(vehicles, people);
        this.shadows(vehicles, people);
        if (this.renderer.sky.night > 0.3) this.beams(vehicles);
        if (this.scene.wet) this.reflections(vehicles, people);
        gl.enable(gl.CULL_FACE);
        for (const one of [...vehicles, ...people]) this.solid(one);
        gl.disable(gl.CULL_FACE);
        this.signals(time);
        if (this.renderer.sky.night > 0.3) this.glows(vehicles);
        if (this.scene.rain) this.splashes(index);
      },
      this.scene.rain ? () => this.rain(index) : null,
    );
  }

  depth({ x, y }) {
    return dot(sub([x, y, 0.7], this.renderer.eye), this.renderer.forward);
  }

  seen(x, y, radius) {
    const { eye, side } = this.renderer,
      d = sub([x, y, 0.7], eye),
      depth = this.depth({ x, y });
    return depth > -radius && Math.abs(dot(d, side)) < depth * (1.85 / this.scene.camera.focal) + radius * 2;
  }

  /** Hidden by houses from end to end. */
  hidden({ x, y, heading, spec }) {
    const reach = KINDS[spec.kind].length / 2 + 1,
      [c, s] = [Math.cos(heading) * reach, Math.sin(heading) * reach];
    return [-1, 0, 1].every((k) => this.renderer.hidden([x + c * k, y + s * k, 1.5]));
  }

  /** Tells the renderer where this picture draws: bodies with shadows and glows, beams, streaks. */
  touch(vehicles, people) {
    const { renderer: r } = this,
      { sun, night } = r.sky,
      shadow = 1.6 * (Math.hypot(sun[0], sun[1]) / sun[2]);
    for (const { state: v, kind } of vehicles) {
      r.touch([v.x, v.y, 0.8], kind.length / 2 + Math.max(1.9, shadow) + (this.scene.wet ? 6 : 0));
      if (night > 0.3) r.touch([v.x + Math.cos(v.heading) * 8, v.y + Math.sin(v.heading) * 8, 0], kind.car ? 8 : 6);
    }
    for (const { person: p } of people) if (p) r.touch([p.x, p.y, 0.8], 1.2 + shadow);
    for (const { heads } of r.street.signals) for (const [x, y, z] of heads) r.touch([x, y, z + 1], 1.8);
  }

  palette(kind, look) {
    const key = `${kind}${look}`;
    if (!this.palettes.has(key)) this.palettes.set(key, new Float32Array(paletteOf(kind, look).flat()));
    return this.palettes.get(key);
  }

  vehicle(v) {
    const kind = KINDS[v.spec.kind],
      night = this.renderer.sky.night > 0.3,
      glow = new Float32Array(8);
    glow[SLOT.headlight] = night ? 1.6 : 0;
    glow[SLOT.taillight] = v.braking ? 1.4 : night ? 0.5 : 0;
    return {
      state: v,
      kind,
      glow,
      model: this.models[v.spec.kind][this.depth(v) > FAR ? 'far' : 'near'],
      matrix: place(v.x, v.y, 0, v.heading, v.lean),
      palette: this.palette(v.spec.kind, v.spec.look),
      fade: Math.max(0, Math.min(1, v.travelled / FADE, v.ends / FADE)),
    };
  }

  person(p) {
    const parts = this.bodies[p.look % 5 === 0 ? 1 : 0],
      palette = this.palette('person', p.look),
      base = { glow: new Float32Array(8), palette, fade: 1 };
    const a = p.moving ? Math.sin(p.stride) * 0.5 : 0,
      size = 0.94 + (p.look % 13) / 110;
    const at = (dx, bounce = 0) => place(p.x + Math.sin(p.heading) * dx, p.y - Math.cos(p.heading) * dx, bounce, p.heading, 0, size);
    return [
      { ...base, model: parts.torso, matrix: at(0, p.moving ? 0.02 * Math.cos(2 * p.stride) : 0), person: p },
      ...[-1, 1].flatMap((s) => [
        { ...base, model: parts.leg, matrix: multiply(at(s * 0.09), swing(a * s, HIP)) },
        { ...base, model: parts.arm, matrix: multiply(at(s * 0.25), swing(-a * s * 0.8, SHOULDER)) },
      ]),
    ];
  }

  solid({ model, matrix, palette, glow, fade }, extra = {}) {
    const { gl } = this.renderer;
    if (fade <= 0) return;
    const blend = fade < 1 || extra.uFade !== undefined;
    if (blend) {
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    }
    this.renderer.again('solid', model, { uModel: matrix, uPalette: palette, uGlow: glow, uFade: fade, ...extra });
    if (blend) gl.disable(gl.BLEND);
  }

  /** Contact shadows always; by day the shadow that the sun throws, each point of the road darkened once. */
  shadows(vehicles, people) {
    const { renderer: r } = this,
      { gl } = r,
      strong = r.sky.sunColor[0] > 0.6 ? SHADOW : 0;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthMask(false);
    for (const { state, kind, fade } of vehicles) {
      const [c, s] = [Math.cos(state.heading), Math.sin(state.heading)],
        w = kind.width * (kind.car ? 0.66 : 0.6),
        l = kind.length * 0.6;
      r.quad(0, [state.x, state.y, 0.02], [s * w, -c * w, 0], [c * l, s * l, 0], [0, 0, 0.01, 0.62 * fade]);
    }
    for (const { person: p } of people) if (p) r.quad(0, [p.x, p.y, 0.02], [0.38, 0, 0], [0, 0.38, 0], [0, 0, 0.01, 0.5]);
    if (strong) {
      gl.enable(gl.STENCIL_TEST);
      gl.stencilFunc(gl.EQUAL, 1, 255);
      gl.stencilOp(gl.KEEP, gl.KEEP, gl.INCR);
      for (const one of [...vehicles, ...people]) r.again('shade', one.model, { uModel: one.matrix, uFade: strong * one.fade });
      gl.disable(gl.STENCIL_TEST);
    }
    gl.depthMask(true);
    gl.disable(gl.BLEND);
  }

  /** Headlights on the road: they multiply what is there, so that markings show in them. */
  beams(vehicles) {
    const { renderer: r } = this,
      { gl } = r;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.DST_COLOR, gl.ONE);
    gl.depthMask(false);
    for (const { state, kind, fade } of vehicles) {
      if (!kind.head) continue;
      const [c, s] = [Math.cos(state.heading), Math.sin(state.heading)],
        long = kind.car ? 6.5 : 4.2,
        wide = kind.car ? 2.3 : 1.5,
        power = (kind.car ? 1.3 : 0.8) * r.sky.night * fade;
      const ahead = kind.head[1] + long;
      r.quad(
        1,
        [state.x + c * ahead, state.y + s * ahead, 0.025],
        [s * wide, -c * wide, 0],
        [c * long, s * long, 0],
        [power, power * 0.93, power * 0.74, 1],
      );
    }
    gl.depthMask(true);
    gl.disable(gl.BLEND);
  }

  /** The lamps of a vehicle as points in the world; `front` is whether it is the pair that shines forward. */
  *lampsOf({ state, kind }) {
    if (!kind.head) return;
    const [c, s] = [Math.cos(state.heading), Math.sin(state.heading)];
    for (const front of [true, false]) {
      const [across, along, high] = front ? kind.head : kind.tail;
      for (const x of across ? [-across, across] : [0])
        yield { front, at: [state.x + c * along + s * x, state.y + s * along - c * x, high], faces: front ? [c, s, 0] : [-c, -s, 0] };
    }
  }

  glows(vehicles) {
    const { renderer: r } = this;
    r.additive();
    for (const one of vehicles)
      for (const { front, at, faces } of this.lampsOf(one)) {
        const toEye = sub(r.eye, at),
          far = Math.hypot(...toEye),
          turned = dot(toEye, faces) / far;
        if (turned < 0.05) continue;
        const power = Math.min(1, turned * 1.6) * one.fade * r.sky.night,
          size = (one.kind.car ? 1 : 0.8) * (0.7 + Math.min(far, 60) / 60);
        if (front) r.sprite(2, at, 1.05 * size, 1.05 * size, [1, 0.94, 0.8, 0.85 * power]);
        else r.sprite(2, at, 0.5 * size, 0.5 * size, [1, 0.12, 0.06, (one.state.braking ? 0.95 : 0.5) * power]);
      }
    r.opaque();
  }

  /** On wet ground each vehicle has its dim image below it, each lamp a streak towards the camera. */
  reflections(vehicles, people) {
    const { renderer: r } = this,
      { gl } = r;
    const far = [...vehicles, ...people].sort(
      (a, b) => b.matrix[12] * r.forward[0] + b.matrix[13] * r.forward[1] - a.matrix[12] * r.forward[0] - a.matrix[13] * r.forward[1],
    );
    gl.enable(gl.STENCIL_TEST);
    gl.stencilFunc(gl.EQUAL, 1, 255);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.KEEP);
    gl.disable(gl.DEPTH_TEST);
    // The mirror turns the models inside out.
    gl.enable(gl.CULL_FACE);
    gl.cullFace(gl.FRONT);
    for (const one of far)
      this.solid({ ...one, matrix: multiply(mirrorZ, one.matrix) }, { uFade: 0.3 * one.fade, uExposure: r.sky.exposure * 0.5 });
    r.programs.solid.use({ uExposure: r.sky.exposure });
    gl.cullFace(gl.BACK);
    gl.disable(gl.CULL_FACE);
    r.additive();
    for (const one of vehicles)
      for (const { front, at, faces } of this.lampsOf(one)) {
        const toEye = sub(r.eye, at),
          flat = Math.hypot(toEye[0], toEye[1]),
          turned = dot(toEye, faces) / Math.hypot(...toEye);
        if (turned < 0.05) continue;
        const long = front ? 4.2 : 2.8,
          [dx, dy] = [toEye[0] / flat, toEye[1] / flat];
        const center = [at[0] + dx * long * 0.75, at[1] + dy * long * 0.75, 0.02],
          wide = front ? 0.34 : 0.26;
        r.quad(
          3,
          center,
          [dy * wide, -dx * wide, 0],
          [dx * long, dy * long, 0],
          front ? [1, 0.93, 0.78, 0.5 * turned * one.fade] : [1, 0.1, 0.05, (one.state.braking ? 0.6 : 0.32) * turned * one.fade],
        );
      }
    r.opaque();
    gl.enable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
  }

  signals(time) {
    const { renderer: r } = this;
    for (const { phase, toward, heads } of r.street.signals) {
      const light = lightOf(this.scene, phase, time),
        color = LAMP[light],
        row = { green: 0.28, yellow: 0.83, red: 1.38 }[light];
      const palette = new Float32Array(24).fill(0).map((_, i) => color[i % 3]),
        glow = new Float32Array(8).fill(2.2);
      if (dot(sub(r.eye, heads[0]), [...toward, 0]) < 0) continue;
      for (const [x, y, z] of heads) {
        this.solid({ model: this.lens, matrix: place(x, y, z + row, 0), palette, glow, fade: 1 });
        const [fx, fy] = toward;
        this.solid({
          model: this.digits[countdownOf(this.scene, phase, time) % 10],
          matrix: place(x + fx * 0.03, y + fy * 0.03, z + 1.75, Math.atan2(fy, fx)),
          palette,
          glow,
          fade: 1,
        });
        r.additive();
        r.sprite(2, [x + fx * 0.1, y + fy * 0.1, z + row], 0.75, 0.75, [...color, 0.3 + 0.5 * r.sky.night]);
        r.opaque();
      }
    }
  }

  splashes(index) {
    const { renderer: r } = this,
      rnd = random(this.scene.seed + 77),
      { eye, forward } = r;
    r.additive();
    for (let i = 0; i < RAIN_SPLASHES; i++) {
      const life = 8,
        turns = 30,
        phase = Math.floor(rnd() * PICTURES),
        step = Math.floor(((index + phase) % PICTURES) / (PICTURES / turns)),
        age = ((index + phase) % (PICTURES / turns)) / life;
      const spot = random(i * 131 + step * 7919 + this.scene.seed),
        depth = 9 + spot() * 26,
        over = (spot() - 0.5) * depth * 1.5;
      if (age >= 1) continue;
      const flat = Math.hypot(forward[0], forward[1]),
        x = eye[0] + (forward[0] / flat) * depth + r.side[0] * over,
        y = eye[1] + (forward[1] / flat) * depth + r.side[1] * over;
      const size = 0.06 + age * 0.16;
      r.touch([x, y, 0], 0.4);
      r.quad(2, [x, y, 0.03], [size, 0, 0], [0, size, 0], [0.75, 0.8, 0.9, 0.3 * (1 - age)]);
    }
    r.opaque();
  }

  /** Drops near the lens: every streak falls a whole number of times through the picture in one period. */
  rain(index) {
    const { renderer: r } = this,
      { gl } = r,
      rnd = random(this.scene.seed + 5);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE);
    for (let i = 0; i < RAIN_STREAKS; i++) {
      const x = rnd() * 2.4 - 1.2,
        near = rnd(),
        falls = Math.round((0.9 + near * 0.8) * PERIOD),
        start = rnd();
      const t = (start + (falls * index) / PICTURES) % 1,
        y = 1.3 - t * 2.6,
        long = 0.05 + near * 0.07;
      r.quad(
        3,
        [x - t * 0.18, y, 0],
        [0.0012 + near * 0.0012, 0, 0],
        [0.07 * long, long, 0],
        [0.75, 0.82, 0.95, 0.1 + near * 0.12],
        IDENTITY,
      );
    }
  }
}

/** A seven-segment digit of 0.4 m, facing +y. */
function digitMesh(digit) {
  const lit = ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'][digit],
    m = new Mesh();
  m.paint([18, 20, 22], { slot: 0 });
  const bars = {
    a: [-0.1, 0.36, 0.1, 0.4],
    g: [-0.1, 0.18, 0.1, 0.22],
    d: [-0.1, 0, 0.1, 0.04],
    f: [0.1, 0.2, 0.14, 0.4],
    b: [-0.14, 0.2, -0.1, 0.4],
    e: [0.1, 0, 0.14, 0.2],
    c: [-0.14, 0, -0.1, 0.2],
  };
  m.paint([255, 255, 255], { slot: 1 });
  for (const name of lit) {
    const [x0, z0, x1, z1] = bars[name];
    m.box([x0, 0, z0 + 0.08], [x1, 0.03, z1 + 0.08]);
  }
  return m;
}
